"""Pages as pictures, drawn by PDFium one at a time and kept in a bounded cache."""

import base64
import io
import threading
from dataclasses import dataclass

import streamlit as st

from sfo_nlp.errors import FileDamaged

SCALE = 2.0
KEPT = 24
QUALITY = 82
_PDFIUM = threading.Lock()


@dataclass(frozen=True, slots=True)
class Picture:
    """One page: a data URL, and the page's size in points."""

    url: str
    width: float
    height: float


@st.cache_data(max_entries=KEPT, show_spinner=False)
def picture(document: str, page: int, _content: bytes) -> Picture:
    """The picture of one page (from 1) of a PDF; `document` is its hash. Raises `FileDamaged`."""
    return draw(_content, page)


def draw(content: bytes, page: int) -> Picture:
    """Draw one page. PDFium is not safe for several threads at once, so one draws at a time."""
    import pypdfium2 as pdfium

    with _PDFIUM:
        try:
            document = pdfium.PdfDocument(content)
            try:
                sheet = document[page - 1]
                width, height = sheet.get_size()
                image = sheet.render(scale=min(SCALE, 3000 / max(width, height, 1))).to_pil()
            finally:
                document.close()
        except (pdfium.PdfiumError, IndexError) as error:
            raise FileDamaged(f"Page {page} cannot be drawn: {error}") from error
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=QUALITY)
    return Picture(f"data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode()}", width, height)
