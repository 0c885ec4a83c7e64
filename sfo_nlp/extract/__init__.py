"""From a file to a `Document`: the format is told by the bytes, the reading is done in a bounded child process."""

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from sfo_nlp.document import Document
from sfo_nlp.errors import FileEmpty, FileMissing, FileUnreadable, FileUnsupported, LimitExceeded, shown
from sfo_nlp.extract.build import Read, build
from sfo_nlp.extract.english import checked
from sfo_nlp.extract.kinds import format_of
from sfo_nlp.extract.plain import read_plain
from sfo_nlp.settings import Settings

if TYPE_CHECKING:
    from sfo_nlp.extract.sandbox import Pending

SUFFIXES = (".pdf", ".docx", ".txt", ".md")


def extract(path: Path, settings: Settings = Settings()) -> Document:
    """Read one review. Raises a subclass of `SfoError` for whatever is wrong with the file."""
    return extract_bytes(load(path, settings), path.name, settings)


def start_extract(path: Path, settings: Settings = Settings()) -> "Pending":
    """Start reading one review; `result()` of what is returned waits for the document or raises the coded error."""
    from sfo_nlp.extract.sandbox import Pending

    return Pending(lambda: extract(path, settings))


def load(path: Path, settings: Settings) -> bytes:
    """The file's bytes, within the size limit."""
    try:
        # Asking whether it exists fails as well: a name too long, a folder that may not be searched.
        if not path.exists():
            raise FileMissing(f"{shown(path)}: there is no such file")
        if path.is_dir():
            raise FileUnsupported(f"{shown(path)}: this is a folder", remedy="Name the files in it, e.g. folder/*.pdf.")
        if path.stat().st_size > settings.limits.file_mb * 1_000_000:
            raise LimitExceeded(f"{shown(path)}: larger than {settings.limits.file_mb} MB")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise FileUnreadable(f"{shown(path)}: {getattr(error, 'strerror', None) or error}") from error


def extract_bytes(content: bytes, name: str, settings: Settings) -> Document:
    """Read a review from its bytes; `name` is shown and tells text files apart.

    With ``settings.isolate`` the reading is done in a child process; see `sfo_nlp.extract.sandbox`.
    """
    name = printable(name)
    if len(content) > settings.limits.file_mb * 1_000_000:
        raise LimitExceeded(f"{shown(Path(name))}: larger than {settings.limits.file_mb} MB")
    if not content.strip():
        raise FileEmpty(f"{shown(Path(name))}: the file is empty")
    if settings.isolate:
        from sfo_nlp.extract.reader_process import can_isolate
        from sfo_nlp.extract.sandbox import read_isolated

        if can_isolate():
            return checked(read_isolated(content, name, settings))
    return checked(read_here(content, name, settings))


def printable(name: str) -> str:
    """A file name as text: bytes of it that are no UTF-8, which Python keeps as half characters, become U+FFFD."""
    return re.sub(r"[\ud800-\udfff]", "\ufffd", name)


def read_here(content: bytes, name: str, settings: Settings) -> Document:
    """Read a review in this process, whatever its language."""
    format = format_of(content, name)
    if format == "pdf":
        from sfo_nlp.extract.pdf import read_pdf
        from sfo_nlp.extract.pdfium import ALONE

        with ALONE:
            read = read_pdf(content, shown(Path(name)), settings)
    elif format == "docx":
        from sfo_nlp.extract.docx import read_docx

        read = read_docx(content, shown(Path(name)), settings)
    else:
        read = read_plain(decoded(content), markdown=format == "md")
    return build(read, identity=hashlib.sha256(content).hexdigest(), name=name, format=format)


def decoded(content: bytes) -> str:
    """A text file's bytes as text: by its byte order mark, else UTF-8, else Windows-1252. The mark is left out."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


__all__ = ["Read", "decoded", "extract", "extract_bytes", "load", "printable", "read_here", "start_extract"]
