"""`review`, `demo` and `sentences`: files in, assessments or sentences out."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sfo_nlp.errors import OutputFailed, SfoError
from sfo_nlp.report import FORMS
from sfo_nlp.settings import Settings

if TYPE_CHECKING:
    from sfo_nlp.assessment.assess import Assessment
    from sfo_nlp.store.decision import Decision

LONG_WORK = 200_000
FORMATS = ("text", "json", *FORMS)
# A path that may not be read is one failed review among others, no wrong usage.
path_type = click.Path(path_type=Path, readable=False)
paths_argument = click.argument("paths", nargs=-1, required=True, type=path_type)
fast_option = click.option("--fast", is_flag=True, help="Leave the sentence encoder out: quicker, finds a little less.")
policy_option = click.option(
    "--criteria", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Your own criteria file (TOML)."
)


@click.command()
@paths_argument
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="What to write.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for html, docx, pdf and csv files."
)
@click.option(
    "--store", metavar="URL", help="Put the decisions and notes in this store beside the findings of a report."
)
@fast_option
@policy_option
def review(
    paths: tuple[Path, ...], form: str, out: Path | None, store: str | None, fast: bool, criteria: Path | None
) -> None:
    """Check reviews (PDF, DOCX, TXT, MD) and show what was found, each with its quotation and page."""
    if form in FORMS and out is None:
        raise click.UsageError(f"--format {form} writes files: say where with --out FOLDER")
    if out is not None and form not in FORMS:
        # The contract's synopsis allows it: a script that names a folder for every format goes on.
        click.echo(f"note: --format {form} goes to standard output; --out is for {', '.join(FORMS)}", err=True)
    if store and form not in FORMS:
        raise click.UsageError(f"--store is for reports: --format {', '.join(FORMS)}")
    sys.exit(review_all(paths, form=form, out=out, settings=_settings(fast, criteria), decided=store))


@click.command()
@fast_option
def demo(fast: bool) -> None:
    """Check the sample reviews: fictional people, real checks."""
    from sfo_nlp.store.samples import sample_files, sample_folder

    samples = sample_files()
    click.echo(f"Checking {len(samples)} fictional sample reviews in {sample_folder()}\n", err=True)
    sys.exit(review_all(samples, form="text", out=None, settings=Settings(fast=fast)))


@click.command()
@paths_argument
@fast_option
def sentences(paths: tuple[Path, ...], fast: bool) -> None:
    """Print every sentence with its page, section and label probabilities, one JSON line each."""
    from sfo_nlp.pipeline import read_sentences

    settings = Settings(fast=fast)

    def write(path: Path) -> None:
        for row in read_sentences(path, settings):
            click.echo(json.dumps(row, ensure_ascii=False))

    sys.exit(each(paths, write).status)


def review_all(
    paths: Sequence[Path], *, form: str, out: Path | None, settings: Settings, decided: str | None = None
) -> int:
    """Check every path and write each result as it is ready. Returns the exit status.

    `decided` is the address of a store whose decisions belong into the reports.
    """
    from sfo_nlp.extract.reader_pool import warm_up

    # The reader's process starts while this one loads the language library: both take about as long.
    warm_up(settings)
    from sfo_nlp.assessment.wire import error_to_wire
    from sfo_nlp.extract import printable
    from sfo_nlp.pipeline import review as review_one

    show = _shower(form, out, decided)

    def fail(path: Path, error: SfoError) -> None:
        if form == "json":
            click.echo(json.dumps(error_to_wire(printable(str(path)), error), ensure_ascii=False))

    return each(paths, lambda path: show(review_one(path, settings), path), fail).status


def _shower(form: str, out: Path | None, decided: str | None) -> "Callable[[Assessment, Path], None]":
    """How one finished assessment is shown or written."""
    if form == "json":
        return lambda assessment, path: click.echo(json.dumps(assessment.to_dict(), ensure_ascii=False))
    if form == "text":
        from sfo_nlp.report.terminal import print_assessment

        return lambda assessment, path: print_assessment(assessment)
    from sfo_nlp.report import write_report

    folder = output_folder(out or Path())
    decisions = _decisions(decided) if decided else lambda document: ()

    written: set[Path] = set()

    def write(assessment: "Assessment", path: Path) -> None:
        words = decisions(assessment.document.id)
        target = write_report(assessment, path, form=form, folder=folder, decisions=words, taken=written)
        written.add(target)
        click.echo(str(target), err=True)

    return write


def _decisions(place: str) -> "Callable[[str], Iterable[Decision]]":
    """What people decided on a document, from a store. Ends the command when the store cannot be opened."""
    from sfo_nlp.cli.stores import say
    from sfo_nlp.store.engine import address
    from sfo_nlp.store.store import Store

    try:
        return Store(address(place), create=False).decisions
    except SfoError as error:
        say(error)
        sys.exit(1)


def output_folder(out: Path) -> Path:
    """The output folder, made if need be. Raises `click.ClickException` with the remedy when that cannot be done."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{OutputFailed.code}: {out}: {error.strerror}. {OutputFailed.remedy}") from error
    return out


@dataclass(slots=True)
class Outcome:
    """How a run over several files ended."""

    done: int = 0
    failed: int = 0

    @property
    def status(self) -> int:
        return 1 if self.failed else 0


def each(
    paths: Iterable[Path],
    work: Callable[[Path], None],
    fail: Callable[[Path, SfoError], None] = lambda path, error: None,
) -> Outcome:
    """Do `work` for every path; a coded error is named on standard error with its remedy and the rest goes on."""
    outcome = Outcome()
    with _progress(list(paths)) as shown:
        for path in shown:
            try:
                work(path)
                outcome.done += 1
            except SfoError as error:
                outcome.failed += 1
                fail(path, error)
                click.echo(f"error[{error.code}] {error.message}. {error.remedy}", err=True)
    return outcome


@contextmanager
def _progress(paths: list[Path]) -> Iterator[Iterable[Path]]:
    """A bar over `paths` when standard error is a terminal; a single small file is done before a bar would help."""
    if not sys.stderr.isatty() or (len(paths) < 2 and sum(map(_bytes, paths)) < LONG_WORK):
        yield paths
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        if len(paths) == 1:
            bar.add_task("Checking a long review", total=None)
            yield paths
        else:
            yield bar.track(paths, description="Checking reviews")


def _bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _settings(fast: bool, criteria: Path | None) -> Settings:
    return Settings(fast=fast, policy=criteria) if criteria else Settings(fast=fast)
