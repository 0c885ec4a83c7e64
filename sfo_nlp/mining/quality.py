"""What share of the reviews lacks or has what the standards ask, how they read, and verdict against official rating."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import ColumnElement, Integer, case, cast, func, select

from sfo_nlp.checks.verdict import CLEAR
from sfo_nlp.mining.answer import FEW, INTERVAL, Answer, shares
from sfo_nlp.mining.corpus import GROUPS, RAN, RATING, UNKNOWN, Corpus, Filters, conditions, joined
from sfo_nlp.mining.themes import few, few_in, group_words, said
from sfo_nlp.store.corpus_tables import MeasureRow
from sfo_nlp.store.store import RATINGS

VERDICTS = ("taken", "not_taken", "partly", "unclear", "contradictory", "absent")
NOT_RUN = "not_run"


class Measure(NamedTuple):
    """What is counted: its name for people, when a review has it, and the check (`RAN`) that says so."""

    label: str
    condition: ColumnElement[bool]
    check: str


_ROW = MeasureRow
MEASURES: Mapping[str, Measure] = {
    "no_clear_judgement": Measure("Without a clear judgement", _ROW.verdict.not_in(CLEAR), "judgement"),
    "explains_why": Measure("Explaining why practice fell short", _ROW.explanation == "explains_why", "explanation"),
    "systemic_causes": Measure("Naming systemic causes", _ROW.systemic_causes.is_(True), "learning"),
    "other_agencies": Measure("Evaluating another agency's practice", _ROW.other_agencies.is_(True), "learning"),
    "weak_actions": Measure("With weak actions", _ROW.weak_actions > 0, "learning"),
    "mostly_weak_actions": Measure("With mostly weak actions", _ROW.weak_actions * 2 > _ROW.actions, "learning"),
    "no_actions": Measure("Without any action", _ROW.actions == 0, "learning"),
}
READING = {
    "reading_age": "Reading age (years)",
    "words_per_sentence": "Words per sentence",
    "share_over_25_words": "Sentences over 25 words (share)",
    "passive_share": "Passive sentences (share)",
}
QUANTILES = (0, 10, 25, 50, 75, 90, 100)


def quality(corpus: Corpus, filters: Filters = Filters(), *, by: str | None = None) -> Answer:
    """The share of reviews for each of `MEASURES`, with Wilson 95 % intervals; by group where `by` is given.

    A share is `of` the reviews that the check behind it read; those on which it broke are said in a note.
    """
    group = func.coalesce(GROUPS[by], UNKNOWN) if by else func.coalesce("", "")
    sums = [
        each
        for one in MEASURES.values()
        for each in (func.sum(cast(case((one.condition, 1), else_=0), Integer)), func.count(RAN[one.check]))
    ]
    query = joined(select(group, func.count(), *sums)).where(*conditions(filters)).group_by(group)
    with corpus.session() as session:
        found = sorted((row for row in session.execute(query).all() if row[1]), key=lambda row: str(row[0]))
    keys = [
        (row[0], id, one, int(row[2 + 2 * number]), row[3 + 2 * number])
        for number, (id, one) in enumerate(MEASURES.items())
        for row in found
    ]
    intervals = shares([hits for *_, hits, _ in keys], [of for *_, of in keys])
    rows: list[dict[str, Any]] = [
        {
            **({by: name, "few": of < FEW} if by else {}),
            "id": id,
            "label": one.label,
            "reviews": hits,
            "of": of,
            **interval,
        }
        for (name, id, one, hits, of), interval in zip(keys, intervals, strict=True)
    ]
    columns = {by: by.replace("_", " ").capitalize()} if by else {}
    columns |= {"label": "Reviews", "reviews": "Number", "of": "of", "share": "Share", **INTERVAL}
    total = sum(row[1] for row in found)
    small = (few_in(by, str(row[0]), row[1]) for row in found if by and row[1] < FEW)
    checks = dict.fromkeys(one.check for one in MEASURES.values())
    notes = (*few(total), *corpus.unchecked(*checks, filters=filters), *small)
    return Answer("shares", "What the reviews hold", columns, rows, total, notes, said(filters), group_words(by))


def reading(corpus: Corpus, filters: Filters = Filters(), *, by: str | None = None) -> Answer:
    """How the reviews read: mean and quantiles of each readability measure, by group where `by` is given.

    `distribution` beside the rows has the counts of reviews per year of reading age, rounded, halves upwards.
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
    years, counts = np.unique(np.floor(ages + 0.5).astype(int), return_counts=True)
    distribution = [{"reading_age": int(y), "reviews": int(n)} for y, n in zip(years, counts, strict=True)]
    extra = {**said(filters), "distribution": distribution}
    return Answer(
        "readability", "How the reviews read", shown, rows, len(found), few(len(found)), extra, group_words(by)
    )


def ratings(corpus: Corpus, filters: Filters = Filters()) -> Answer:
    """The verdict found in each review against its official overall rating: a table of counts of reviews.

    `not_run` counts the reviews in which the judgement could not be checked: they are among `reviews`, not in `share`.
    """
    columns: Any = (RATING, MeasureRow.verdict, func.count())
    query = joined(select(*columns)).where(*conditions(filters))
    counts: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys((*VERDICTS, NOT_RUN), 0))
    with corpus.session() as session:
        for rating, verdict, n in session.execute(query.group_by(RATING, MeasureRow.verdict)):
            counts[rating or UNKNOWN][verdict or NOT_RUN] = n
    order = {name: number for number, name in enumerate((*RATINGS, UNKNOWN))}
    names = sorted(counts, key=lambda name: (order.get(name, len(order)), name))
    sizes = [sum(counts[name].values()) for name in names]
    judged = [size - counts[name][NOT_RUN] for name, size in zip(names, sizes, strict=True)]
    intervals = shares([sum(counts[name][verdict] for verdict in CLEAR) for name in names], judged)
    rows: list[dict[str, Any]] = [
        {"rating": name, **counts[name], "reviews": size, **interval, "few": size < FEW}
        for name, size, interval in zip(names, sizes, intervals, strict=True)
    ]
    heads = {"rating": "Official rating"} | {verdict: verdict.replace("_", " ") for verdict in VERDICTS}
    heads |= {"reviews": "Reviews", "share": "Share with a clear judgement", **INTERVAL}
    total = sum(sizes)
    unknown = sum(counts[UNKNOWN].values()) if UNKNOWN in counts else 0
    notes = [f"{unknown} of {total} reviews have no official rating in the store."] if unknown else []
    small = (few_in("rating", row["rating"], row["reviews"]) for row in rows if row["few"])
    notes += corpus.unchecked("judgement", filters=filters)
    return Answer("ratings", "Verdict against official rating", heads, rows, total, (*notes, *small), said(filters))
