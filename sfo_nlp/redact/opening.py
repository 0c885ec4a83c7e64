"""PDFs opened in this process, by one thread at a time: PDFium is not safe for several."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pypdfium2

from sfo_nlp.document import Document
from sfo_nlp.errors import FileDamaged
from sfo_nlp.extract import extract_bytes
from sfo_nlp.extract.pdfium import ALONE
from sfo_nlp.extract.reader_process import can_isolate
from sfo_nlp.settings import Settings


@contextmanager
def opened(content: bytes, name: str) -> Iterator[Any]:
    """A `pypdfium2.PdfDocument`, closed afterwards. Hold `ALONE` for whatever is asked of it. Raises `FileDamaged`."""
    try:
        with ALONE:
            document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise FileDamaged(f"{name}: the PDF cannot be opened ({error})") from error
    try:
        yield document
    finally:
        with ALONE:
            document.close()


def read(content: bytes, name: str, settings: Settings) -> Document:
    """`extract.extract_bytes`, alone where the file is read in this process. Raises a subclass of `SfoError`."""
    with nullcontext() if settings.isolate and can_isolate() else ALONE:
        return extract_bytes(content, name, settings)
