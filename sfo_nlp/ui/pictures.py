"""Pages as pictures, drawn by PDFium one at a time and kept in a bounded cache; the next one is drawn ahead."""

import base64
import io
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sfo_nlp.errors import FileDamaged

SCALE = 2.0
QUALITY = 82
KEPT_BYTES = 32_000_000
_PDFIUM = threading.Lock()


@dataclass(frozen=True, slots=True)
class Picture:
    """One page: a data URL, and the page's size in points."""

    url: str
    width: float
    height: float


class Pictures:
    """Pictures by document and page, the least recently shown dropped once all together exceed `limit` characters."""

    def __init__(self, limit: int = KEPT_BYTES) -> None:
        self.limit = limit
        self.size = 0
        self._kept: OrderedDict[tuple[str, int], Picture] = OrderedDict()
        self._lock = threading.Lock()
        self._ahead = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")

    def get(self, document: str, page: int, content: bytes) -> Picture:
        """The picture of one page (from 1) of a PDF; `document` is its hash. Raises `FileDamaged`."""
        key = (document, page)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        drawn = draw(content, page)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = drawn
                self.size += len(drawn.url)
            while self.size > self.limit and len(self._kept) > 1:
                self.size -= len(self._kept.popitem(last=False)[1].url)
        return drawn

    def prepare(self, document: str, page: int, content: bytes) -> None:
        """Draw a page that is likely to be asked for next, meanwhile."""
        if (document, page) not in self._kept:
            self._ahead.submit(self._try, document, page, content)

    def _try(self, document: str, page: int, content: bytes) -> None:
        try:
            self.get(document, page, content)
        except FileDamaged:
            return  # it is said when the page is really asked for


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


PICTURES = Pictures()
