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
    pieces: list[str] = []
    blocks: list[Block] = []
    places: list[npt.NDArray[np.int32]] = []
    pages: list[int] = []
    boxes: list[npt.NDArray[np.float32]] = []
    first_of_page: dict[int, int] = {}
    position = 0
    previous: RawBlock | None = None
    for raw in read.blocks:
        if not raw.text.strip():
            continue
        if previous is not None:
            gap = "\n\n" if "heading" in (raw.kind, previous.kind) else "\n"
            pieces.append(gap)
            position += len(gap)
        span = Span(position, position + len(raw.text))
        blocks.append(Block(span, raw.kind, len(blocks) + 1, raw.level, raw.marker, raw.cell))
        if raw.page is not None:
            first_of_page.setdefault(raw.page, position)
        words = raw.words
        if words.starts:
            places.append(np.array([words.starts, words.ends], np.int32) + position)
            pages += words.pages
            boxes.append(words.boxes)
            if words.pages[0] != words.pages[-1]:
                for start, page in zip(words.starts, words.pages, strict=True):
                    first_of_page.setdefault(page, position + start)
        pieces.append(raw.text)
        position += len(raw.text)
        previous = raw
    placed = np.concatenate(places, axis=1) if places else np.zeros((2, 0), np.int32)
    return Document(
        id=identity,
        name=name,
        format=format,
        text="".join(pieces),
        blocks=tuple(blocks),
        pages=tuple(_pages(read.sizes, first_of_page, position)),
        words=Words(
            placed[0],
            placed[1],
            np.array(pages, np.int32),
            np.concatenate(boxes) if boxes else np.zeros((0, 4), np.float32),
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
