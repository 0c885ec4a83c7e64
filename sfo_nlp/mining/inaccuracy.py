"""Inaccurate assessments of the risk of serious harm: of which kind, for which reasons, and the passages that say so.

What is counted are the stored findings of the check of one review (`checks.rosh`): nothing is found here.
"""

import json
import zlib
from typing import Any

import numpy as np
from sqlalchemy import select

from sfo_nlp.checks.rosh import names
from sfo_nlp.mining.answer import Answer
from sfo_nlp.mining.corpus import Corpus, Counts, Filters
from sfo_nlp.mining.themes import said
from sfo_nlp.store.corpus_index import risk_passages
from sfo_nlp.store.tables import AssessmentRow, ReviewRow

ACCEPTED = "accepted_against_facts"
UNSTATED = ("none", "No reason given")
COLUMNS = {"name": "Review", "page": "Page", "quote": "Passage"}
Tally = dict[tuple[str, str], int]


def inaccurate(corpus: Corpus, filters: Filters) -> tuple[int, int]:
    """How many reviews find fault with the assessment of risk, at the start or later, of those checked for it."""
    counts = corpus.risk(filters)
    return len(_wrong(counts)), len(counts.ids)


def by_kind(corpus: Corpus, filters: Filters) -> Tally:
    """Reviews by kind of inaccuracy, ``(id, label)``; a review may be of several."""
    counts = corpus.risk(filters)
    return {key: len(_with(counts, "kind", key[0])) for key in names("kinds").items() if key[0] != ACCEPTED}


def by_reason(corpus: Corpus, filters: Filters) -> Tally:
    """Reviews that find an inaccuracy by the reason that they give for it; a review may give several."""
    counts = corpus.risk(filters)
    wrong = _wrong(counts)
    found = {key: _with(counts, "reason", key[0]) & wrong for key in names("reasons").items()}
    reasoned = set().union(*found.values())
    return {key: len(reviews) for key, reviews in found.items()} | {UNSTATED: len(wrong - reasoned)}


def accepted(corpus: Corpus, filters: Filters) -> int:
    """How many reviews call the level right beside facts that speak against it."""
    return len(_with(corpus.risk(filters), "kind", ACCEPTED))


def inaccuracy_passages(
    corpus: Corpus, name: str, filters: Filters = Filters(), *, limit: int = 50, offset: int = 0
) -> Answer:
    """The passages that say a kind of inaccuracy or a reason for one, review by review."""
    counts = corpus.risk(filters)
    fact = "kind" if name in names("kinds") else "reason"
    rows: list[dict[str, Any]] = []
    left = offset
    sizes = dict(zip(counts.ids.tolist(), _column(counts, fact, name).tolist(), strict=True))
    for review in sorted(_with(counts, fact, name)):
        if limit and len(rows) >= limit:
            break
        if left >= sizes[review]:
            left -= sizes[review]
            continue
        rows += _rows(corpus, review, fact, name)[left:]
        left = 0
    title = names(f"{fact}s")[name]
    rows = rows[: limit or None]
    return Answer("passages", title, COLUMNS, rows, corpus.count(filters), (), {**said(filters), "offset": offset})


def _rows(corpus: Corpus, review: int, fact: str, name: str) -> list[dict[str, Any]]:
    query = select(ReviewRow.document, ReviewRow.name, AssessmentRow.wire)
    query = query.join(AssessmentRow, AssessmentRow.id == ReviewRow.current).where(ReviewRow.id == review)
    with corpus.session() as session:
        document, file, packed = session.execute(query).one()
    found = risk_passages(json.loads(zlib.decompress(packed)))
    kept = ("page", "start", "end", "quote", "source", "confidence")
    return [
        {"document": document, "name": file, **{key: passage[key] for key in kept}}
        for kind, called, passages in found
        if (kind, called) == (fact, name)
        for passage in passages
    ]


def _wrong(counts: Counts) -> set[int]:
    found = (_with(counts, *key) for key in counts.kinds if key[0] == "kind" and key[1] != ACCEPTED)
    return set().union(*found)


def _with(counts: Counts, fact: str, name: str) -> set[int]:
    return set(counts.ids[_column(counts, fact, name) > 0].tolist())


def _column(counts: Counts, fact: str, name: str) -> Any:
    if (fact, name) not in counts.kinds:
        return np.zeros(len(counts.ids), np.int32)
    return counts.table[:, counts.kinds.index((fact, name))]
