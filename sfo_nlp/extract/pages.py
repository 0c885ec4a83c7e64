"""One PDF page as words with boxes, line fragments with their type, and ruling."""

import ctypes
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as raw

from sfo_nlp.extract import pdfium
from sfo_nlp.extract.annotations import annotations, with_filled_fields
from sfo_nlp.extract.characters import REORDERING, clean_word
from sfo_nlp.extract.drawing import read_drawing
from sfo_nlp.extract.page_words import Boxes, corners_of, covered, joined, note_marks, struck_out, word_bounds
from sfo_nlp.extract.ruling import Grid, find_cells, open_cells

# PDFium joins a word hyphenated over a line end with U+FFFE or U+0002; the word is cut there again for its boxes.
_HYPHENS = "\x02\ufffe\u00ad"
_ODD = re.compile(r"[^\t\n\r -~]")


@dataclass(slots=True)
class Fragment:
    """Neighbouring words on one line. `first` and `last` are half-open word indices of the page."""

    x0: float
    top: float
    x1: float
    bottom: float
    first: int
    last: int
    size: float = 10.0
    bold: bool = False
    italic: bool = False
    cell: int = -1


@dataclass(slots=True)
class PageText:
    """A page from its top left, y down. `boxes` (n, 4) belong to `words`; `grid` holds the cells of ruled tables.

    `rules` and `fills` are boxes of thin lines and shaded areas; `broken` marks words cut by a hyphen at a line end.
    """

    number: int
    width: float
    height: float
    words: list[str]
    boxes: Boxes
    fragments: list[Fragment] = field(default_factory=list)
    rules: Boxes = field(default_factory=lambda: np.zeros((0, 4), np.float32))
    fills: Boxes = field(default_factory=lambda: np.zeros((0, 4), np.float32))
    broken: frozenset[int] = frozenset()
    struck: str = ""
    hidden: str = ""
    note_marks: str = ""
    reordered: bool = False
    comments: list[str] = field(default_factory=list)
    pictures: float = 0.0
    objects: int = 0
    scanned: bool = False
    grid: Grid = field(default_factory=Grid)


@dataclass(frozen=True, slots=True)
class Frame:
    """How page space lies on the page as shown: its visible box and its rotation in quarter turns."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @property
    def size(self) -> tuple[float, float]:
        wide, high = self.right - self.left, self.top - self.bottom
        return (high, wide) if self.turns % 2 else (wide, high)

    def place(self, boxes: Boxes) -> Boxes:
        """Boxes of page space, any two corners each, as (x0, top, x1, bottom) from the shown page's top left."""
        x0, x1 = np.minimum(boxes[:, 0], boxes[:, 2]), np.maximum(boxes[:, 0], boxes[:, 2])
        y0, y1 = np.minimum(boxes[:, 1], boxes[:, 3]), np.maximum(boxes[:, 1], boxes[:, 3])
        if self.turns == 1:
            columns = (y0 - self.bottom, x0 - self.left, y1 - self.bottom, x1 - self.left)
        elif self.turns == 2:
            columns = (self.right - x1, y0 - self.bottom, self.right - x0, y1 - self.bottom)
        elif self.turns == 3:
            columns = (self.top - y1, self.right - x1, self.top - y0, self.right - x0)
        else:
            columns = (x0 - self.left, self.top - y1, x1 - self.left, self.top - y0)
        return np.stack(columns, axis=1)


def read_page(document: raw.FPDF_DOCUMENT, index: int) -> PageText | None:
    """Page `index` (from 0), or None when PDFium cannot load it."""
    page = raw.FPDF_LoadPage(document, index)
    if not page:
        return None
    try:
        strikes, comments = annotations(page)
        page = with_filled_fields(document, index, page)
        if not page:
            return None
        text_page = raw.FPDFText_LoadPage(page)
        if not text_page:
            return None
        try:
            return _read(page, pdfium.address(text_page), index + 1, strikes, comments)
        finally:
            raw.FPDFText_ClosePage(text_page)
    finally:
        raw.FPDF_ClosePage(page)


def _read(page: raw.FPDF_PAGE, text_page: int, number: int, strikes: Boxes, comments: list[str]) -> PageText:
    frame = frame_of(page)
    width, height = frame.size
    drawing = read_drawing(pdfium.address(page), width * height)
    text = pdfium.page_text(text_page)
    starts, ends = word_bounds(text)
    corners = corners_of(text_page, starts, ends)
    boxes = frame.place(joined(corners))
    result = PageText(number, width, height, [], boxes[:0], pictures=drawing.pictures, objects=drawing.objects)
    result.reordered = not text.isascii() and bool(REORDERING.search(text))
    result.rules = frame.place(drawing.rules) if len(drawing.rules) else result.rules
    result.fills = frame.place(drawing.fills) if len(drawing.fills) else result.fills
    words = [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    if _ODD.search(text):
        words = [word if word.isalnum() and word.isascii() else _cleaned(word) for word in words]
    marks = note_marks(words, corners, boxes)
    struck = struck_out(boxes, result.rules)
    result.comments = comments
    if len(strikes):
        struck |= covered(boxes, frame.place(strikes))
    outside = (boxes[:, 0] > width) | (boxes[:, 2] < 0) | (boxes[:, 1] > height) | (boxes[:, 3] < 0)
    result.struck = " ".join(words[i] for i in np.flatnonzero(struck))
    result.hidden = " ".join(words[i] for i in np.flatnonzero(outside & ~struck))
    result.note_marks = " ".join(words[index][len(rest) :] for index, rest in marks.items())
    for index, rest in marks.items():
        words[index] = rest
    keep = np.flatnonzero(~(struck | outside) & np.fromiter(map(bool, words), np.bool_, len(words)))
    result.words = [words[i] for i in keep] if len(keep) < len(words) else words
    result.boxes = boxes[keep]
    if len(result.rules) > 2:
        result.grid = open_cells(result.rules, result.boxes, find_cells(result.rules))
    result.fragments = fragments(result)
    result.broken = broken_words(result)
    _set_type(result.fragments, text_page, starts[keep].tolist())
    return result


def _cleaned(word: str) -> str:
    return clean_word(word) + "-" * (word[-1] in _HYPHENS)


def frame_of(page: raw.FPDF_PAGE) -> Frame:
    """The page's visible box: the crop box where it is sound, else the media box, else A4."""
    values = [ctypes.c_float() for _ in range(4)]
    for getter in (raw.FPDFPage_GetCropBox, raw.FPDFPage_GetMediaBox):
        if getter(page, *values):
            left, bottom, right, top = (value.value for value in values)
            left, right, bottom, top = min(left, right), max(left, right), min(bottom, top), max(bottom, top)
            if right - left > 10 and top - bottom > 10:
                return Frame(left, bottom, right, top, raw.FPDFPage_GetRotation(page) % 4)
    return Frame(0, 0, 595, 842, raw.FPDFPage_GetRotation(page) % 4)


def fragments(page: PageText) -> list[Fragment]:
    """Neighbouring words on one line; a wide gap, a new line or another table cell starts the next."""
    boxes = page.boxes
    if not len(boxes):
        return []
    x0, top, x1, bottom = boxes.T
    height = bottom - top
    cells = _cells_of(boxes, page.grid.boxes)
    least = np.minimum(height[1:], height[:-1])
    overlap = np.minimum(bottom[1:], bottom[:-1]) - np.maximum(top[1:], top[:-1])
    gap = x0[1:] - x1[:-1]
    joined = (overlap > 0.5 * least) & (gap < 0.85 * least) & (gap > -0.6 * least) & (cells[1:] == cells[:-1])
    starts = np.concatenate([[0], np.flatnonzero(~joined) + 1])
    stops = [*starts[1:].tolist(), len(boxes)]
    columns = zip(
        np.minimum.reduceat(x0, starts).tolist(),
        np.minimum.reduceat(top, starts).tolist(),
        np.maximum.reduceat(x1, starts).tolist(),
        np.maximum.reduceat(bottom, starts).tolist(),
        starts.tolist(),
        stops,
        cells[starts].tolist(),
        strict=True,
    )
    return [Fragment(a, b, c, d, first, last, cell=cell) for a, b, c, d, first, last, cell in columns]


def broken_words(page: PageText) -> frozenset[int]:
    """The words with a hyphen at the end of their line, by index."""
    last = (piece.last - 1 for piece in page.fragments)
    return frozenset(index for index in last if len(page.words[index]) > 1 and page.words[index].endswith("-"))


def _cells_of(boxes: Boxes, cells: Boxes) -> npt.NDArray[np.int32]:
    """The index of the table cell that holds each word's centre, -1 for none."""
    found = np.full(len(boxes), -1, np.int32)
    if len(cells):
        x, y = ((boxes[:, 0] + boxes[:, 2]) / 2)[:, None], ((boxes[:, 1] + boxes[:, 3]) / 2)[:, None]
        inside = (x >= cells[:, 0]) & (x <= cells[:, 2]) & (y >= cells[:, 1]) & (y <= cells[:, 3])
        hit = inside.any(axis=1)
        found[hit] = inside[hit].argmax(axis=1)
    return found


def _set_type(pieces: list[Fragment], text_page: int, starts: Sequence[int]) -> None:
    """Give every fragment its size and whether its first and last words are both bold, both italic."""
    # The size is taken from the middle: a marker in front or a note's mark behind may be set otherwise.
    middles = [starts[(piece.first + piece.last) // 2] for piece in pieces]
    fonts = pdfium.Fonts(text_page)
    first_styles = fonts.styles([starts[piece.first] for piece in pieces])
    last_styles = fonts.styles([starts[piece.last - 1] for piece in pieces])
    for piece, size, first, last in zip(
        pieces, pdfium.sizes(text_page, middles), first_styles, last_styles, strict=True
    ):
        piece.size = size if 0.5 < size < 500 else (piece.bottom - piece.top) / 1.15
        piece.bold, piece.italic = first[0] and last[0], first[1] and last[1]
