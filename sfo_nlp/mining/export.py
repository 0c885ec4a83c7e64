"""The whole corpus as one table: a row for each review, finding, or failing with its cause."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from sfo_nlp.mining.answer import Answer
from sfo_nlp.mining.corpus import RATING, Corpus, Filters, conditions, counted, joined
from sfo_nlp.mining.passages import cause_passages
from sfo_nlp.mining.themes import label_of, said
from sfo_nlp.report.words import MARKS, TITLES, VERDICTS, plain
from sfo_nlp.store.corpus_tables import MeasureRow, MetadataRow, ThemeRow
from sfo_nlp.store.tables import FindingRow, ReviewRow

WHAT = ("reviews", "findings", "failings")
_REVIEW = ("document", "name", "pages", "words", "received")
_METADATA = ("region", "offence", "grade", "risk_level", "offence_date", "due_date", "extended_to", "completed_date")
_MEASURES = (
    "verdict", "reasoned", "explanation", "share_explained", "concerns", "systemic_causes", "other_agencies",
    "actions", "weak_actions", "reading_age", "words_per_sentence", "share_over_25_words", "passive_share", "sentences",
)  # fmt: skip
_FINDING = ("check", "label", "theme", "polarity", "page", "start", "end", "quote", "source", "confidence", "finding")


def export(corpus: Corpus, what: str = "reviews", filters: Filters = Filters()) -> Answer:
    """All rows of `what` (one of `WHAT`) under the filters."""
    if what == "failings":
        return cause_passages(corpus, filters, limit=0)
    return _reviews(corpus, filters) if what == "reviews" else _findings(corpus, filters)


def _reviews(corpus: Corpus, filters: Filters) -> Answer:
    parts = ((ReviewRow, _REVIEW), (MetadataRow, _METADATA), (MeasureRow, _MEASURES))
    columns: list[Any] = [getattr(table, name) for table, names in parts for name in names]
    query = joined(select(ReviewRow.id, RATING, *columns)).where(*conditions(filters)).order_by(ReviewRow.id)
    names = [name for _, names in parts for name in names]
    raised: dict[int, list[str]] = defaultdict(list)
    pairs = select(ThemeRow.review_id, ThemeRow.theme, ThemeRow.polarity).where(
        ThemeRow.review_id.in_(counted(filters))
    )
    with corpus.session() as session:
        for review, theme, polarity in session.execute(pairs):
            raised[review].append(f"{theme}:{polarity}")
        rows = [
            {**dict(zip(names, values, strict=True)), "rating": rating, "themes": sorted(raised[review])}
            for review, rating, *values in session.execute(query)
        ]
    shown = {
        "name": "Review",
        "region": "Region",
        "verdict": "Verdict",
        "rating": "Rating",
        "reading_age": "Reading age",
    }
    return Answer("rows", "Reviews", shown, rows, len(rows), (), said(filters), {"verdict": VERDICTS})


def _findings(corpus: Corpus, filters: Filters) -> Answer:
    columns: list[Any] = [getattr(FindingRow, name) for name in _FINDING]
    query = (
        select(ReviewRow.document, ReviewRow.name, *columns)
        .join(ReviewRow, ReviewRow.id == FindingRow.review_id)
        .where(FindingRow.review_id.in_(counted(filters)))
        .order_by(FindingRow.id)
    )
    with corpus.session() as session:
        names = ("document", "name", *_FINDING)
        rows = [dict(zip(names, values, strict=True)) for values in session.execute(query)]
    for row in rows:
        row["title"] = _title(row)
    shown = {"name": "Review", "check": "Check", "title": "What it is", "page": "Page", "quote": "Passage"}
    words = {"check": {check: mark.name for check, mark in MARKS.items()}}
    return Answer("rows", "Findings", shown, rows, corpus.count(filters), (), said(filters), words)


def _title(row: Mapping[str, Any]) -> str:
    """What a finding is, for people."""
    if row["theme"]:
        return f"{label_of(row['theme'])} ({row['polarity']})"
    return TITLES.get((row["check"], row["label"])) or plain(str(row["label"]))
