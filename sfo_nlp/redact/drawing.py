"""A PDF's page drawn without its pictures, and the places on it of what has to go; all that PDFium is asked for."""

import ctypes
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pypdfium2
import pypdfium2.raw as raw

from sfo_nlp.document import Box
from sfo_nlp.errors import FileDamaged
from sfo_nlp.extract import pdfium
from sfo_nlp.extract.pdfium import ALONE
from sfo_nlp.extract.picture import LARGEST
from sfo_nlp.redact.finding import Finder

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 170
_FINE, _MOST_STEPS = 16, 2**30


class Sheet(NamedTuple):
    """One page: size in points, picture and its pixels per point, boxes to paint over with their labels.

    `pictures` are the boxes of the pictures that were taken off. All boxes are in points from the page's top left.
    """

    width: float
    height: float
    image: "Image"
    scale: float
    marks: tuple[tuple[Box, str], ...]
    pictures: tuple[Box, ...]


def draw(document: Any, number: int, finder: Finder, *, name: str, without_pictures: bool) -> Sheet:
    """Page `number` (from 1) of an open document, its picture at most `LARGEST` pixels long. Raises `FileDamaged`."""
    with ALONE:
        try:
            page = document[number - 1]
            try:
                return _sheet(page, finder, without_pictures=without_pictures)
            finally:
                page.close()
        except pypdfium2.PdfiumError as error:
            raise FileDamaged(f"{name}: page {number} cannot be drawn ({error})") from error


def _sheet(page: Any, finder: Finder, *, without_pictures: bool) -> Sheet:
    width, height = page.get_size()
    marks = tuple(_marks(page, finder, width, height))
    pictures = tuple(_take_pictures(page, width, height)) if without_pictures else ()
    # A page may say that it is as large as a hall: drawn to scale it would fill the memory.
    scale = min(DPI / 72, LARGEST / max(width, height, 1))
    image = page.render(scale=scale, draw_annots=False, may_draw_forms=False).to_pil().convert("RGB")
    return Sheet(width, height, image, scale, marks, pictures)


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
    fine = min(_FINE, _MOST_STEPS / max(width, height, 1))
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
