"""A redacted PDF: every page drawn again as a picture, its personal data painted over, the other words laid on top.

Drawing pages anew is the one way in which nothing can be left beneath a black bar: text, fonts, annotations, form
fields, attachments, scripts and metadata of the old file are simply not in the new one.
"""

import io
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sfo_nlp.checks.personal_data import Taken
from sfo_nlp.document import Box, Document, Span
from sfo_nlp.extract.sheets import Sheet, sheets
from sfo_nlp.redact.drawing import places
from sfo_nlp.redact.finding import Finder
from sfo_nlp.redact.pdf_writer import PicturePage, PlacedText, write_pdf
from sfo_nlp.redact.planning import Plan
from sfo_nlp.settings import Settings

QUALITY = 82
_VISIBLE = 24
_ROOM = 0.8


def redact_pdf(plan: Plan, settings: Settings, *, title: str) -> tuple[bytes, list[str]]:
    """The new file's bytes and, in words, what was left out of it besides the plan's items.

    Raises what `extract.sheets.sheets` raises.
    """
    finder = Finder(plan.items)
    gone = Taken()
    for mark in finder.marks(plan.document.text):
        gone.add(mark.span)
    notes: list[str] = []
    pages = []
    drawn = sheets(plan.content, plan.document.name, settings, without_pictures=plan.pictures)
    for number, sheet in enumerate(drawn, start=1):
        if sheet.pictures:
            notes.append(f"page {number}: {len(sheet.pictures)} picture(s) removed, whose content cannot be checked")
        marks = [*places(sheet, finder), *((box, "[picture]") for box in sheet.pictures)]
        words, hidden = _words(plan.document, number, gone, sheet, [box for box, _ in marks])
        if hidden:
            notes.append(f"page {number}: {hidden} word(s) that cannot be seen on the page were left out")
        pages.append(_page(sheet, marks, words))
    notes.append("metadata, annotations, form fields, attachments, bookmarks and scripts are not in the copy")
    return write_pdf(pages, title=title), notes


def _page(sheet: Sheet, marks: Sequence[tuple[Box, str]], words: Sequence[PlacedText]) -> PicturePage:
    """The page with its marks painted over, and the words that stay."""
    from PIL import ImageDraw

    pen = ImageDraw.Draw(sheet.image)
    for box, label in marks:
        _paint(pen, box, label, sheet.scale)
    out = io.BytesIO()
    sheet.image.save(out, "JPEG", quality=QUALITY, optimize=True)
    labels = [PlacedText(label, *box) for box, label in marks if label]
    placed = sorted([*words, *labels], key=_reading)
    return PicturePage(sheet.width, sheet.height, out.getvalue(), sheet.image.size, placed)


def _reading(word: PlacedText) -> tuple[float, float]:
    return round(word.top / 4), word.x0


def _words(
    document: Document, number: int, gone: Taken, sheet: Sheet, boxes: Sequence[Box]
) -> tuple[list[PlacedText], int]:
    """The words of a page that stay (read, seen in the picture, under no box), and how many could not be seen."""
    grey = np.asarray(sheet.image.convert("L"))
    seen = [(word, _seen(grey, Box(*word[1:]), sheet.scale)) for word in _kept(document, number, gone, boxes)]
    return [word for word, is_seen in seen if is_seen], sum(not is_seen for _, is_seen in seen)


def _kept(document: Document, number: int, gone: Taken, boxes: Sequence[Box]) -> Iterator[PlacedText]:
    words = document.words
    over = np.array(boxes, np.float64).reshape(-1, 4)
    for index in np.flatnonzero(words.pages == number).tolist():
        span = Span(int(words.starts[index]), int(words.ends[index]))
        box = Box(*map(float, words.boxes[index]))
        if gone.free(span) == span and not _covered(over, box):
            yield PlacedText(document.text[slice(*span)], *box)


def _covered(over: npt.NDArray[np.float64], word: Box) -> bool:
    """Whether one of the boxes `over`, (n, 4), lies on a word."""
    wide = np.minimum(over[:, 2], word.x1) - np.maximum(over[:, 0], word.x0)
    high = np.minimum(over[:, 3], word.bottom) - np.maximum(over[:, 1], word.top)
    return bool(np.any((wide > 0.2 * (word.x1 - word.x0)) & (high > 0.3 * (word.bottom - word.top))))


def _seen(grey: Any, box: Box, scale: float) -> bool:
    """Whether anything stands out in the picture where a word should be."""
    part = grey[
        max(int(box.top * scale), 0) : int(box.bottom * scale) + 1,
        max(int(box.x0 * scale), 0) : int(box.x1 * scale) + 1,
    ]
    return part.size > 0 and int(part.max()) - int(part.min()) >= _VISIBLE


def _paint(pen: Any, box: Box, label: str, scale: float) -> None:
    """A light box with a thin edge over what goes, the label inside it as large as it fits."""
    from PIL import ImageFont

    x0, top, x1, bottom = (side * scale for side in (box.x0 - 0.6, box.top - 0.6, box.x1 + 0.6, box.bottom + 0.6))
    pen.rectangle((x0, top, x1, bottom), fill=(235, 235, 235), outline=(90, 90, 90))
    if not label or x1 - x0 < 1 or bottom - top < 1:
        return
    size = max(min((bottom - top) * _ROOM, 40), 5)
    font = ImageFont.load_default(size)
    wide = pen.textlength(label, font=font)
    if wide > x1 - x0 - 2:
        size = max(size * (x1 - x0 - 2) / wide, 4)
        font = ImageFont.load_default(size)
    pen.text(((x0 + x1) / 2, (top + bottom) / 2), label, fill=(20, 20, 20), font=font, anchor="mm")
