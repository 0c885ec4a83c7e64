"""From a file to a `Document`: the format is told by the bytes, the reading is done in a bounded child process."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from sfo_nlp.document import Document
from sfo_nlp.errors import FileEmpty, FileMissing, FileUnreadable, FileUnsupported, LimitExceeded, NotEnglish, shown
from sfo_nlp.extract.build import Read, build
from sfo_nlp.extract.kinds import format_of
from sfo_nlp.extract.plain import read_plain
from sfo_nlp.settings import Settings

if TYPE_CHECKING:
    from sfo_nlp.extract.sandbox import Pending

SUFFIXES = (".pdf", ".docx", ".txt", ".md")
COMMON = frozenset(
    "the of to and a in was that he his for with on it is not had as she her by at be this from were".split()
)


def extract(path: Path, settings: Settings = Settings()) -> Document:
    """Read one review. Raises a subclass of `SfoError` for whatever is wrong with the file."""
    return extract_bytes(load(path, settings), path.name, settings)


def start_extract(path: Path, settings: Settings = Settings()) -> "Pending":
    """Start reading one review; `result()` of what is returned waits for the document or raises the coded error."""
    from sfo_nlp.extract.sandbox import Pending

    return Pending(lambda: extract(path, settings))


def load(path: Path, settings: Settings) -> bytes:
    """The file's bytes, within the size limit."""
    if not path.exists():
        raise FileMissing(f"{shown(path)}: there is no such file")
    if path.is_dir():
        raise FileUnsupported(f"{shown(path)}: this is a folder", remedy="Name the files in it, e.g. folder/*.pdf.")
    try:
        if path.stat().st_size > settings.limits.file_mb * 1_000_000:
            raise LimitExceeded(f"{shown(path)}: larger than {settings.limits.file_mb} MB")
        content = path.read_bytes()
    except OSError as error:
        raise FileUnreadable(f"{shown(path)}: {error.strerror or error}") from error
    return content


def extract_bytes(content: bytes, name: str, settings: Settings) -> Document:
    """Read a review from its bytes; `name` is shown and tells text files apart.

    With ``settings.isolate`` the reading is done in a child process; see `sfo_nlp.extract.sandbox`.
    """
    if len(content) > settings.limits.file_mb * 1_000_000:
        raise LimitExceeded(f"{shown(Path(name))}: larger than {settings.limits.file_mb} MB")
    if not content.strip():
        raise FileEmpty(f"{shown(Path(name))}: the file is empty")
    if settings.isolate:
        from sfo_nlp.extract.sandbox import can_isolate, read_isolated

        if can_isolate():
            return read_isolated(content, name, settings)
    format = format_of(content, name)
    if format == "pdf":
        from sfo_nlp.extract.pdf import read_pdf

        read = read_pdf(content, shown(Path(name)), settings)
    elif format == "docx":
        from sfo_nlp.extract.docx import read_docx

        read = read_docx(content, shown(Path(name)), settings)
    else:
        read = read_plain(_decoded(content), markdown=format == "md")
    return _english(build(read, identity=hashlib.sha256(content).hexdigest(), name=name, format=format))


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _english(document: Document) -> Document:
    """The document itself, or `NotEnglish` when too few of its words are the commonest English ones."""
    words = document.text.lower().split()
    if len(words) >= 40 and sum(word in COMMON for word in words) < 0.12 * len(words):
        raise NotEnglish(f"{shown(Path(document.name))}: no English prose was found")
    return document


__all__ = ["Read", "extract", "extract_bytes", "load", "start_extract"]
