"""Reader processes that wait for the next file, so that it need not wait for one to start."""

import atexit
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sfo_nlp.extract.reader_process import Worker, can_isolate
from sfo_nlp.settings import Limits, Settings

MOST_FILES = 200
_idle: list[Worker] = []
_lock = threading.Lock()


def warm_up(settings: Settings = Settings()) -> None:
    """Start a reader now unless one is idle; it loads while the caller does something else."""
    if settings.isolate and can_isolate() and not _idle:
        _give_back(Worker.start(settings.limits))


@contextmanager
def lent(limits: Limits, *, tools: bool = False) -> Iterator[Worker]:
    """A child for one file, idle again afterwards; it is ended when the block raises anything at all."""
    worker = _take(limits, tools=tools)
    try:
        yield worker
    except BaseException:
        worker.stop()
        raise
    _give_back(worker)


@atexit.register
def close() -> None:
    """End all idle children."""
    with _lock:
        workers, _idle[:] = list(_idle), []
    for worker in workers:
        worker.stop()


def _take(limits: Limits, *, tools: bool) -> Worker:
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
