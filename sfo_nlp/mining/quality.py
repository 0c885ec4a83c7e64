"""What share of the reviews lacks or has what the standards ask, how they read, and verdict against official rating."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Integer, case, cast, func, select

from sfo_nlp.checks.verdict import CLEAR
from sfo_nlp.mining.answer import FEW, INTERVAL, Answer, shares
from sfo_nlp.mining.corpus import GROUPS, RATING, UNKNOWN, Corpus, Filters, conditions, joined
from sfo_nlp.mining.themes import few, few_in, group_words, said
from sfo_nlp.store.corpus_tables import MeasureRow
from sfo_nlp.store.store import RATINGS

VERDICTS = ("taken", "not_taken", "partly", "unclear", "contradictory", "absent")
MEASURES: Mapping[str, tuple[str, ColumnElement[bool]]] = {
    "no_clear_judgement": ("Without a clear judgement", MeasureRow.verdict.not_in(CLEAR)),
    "explains_why": ("Explaining why practice fell short", MeasureRow.explanation == "explains_why"),
    "systemic_causes": ("Naming systemic causes", MeasureRow.systemic_causes.is_(True)),
    "other_agencies": ("Evaluating another agency's practice", MeasureRow.other_agencies.is_(True)),
    "weak_actions": ("With weak actions", MeasureRow.weak_actions > 0),
    "mostly_weak_actions": ("With mostly weak actions", MeasureRow.weak_actions * 2 > MeasureRow.actions),
    "no_actions": ("Without any action", MeasureRow.actions == 0),
}
READING = {
    "reading_age": "Reading age (years)",
    "words_per_sentence": "Words per sentence",
    "share_over_25_words": "Sentences over 25 words (share)",
    "passive_share": "Passive sentences (share)",
}
QUANTILES = (0, 10, 25, 50, 75, 90, 100)


def quality(corpus: Corpus, filters: Filters = Filters(), *, by: str | None = None) -> Answer:
    """The share of reviews for each of `MEASURES`, with Wilson 95 % intervals; by group where `by` is given."""
    group = func.coalesce(GROUPS[by], UNKNOWN) if by else func.coalesce("", "")
    sums = [func.sum(cast(case((condition, 1), else_=0), Integer)) for _, condition in MEASURES.values()]
    query = joined(select(group, func.count(), *sums)).where(*conditions(filters)).group_by(group)
    with corpus.session() as session:
        found = sorted((row for row in session.execute(query).all() if row[1]), key=lambda row: str(row[0]))
    keys = [(row, number) for number in range(len(MEASURES)) for row in found]
    intervals = shares([int(row[2 + number]) for row, number in keys], [row[1] for row, _ in keys])
    names = list(MEASURES.items())
    rows: list[dict[str, Any]] = [
        {
            **({by: row[0], "few": row[1] < FEW} if by else {}),
            "id": names[number][0],
            "label": names[number][1][0],
            "reviews": int(row[2 + number]),
            "of": row[1],
            **interval,
        }
        for (row, number), interval in zip(keys, intervals, strict=True)
    ]
    columns = {by: by.replace("_", " ").capitalize()} if by else {}
    columns |= {"label": "Reviews", "reviews": "Number", "of": "of", "share": "Share", **INTERVAL}
    total = sum(row[1] for row in found)
    small = (few_in(by, str(row[0]), row[1]) for row in found if by and row[1] < FEW)
    notes = (*few(total), *small)
    return Answer("shares", "What the reviews hold", columns, rows, total, notes, said(filters), group_words(by))


def reading(corpus: Corpus, filters: Filters = Filters(), *, by: str | None = None) -> Answer:
    """How the reviews read: mean and quantiles of each readability measure, by group where `by` is given.

    `distribution` beside the rows has the counts of reviews per year of reading age.
    """
    group = func.coalesce(GROUPS[by], UNKNOWN) if by else func.coalesce("", "")
    columns = [getattr(MeasureRow, name) for name in READING]
    with corpus.session() as session:
        found = session.execute(joined(select(group, *columns)).where(*conditions(filters))).all()
    table = np.array([[np.nan if value is None else value for value in row[1:]] for row in found], float)
    groups = np.array([str(row[0]) for row in found], object)
    rows: list[dict[str, Any]] = []
    for number, (name, label) in enumerate(READING.items()):
        for value in sorted(set(groups)):
            scored = table[groups == value, number]
            scored = scored[~np.isnan(scored)]
            if len(scored):
                cuts = zip(QUANTILES, np.percentile(scored, QUANTILES), strict=True)
                places = {f"p{q}": round(float(x), 3) for q, x in cuts}
                here = {by: value, "few": len(scored) < FEW} if by else {}
                mean = round(float(scored.mean()), 3)
                rows.append({**here, "id": name, "label": label, "reviews": len(scored), "mean": mean, **places})
    shown = {by: by.replace("_", " ").capitalize()} if by else {}
    shown |= {"label": "Measure", "reviews": "Reviews", "mean": "Mean", "p10": "10 %", "p50": "Half", "p90": "90 %"}
    ages = table[:, 0][~np.isnan(table[:, 0])] if len(table) else np.zeros(0)
    years, counts = np.unique(np.floor(ages).astype(int), return_counts=True)
    distribution = [{"reading_age": int(y), "reviews": int(n)} for y, n in zip(years, counts, strict=True)]
    extra = {**said(filters), "distribution": distribution}
    return Answer(
        "readability", "How the reviews read", shown, rows, len(found), few(len(found)), extra, group_words(by)
    )


def ratings(corpus: Corpus, filters: Filters = Filters()) -> Answer:
    """The verdict found in each review against its official overall rating: a table of counts of reviews."""
    columns: Any = (RATING, MeasureRow.verdict, func.count())
    query = joined(select(*columns)).where(*conditions(filters))
    counts: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(VERDICTS, 0))
    with corpus.session() as session:
        for rating, verdict, n in session.execute(query.group_by(RATING, MeasureRow.verdict)):
            counts[rating or UNKNOWN][verdict] = n
    order = {name: number for number, name in enumerate((*RATINGS, UNKNOWN))}
    names = sorted(counts, key=lambda name: (order.get(name, len(order)), name))
    sizes = [sum(counts[name].values()) for name in names]
    intervals = shares([sum(counts[name][verdict] for verdict in CLEAR) for name in names], sizes)
    rows: list[dict[str, Any]] = [
        {"rating": name, **counts[name], "reviews": size, **interval, "few": size < FEW}
        for name, size, interval in zip(names, sizes, intervals, strict=True)
    ]
    heads = {"rating": "Official rating"} | {verdict: verdict.replace("_", " ") for verdict in VERDICTS}
    heads |= {"reviews": "Reviews", "share": "Share with a clear judgement", **INTERVAL}
    total = sum(sizes)
    unknown = sum(counts[UNKNOWN].values()) if UNKNOWN in counts else 0
    notes = (f"{unknown} of {total} reviews have no official rating in the store.",) if unknown else ()
    small = (f"{row['rating']}: only {row['reviews']} reviews, too few to compare" for row in rows if row["few"])
    return Answer("ratings", "Verdict against official rating", heads, rows, total, (*notes, *small), said(filters))
