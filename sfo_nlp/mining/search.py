"""Full-text and phrase search over every sentence of the corpus: snippets, concordance lines, filters."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sfo_nlp.mining.answer import Answer
from sfo_nlp.mining.corpus import Corpus, Filters
from sfo_nlp.mining.errors import SearchInvalid
from sfo_nlp.mining.themes import said
from sfo_nlp.store.corpus_index import ROLES
from sfo_nlp.store.corpus_tables import SHIFT, SentenceRow
from sfo_nlp.store.fulltext import RANKED, Hit, parse, sentences, totals
from sfo_nlp.store.tables import ReviewRow

_CURLED = str.maketrans("“”„", '"""')
COLUMNS = {"name": "Review", "page": "Page", "text": "Sentence"}


def search(
    corpus: Corpus,
    query: str,
    filters: Filters = Filters(),
    *,
    role: str | None = None,
    limit: int = 20,
    offset: int = 0,
) -> Answer:
    """Sentences that hold the words of `query` (its notation: `store.fulltext`), in pages of `limit`.

    `role` keeps the sentences with one of `ROLES`. The best come first, or, beyond `RANKED` sentences, those of the
    first reviews. `hits` of a row are the half-open places of the words found, within its text. Raises `SearchInvalid`.
    """
    query, unclosed = closed(query)
    found, counts, ranked = _find(corpus, query, filters, role, limit, offset)
    with corpus.session() as session:
        rows = [
            {**row, "hits": [list(span) for span in hit.spans]}
            for hit, row in zip(found, _rows(session, found), strict=True)
        ]
    total, reviews = counts
    order = "best first" if ranked else "in the order of the store, since there are too many to rank"
    note = f"{total:,} sentences of {reviews:,} reviews, {order}."
    extra = {**said(filters), "query": query, "sentences": total, "found_in": reviews, "offset": offset}
    return Answer("passages", f"Search: {query}", COLUMNS, rows, corpus.count(filters), (*unclosed, note), extra)


def concordance(
    corpus: Corpus,
    query: str,
    filters: Filters = Filters(),
    *,
    role: str | None = None,
    width: int = 60,
    limit: int = 50,
    offset: int = 0,
) -> Answer:
    """Each occurrence with `width` characters on both sides, by what follows it; the sentences beside lend words."""
    query, unclosed = closed(query)
    found, (total, reviews), _ = _find(corpus, query, filters, role, limit, offset)
    rows: list[dict[str, Any]] = []
    with corpus.session() as session:
        beside = _beside(session, found)
        for hit, row in zip(found, _rows(session, found), strict=True):
            before, after = beside.get(hit.id - 1, ""), beside.get(hit.id + 1, "")
            for start, end in hit.spans:
                left, right = f"{before} {hit.text[:start]}", f"{hit.text[end:]} {after}"
                line = {"left": _tail(left, width), "hit": hit.text[start:end], "right": right[:width].rstrip()}
                rows.append({**row, **line, "start": hit.start + start, "end": hit.start + end})
    rows.sort(key=lambda row: (row["right"].lower(), row["left"].lower(), row["name"]))
    columns = {"left": "", "hit": "", "right": "", "name": "Review", "page": "Page"}
    note = f"{total:,} sentences of {reviews:,} reviews; the first {len(found)} are shown."
    extra = {**said(filters), "query": query, "sentences": total, "found_in": reviews, "offset": offset}
    return Answer("lines", f"Concordance: {query}", columns, rows, corpus.count(filters), (*unclosed, note), extra)


def closed(query: str) -> tuple[str, tuple[str, ...]]:
    """A query with straight quotation marks, the last one closed, and a note where it had to be."""
    straight = query.translate(_CURLED)
    if straight.count('"') % 2 == 0:
        return straight, ()
    straight = f'{straight}"'
    return straight, (f"A quotation mark is not closed, so the phrase was read to the end: {straight}",)


def _find(
    corpus: Corpus, query: str, filters: Filters, role: str | None, limit: int, offset: int
) -> tuple[list[Hit], tuple[int, int], bool]:
    try:
        clauses = parse(query)
    except ValueError as error:
        raise SearchInvalid(f"{query!r}: {error}") from error
    if role is not None and role not in ROLES:
        raise SearchInvalid(f"{role!r} is no role", remedy=f"Choose from {', '.join(ROLES)}.")
    reviews = corpus.within(filters)
    with corpus.session() as session:
        counts = totals(session, clauses, reviews=reviews, role=role)
        ranked = counts[0] <= RANKED
        found = sentences(session, clauses, reviews=reviews, role=role, ranked=ranked, limit=limit, offset=offset)
    return found, counts, ranked


def _rows(session: Session, found: Sequence[Hit]) -> list[dict[str, Any]]:
    """Where each sentence stands: document, name, page, offsets into the document's text."""
    wanted = {hit.id >> SHIFT for hit in found}
    query = select(ReviewRow.id, ReviewRow.document, ReviewRow.name).where(ReviewRow.id.in_(wanted))
    names = {id: (document, name) for id, document, name in session.execute(query)}
    return [
        {
            "document": names[hit.id >> SHIFT][0],
            "name": names[hit.id >> SHIFT][1],
            "page": hit.page,
            "start": hit.start,
            "end": hit.end,
            "text": hit.text,
        }
        for hit in found
    ]


def located(corpus: Corpus, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Sentences by id, each with its text and where it stands."""
    row = SentenceRow
    query = select(row.id, row.start, row.end, row.page, row.text).where(row.id.in_(ids))
    with corpus.session() as session:
        found = [Hit(*values, ()) for values in session.execute(query)]
        return dict(zip([hit.id for hit in found], _rows(session, found), strict=True))


def _beside(session: Session, found: Sequence[Hit]) -> dict[int, str]:
    """The sentences before and after each one found, where they belong to the same review."""
    wanted = {hit.id + step for hit in found for step in (-1, 1) if hit.id + step >> SHIFT == hit.id >> SHIFT}
    query = select(SentenceRow.id, SentenceRow.text).where(SentenceRow.id.in_(wanted))
    return dict(session.execute(query).all())


def _tail(text: str, width: int) -> str:
    return text[-width:].lstrip() if width else ""
