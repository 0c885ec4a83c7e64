"""A PDF's page as a picture, for the pane."""

import io
import struct
from typing import NamedTuple

import pypdfium2 as pdfium
from PIL import Image

from sfo_nlp.errors import FileDamaged
from sfo_nlp.extract.sandbox import asked
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
    packed = asked("picture", content, name, settings, page=page)
    return Picture(packed[_SIZE.size :], *_SIZE.unpack_from(packed))


def draw_here(content: bytes, *, name: str, page: int) -> bytes:
    """Draw in this process. Raises `FileDamaged`."""
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
        raise FileDamaged(f"{name}: page {page} cannot be drawn ({error})") from error
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=QUALITY)
    return _SIZE.pack(width, height) + out.getvalue()
