"""One reader's child process as its parent sees it: started, sent files in frames, killed when its time is over."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from sfo_nlp.errors import ReaderFailed
from sfo_nlp.extract.worker import FRAME
from sfo_nlp.settings import Limits

MOST_ANSWER = 1_000_000_000
_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from sfo_nlp.extract.worker import main; main()"
_KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "TESSDATA_PREFIX", "TMPDIR", "TEMP")


def can_isolate() -> bool:
    """Whether this Python can start another one (a frozen program cannot)."""
    return bool(sys.executable) and not getattr(sys, "frozen", False)


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
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
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
        try:
            worker._send(json.dumps({"memory_mb": limits.memory_mb, "tools": tools}).encode())
        except EOFError as error:
            worker.stop()
            raise ReaderFailed(f"the reader could not be started: {worker.ending}") from error
        return worker

    def read(self, content: bytes, request: dict[str, Any], *, seconds: float) -> tuple[dict[str, Any], bytes]:
        """Send one file, wait for the answer. Raises `TimeoutError` after `seconds`, `EOFError` when the child is gone.

        After any exception the child is of no more use: stop it.
        """
        with _Deadline(seconds, self.kill):
            if self.unlimited is None:
                self.unlimited = self._receive_object()["unlimited"]
            self._send(json.dumps(request).encode())
            self._send(content)
            answer, parcel = self._receive_object(), self._receive()
        self.files += 1
        return answer, parcel

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

    @property
    def ending(self) -> str:
        """How the child ended: by a signal, by itself, or not yet."""
        code = self.process.returncode
        if code is not None and code < 0:
            return f"signal {-code}"
        return "no answer" if code is None else f"exit status {code}"

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
        length = FRAME.unpack(self._receive_bytes(FRAME.size))[0]
        if length > MOST_ANSWER:
            raise EOFError
        return self._receive_bytes(length)

    def _receive_bytes(self, length: int) -> bytes:
        pipe = self.process.stdout
        try:
            content = pipe.read(length) if pipe is not None else b""
        except OSError as error:
            raise EOFError from error
        if pipe is None or len(content) < length:
            raise EOFError
        return content

    def _receive_object(self) -> dict[str, Any]:
        found = json.loads(self._receive())
        if not isinstance(found, dict):
            raise ValueError("the reader's answer is no object")
        return found


class _Deadline:
    """Calls `kill` when a block takes longer than `seconds`, and never after the block. Raises `TimeoutError`."""

    def __init__(self, seconds: float, kill: Callable[[], None]) -> None:
        self._kill = kill
        self._lock = threading.Lock()
        self._late = self._left = False
        self._timer = threading.Timer(seconds, self._pass)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> None:
        self._timer.cancel()
        # A timer that has gone off cannot be cancelled any more: it waits here, or we wait for it.
        with self._lock:
            self._left = True
        if self._late and (error is None or isinstance(error, Exception)):
            raise TimeoutError from error

    def _pass(self) -> None:
        with self._lock:
            if not self._left:
                self._late = True
                self._kill()
