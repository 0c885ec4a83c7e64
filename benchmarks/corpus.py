"""Measure a large corpus: cost of taking reviews in, size, and every question. `python -m benchmarks.corpus --help`.

The corpus is synthetic: stretches of the annotated fictional reviews put together by a seeded draw. The run prints a
table in Markdown; with --write it also writes docs/benchmarks-corpus.md.
"""

import argparse
import os
import platform
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sqlalchemy import func, select

from benchmarks.synthetic import Made, Pool, make
from sfo_nlp.mining import quality, themes
from sfo_nlp.mining.agreement import agreement, given_ratings
from sfo_nlp.mining.annual import annual
from sfo_nlp.mining.causes import causes
from sfo_nlp.mining.corpus import Corpus, Filters
from sfo_nlp.mining.emerging import uncovered
from sfo_nlp.mining.files import Known
from sfo_nlp.mining.grouping import clusters
from sfo_nlp.mining.log import write
from sfo_nlp.mining.nearest import nearest
from sfo_nlp.mining.passages import cause_passages, measure_passages, theme_passages
from sfo_nlp.mining.search import concordance, search
from sfo_nlp.store.corpus_tables import FailingRow, MetadataRow, SentenceRow, ThemeRow
from sfo_nlp.store.store import Store
from sfo_nlp.store.tables import FindingRow, RatingRow

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks-corpus.md"
RATED = 200


def build(store: Store, pool: Pool, count: int, steps: Sequence[int]) -> dict[int, float]:
    """Take `count` made-up reviews in as `ingest` does, one transaction each. Processor seconds per review by step."""
    marks: dict[int, float] = {}
    spent = done = 0.0
    last = 0
    for number in range(count):
        made = make(pool, number)
        started = time.process_time()  # not the clock: other programs share the cores
        keep(store, made, number)
        spent += time.process_time() - started
        if number + 1 in steps:
            marks[number + 1] = (spent - done) / (number + 1 - last)
            done, last = spent, number + 1
    return marks


def keep(store: Store, made: Made, number: int) -> None:
    """One review with its log line, metadata and vectors, in one transaction."""
    with store.session(writes=True) as session:
        review = store.put(session, made.wire, vectors=made.vectors)
        write(session, f"/made-up/{number}", Known(made.wire["document"]["id"], "made-up", "done"))
        session.merge(MetadataRow(review_id=review, **made.metadata))
        if number < RATED:
            for who in ("Ada", "Ben", "Cy"):
                rating = made.metadata["rating"] if (number + len(who)) % 3 else "Good"
                session.add(RatingRow(review_id=review, standard="overall", rating=rating, who=who, at=_noon()))


def _noon() -> object:
    from datetime import datetime

    return datetime(2026, 1, 1, 12)


def questions(corpus: Corpus, pool: Pool) -> dict[str, Callable[[], object]]:
    """Every question that the command line and the pane can ask, with typical arguments."""
    wales, vector = Filters(region="Wales"), pool.vectors[7]
    return {
        "themes": lambda: themes.themes(corpus),
        "themes, one region": lambda: themes.themes(corpus, wales),
        "themes by region": lambda: themes.themes_by(corpus, "region"),
        "trends by year": lambda: themes.trends(corpus),
        "trends by quarter": lambda: themes.trends(corpus, by="quarter"),
        "themes together": lambda: themes.together(corpus),
        "balance of polarity": lambda: themes.balance(corpus),
        "causes by failing": lambda: causes(corpus),
        "shares": lambda: quality.quality(corpus),
        "shares by region": lambda: quality.quality(corpus, by="region"),
        "readability": lambda: quality.reading(corpus),
        "verdict against rating": lambda: quality.ratings(corpus),
        "search, rare word": lambda: search(corpus, "hypnotherapy OR locksmith"),
        "search, two words": lambda: search(corpus, "manager supervision"),
        "search, phrase": lambda: search(corpus, '"home visit"'),
        "search, common word": lambda: search(corpus, "officer"),
        "search, common word, one region, concerns": lambda: search(corpus, "officer", wales, role="concern"),
        "concordance": lambda: concordance(corpus, '"probation officer"'),
        "nearest passages": lambda: nearest(corpus, "", vector=vector, model="made-up"),
        "passages of a theme": lambda: theme_passages(corpus, "recall", polarity="concern"),
        "passages of a share": lambda: measure_passages(corpus, "systemic_causes"),
        "passages of a cause": lambda: cause_passages(corpus, theme="recall", cause="workload"),
        "agreement of inspectors": lambda: agreement(given_ratings(corpus)),
    }


SLOW: dict[str, Callable[[Corpus], object]] = {
    "annual report's figures": lambda corpus: annual(corpus, 2024),
    "emerging themes": lambda corpus: clusters(uncovered(corpus)),
}


def timed(ask: Callable[[], object], repeats: int) -> tuple[float, float, float]:
    """First, median and longest time of one question in milliseconds; the first is the cold one."""
    times = []
    for _ in range(repeats + 1):
        started = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - started))
    return times[0], statistics.median(times[1:]), max(times[1:])


def exponent(marks: dict[int, float]) -> float:
    """The fitted power of the cost per review in the number of reviews held: 0 is flat, 1 is linear."""
    return float(np.polyfit(np.log(list(marks)), np.log(list(marks.values())), 1)[0])


def sizes(store: Store) -> list[tuple[str, int]]:
    """Bytes by table and index, the largest first; empty where the database does not say."""
    try:
        with sqlite3.connect(store.place) as connection:
            query = "SELECT name, SUM(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 10"
            return connection.execute(query).fetchall()
    except sqlite3.Error:
        return []


def counts(store: Store) -> dict[str, int]:
    """Rows of the tables that the questions read."""
    tables = {"sentences": SentenceRow, "findings": FindingRow, "themes of reviews": ThemeRow, "failings": FailingRow}
    with store.session() as session:
        return {name: session.scalar(select(func.count()).select_from(table)) or 0 for name, table in tables.items()}


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=int, default=10_000)
    parser.add_argument("--store", default="corpus-benchmark.sqlite", help="SQLite file; kept and used again")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks-corpus.md")
    given = parser.parse_args()
    place = Path(given.store).absolute()
    store, pool = Store(f"sqlite:///{place}"), Pool()
    steps = [step for step in (100, 178, 316, 562, 1000, 1778, 3162, 5623, 10_000) if step <= given.reviews]
    held = Corpus(store).count()
    marks = build(store, pool, given.reviews, steps) if not held else {}
    corpus = Corpus(store)
    total = corpus.count()
    size = place.stat().st_size
    lines = [f"{total:,} synthetic reviews: " + ", ".join(f"{n:,} {name}" for name, n in counts(store).items()), ""]
    lines.append(f"Size: {size / 1e6:,.0f} MB, {size / total / 1000:,.1f} kB a review.")
    lines += ["", "| table or index | MB |", "|---|---|", *(f"| {name} | {n / 1e6:,.1f} |" for name, n in sizes(store))]
    if marks:
        lines += [
            "",
            "| reviews in the store | processor ms to keep one more (mean since the line above) |",
            "|---|---|",
        ]
        lines += [f"| {step:,} | {1000 * cost:.1f} |" for step, cost in marks.items()]
        lines += ["", f"Fitted exponent of the cost per review: {exponent(marks):+.3f} (0 is flat)."]
    lines += ["", "| question | median ms | longest ms | first ms |", "|---|---|---|---|"]
    for name, ask in questions(corpus, pool).items():
        first, median, longest = timed(ask, given.repeats)
        lines.append(f"| {name} | {median:.0f} | {longest:.0f} | {first:.0f} |")
        print(lines[-1], flush=True)
    for name, slow in SLOW.items():
        first, median, longest = timed(lambda slow=slow: slow(corpus), 1)  # type: ignore[misc]
        lines.append(f"| {name} (no question of the pane's) | {median:.0f} | {longest:.0f} | {first:.0f} |")
        print(lines[-1], flush=True)
    report = "\n".join([_head(given.reviews), *lines, ""])
    print(report)
    if given.write:
        PAGE.write_text(report, encoding="utf-8")


def _head(reviews: int) -> str:
    versions = f"SQLite {sqlite3.sqlite_version}, Python {platform.python_version()}"
    return f"""# A large corpus, measured

Written by `python -m benchmarks.corpus --reviews {reviews} --write` on {platform.machine()}, {os.cpu_count()} cores,
{versions}, with other programs running beside it.

The corpus is **synthetic**: stretches of the annotated fictional reviews put together by a seeded draw; the sentence
vectors are random. Its figures say nothing about practice, only about the program.
"""


if __name__ == "__main__":
    main()
