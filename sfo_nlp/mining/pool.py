"""Run jobs side by side through joblib: over this machine's cores, or on the user's Dask cluster."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from threading import Thread
from typing import Any

from sfo_nlp.errors import ExtraMissing
from sfo_nlp.mining.errors import SchedulerUnreachable, WorkerLost
from sfo_nlp.mining.work import Done, Failed, Job

CONNECT_SECONDS = 10
ORPHAN_SECONDS = 1.0
Work = Callable[[Job], Done | Failed]


def run_jobs(
    jobs: Iterable[Job], work: Work, *, jobs_at_once: int = -1, scheduler: str | None = None
) -> Iterator[Done | Failed]:
    """Results as they come, in no order. `work` must be picklable; files are read only a few ahead of it.

    When a worker dies the files it may have held are done again, one by one; the one that kills a worker again
    fails with `WorkerLost`. Raises `SchedulerUnreachable` and `ExtraMissing`.
    """
    held: dict[str, Job] = {}
    source = iter(jobs)
    while True:
        try:
            yield from _side_by_side(source, held, work, jobs_at_once, scheduler)
            return
        except BaseException as error:
            if not _is_lost_worker(error):
                raise
        for job in list(held.values()):
            yield _alone(job, work, scheduler)
            del held[job.path]


def _side_by_side(
    source: Iterator[Job], held: dict[str, Job], work: Work, jobs_at_once: int, scheduler: str | None
) -> Iterator[Done | Failed]:
    """Results of `source` as they come; `held` has the jobs that were handed out and not yet answered."""
    from joblib import Parallel, delayed

    def handed_out() -> Iterator[Any]:
        for job in source:
            held[job.path] = job
            yield delayed(_in_worker)(job, work, _parent(scheduler))

    with _backend(scheduler):
        parallel = Parallel(jobs_at_once, return_as="generator_unordered", batch_size=1, pre_dispatch="2*n_jobs")
        for result in parallel(handed_out()):
            held.pop(result.path, None)
            yield result


def _alone(job: Job, work: Work, scheduler: str | None) -> Done | Failed:
    """One job in a worker of its own."""
    from joblib import Parallel, delayed

    try:
        with _backend(scheduler):
            # Two, because joblib does a single job in this very process.
            results: list[Done | Failed] = Parallel(n_jobs=2)([delayed(_in_worker)(job, work, _parent(scheduler))])
    except BaseException as error:
        if not _is_lost_worker(error):
            raise
        return Failed(job.path, "", WorkerLost(f"{job.name}: its worker ended without an answer"))
    return results[0]


def _parent(scheduler: str | None) -> int | None:
    """The process whose end is that of its workers; those of a cluster have another life."""
    return os.getpid() if scheduler is None else None


def _in_worker(job: Job, work: Work, parent: int | None) -> Done | Failed:
    """One job in a worker, which does not outlive the process that started it, `parent`."""
    if parent == os.getppid():
        _end_with(parent)
    return work(job)


@lru_cache(maxsize=1)
def _end_with(parent: int) -> None:
    """From now on end this process when its parent has: a run that was killed would leave its workers waiting."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(ORPHAN_SECONDS)
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def _is_lost_worker(error: BaseException) -> bool:
    from joblib.externals.loky.process_executor import BrokenProcessPool, TerminatedWorkerError

    return isinstance(error, BrokenProcessPool | TerminatedWorkerError) or type(error).__name__ == "KilledWorker"


@contextmanager
def _backend(scheduler: str | None) -> Iterator[None]:
    """Joblib's own processes, or the cluster at `scheduler`."""
    from joblib import parallel_config

    with _client(scheduler) as client:
        chosen: dict[str, Any] = {"backend": "dask", "client": client} if client else {"backend": "loky"}
        with parallel_config(**chosen):
            yield


def _client(scheduler: str | None) -> AbstractContextManager[Any]:
    if scheduler is None:
        return nullcontext()
    try:
        from distributed import Client
    except ImportError as error:
        raise ExtraMissing("A cluster needs the extra `cluster`: pip install 'sfo-nlp[cluster]'") from error
    make: Any = Client
    try:
        client: AbstractContextManager[Any] = make(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SchedulerUnreachable(f"The scheduler at {scheduler} does not answer") from error
    return client
