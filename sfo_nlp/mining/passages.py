"""The list behind a number: the passages of the reviews that it counts, each with document, page and characters."""

import json
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from sfo_nlp.document import finding_id
from sfo_nlp.mining.answer import Answer
from sfo_nlp.mining.corpus import Corpus, Filters, conditions, joined
from sfo_nlp.mining.quality import MEASURES
from sfo_nlp.mining.themes import label_of, said
from sfo_nlp.report.words import CAUSES
from sfo_nlp.store.corpus_tables import FailingRow, MeasureRow
from sfo_nlp.store.tables import AssessmentRow, FindingRow, ReviewRow

COLUMNS = {"name": "Review", "page": "Page", "quote": "Passage"}
# The findings that show why a review is counted under a measure; none where it is the lack of something.
SHOWN_BY: Mapping[str, ColumnElement[bool]] = {
    "no_clear_judgement": FindingRow.check == "judgement",
    "explains_why": FindingRow.check.in_(("explanation",)) & (FindingRow.label == "explained"),
    "systemic_causes": (FindingRow.check == "learning") & (FindingRow.label == "systemic_cause"),
    "other_agencies": (FindingRow.check == "learning") & (FindingRow.label == "other_agency"),
    "weak_actions": (FindingRow.check == "learning") & (FindingRow.label == "weak_action"),
    "mostly_weak_actions": (FindingRow.check == "learning") & (FindingRow.label == "weak_action"),
    "no_actions": (FindingRow.check == "learning") & (FindingRow.label == "action"),
}


def theme_passages(
    corpus: Corpus,
    theme: str,
    filters: Filters = Filters(),
    *,
    polarity: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> Answer:
    """The passages that raise a theme, review by review."""
    query = (
        select(*_places(), FindingRow.quote, FindingRow.polarity, FindingRow.source, FindingRow.confidence)
        .join(ReviewRow, ReviewRow.id == FindingRow.review_id)
        .where(FindingRow.theme == theme)
    )
    if polarity:
        query = query.where(FindingRow.polarity == polarity)
    within = corpus.within(filters, active=True)
    query = query.where(FindingRow.review_id.in_(within)) if within is not None else query
    rows = _page(corpus, query.order_by(FindingRow.id), limit, offset)
    title = f"Passages on {label_of(theme)}" + (f" ({polarity})" if polarity else "")
    columns = {**COLUMNS, "polarity": "Polarity"}
    return Answer("passages", title, columns, rows, corpus.count(filters), (), {**said(filters), "offset": offset})


def measure_passages(
    corpus: Corpus, measure: str, filters: Filters = Filters(), *, limit: int = 50, offset: int = 0
) -> Answer:
    """The reviews counted under one of `quality.MEASURES`, each with the passages that show it, if any do."""
    asked = MEASURES[measure]
    ids = joined(select(MeasureRow.review_id)).where(asked.condition, *conditions(filters)).subquery()
    columns: list[Any] = [*_places(), FindingRow.quote, FindingRow.source]
    query = (
        select(*columns)
        .select_from(ReviewRow)
        .join(ids, ids.c.review_id == ReviewRow.id)
        .outerjoin(FindingRow, (FindingRow.review_id == ReviewRow.id) & SHOWN_BY[measure])
        .order_by(ReviewRow.id, FindingRow.start)
    )
    rows = _page(corpus, query, limit, offset)
    for row in rows:
        row["quote"] = row["quote"] or "(the whole review: there is no such passage in it)"
    extra = {**said(filters), "offset": offset}
    notes = corpus.unchecked(asked.check, filters=filters)
    return Answer("passages", asked.label, COLUMNS, rows, corpus.count(filters), notes, extra)


def cause_passages(
    corpus: Corpus,
    filters: Filters = Filters(),
    *,
    theme: str | None = None,
    cause: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> Answer:
    """Failings with the reason beside them: of a theme ('' for none) and with a cause ('' for no reason given)."""
    query = select(
        FailingRow.review_id, FailingRow.start, FailingRow.end, FailingRow.reason_start, FailingRow.reason_end
    )
    for column, value in ((FailingRow.theme, theme), (FailingRow.cause, cause)):
        query = query.where(column == value) if value is not None else query
    within = corpus.within(filters)
    query = query.where(FailingRow.review_id.in_(within)) if within is not None else query
    query = query.distinct().order_by(FailingRow.review_id, FailingRow.start)
    with corpus.session() as session:
        found = session.execute(query.limit(limit or None).offset(offset)).all()
        read = {id: _text(session.scalar(_wire(id))) for id in {row[0] for row in found}}
        names = select(ReviewRow.id, ReviewRow.document, ReviewRow.name).where(ReviewRow.id.in_(read))
        named = {id: (document, name) for id, document, name in session.execute(names)}
    texts = {id: text for id, (text, _) in read.items()}
    rows = [
        {
            "document": named[review][0],
            "name": named[review][1],
            "page": bisect_right(read[review][1], start) or None,
            "start": start,
            "end": end,
            "quote": texts[review][start:end],
            "reason": texts[review][first:last] if first is not None else None,
            "finding": finding_id(
                named[review][0],
                "explanation",
                "unexplained" if first is None else "explained",
                texts[review][start:end],
            ),
        }
        for review, start, end, first, last in found
    ]
    title = f"Failings: {label_of(theme) if theme else 'all themes' if theme is None else 'no theme'}"
    title += f", cause: {CAUSES.get(cause, cause) or 'none given'}" if cause is not None else ""
    columns = {"name": "Review", "page": "Page", "quote": "Failing", "reason": "Reason given"}
    return Answer("passages", title, columns, rows, corpus.count(filters), (), {**said(filters), "offset": offset})


def _places() -> Iterator[Any]:
    yield from (ReviewRow.document, ReviewRow.name, FindingRow.page, FindingRow.start, FindingRow.end)
    yield FindingRow.finding


def _page(corpus: Corpus, query: Select[Any], limit: int, offset: int) -> list[dict[str, Any]]:
    names = {"start_offset": "start", "end_offset": "end"}
    with corpus.session() as session:
        found = session.execute(query.limit(limit or None).offset(offset)).mappings()
        return [{names.get(key, key): value for key, value in row.items()} for row in found]


def _wire(review_id: int) -> Select[Any]:
    return (
        select(AssessmentRow.wire)
        .join(ReviewRow, ReviewRow.current == AssessmentRow.id)
        .where(ReviewRow.id == review_id)
    )


def _text(packed: bytes | None) -> tuple[str, Sequence[int]]:
    """A review's text and the offsets at which its pages start, none where it has no pages."""
    document = json.loads(zlib.decompress(packed))["document"] if packed else {}
    return str(document.get("text", "")), document.get("page_starts") or ()
