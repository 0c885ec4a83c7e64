"""A redacted PDF: every page drawn again as a picture, its personal data painted over, the other words laid on top.

Drawing pages anew is the one way in which nothing can be left beneath a black bar: text, fonts, annotations, form
fields, attachments, scripts and metadata of the old file are simply not in the new one.
"""

import ctypes
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pypdfium2
import pypdfium2.raw as raw

from sfo_nlp.document import Box, Document
from sfo_nlp.extract import pdfium
from sfo_nlp.redact.finding import Finder
from sfo_nlp.redact.pdf_writer import PicturePage, PlacedText, write_pdf
from sfo_nlp.redact.planning import Plan

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 170
QUALITY = 82
_VISIBLE = 24
_ROOM = 0.8


def redact_pdf(plan: Plan, *, title: str) -> tuple[bytes, list[str]]:
    """The new file's bytes and, in words, what was left out of it besides the plan's items."""
    finder = Finder(plan.items)
    notes: list[str] = []
    pages = []
    document = pypdfium2.PdfDocument(plan.content)
    try:
        for index in range(len(document)):
            page = document[index]
            pages.append(_page(page, index + 1, plan, finder, notes))
            page.close()
    finally:
        document.close()
    notes.append("metadata, annotations, form fields, attachments, bookmarks and scripts are not in the copy")
    return write_pdf(pages, title=title), notes


def _page(page: Any, number: int, plan: Plan, finder: Finder, notes: list[str]) -> PicturePage:
    from PIL import ImageDraw

    width, height = page.get_size()
    marks = list(_marks(page, finder, width, height))
    if plan.pictures:
        boxes = _take_pictures(page, width, height)
        if boxes:
            notes.append(f"page {number}: {len(boxes)} picture(s) removed, whose content cannot be checked")
        marks += [(box, "[picture]") for box in boxes]
    scale = DPI / 72
    image: Image = page.render(scale=scale, draw_annots=False, may_draw_forms=False).to_pil().convert("RGB")
    words = list(_words(plan.document, number, finder, [box for box, _ in marks], image, scale, notes))
    pen = ImageDraw.Draw(image)
    labels = []
    for box, label in marks:
        if label:
            labels.append(PlacedText(label, *box))
        _paint(pen, box, label, scale)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True)
    return PicturePage(width, height, out.getvalue(), image.size, sorted([*words, *labels], key=_reading))


def _reading(word: PlacedText) -> tuple[float, float]:
    return round(word.top / 4), word.x0


def _marks(page: Any, finder: Finder, width: float, height: float) -> Iterator[tuple[Box, str]]:
    """A box per line for everything that has to go; only the first box of each carries the label."""
    text_page = raw.FPDFText_LoadPage(page.raw)
    try:
        handle = pdfium.address(text_page)
        text = pdfium.page_text(handle)
        for mark in finder.marks_in_lines(text):
            indices = [place for place in range(*mark.span) if not text[place].isspace()]
            boxes = pdfium.char_boxes(handle, indices, len(indices))
            placed = [_to_screen(page, width, height, box) for box in boxes.tolist()]
            for order, line in enumerate(_lines(placed)):
                yield line, mark.label if order == 0 else ""
    finally:
        raw.FPDFText_ClosePage(text_page)


def _to_screen(page: Any, width: float, height: float, box: Sequence[float]) -> Box:
    """A box of page space as points from the top left of the page as shown, its rotation and crop included."""
    fine = 16
    corners = []
    for x, y in ((box[0], box[1]), (box[2], box[3])):
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page.raw, 0, 0, round(width * fine), round(height * fine), 0, x, y, across, down)
        corners.append((across.value / fine, down.value / fine))
    xs, ys = sorted(x for x, _ in corners), sorted(y for _, y in corners)
    return Box(xs[0], ys[0], xs[1], ys[1])


def _lines(boxes: Sequence[Box]) -> Iterator[Box]:
    """Boxes of neighbouring characters joined, one box per line."""
    current: Box | None = None
    for box in boxes:
        if current and min(box.bottom, current.bottom) - max(box.top, current.top) > 0.4 * (box.bottom - box.top):
            current = Box(
                min(current.x0, box.x0),
                min(current.top, box.top),
                max(current.x1, box.x1),
                max(current.bottom, box.bottom),
            )
        else:
            if current:
                yield current
            current = box
    if current:
        yield current


def _take_pictures(page: Any, width: float, height: float) -> list[Box]:
    """Take every picture off the page before it is drawn; their boxes as shown."""
    boxes = []
    for item in list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=1)):
        boxes.append(_to_screen(page, width, height, item.get_bounds()))
        page.remove_obj(item)
    forms = list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_FORM], max_depth=1))
    for form in forms:
        count = raw.FPDFFormObj_CountObjects(form.raw)
        inside = [raw.FPDFFormObj_GetObject(form.raw, place) for place in range(count)]
        pictures = [item for item in inside if raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_IMAGE]
        boxes += [Box(0, 0, 0, 0) for item in pictures if raw.FPDFFormObj_RemoveObject(form.raw, item)]
    return boxes


def _words(
    document: Document,
    number: int,
    finder: Finder,
    gone: Sequence[Box],
    image: "Image",
    scale: float,
    notes: list[str],
) -> Iterator[PlacedText]:
    """The words of a page that stay: read, seen in the picture, and under no box."""
    words = document.words
    grey = np.asarray(image.convert("L"))
    spans = [mark.span for mark in finder.marks(document.text)]
    hidden = 0
    for index in np.flatnonzero(words.pages == number).tolist():
        start, end = int(words.starts[index]), int(words.ends[index])
        box = Box(*map(float, words.boxes[index]))
        text = document.text[start:end]
        if any(span.start < end and start < span.end for span in spans) or any(_covers(other, box) for other in gone):
            continue
        if not _seen(grey, box, scale):
            hidden += 1
            continue
        yield PlacedText(text, *box)
    if hidden:
        notes.append(f"page {number}: {hidden} word(s) that cannot be seen on the page were left out")


def _covers(box: Box, word: Box) -> bool:
    wide = min(box.x1, word.x1) - max(box.x0, word.x0)
    high = min(box.bottom, word.bottom) - max(box.top, word.top)
    return wide > 0.2 * (word.x1 - word.x0) and high > 0.3 * (word.bottom - word.top)


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
    if x1 - x0 < 1 or bottom - top < 1:
        return
    pen.rectangle((x0, top, x1, bottom), fill=(235, 235, 235), outline=(90, 90, 90))
    if not label:
        return
    size = max(min((bottom - top) * _ROOM, 40), 5)
    font = ImageFont.load_default(size)
    wide = pen.textlength(label, font=font)
    if wide > x1 - x0 - 2:
        size = max(size * (x1 - x0 - 2) / wide, 4)
        font = ImageFont.load_default(size)
    pen.text(((x0 + x1) / 2, (top + bottom) / 2), label, fill=(20, 20, 20), font=font, anchor="mm")
