"""Pages as pictures, kept in a bounded cache; the page that is likely next is drawn ahead."""

import base64
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sfo_nlp.errors import SfoError
from sfo_nlp.extract.picture import draw

KEPT_BYTES = 32_000_000


@dataclass(frozen=True, slots=True)
class Shown:
    """One page: a data URL, and the page's size in points."""

    url: str
    width: float
    height: float


class Pictures:
    """Pictures by document and page, the least recently shown dropped once all together exceed `limit` characters."""

    def __init__(self, limit: int = KEPT_BYTES) -> None:
        self.limit = limit
        self.size = 0
        self._kept: OrderedDict[tuple[str, int], Shown] = OrderedDict()
        self._lock = threading.Lock()
        self._ahead = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")

    def get(self, document: str, page: int, content: bytes) -> Shown:
        """The picture of one page (from 1) of a PDF; `document` is its hash. Raises a subclass of `SfoError`."""
        key = (document, page)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        drawn = draw(content, page)
        url = f"data:image/jpeg;base64,{base64.b64encode(drawn.content).decode()}"
        with self._lock:
            if key not in self._kept:
                self._kept[key] = Shown(url, drawn.width, drawn.height)
                self.size += len(url)
            found = self._kept[key]
            while self.size > self.limit and len(self._kept) > 1:
                self.size -= len(self._kept.popitem(last=False)[1].url)
        return found

    def forget(self) -> None:
        """Let go of every picture."""
        with self._lock:
            self._kept.clear()
            self.size = 0

    def prepare(self, document: str, page: int, content: bytes) -> None:
        """Draw a page that is likely to be asked for next, meanwhile."""
        if (document, page) not in self._kept:
            self._ahead.submit(self._try, document, page, content)

    def _try(self, document: str, page: int, content: bytes) -> None:
        try:
            self.get(document, page, content)
        except SfoError:
            return  # it is said when the page is really asked for


PICTURES = Pictures()
