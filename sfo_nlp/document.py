"""A review as read: one text, and for every stretch of it the page, the boxes, the paragraph and the section."""

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

BlockKind = Literal["heading", "paragraph", "list_item", "cell", "footnote", "caption", "aside"]


class Span(NamedTuple):
    """Half-open range of Unicode code points in `Document.text`."""

    start: int
    end: int


class Box(NamedTuple):
    """Rectangle in PDF points from the page's top left."""

    x0: float
    top: float
    x1: float
    bottom: float


class Cell(NamedTuple):
    """Where a table cell stands: numbers count from 0; row 0 of a headed table is its header."""

    table: int
    row: int
    column: int
    header: str


@dataclass(frozen=True, slots=True)
class Block:
    """A unit of layout that no sentence crosses. `number` counts from 1; `level` is a heading's depth, 1 highest."""

    span: Span
    kind: BlockKind
    number: int
    level: int = 0
    marker: str = ""
    cell: Cell | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page: `number` from 1, size in points, `span` of its text, `scanned` when the text came from OCR."""

    number: int
    width: float
    height: float
    span: Span
    scanned: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with all that stands below it up to the next heading of its level or a higher one."""

    title: str
    level: int
    page: int | None
    span: Span


@dataclass(frozen=True, slots=True)
class Warning:
    """Something about the file that the reader of the result must know."""

    code: str
    message: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Words that were seen and not kept, and why: header, footer, page_number, marking, struck_out, hidden, ..."""

    reason: str
    text: str
    page: int | None = None


class Coverage(NamedTuple):
    """How much of a file was read: its pages (None without pages), the numbers of those without text, words kept, and
    words left out by reason."""

    pages: int | None
    pages_without_text: tuple[int, ...]
    words_kept: int
    words_left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a paged document as parallel arrays, in reading order.

    `starts` and `ends` are offsets into the text (n,), `pages` page numbers (n,), `boxes` (n, 4) in points.
    """

    starts: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    ends: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    pages: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    boxes: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 4), np.float32))


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quotation with all its places: `quote` is exactly the document's text at `span`.

    `page` and `boxes` are empty where the format has no pages; `source` is ``rule:<id>`` or ``model:<id>``;
    `confidence` is a probability, 1.0 for a rule.
    """

    quote: str
    span: Span
    page: int | None
    paragraph: int | None
    boxes: tuple[Box, ...]
    source: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Document:
    """A review as read. `id` is the SHA-256 of its bytes; `extractor` names the reader and its version."""

    id: str
    name: str
    format: Literal["pdf", "docx", "txt", "md"]
    text: str
    blocks: tuple[Block, ...]
    pages: tuple[Page, ...] = ()
    words: Words = field(default_factory=Words)
    warnings: tuple[Warning, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    facts: tuple[str, ...] = ()
    extractor: str = ""

    @property
    def word_count(self) -> int:
        """Words of the text, split at white space."""
        return len(self.text.split())

    def coverage(self) -> Coverage:
        """What was read, what was left out and why."""
        words: Counter[str] = Counter()
        for item in self.left_out:
            words[item.reason] += len(item.text.split())
        blank = tuple(page.number for page in self.pages if not self.text[slice(*page.span)].strip())
        return Coverage(len(self.pages) or None, blank, self.word_count, dict(words.most_common()))

    def page_of(self, offset: int) -> int | None:
        """The page number that holds the character at `offset`, or None in a format without pages."""
        if not self.pages:
            return None
        index = bisect_right(self.pages, offset, key=lambda page: page.span.start) - 1
        return self.pages[max(index, 0)].number

    def block_of(self, offset: int) -> Block | None:
        """The block that holds the character at `offset`, or the nearest one before it."""
        index = bisect_right(self.blocks, offset, key=lambda block: block.span.start) - 1
        return self.blocks[max(index, 0)] if self.blocks else None

    def boxes_of(self, span: Span) -> tuple[Box, ...]:
        """One box per line that the span covers on its first page, top to bottom in reading order."""
        words = self.words
        # Keys of another type than the array's would make numpy convert the whole array at every call.
        first = words.ends.searchsorted(np.int32(span.start), "right")
        last = words.starts.searchsorted(np.int32(span.end), "left")
        if first >= last:
            return ()
        pages, boxes = words.pages[first:last].tolist(), words.boxes[first:last].tolist()
        return tuple(_lines([box for box, page in zip(boxes, pages, strict=True) if page == pages[0]]))

    def evidence(self, span: Span, *, source: str, confidence: float = 1.0) -> Evidence:
        """Quote the text at `span`, without white space at its ends, with its page, paragraph and boxes."""
        quote = self.text[span.start : span.end]
        start = span.start + len(quote) - len(quote.lstrip())
        span = Span(start, start + len(quote.strip()))
        block = self.block_of(span.start)
        return Evidence(
            quote=self.text[span.start : span.end],
            span=span,
            page=self.page_of(span.start),
            paragraph=block.number if block else None,
            boxes=self.boxes_of(span),
            source=source,
            confidence=round(float(confidence), 4),
        )

    def sections(self) -> tuple[Section, ...]:
        """The section tree, flattened in reading order; empty when no heading was found."""
        headings = [block for block in self.blocks if block.kind == "heading"]
        sections = []
        for index, heading in enumerate(headings):
            end = next(
                (later.span.start for later in headings[index + 1 :] if later.level <= heading.level),
                len(self.text),
            )
            title = self.text[heading.span.start : heading.span.end]
            sections.append(
                Section(title, heading.level, self.page_of(heading.span.start), Span(heading.span.start, end))
            )
        return tuple(sections)


def _lines(boxes: list[list[float]]) -> Iterator[Box]:
    """Join the boxes of neighbouring words into one box per line."""
    left, high, right, low = boxes[0]
    for x0, top, x1, bottom in boxes[1:]:
        shared = (bottom if bottom < low else low) - (top if top > high else high)
        if shared > 0.4 * (bottom - top) and x0 >= left - 1:
            left, high, right, low = min(left, x0), min(high, top), max(right, x1), max(low, bottom)
        else:
            yield Box(left, high, right, low)
            left, high, right, low = x0, top, x1, bottom
    yield Box(left, high, right, low)


def finding_id(document_id: str, check: str, label: str, quote: str) -> str:
    """A finding's stable name: a hash of document, check, label and quotation, so that a decision outlives a re-run."""
    return hashlib.sha256("\x1f".join((document_id, check, label, quote)).encode()).hexdigest()[:16]
