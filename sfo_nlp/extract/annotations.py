"""What lies on a page beside its own content: strike-outs, notes, and form fields with what was typed into them."""

import ctypes

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as raw

Boxes = npt.NDArray[np.float32]
MOST = 2_000


def annotations(page: raw.FPDF_PAGE) -> tuple[Boxes, list[str]]:
    """The areas of strike-out annotations, in page space, and the text of notes."""
    areas: list[tuple[float, float, float, float]] = []
    notes: list[str] = []
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), MOST)):
        note = raw.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        kind = raw.FPDFAnnot_GetSubtype(note)
        if kind == raw.FPDF_ANNOT_STRIKEOUT:
            areas += _quads(note)
        if kind in (raw.FPDF_ANNOT_TEXT, raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_HIGHLIGHT, raw.FPDF_ANNOT_CARET):
            notes.append(_contents(note))
        raw.FPDFPage_CloseAnnot(note)
    return np.array(areas, np.float32).reshape(-1, 4), [note for note in notes if note]


def _quads(note: raw.FPDF_ANNOTATION) -> list[tuple[float, float, float, float]]:
    quad = raw.FS_QUADPOINTSF()
    found = []
    for index in range(min(raw.FPDFAnnot_CountAttachmentPoints(note), 500)):
        if raw.FPDFAnnot_GetAttachmentPoints(note, index, quad):
            xs, ys = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
            found.append((min(xs), min(ys), max(xs), max(ys)))
    return found


def _contents(note: raw.FPDF_ANNOTATION) -> str:
    length = raw.FPDFAnnot_GetStringValue(note, b"Contents", None, 0)
    if not 2 < length < 100_000:
        return ""
    buffer = (ctypes.c_ushort * (length // 2 + 1))()
    raw.FPDFAnnot_GetStringValue(note, b"Contents", buffer, length)
    return bytes(buffer)[: length - 2].decode("utf-16-le", "replace").strip()


def with_filled_fields(document: raw.FPDF_DOCUMENT, index: int, page: raw.FPDF_PAGE) -> raw.FPDF_PAGE:
    """The page with what was typed into its form fields as part of its text; the same page where it has no fields.

    Only the loaded page changes, never the file. Other annotations are dropped from it, since they are not its text.
    """
    kinds = [_kind(page, number) for number in range(min(raw.FPDFPage_GetAnnotCount(page), MOST))]
    if raw.FPDF_ANNOT_WIDGET not in kinds:
        return page
    for number in reversed(range(len(kinds))):
        if kinds[number] != raw.FPDF_ANNOT_WIDGET:
            raw.FPDFPage_RemoveAnnot(page, number)
    if raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) != raw.FLATTEN_SUCCESS:
        return page
    raw.FPDF_ClosePage(page)
    return raw.FPDF_LoadPage(document, index)


def _kind(page: raw.FPDF_PAGE, number: int) -> int:
    note = raw.FPDFPage_GetAnnot(page, number)
    if not note:
        return -1
    kind: int = raw.FPDFAnnot_GetSubtype(note)
    raw.FPDFPage_CloseAnnot(note)
    return kind
