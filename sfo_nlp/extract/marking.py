"""A PDF saved again with highlights and comments on it, by PDFium."""

import ctypes
import io
from collections.abc import Mapping, Sequence
from typing import Any

import pypdfium2
import pypdfium2.raw as raw

from sfo_nlp.document import Box
from sfo_nlp.errors import FileDamaged
from sfo_nlp.extract.sandbox import asked
from sfo_nlp.settings import Settings

KINDS = {
    "highlight": raw.FPDF_ANNOT_HIGHLIGHT,
    "underline": raw.FPDF_ANNOT_UNDERLINE,
    "squiggly": raw.FPDF_ANNOT_SQUIGGLY,
}
_FINE = 100


def mark(content: bytes, marks: Sequence[Mapping[str, Any]], *, name: str, settings: Settings) -> bytes:
    """The PDF with one annotation per mark: its `page` (from 1), `kind`, `boxes`, `colour` (three bytes) and `texts`.

    `texts` are the annotation's own entries by their names in PDF. Raises `FileDamaged`, `LimitExceeded` or
    `ReaderFailed`.
    """
    return asked("mark", content, name, settings, marks=marks)


def mark_here(content: bytes, *, name: str, marks: Sequence[Mapping[str, Any]]) -> bytes:
    """The same in this process."""
    try:
        with pypdfium2.PdfDocument(content) as document:
            for one in marks:
                if one["page"] <= len(document):
                    _annotate(document[one["page"] - 1], one)
            out = io.BytesIO()
            document.save(out)
            return out.getvalue()
    except pypdfium2.PdfiumError as error:
        raise FileDamaged(f"{name}: the PDF cannot be marked ({error})") from error


def _annotate(page: Any, one: Mapping[str, Any]) -> None:
    annotation = raw.FPDFPage_CreateAnnot(page.raw, KINDS[one["kind"]])
    if not annotation:
        return
    try:
        quads = [_corners(page, Box(*box)) for box in one["boxes"]]
        for quad in quads:
            raw.FPDFAnnot_AppendAttachmentPoints(annotation, quad)
        xs = [value for quad in quads for value in (quad.x1, quad.x2, quad.x3, quad.x4)]
        ys = [value for quad in quads for value in (quad.y1, quad.y2, quad.y3, quad.y4)]
        raw.FPDFAnnot_SetRect(annotation, raw.FS_RECTF(min(xs), max(ys), max(xs), min(ys)))
        raw.FPDFAnnot_SetColor(annotation, raw.FPDFANNOT_COLORTYPE_Color, *one["colour"], 255)
        for key, text in one["texts"].items():
            raw.FPDFAnnot_SetStringValue(annotation, key.encode(), _wide(text))
        raw.FPDFAnnot_SetFlags(annotation, raw.FPDF_ANNOT_FLAG_PRINT)
    finally:
        raw.FPDFPage_CloseAnnot(annotation)


def _corners(page: Any, box: Box) -> Any:
    """A box in points from the shown page's top left as PDF corners, whatever the page's rotation and crop."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = (
        _to_page(page, x, y)
        for x, y in ((box.x0, box.top), (box.x1, box.top), (box.x0, box.bottom), (box.x1, box.bottom))
    )
    return raw.FS_QUADPOINTSF(ax, ay, bx, by, cx, cy, dx, dy)


def _to_page(page: Any, x: float, y: float) -> tuple[float, float]:
    width, height = (round(side * _FINE) for side in page.get_size())
    out_x, out_y = ctypes.c_double(), ctypes.c_double()
    raw.FPDF_DeviceToPage(page.raw, 0, 0, width, height, 0, round(x * _FINE), round(y * _FINE), out_x, out_y)
    return out_x.value, out_y.value


def _wide(text: str) -> Any:
    """`text` as the zero-ended UTF-16 that PDFium reads."""
    encoded = (text + "\0").encode("utf-16-le")
    return ctypes.cast(ctypes.create_string_buffer(encoded), ctypes.POINTER(ctypes.c_ushort))
