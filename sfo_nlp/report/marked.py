"""The reviewed PDF with its evidence highlighted and commented, by PDFium; opens so in any reader."""

import ctypes
import io
from collections.abc import Iterable, Sequence
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from sfo_nlp.extract.pdfium import ALONE
from sfo_nlp.report.errors import FormUnsuitable
from sfo_nlp.report.outline import said
from sfo_nlp.report.safe import one_line, visible
from sfo_nlp.report.view import Item, Passage, View

FINE = 100
ORDER = ("judgement", "explanation", "victims", "learning", "themes", "readability", "stages")
KINDS = {
    "judgement": raw.FPDF_ANNOT_HIGHLIGHT,
    "explanation": raw.FPDF_ANNOT_HIGHLIGHT,
    "themes": raw.FPDF_ANNOT_UNDERLINE,
    "learning": raw.FPDF_ANNOT_HIGHLIGHT,
    "readability": raw.FPDF_ANNOT_SQUIGGLY,
    "victims": raw.FPDF_ANNOT_HIGHLIGHT,
}


def render_marked(view: View, content: bytes | None) -> bytes:
    """The PDF `content` with one annotation per passage. Raises `FormUnsuitable` when the file is not a PDF."""
    if content is None or not content[:1024].lstrip().startswith(b"%PDF"):
        raise FormUnsuitable(f"{one_line(view.name)}: only a PDF can be marked, and this is none")
    places = _places(view)
    with ALONE:
        document = pdfium.PdfDocument(content)
        try:
            for passage, items in places:
                if passage.page is not None and passage.page <= len(document):
                    _annotate(document, items, passage)
            out = io.BytesIO()
            document.save(out)
            return out.getvalue()
        finally:
            document.close()


def _places(view: View) -> Iterable[tuple[Passage, list[Item]]]:
    """Each passage with everything found in it, so that one place carries one mark."""
    places: dict[tuple[int, int], tuple[Passage, list[Item]]] = {}
    for item in sorted(view.items, key=lambda one: ORDER.index(one.check) if one.check in ORDER else len(ORDER)):
        for passage in item.passages:
            if passage.boxes:
                places.setdefault((passage.start, passage.end), (passage, []))[1].append(item)
    return sorted(places.values(), key=lambda place: place[0].start)


def comment_of(item: Item) -> str:
    """What the annotation says when it is opened."""
    lines = [f"{item.mark.letter} – {item.mark.name}: {item.title}", item.note, item.sure]
    if item.beside:
        lines.append(f"The reason beside it ({item.beside.where}): {one_line(item.beside.quote)}")
    lines += [said(decision) for decision in (*item.standing.judged, *item.standing.notes)]
    return visible("\n".join(filter(None, lines)))


def _annotate(document: Any, items: Sequence[Item], passage: Passage) -> None:
    page = document[(passage.page or 1) - 1]
    item = items[0]
    annotation = raw.FPDFPage_CreateAnnot(page.raw, KINDS.get(item.check, raw.FPDF_ANNOT_UNDERLINE))
    if not annotation:
        return
    try:
        quads = [_corners(page, box) for box in passage.boxes]
        for quad in quads:
            raw.FPDFAnnot_AppendAttachmentPoints(annotation, quad)
        xs = [value for quad in quads for value in (quad.x1, quad.x2, quad.x3, quad.x4)]
        ys = [value for quad in quads for value in (quad.y1, quad.y2, quad.y3, quad.y4)]
        raw.FPDFAnnot_SetRect(annotation, raw.FS_RECTF(min(xs), max(ys), max(xs), min(ys)))
        red, green, blue = (int(item.mark.colour[place : place + 2], 16) for place in (1, 3, 5))
        light = KINDS.get(item.check) == raw.FPDF_ANNOT_HIGHLIGHT
        mixed = [255 - (255 - shade) // 3 if light else shade for shade in (red, green, blue)]
        raw.FPDFAnnot_SetColor(annotation, raw.FPDFANNOT_COLORTYPE_Color, *mixed, 255)
        for key, text in (
            ("Contents", comment_of(item)),
            ("T", "sfo-nlp"),
            ("NM", f"sfo-nlp-{item.key}-{passage.start}"),
        ):
            raw.FPDFAnnot_SetStringValue(annotation, key.encode(), _wide(text))
        raw.FPDFAnnot_SetFlags(annotation, raw.FPDF_ANNOT_FLAG_PRINT)
    finally:
        raw.FPDFPage_CloseAnnot(annotation)


def _corners(page: Any, box: tuple[float, ...]) -> Any:
    """A box in points from the shown page's top left as PDF corners, whatever the page's rotation and crop."""
    x0, top, x1, bottom = box
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = (
        _to_page(page, x, y) for x, y in ((x0, top), (x1, top), (x0, bottom), (x1, bottom))
    )
    return raw.FS_QUADPOINTSF(ax, ay, bx, by, cx, cy, dx, dy)


def _to_page(page: Any, x: float, y: float) -> tuple[float, float]:
    width, height = (round(side * FINE) for side in page.get_size())
    out_x, out_y = ctypes.c_double(), ctypes.c_double()
    raw.FPDF_DeviceToPage(page.raw, 0, 0, width, height, 0, round(x * FINE), round(y * FINE), out_x, out_y)
    return out_x.value, out_y.value


def _wide(text: str) -> Any:
    """`text` as the zero-ended UTF-16 that PDFium reads."""
    encoded = (text + "\0").encode("utf-16-le")
    return ctypes.cast(ctypes.create_string_buffer(encoded), ctypes.POINTER(ctypes.c_ushort))
