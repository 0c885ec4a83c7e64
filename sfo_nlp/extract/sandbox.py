"""Foreign files are read, drawn and marked in a child process that is bound and can be killed; it stays for more."""

import hashlib
import shutil
import threading
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from sfo_nlp.document import Document, Warning
from sfo_nlp.errors import LimitExceeded, NoText, ReaderFailed, SfoError, shown
from sfo_nlp.extract.parcel import unpack
from sfo_nlp.extract.reader_pool import lent
from sfo_nlp.extract.reader_process import can_isolate
from sfo_nlp.extract.worker import perform
from sfo_nlp.settings import Limits, Settings


def program() -> str | None:
    """Where Tesseract is installed, or None."""
    return shutil.which("tesseract")


class Pending:
    """A file that is being read. `result` waits for the document or raises the coded error."""

    def __init__(self, work: Callable[[], Document]) -> None:
        self._work = work
        self._document: Document | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="sfo-nlp-reader", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._document = self._work()
        except BaseException as error:
            self._error = error

    def result(self) -> Document:
        """The document. Raises a subclass of `SfoError`."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        if self._document is None:
            raise ReaderFailed("the reader gave no answer")
        return self._document


def read_isolated(content: bytes, name: str, settings: Settings) -> Document:
    """Read a file in a child process. Raises what the reader found wrong, `LimitExceeded` or `ReaderFailed`.

    Pictures of text are left to a second child that may start programs (Tesseract), and only where there are some.
    """
    try:
        document = _read(content, name, settings, ocr=False)
    except NoText:
        if not (settings.ocr and program()):
            raise
        return _read(content, name, settings, ocr=True)
    if settings.ocr and program() and any(warning.code == "pages_without_text" for warning in document.warnings):
        return _read(content, name, settings, ocr=True)
    return document


def _read(content: bytes, name: str, settings: Settings, *, ocr: bool) -> Document:
    limits = settings.limits
    if ocr:
        limits = replace(limits, seconds=max(limits.seconds, limits.ocr_seconds))
    parcel, unlimited = ask(content, name, limits, {"ocr": ocr})
    document = unpack(parcel, identity=hashlib.sha256(content).hexdigest(), name=name)
    return _with_limits(document, unlimited)


def asked(task: str, content: bytes, name: str, settings: Settings, **options: Any) -> bytes:
    """What one of `worker.perform`'s tasks gives for a PDF: from a child, else from here, one caller at a time."""
    if settings.isolate and can_isolate():
        return ask(content, name, settings.limits, {"task": task, "options": options})[0]
    from sfo_nlp.extract.pdfium import ALONE

    with ALONE:
        return perform(task, content, shown(Path(name)), options)


def ask(content: bytes, name: str, limits: Limits, options: dict[str, Any]) -> tuple[bytes, list[str]]:
    """Have a child do what `options` say with a file: its answer, and what of it could not be limited.

    Raises what the child found wrong, `LimitExceeded` or `ReaderFailed`.
    """
    where = shown(Path(name))
    request = {"name": name, "shown": where, "ocr": False, "limits": asdict(limits), **options}
    try:
        with lent(limits, tools=bool(request["ocr"])) as worker:
            answer, parcel = worker.read(content, request, seconds=limits.seconds)
    except TimeoutError as error:
        raise LimitExceeded(f"{where}: reading took longer than {limits.seconds:g} seconds") from error
    except (EOFError, ValueError, KeyError) as error:
        raise ReaderFailed(f"{where}: the reader stopped ({worker.ending})") from error
    if answer:
        raise _as_error(answer)
    return parcel, worker.unlimited or []


def _with_limits(document: Document, unlimited: list[str]) -> Document:
    if "memory" not in unlimited:
        return document
    message = f"On this system the reader's {', '.join(unlimited)} cannot be limited; its time, pages and objects are."
    return replace(document, warnings=(*document.warnings, Warning("not_limited", message)))


def _as_error(answer: dict[str, Any]) -> SfoError:
    kinds = {kind.code: kind for kind in _subclasses(SfoError)}
    kind = kinds.get(str(answer.get("code")), ReaderFailed)
    return kind(str(answer.get("message")), remedy=str(answer.get("remedy")))


def _subclasses(kind: type[SfoError]) -> list[type[SfoError]]:
    return [found for child in kind.__subclasses__() for found in (child, *_subclasses(child))]
