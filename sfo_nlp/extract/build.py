"""From what a reader saw, block by block, to a `Document`: one text and parallel arrays of words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np

from sfo_nlp.document import Block, BlockKind, Box, Cell, Document, LeftOut, Page, Span, Warning, Words


class PlacedWord(NamedTuple):
    """A word of a block: half-open offsets into the block's text, its page (from 1) and its box in points."""

    start: int
    end: int
    page: int
    box: Box


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
    words: Sequence[PlacedWord] = ()


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
    pieces: list[str] = []
    blocks: list[Block] = []
    starts: list[int] = []
    ends: list[int] = []
    pages: list[int] = []
    boxes: list[Box] = []
    position = 0
    first_of_page: dict[int, int] = {}
    previous: RawBlock | None = None
    for raw in read.blocks:
        if not raw.text.strip():
            continue
        if previous is not None:
            gap = "\n\n" if "heading" in (raw.kind, previous.kind) else "\n"
            pieces.append(gap)
            position += len(gap)
        blocks.append(
            Block(Span(position, position + len(raw.text)), raw.kind, len(blocks) + 1, raw.level, raw.marker, raw.cell)
        )
        if raw.page is not None:
            first_of_page.setdefault(raw.page, position)
        for word in raw.words:
            starts.append(position + word.start)
            ends.append(position + word.end)
            pages.append(word.page)
            boxes.append(word.box)
            first_of_page.setdefault(word.page, position + word.start)
        pieces.append(raw.text)
        position += len(raw.text)
        previous = raw
    return Document(
        id=identity,
        name=name,
        format=format,
        text="".join(pieces),
        blocks=tuple(blocks),
        pages=tuple(_pages(read.sizes, first_of_page, position)),
        words=Words(
            np.array(starts, np.int32),
            np.array(ends, np.int32),
            np.array(pages, np.int32),
            np.array(boxes, np.float32).reshape(-1, 4),
        ),
        warnings=tuple(read.warnings),
        left_out=tuple(read.left_out),
        facts=tuple(read.facts),
        extractor=read.extractor,
    )


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
