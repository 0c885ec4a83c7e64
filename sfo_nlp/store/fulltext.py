"""Full text over the sentences: one query notation for SQLite's FTS5 and PostgreSQL's tsvector.

Words are stemmed (Porter) and all must occur in a sentence; ``"a phrase"`` in this order; ``OR`` between words; ``-``
before what must not occur; ``*`` at the end of a word for every ending.
"""

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, column, func, literal_column, select, table
from sqlalchemy.orm import Session

from sfo_nlp.store.corpus_tables import SHIFT, SentenceRow

OPEN, CLOSE = "\x02", "\x03"
RANKED = 3_000
_TERM = re.compile(r'(?P<no>-?)(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_SHIFT: ColumnElement[int] = literal_column(str(SHIFT))  # typed by the database: PostgreSQL shifts by no bigint
_WORDS = table("sentence_words", column("rowid"), column("text"), column("sentence_words"), column("rank"))


class Term(NamedTuple):
    """A word or phrase; `ending` stands for any ending of its last word."""

    text: str
    ending: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """Terms that must all occur and terms that must not."""

    wanted: tuple[Term, ...]
    unwanted: tuple[Term, ...] = ()


class Hit(NamedTuple):
    """A sentence that was found: `spans` are the half-open places of the words found, within `text`."""

    id: int
    start: int
    end: int
    page: int | None
    text: str
    spans: tuple[tuple[int, int], ...]


def parse(query: str) -> tuple[Clause, ...]:
    """The clauses of a query, any of which may hold. Raises `ValueError` when it asks for nothing."""
    clauses: list[Clause] = []
    wanted: list[Term] = []
    unwanted: list[Term] = []
    for match in _TERM.finditer(query):
        if match["word"] == "OR" and not match["no"]:
            clauses.append(Clause(tuple(wanted), tuple(unwanted)))
            wanted, unwanted = [], []
            continue
        raw = match["phrase"] if match["phrase"] is not None else match["word"]
        term = Term(" ".join(re.findall(r"\w+", raw)), ending=match["phrase"] is None and raw.endswith("*"))
        if term.text:
            (unwanted if match["no"] else wanted).append(term)
    clauses.append(Clause(tuple(wanted), tuple(unwanted)))
    if not all(clause.wanted for clause in clauses):
        raise ValueError("a search needs at least one word that is to be found")
    return tuple(clauses)


def totals(
    session: Session, clauses: tuple[Clause, ...], *, reviews: Select[Any] | None, role: str | None
) -> tuple[int, int]:
    """How many sentences, and of how many reviews, a query finds."""
    found = _found(session, clauses, reviews, role).subquery()
    query = select(func.count(), func.count(func.distinct(found.c.id.op(">>")(_SHIFT))))
    sentences, documents = session.execute(query.select_from(found)).one()
    return sentences, documents


def sentences(
    session: Session,
    clauses: tuple[Clause, ...],
    *,
    reviews: Select[Any] | None,
    role: str | None,
    ranked: bool,
    limit: int,
    offset: int = 0,
) -> list[Hit]:
    """Sentences that a query finds, the best first when `ranked`, else in the order of the store.

    `reviews` selects the ids of the reviews to look in, None for all; `role` is what a sentence must be marked with,
    None for any.
    """
    sqlite = session.get_bind().dialect.name == "sqlite"
    row = SentenceRow
    if sqlite:
        marked: ColumnElement[str] = func.highlight(literal_column("sentence_words"), 0, OPEN, CLOSE)
        query: Select[Any] = _select(row.id, row.start, row.end, row.page, row.text, marked)
        query = _within(query.select_from(_WORDS).join(row, row.id == _WORDS.c.rowid), session, clauses, reviews, role)
        query = query.order_by(_WORDS.c.rank if ranked else _WORDS.c.rowid)
    else:
        asked = _tsquery(clauses)
        marked = func.ts_headline("sfo_nlp", row.text, asked, f"HighlightAll=true,StartSel={OPEN},StopSel={CLOSE}")
        query = _within(
            _select(row.id, row.start, row.end, row.page, row.text, marked), session, clauses, reviews, role
        )
        best = func.ts_rank_cd(literal_column("sentences.words"), asked).desc()
        query = query.order_by(*((best, row.id) if ranked else (row.id,)))
    found = session.execute(query.limit(limit).offset(offset))
    return [Hit(id, start, end, page, text, _spans(marked)) for id, start, end, page, text, marked in found]


def _select(*columns: Any) -> Select[Any]:
    return select(*columns)


def _found(session: Session, clauses: tuple[Clause, ...], reviews: Select[Any] | None, role: str | None) -> Select[Any]:
    """The ids of all sentences that a query finds."""
    if session.get_bind().dialect.name != "sqlite":
        return _within(select(SentenceRow.id), session, clauses, reviews, role)
    query = select(_WORDS.c.rowid.label("id")).select_from(_WORDS)
    return _within(query, session, clauses, reviews, role)


def _within(
    query: Select[Any], session: Session, clauses: tuple[Clause, ...], reviews: Select[Any] | None, role: str | None
) -> Select[Any]:
    if session.get_bind().dialect.name == "sqlite":
        query = query.where(_WORDS.c.sentence_words.op("MATCH")(_fts5(clauses, role)))
        review: Any = _WORDS.c.rowid.op(">>")(_SHIFT)
    else:
        query = query.where(literal_column("sentences.words").op("@@")(_tsquery(clauses)))
        review = SentenceRow.id.op(">>")(_SHIFT)
        query = query.where(SentenceRow.marks.contains(role)) if role else query
    if reviews is not None:
        query = query.where(review.in_(reviews))
    return query


def _fts5(clauses: tuple[Clause, ...], role: str | None) -> str:
    """The query in FTS5's notation; every term is quoted, so nothing in it is taken for an operator."""

    def term(one: Term) -> str:
        return f'"{one.text}"{"*" if one.ending else ""}'

    def clause(one: Clause) -> str:
        wanted = " AND ".join(map(term, one.wanted))
        return f"({wanted}) NOT ({' OR '.join(map(term, one.unwanted))})" if one.unwanted else f"({wanted})"

    words = f"{{text}} : ({' OR '.join(f'({clause(one)})' for one in clauses)})"
    return f'{words} AND {{marks}} : "{role}"' if role else words


def _tsquery(clauses: tuple[Clause, ...]) -> ColumnElement[Any]:
    def term(one: Term) -> Any:
        if one.ending:
            *before, last = one.text.split()
            ended = func.to_tsquery("simple", f"{last.lower()}:*")
            return func.tsquery_phrase(func.phraseto_tsquery("sfo_nlp", " ".join(before)), ended) if before else ended
        return func.phraseto_tsquery("sfo_nlp", one.text)

    def clause(one: Clause) -> Any:
        asked = term(one.wanted[0])
        for more in one.wanted[1:]:
            asked = asked.op("&&")(term(more))
        for no in one.unwanted:
            asked = asked.op("&&")(func.tsquery_not(term(no)))
        return asked

    whole: ColumnElement[Any] = clause(clauses[0]).self_group()
    for more in clauses[1:]:
        whole = whole.op("||")(clause(more).self_group())
    return whole


def _spans(marked: str) -> tuple[tuple[int, int], ...]:
    """The places between the marks, counted in the text without marks; words side by side are joined."""
    spans: list[tuple[int, int]] = []
    place = start = 0
    for piece in re.split(f"([{OPEN}{CLOSE}])", marked):
        if piece == OPEN:
            start = place
        elif piece == CLOSE:
            spans.append((start, place))
        else:
            place += len(piece)
    plain = marked.replace(OPEN, "").replace(CLOSE, "")
    joined: list[tuple[int, int]] = []
    for first, last in spans:
        if joined and not plain[joined[-1][1] : first].strip():
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return tuple(joined)


__all__ = ["RANKED", "Clause", "Hit", "Term", "parse", "sentences", "totals"]
