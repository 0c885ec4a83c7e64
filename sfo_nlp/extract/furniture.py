"""What stands on a page without being its text: running headers and footers, page numbers, protective markings."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from sfo_nlp.document import LeftOut
from sfo_nlp.extract.pages import Fragment, PageText

ZONE, DEEPEST = 0.13, 6
# What stands on one page alone is a few short lines further out, smaller than the text.
MARGIN, SMALLER, LONGEST, MOST_ALONE = 0.08, 0.93, 100, 3
_PAGE_NUMBER = re.compile(
    r"^[-–—|\s]*(?:p(?:age|\.)?\s*)?(?P<number>\d{1,4}|[ivxl]{1,6})(?:\s*(?:of|/|\|)\s*(?P<total>\d{1,4}))?[-–—|\s]*$"
    r"|^\d{1,4}\s*\|\s*p\s?a\s?g\s?e$",
    re.IGNORECASE,
)
_MARKING = re.compile(
    r"^[\W_]*(?:HMPPS\s+)?(?:(?:NOT\s+)?PROTECTIVELY\s+MARKED|OFFICIAL|UNCLASSIFIED|RESTRICTED|PROTECT|CONFIDENTIAL"
    r"|SECRET|TOP\s+SECRET|PRIVATE\s+AND\s+CONFIDENTIAL)"
    r"(?:\s*[-–—:/,\s]\s*(?:SENSITIVE|PERSONAL(?:\s+DATA)?|PERSONNEL|MANAGEMENT|COMMERCIAL|WHEN\s+COMPLETE(?:D)?"
    r"|FOR\s+PUBLIC\s+RELEASE|DRAFT|STAFF))*[\W_]*$"
)
_NUMBERED = re.compile(r"\bpage\s+\d{1,4}\s+of\s+\d{1,4}\b", re.IGNORECASE)
_NOTE = re.compile(r"[\d*†‡§]")
_DIGITS = re.compile(r"\d+")


@dataclass(slots=True)
class Furniture:
    """Fragments to leave out, by page number, with the words they hold and what they say about the document."""

    dropped: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    left_out: list[LeftOut] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Row:
    """A row of fragments near a page's edge."""

    page: PageText
    pieces: list[int]
    text: str
    top: float
    bottom: float
    zone: str


def find_furniture(pages: Sequence[PageText]) -> Furniture:
    """Rows near the top or the bottom that recur over pages, number them or mark them, or stand apart in small type."""
    found = Furniture()
    body = _body_size(pages)
    rows = [_edge_rows(page) for page in pages]
    seen: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for edge in rows:
        for row in edge:
            for key in _keys(row):
                seen[key].append((row.page.number, row.top))
    enough = 2 if len(pages) <= 5 else 3
    numbered = sum(any(_PAGE_NUMBER.match(row.text) for row in edge) for edge in rows)
    numbers: list[str] = []
    markings: Counter[str] = Counter()
    headers: Counter[str] = Counter()
    for edge in rows:
        for zone in ("top", "bottom"):
            inwards, alone = [row for row in edge if row.zone == zone], 0
            for place, row in enumerate(inwards):
                recurring = all(_pages_at(seen[key], row.top) >= enough for key in _keys(row))
                reason = _reason(row, recurring=recurring, numbered=2 * numbered >= len(pages))
                if reason is None:
                    alone = max(alone, place + _standing_apart(inwards[place:], body))
                    reason = _place(row) if place < alone else None
                if reason is None:
                    break
                found.dropped[row.page.number].update(row.pieces)
                found.left_out.append(LeftOut(reason, row.text, row.page.number))
                numbers += [row.text] if reason == "page_number" else []
                markings[row.text] += reason == "marking"
                headers[_DIGITS.sub("#", row.text)] += reason in ("header", "footer")
    found.facts += [
        f"protective marking: {text} (on {count} of {len(pages)} pages)" for text, count in markings.items() if count
    ]
    found.facts += [f"printed page numbers: {numbers[0]} to {numbers[-1]}"] if numbers else []
    found.facts += [
        f"running line: {text} (on {count} page{'s' * (count > 1)})" for text, count in headers.items() if count
    ]
    return found


def _keys(row: _Row) -> set[str]:
    """What must recur on other pages: each stretch of the row, its digits aside."""
    pieces = (_text(row.page, row.page.fragments[index]) for index in row.pieces)
    return {f"{row.zone}|{_DIGITS.sub('#', text)}" for text in pieces}


def _pages_at(places: Sequence[tuple[int, float]], top: float) -> int:
    """How many pages have it at this height."""
    return len({number for number, height in places if abs(height - top) < 10})


def _reason(row: _Row, *, recurring: bool, numbered: bool) -> str | None:
    if _MARKING.match(row.text):
        return "marking"
    # A bare number is one of the pages' only where most pages have one.
    if (found := _PAGE_NUMBER.match(row.text)) and (numbered or found["total"]):
        return "page_number"
    return _place(row) if recurring else None


def _place(row: _Row) -> str:
    return "header" if row.zone == "top" else "footer"


def _standing_apart(inwards: Sequence[_Row], body: float) -> int:
    """How many rows from the page's edge inwards are neither sentences nor notes and stand away from what follows."""
    for count, (row, inner) in enumerate(zip_longest(inwards, inwards[1:]), start=1):
        if count > MOST_ALONE or not _may_stand_alone(row, body):
            return 0
        if inner is None or max(inner.top - row.bottom, row.top - inner.bottom) >= row.bottom - row.top:
            return count
    return 0


def _may_stand_alone(row: _Row, body: float) -> bool:
    """Whether a row lies in the margin, is short, and is set in smaller type or numbers its page."""
    height = row.page.height
    outside = row.bottom < MARGIN * height or row.top > (1 - MARGIN) * height
    small = all(row.page.fragments[index].size <= SMALLER * body for index in row.pieces)
    plain = len(row.text) <= LONGEST and row.text[-1] not in ".;:,?!" and not _NOTE.match(row.text)
    return outside and plain and (small or bool(_NUMBERED.search(row.text)))


def _body_size(pages: Sequence[PageText]) -> float:
    """The type size of most words."""
    weights: Counter[float] = Counter()
    for page in pages:
        for piece in page.fragments:
            weights[round(piece.size * 2) / 2] += piece.last - piece.first
    return max(weights, key=weights.__getitem__, default=0.0)


def _edge_rows(page: PageText) -> list[_Row]:
    """The rows in the outer zones, from the page's edge inwards; a table's rows are none."""
    rows: list[_Row] = []
    high, low = ZONE * page.height, (1 - ZONE) * page.height
    zones = {"top": list[int](), "bottom": list[int]()}
    for index, piece in enumerate(page.fragments):
        if piece.bottom < high and piece.cell < 0:
            zones["top"].append(index)
        elif piece.top > low and piece.cell < 0:
            zones["bottom"].append(index)
    for zone, members in zones.items():
        inner: list[_Row] = []
        order = sorted(members, key=lambda index: (page.fragments[index].top, page.fragments[index].x0))
        for index in order:
            piece = page.fragments[index]
            middle = (piece.top + piece.bottom) / 2
            if inner and middle < page.fragments[inner[-1].pieces[0]].bottom:
                inner[-1].pieces.append(index)
            else:
                inner.append(_Row(page, [index], "", piece.top, piece.bottom, zone))
        for row in inner:
            row.pieces.sort(key=lambda index: page.fragments[index].x0)
            row.text = " ".join(_text(page, page.fragments[index]) for index in row.pieces)
        rows += (inner if zone == "top" else inner[::-1])[:DEEPEST]
    return rows


def _text(page: PageText, piece: Fragment) -> str:
    return " ".join(page.words[piece.first : piece.last])
