"""A PDF's page as a picture, drawn by PDFium in the reader's own process: a page that breaks it breaks nothing else."""

import io
import struct
from typing import NamedTuple

import pypdfium2 as pdfium
from PIL import Image

from sfo_nlp.errors import FileDamaged
from sfo_nlp.extract.pdfium import ALONE
from sfo_nlp.extract.reader_process import can_isolate
from sfo_nlp.extract.sandbox import ask
from sfo_nlp.settings import Settings

SCALE, QUALITY, LARGEST = 2.0, 82, 3000
_SIZE = struct.Struct("<dd")
Image.preinit()  # now: once the process is bound, no further file can be opened


class Picture(NamedTuple):
    """One page as a JPEG, with the page's size in points."""

    content: bytes
    width: float
    height: float


def draw(content: bytes, page: int, *, name: str = "the file", settings: Settings = Settings()) -> Picture:
    """Draw page `page` (from 1) of a PDF. Raises `FileDamaged`, `LimitExceeded` or `ReaderFailed`."""
    if settings.isolate and can_isolate():
        packed = ask(content, name, settings.limits, {"draw": page})[0]
    else:
        packed = draw_here(content, page)
    return Picture(packed[_SIZE.size :], *_SIZE.unpack_from(packed))


def draw_here(content: bytes, page: int) -> bytes:
    """Draw in this process, one caller at a time."""
    with ALONE:
        return _draw(content, page)


def _draw(content: bytes, page: int) -> bytes:
    try:
        document = pdfium.PdfDocument(content)
        try:
            document.init_forms()
            sheet = document[page - 1]
            width, height = sheet.get_size()
            image = sheet.render(scale=min(SCALE, LARGEST / max(width, height, 1))).to_pil()
        finally:
            document.close()
    except (pdfium.PdfiumError, IndexError) as error:
        raise FileDamaged(f"Page {page} cannot be drawn: {error}") from error
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=QUALITY)
    return _SIZE.pack(width, height) + out.getvalue()
