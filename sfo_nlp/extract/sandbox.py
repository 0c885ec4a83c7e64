"""Foreign files are read in a child process that is bound and can be killed; it is kept for the next file.

`warm_up` starts one ahead of time, so that it loads its libraries while the parent loads its own.
"""

import atexit
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from sfo_nlp.document import Document, Warning
from sfo_nlp.errors import LimitExceeded, NoText, ReaderFailed, SfoError, shown
from sfo_nlp.extract.parcel import unpack
from sfo_nlp.extract.worker import FRAME
from sfo_nlp.settings import Limits, Settings

MOST_FILES, MOST_ANSWER = 200, 1_000_000_000
_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from sfo_nlp.extract.worker import main; main()"
_idle: "list[Worker]" = []
_lock = threading.Lock()


def program() -> str | None:
    """Where Tesseract is installed, or None."""
    return shutil.which("tesseract")


@dataclass(slots=True, eq=False)
class Worker:
    """One child process. `owner` is the process that started it: after a fork the copy may not use it."""

    process: "subprocess.Popen[bytes]"
    memory_mb: int
    tools: bool
    owner: int = field(default_factory=os.getpid)
    unlimited: list[str] | None = None
    files: int = 0

    @classmethod
    def start(cls, limits: Limits, *, tools: bool = False) -> "Worker":
        """Start a child. It gets our import path and nothing else of our environment but what systems need."""
        kept = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "TESSDATA_PREFIX", "TMPDIR", "TEMP")
        environment = {name: os.environ[name] for name in kept if name in os.environ}
        environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1"}
        try:
            process = subprocess.Popen(
                # No site module: our import path is handed over, and the child starts sooner without it.
                [sys.executable, "-I", "-S", "-c", _START, json.dumps([path for path in sys.path if path])],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise ReaderFailed(f"the reader could not be started: {error.strerror or error}") from error
        worker = cls(process, limits.memory_mb, tools)
        worker._send(json.dumps({"memory_mb": limits.memory_mb, "tools": tools}).encode())
        return worker

    def read(self, content: bytes, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Send one file, wait for the answer. Raises `EOFError` when the child is gone."""
        if self.unlimited is None:
            self.unlimited = json.loads(self._receive())["unlimited"]
        self._send(json.dumps(request).encode())
        self._send(content)
        answer = json.loads(self._receive())
        self.files += 1
        return answer, self._receive()

    def kill(self) -> None:
        """End the child and the programs that it started."""
        if self.tools and hasattr(os, "killpg") and self.process.poll() is None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except OSError:
                self.process.kill()
        else:
            self.process.kill()

    def stop(self) -> None:
        """End the child and let go of its pipes."""
        if self.owner == os.getpid():
            self.kill()
            self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue

    def _send(self, content: bytes) -> None:
        pipe = self.process.stdin
        try:
            if pipe is None:
                raise EOFError
            pipe.write(FRAME.pack(len(content)))
            pipe.write(content)
            pipe.flush()
        except OSError as error:
            raise EOFError from error

    def _receive(self) -> bytes:
        pipe = self.process.stdout
        head = pipe.read(FRAME.size) if pipe is not None else b""
        if pipe is None or len(head) < FRAME.size:
            raise EOFError
        length = FRAME.unpack(head)[0]
        if length > MOST_ANSWER:
            raise EOFError
        content = pipe.read(length)
        if len(content) < length:
            raise EOFError
        return content


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


def warm_up(settings: Settings = Settings()) -> None:
    """Start a reader now unless one is idle; it loads while the caller does something else."""
    if settings.isolate and can_isolate() and not _idle:
        worker = Worker.start(settings.limits)
        with _lock:
            _idle.append(worker)


def can_isolate() -> bool:
    """Whether this Python can start another one (a frozen program cannot)."""
    return bool(sys.executable) and not getattr(sys, "frozen", False)


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


def ask(content: bytes, name: str, limits: Limits, options: dict[str, Any]) -> tuple[bytes, list[str]]:
    """Have a child do what `options` say with a file: its answer, and what of it could not be limited."""
    where = shown(Path(name))
    request = {"name": name, "shown": where, "ocr": False, "limits": asdict(limits), **options}
    worker = _take(limits, tools=bool(request["ocr"]))
    late = threading.Event()

    def kill() -> None:
        late.set()
        worker.kill()

    watch = threading.Timer(limits.seconds, kill)
    watch.daemon = True
    watch.start()
    try:
        answer, parcel = worker.read(content, request)
    except (EOFError, ValueError, KeyError) as error:
        worker.stop()
        if late.is_set():
            raise LimitExceeded(f"{where}: reading took longer than {limits.seconds:g} seconds") from error
        raise ReaderFailed(f"{where}: the reader stopped ({_ending(worker)})") from error
    finally:
        watch.cancel()
    _give_back(worker)
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


def _ending(worker: Worker) -> str:
    code = worker.process.returncode
    if code is not None and code < 0:
        return f"signal {-code}"
    return "no answer" if code is None else f"exit status {code}"


def _take(limits: Limits, *, tools: bool = False) -> Worker:
    """An idle child with these limits, or a new one. Those that cannot be used any more are let go."""
    chosen: Worker | None = None
    with _lock:
        usable = [worker for worker in _idle if worker.owner == os.getpid() and worker.process.poll() is None]
        spent = [worker for worker in _idle if worker not in usable or worker.files >= MOST_FILES]
        fitting = [w for w in usable if w not in spent and w.memory_mb == limits.memory_mb and w.tools == tools]
        chosen = fitting[-1] if fitting else None
        _idle[:] = [worker for worker in _idle if worker not in spent and worker is not chosen]
    for worker in spent:
        worker.stop()
    return chosen or Worker.start(limits, tools=tools)


def _give_back(worker: Worker) -> None:
    with _lock:
        _idle.append(worker)


@atexit.register
def close() -> None:
    """End all idle children."""
    with _lock:
        workers, _idle[:] = list(_idle), []
    for worker in workers:
        worker.stop()
