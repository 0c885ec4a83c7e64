"""Take many reviews into a store: over all cores or a cluster, one transaction a file, to be stopped at any moment."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sqlalchemy import select

from sfo_nlp.mining.files import TODO, Log, Planned, plan, read_again
from sfo_nlp.mining.keeper import Event, Keeper
from sfo_nlp.mining.log import read_log
from sfo_nlp.mining.pool import run_jobs
from sfo_nlp.mining.recipe import recipe
from sfo_nlp.mining.work import Failed, Job, assess_job
from sfo_nlp.settings import Settings, default_models
from sfo_nlp.store.store import Store
from sfo_nlp.store.tables import ReviewRow

CHUNK = 512


@dataclass(slots=True)
class Summary:
    """How a run ended: counts by kind, the failures, the notes, wall-clock seconds."""

    files: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    failures: list[Event] = field(default_factory=list)
    notes: list[Event] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, event: Event) -> None:
        """Count one file."""
        self.counts[event.kind] = self.counts.get(event.kind, 0) + 1
        if event.error is not None:
            self.failures.append(event)
        elif event.note:
            self.notes.append(event)


@dataclass(frozen=True, slots=True)
class Options:
    """How to work: `jobs` processes (-1: one per core) or the Dask `scheduler`; `keep_files` stores the files too."""

    jobs: int = -1
    scheduler: str | None = None
    retry_failed: bool = False
    keep_files: bool = False


def ingest(
    paths: Sequence[str],
    store: Store,
    settings: Settings = Settings(),
    options: Options = Options(),
    *,
    metadata: Mapping[str, Mapping[str, object]] | None = None,
    seen: Callable[[Event], None] = lambda event: None,
) -> Summary:
    """Assess every file that the store does not hold in its present state, and say what became of each.

    `paths` are absolute; `metadata` maps them to columns of the metadata table; `seen` hears of each file as it is
    settled. Raises the store's coded errors and `SchedulerUnreachable`; what was done before is kept.
    """
    started = time.monotonic()
    mark = recipe(settings)
    keeper = Keeper(store, _log(store), mark, metadata or {})
    summary = Summary(files=len(paths))
    for start in range(0, len(paths), CHUNK):
        for event in _chunk(paths[start : start + CHUNK], keeper, settings, options):
            summary.add(event)
            seen(event)
    summary.seconds = round(time.monotonic() - started, 1)
    return summary


def _log(store: Store) -> Log:
    """What the store knows of files. One whose review is no longer there is not known: it is taken in anew."""
    log = read_log(store)
    with store.session() as session:
        held = set(session.scalars(select(ReviewRow.document)))
    for path, known in list(log.paths.items()):
        if known.state == "done" and known.document not in held:
            log.drop(path)
    return log


def _chunk(paths: Sequence[str], keeper: Keeper, settings: Settings, options: Options) -> Iterator[Event]:
    """Sort the files of a chunk, settle those without work, assess the others as they come."""
    todo: dict[str, Planned] = {}
    twins: list[tuple[str, str]] = []
    first: dict[str, str] = {}
    for path in paths:
        planned = plan(path, keeper.log, keeper.recipe, settings, retry=options.retry_failed)
        if planned.kind not in TODO:
            yield keeper.settle(planned)
        elif planned.document in first:
            twins.append((path, first[planned.document]))
        else:
            first[planned.document] = path
            todo[path] = planned
    contents: dict[str, bytes] = {}
    jobs = (_job(planned, settings, contents if options.keep_files else None) for planned in todo.values())
    own = settings.models == default_models()
    work = partial(assess_job, settings=settings, expected=keeper.recipe, own_models=own)
    for result in run_jobs(jobs, work, jobs_at_once=options.jobs, scheduler=options.scheduler):
        planned, content = todo[result.path], contents.pop(result.path, None)
        if isinstance(result, Failed):
            yield keeper.fail(result, planned)
        else:
            yield keeper.keep(result, planned, content=content)
    for path, twin in twins:
        yield keeper.settle_twin(plan(path, keeper.log, keeper.recipe, settings, retry=options.retry_failed), twin)


def _job(planned: Planned, settings: Settings, contents: dict[str, bytes] | None) -> Job:
    """The file's bytes at the moment of work, or the failure to read them.

    Bytes that are to be kept wait in `contents`: read once more when the assessment comes, they might be others.
    """
    content, failure = read_again(planned, settings)
    if contents is not None and failure is None:
        contents[planned.path] = content
    return Job(planned.path, Path(planned.path).name, content, failure)
