"""What a feedback report is made of, for HTML and Word alike: quotations, questions, tables, sections."""

from dataclasses import dataclass

from sfo_nlp.report import words
from sfo_nlp.report.safe import one_line, visible
from sfo_nlp.report.view import Item, Passage
from sfo_nlp.store.decision import Decision


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation as printed, with where it stands, what it is, and what people decided about it."""

    letter: str
    title: str
    tone: str
    text: str
    where: str
    beside: str
    beside_where: str
    note: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Again:
    """Passages that stand in full under an earlier question: its number and anchor, and where the passages stand."""

    number: str
    anchor: str
    places: str


@dataclass(frozen=True, slots=True)
class Part:
    """One question with its number: outcome and reason, the quotations, those printed `again`, and how many `more`."""

    id: str
    number: str
    question: str
    outcome: str
    sign: str
    said: str
    reason: str
    quotes: tuple[Quote, ...]
    again: tuple[Again, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its heading row and a `note` under it; `widths` are the columns' shares of the page."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section: introduction, questions, tables."""

    id: str
    number: int
    title: str
    intro: str
    parts: tuple[Part, ...] = ()
    grids: tuple[Grid, ...] = ()


@dataclass(frozen=True, slots=True)
class Lead:
    """One of the questions asked first: answer, the detail beside it, and the words it rests on under a `caption`."""

    question: str
    answer: str
    detail: str
    caption: str = ""
    quotes: tuple[Quote, ...] = ()
    more: str = ""


@dataclass(frozen=True, slots=True)
class Glance:
    """The first page: the questions asked first, then each standard with those of its questions that are not met."""

    leads: tuple[Lead, ...]
    standards: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """The whole report in order."""

    title: str
    facts: tuple[str, ...]
    purpose: str
    warnings: tuple[str, ...]
    glance: Glance
    letters: str
    sections: tuple[Section, ...]
    made_by: tuple[tuple[str, str], ...]


def quote_of(item: Item, *, longest: int | None = None) -> Quote:
    """One finding as a printed quotation, cut where it is longer than `longest` characters."""
    return Quote(
        letter=item.mark.letter,
        title=one_line(item.title),
        tone=item.tone,
        text=one_line(item.passage.quote, longest=longest),
        where=item.passage.where,
        beside=one_line(item.beside.quote) if item.beside and item.beside.start != item.passage.start else "",
        beside_where=item.beside.where if item.beside else "",
        note=one_line(item.note),
        people=people_of(item),
    )


def loose_quote(passage: Passage) -> Quote:
    """A quotation that is no finding of its own."""
    return Quote("", "Quoted", "neutral", one_line(passage.quote), passage.where, "", "", "", ())


def people_of(item: Item) -> tuple[str, ...]:
    """What people decided and noted about a finding, a line each."""
    return tuple(said(decision) for decision in (*item.standing.judged, *item.standing.notes))


def said(decision: Decision) -> str:
    """One person's word as a line: who, what, why, when."""
    should = "; ".join(f"{words.plain(key).lower()}: {value}" for key, value in decision.value.items())
    text = f"{decision.who} {words.DECISIONS[decision.kind]}"
    text += f" ({should})" if should else ""
    text += f": {decision.reason.strip()}" if decision.reason.strip() else ""
    return visible(f"{text} [{decision.at:%d %B %Y}]".replace("[0", "["))
