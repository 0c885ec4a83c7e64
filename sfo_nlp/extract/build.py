"""From what a reader saw, block by block, to a `Document`: one text and parallel arrays of words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from sfo_nlp.document import Block, BlockKind, Cell, Document, LeftOut, Page, Span, Warning, Words


class BlockWords(NamedTuple):
    """The words of a block: half-open offsets into its text, page numbers from 1, `boxes` (n, 4) in points."""

    starts: Sequence[int] = ()
    ends: Sequence[int] = ()
    pages: Sequence[int] = ()
    boxes: npt.NDArray[np.float32] = np.zeros((0, 4), np.float32)


NO_WORDS = BlockWords()


class PageSize(NamedTuple):
    """A page before its text is placed: number from 1, width and height in points, whether OCR read it."""

    number: int
    width: float
    height: float
    scanned: bool = False


@dataclass(frozen=True, slots=True)
class RawBlock:
    """A block as a reader saw it. `text` has no line breaks; `page` is None in formats without pages."""

    text: str
    kind: BlockKind = "paragraph"
    level: int = 0
    marker: str = ""
    cell: Cell | None = None
    page: int | None = None
    words: BlockWords = NO_WORDS


@dataclass(slots=True)
class Read:
    """What a format's reader returns."""

    blocks: list[RawBlock]
    sizes: list[PageSize] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    extractor: str = ""


def build(read: Read, *, identity: str, name: str, format: Literal["pdf", "docx", "txt", "md"]) -> Document:
    """Join blocks into one text (blank line around headings, line break between blocks) and place every word."""
    joined = _Joined()
    for raw in read.blocks:
        if raw.text.strip():
            joined.add(raw)
    return Document(
        id=identity,
        name=name,
        format=format,
        text="".join(joined.pieces),
        blocks=tuple(joined.blocks),
        pages=tuple(_pages(read.sizes, joined.first_of_page, joined.length)),
        words=joined.words(),
        warnings=tuple(read.warnings),
        left_out=tuple(read.left_out),
        facts=tuple(read.facts),
        extractor=read.extractor,
    )


@dataclass(slots=True)
class _Joined:
    """The blocks joined so far: the text in pieces and its length, its words, and where each page first has text."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    blocks: list[Block] = field(default_factory=list)
    first_of_page: dict[int, int] = field(default_factory=dict)
    _places: list[npt.NDArray[np.int32]] = field(default_factory=list)
    _pages: list[int] = field(default_factory=list)
    _boxes: list[npt.NDArray[np.float32]] = field(default_factory=list)

    def add(self, raw: RawBlock) -> None:
        if self.blocks:
            self._append("\n\n" if "heading" in (raw.kind, self.blocks[-1].kind) else "\n")
        span = Span(self.length, self.length + len(raw.text))
        self.blocks.append(Block(span, raw.kind, len(self.blocks) + 1, raw.level, raw.marker, raw.cell))
        if raw.page is not None:
            self.first_of_page.setdefault(raw.page, self.length)
        if raw.words.starts:
            self._place(raw.words)
        self._append(raw.text)

    def _append(self, piece: str) -> None:
        self.pieces.append(piece)
        self.length += len(piece)

    def _place(self, words: BlockWords) -> None:
        """Place the words of the block that starts where the text ends now; a block may run over several pages."""
        self._places.append(np.array([words.starts, words.ends], np.int32) + self.length)
        self._pages += words.pages
        self._boxes.append(words.boxes)
        if words.pages[0] != words.pages[-1]:
            for start, page in zip(words.starts, words.pages, strict=True):
                self.first_of_page.setdefault(page, self.length + start)

    def words(self) -> Words:
        starts, ends = np.concatenate(self._places, axis=1) if self._places else np.zeros((2, 0), np.int32)
        boxes = np.concatenate(self._boxes) if self._boxes else np.zeros((0, 4), np.float32)
        return Words(starts, ends, np.array(self._pages, np.int32), boxes)


def _pages(sizes: Sequence[PageSize], first: dict[int, int], length: int) -> Iterable[Page]:
    """Give every page its span; a page without text has an empty one where the next page starts."""
    end = length
    spans: list[Span] = []
    for size in reversed(sizes):
        start = min(first.get(size.number, end), end)
        spans.append(Span(start, end))
        end = start
    for size, span in zip(sizes, reversed(spans), strict=True):
        yield Page(size.number, size.width, size.height, span, size.scanned)
