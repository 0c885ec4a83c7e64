"""`ingest` and the questions to many reviews at once: arguments in, one call, result out."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sfo_nlp.cli.reviewing import fast_option, path_type, policy_option
from sfo_nlp.cli.stores import opened, say, store_option
from sfo_nlp.settings import Settings

if TYPE_CHECKING:
    from sfo_nlp.mining.ingest import Summary
    from sfo_nlp.mining.keeper import Event
    from sfo_nlp.mining.metadata import Metadata, Problem
    from sfo_nlp.store.store import Store

KINDS = {
    "assessed": "assessed",
    "unchanged": "unchanged since they were assessed, skipped",
    "copy": "with the same content as another one, counted once",
    "renamed": "known under another name",
    "failed": "failed",
    "failed_before": "failed before, not tried again",
}

MOST_NAMED = 20


@click.command()
@click.argument("paths", nargs=-1, type=path_type)
@store_option
@click.option("--jobs", type=int, default=-1, show_default=True, help="Processes; -1 is one for each core.")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler, tcp://host:port, whose workers do the work.")
@click.option(
    "--metadata",
    "table",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="CSV with a column `file`.",
)
@click.option("--retry-failed", is_flag=True, help="Try the files that failed before; without paths, only those.")
@click.option("--keep-files", is_flag=True, help="Store the files' bytes too, so that the pane can show their pages.")
@fast_option
@policy_option
def ingest(
    paths: tuple[Path, ...],
    url: str | None,
    jobs: int,
    scheduler: str | None,
    table: Path | None,
    retry_failed: bool,
    keep_files: bool,
    fast: bool,
    criteria: Path | None,
) -> None:
    """Assess many reviews into a store. Folders are searched for PDF, DOCX, TXT and MD.

    Stop it at any moment; the same command goes on where it was. Files that did not change are skipped.
    """
    from sfo_nlp.mining.files import gather, passed_over
    from sfo_nlp.mining.ingest import Options
    from sfo_nlp.mining.ingest import ingest as take_in
    from sfo_nlp.mining.log import failed_paths, read_log

    if not paths and not retry_failed and not table:
        raise click.UsageError("Name files or folders, or use --retry-failed or --metadata.")
    settings = Settings(fast=fast, policy=criteria) if criteria else Settings(fast=fast)
    options = Options(jobs=jobs, scheduler=scheduler, retry_failed=retry_failed, keep_files=keep_files)
    _name([path for path in passed_over(paths) if table is None or not path.samefile(table)])
    with opened(url, create=True) as store:
        files = gather(paths) if paths else failed_paths(store) if retry_failed else []
        log = read_log(store)
        metadata = _metadata(table, list(dict.fromkeys([*files, *log.paths])))
        status = 1 if metadata and metadata.problems else 0
        if files or not metadata:
            with _progress(len(files)) as seen:
                summary = take_in(
                    files, store, settings, options, metadata=metadata.rows if metadata else None, seen=seen
                )
            _report(summary, store)
            status = status or (1 if summary.failures else 0)
        if table and metadata and not _describe(store, table, metadata, files):
            status = 1
    sys.exit(status)


def _name(files: Sequence[Path]) -> None:
    """Name the files that are left out: they may be reviews, saved in a form that is not read."""
    from sfo_nlp.errors import shown

    for path in files[:MOST_NAMED]:
        click.echo(f"left out: {shown(path)} (not a PDF, DOCX, TXT or MD file)", err=True)
    if len(files) > MOST_NAMED:
        click.echo(f"left out: {len(files) - MOST_NAMED} more files of other kinds", err=True)


def _metadata(table: Path | None, files: Sequence[str]) -> "Metadata | None":
    """Read the table and name its problems."""
    from sfo_nlp.mining.metadata import read_metadata

    if table is None:
        return None
    found = read_metadata(table, files)
    for problem in found.problems:
        _say_problem(table, problem)
    return found


def _say_problem(table: Path, problem: "Problem") -> None:
    click.echo(
        f"error[metadata_invalid] {table.name}, row {problem.row}: {problem.message}. {problem.remedy}", err=True
    )


def _describe(store: "Store", table: Path, metadata: "Metadata", files: Sequence[str]) -> bool:
    """Give reviews that are in the store already their metadata, all but `files`, which were just taken in with theirs.

    False, each being named, when nothing was taken in and there are rows for which there is no review.
    """
    from sfo_nlp.errors import shown
    from sfo_nlp.mining.log import describe, read_log, stored
    from sfo_nlp.mining.metadata import Problem

    log, taken = read_log(store), set(files)
    rows = {path: values for path, values in metadata.rows.items() if path not in taken}
    count = describe(store, log, rows)
    if count or not files:
        click.echo(f"Metadata for {count} {'more ' if files else ''}reviews of {store.place}")
    without = [path for path in rows if not stored(log, path)]
    if files and without:
        # A table of a year's reviews is used month by month.
        click.echo(f"note: {len(without)} rows of {table.name} are for files that are not in the store yet", err=True)
        return True
    for path in without[:MOST_NAMED]:
        message = f"{shown(Path(path))} is not in the store"
        _say_problem(table, Problem(metadata.numbers[path], message, "Take it in too, or leave the row out."))
    if len(without) > MOST_NAMED:
        click.echo(f"{len(without) - MOST_NAMED} more rows are for files that are not in the store", err=True)
    return not without


@contextmanager
def _progress(total: int) -> "Iterator[Callable[[Event], None]]":
    """What hears of each file: a bar with rate and remaining time when standard error is a terminal."""
    if not sys.stderr.isatty():
        yield lambda event: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, Task, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Rate(TextColumn):
        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed * 60:,.0f} files/min" if speed else "")

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(""), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, speed_estimate_period=60) as bar:
        task = bar.add_task("Taking in", total=total)

        def seen(event: "Event") -> None:
            if event.kind == "failed":
                bar.console.print(Text(f"{Path(event.path).name}: {event.error.code if event.error else ''}", "red"))
            bar.advance(task)

        yield seen


def _report(summary: "Summary", store: "Store") -> None:
    """What was done, then each failure with its code and remedy."""
    click.echo(f"{summary.files} files in {summary.seconds} s into {store.place}")
    for kind, words in KINDS.items():
        if summary.counts.get(kind):
            click.echo(f"  {summary.counts[kind]:>6}  {words}")
    for event in summary.notes:
        click.echo(f"  note: {Path(event.path).name} {event.note}")
    for event in summary.failures:
        if event.error:
            say(event.error, about="" if Path(event.path).name in event.error.message else f"{event.path}: ")
    if summary.failures:
        click.echo(f"{len(summary.failures)} failed. Retry them alone with: sfo-nlp ingest --retry-failed", err=True)


@click.command()
@store_option
@click.option("--year", type=click.IntRange(1990, 2200), help="The year; the last one in the store unless said.")
@click.option("--financial", is_flag=True, help="The year from April of --year to March of the next.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "csv", "parquet", "html", "docx")),
    default="text",
    show_default=True,
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option("--fictional", is_flag=True, help="Count the fictional sample reviews too.")
def annual(url: str | None, year: int | None, financial: bool, form: str, out: Path | None, fictional: bool) -> None:
    """A year's figures with their change on the year before, beside the published series; a report as html or docx."""
    from sfo_nlp.cli.output import Asked, hint_at_samples, put, write
    from sfo_nlp.mining.annual import annual as ask
    from sfo_nlp.mining.annual import last_year
    from sfo_nlp.mining.corpus import Corpus, Filters

    if form in ("parquet", "docx", "html") and out is None:
        raise click.UsageError(f"--format {form} writes a file: say where with --out FILE")
    with opened(url) as store:
        corpus, filters = Corpus(store), Filters(fictional=fictional)
        hint_at_samples(Asked(corpus, filters))
        answer = ask(corpus, year or last_year(corpus, filters, financial=financial), filters, financial=financial)
        if form in ("html", "docx"):
            from sfo_nlp.mining.annual_report import to_html, to_word

            put(to_html(answer) if form == "html" else to_word(answer), out)
        else:
            write(answer, form, out)
