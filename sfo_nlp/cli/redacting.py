"""`redact`: copies for disclosure, with personal data removed and a list of what was removed."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sfo_nlp.cli.reviewing import each, paths_argument

if TYPE_CHECKING:
    from sfo_nlp.redact import Plan


@click.command()
@paths_argument
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for the copies.")
@click.option(
    "--keep", multiple=True, metavar="NAME", help="A person or number that stays. May be given several times."
)
@click.option("--remove", multiple=True, metavar="WORDS", help="Words to remove besides. May be given several times.")
@click.option("--keep-pictures", is_flag=True, help="Leave pictures in. Their content cannot be checked.")
@click.option("--preview", is_flag=True, help="Only show what would be removed; needs no --out.")
@click.option(
    "--yes", is_flag=True, help="Write without asking. Nothing is asked either where no terminal is attached."
)
def redact(
    paths: tuple[Path, ...],
    out: Path | None,
    keep: tuple[str, ...],
    remove: tuple[str, ...],
    keep_pictures: bool,
    preview: bool,
    yes: bool,
) -> None:
    """Write copies with everybody's name and personal data removed, and a list of what was removed.

    Everything is shown before anything is written, and a terminal is asked first; a script is not. The list is called
    KEEP-INSIDE-...-removed.json and must not leave with the copy. Names are taken out of both files' names too.

    Name those who may stay, for instance
    --keep "Levi Scarth" --keep "Mr Wilga".
    """
    from sfo_nlp.redact import plan, write
    from sfo_nlp.settings import Settings

    if out is None and not preview:
        raise click.UsageError("Say where the copies go with --out FOLDER, or look first with --preview")
    settings, folder = Settings(), out or Path()

    def work(path: Path) -> None:
        planned = plan(path, settings, keep=keep, remove=remove, keep_pictures=keep_pictures)
        _show(planned)
        for word in planned.unknown:
            click.echo(f"warning: {planned.document.name}: {word!r} was named, but is not found in it", err=True)
        if preview or (sys.stdin.isatty() and not yes and not click.confirm("Write the copy?", err=True)):
            return
        written = write(planned, folder, settings)
        for note in written.notes:
            click.echo(f"  also: {note}")
        click.echo(f"Wrote {written.copy} and {written.record} (keep the list inside the service).")

    sys.exit(each(paths, work).status)


def _show(planned: "Plan") -> None:
    """The list of what goes and what stays, on standard output."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from sfo_nlp.report.safe import visible

    console = Console(highlight=False)
    console.print(Text(planned.document.name, style="bold"))
    table = Table(box=None, padding=(0, 2, 0, 0))
    for head in ("", "Label", "As written", "Times", "What or who (a guess)"):
        table.add_column(head)
    for item in planned.items:
        goes = "stays" if item.kept else "goes"
        forms = Text(visible(", ".join(item.forms)))
        table.add_row(goes, Text(item.label), forms, str(item.count), item.what)
    console.print(table)
    if not planned.items:
        console.print("  Nothing was found to remove.")
