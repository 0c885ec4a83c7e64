"""Which causes the reviews give for which failings, and how many failings stay without one."""

from collections import defaultdict
from typing import Any

from sfo_nlp.mining.answer import INTERVAL, Answer, shares
from sfo_nlp.mining.corpus import Corpus, Filters
from sfo_nlp.mining.themes import few, label_of, said
from sfo_nlp.report.words import CAUSES

NO_THEME = "no theme"
COLUMNS = {
    "label": "Failing",
    "cause": "Cause given",
    "failings": "Failings",
    "reviews": "Reviews",
    "share": "Share of the failings",
    **INTERVAL,
}


def causes(corpus: Corpus, filters: Filters = Filters(), *, theme: str | None = None) -> Answer:
    """For each theme of failing, the causes given: number of failings, of reviews, share with Wilson interval.

    A failing with two causes counts under both, one without a reason under ``none given``; `theme` asks for one
    theme, '' for the failings that no theme covers.
    """
    counts = corpus.failings(filters)
    sums, spread = counts.table.sum(axis=0).tolist(), (counts.table > 0).sum(axis=0).tolist()
    found = [
        (name, cause, failings, reviews)
        for (name, cause), failings, reviews in zip(counts.kinds, sums, spread, strict=True)
        if failings and theme in (None, name)
    ]
    totals: dict[str, int] = defaultdict(int)
    for name, _, n, _ in found:
        totals[name] += n
    found.sort(key=lambda row: (-totals[row[0]], row[0], -row[2], row[1]))
    intervals = shares([n for _, _, n, _ in found], [totals[name] for name, _, _, _ in found])
    rows: list[dict[str, Any]] = [
        {
            "theme": name or None,
            "label": label_of(name) if name else NO_THEME,
            "cause": cause or "none given",
            "failings": n,
            "reviews": reviews,
            **interval,
        }
        for (name, cause, n, reviews), interval in zip(found, intervals, strict=True)
    ]
    total = len(counts.ids)
    unchecked = corpus.unchecked("causes", filters=filters)
    notes = (
        *few(total),
        *unchecked,
        "Failings of one review resemble each other, so the true intervals are wider than these.",
    )
    return Answer("causes", "Causes given for failings", COLUMNS, rows, total, notes, said(filters), {"cause": CAUSES})
