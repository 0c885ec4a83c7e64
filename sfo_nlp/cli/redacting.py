"""`redact`: copies for disclosure, with personal data removed and a list of what was removed."""

import sys
from pathlib import Path

import click

from sfo_nlp.cli.reviewing import each, paths_argument


@click.command()
@paths_argument
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder for the copies.")
@click.option(
    "--keep", multiple=True, metavar="NAME", help="A person or number that stays. May be given several times."
)
@click.option("--remove", multiple=True, metavar="WORDS", help="Words to remove besides. May be given several times.")
@click.option("--keep-pictures", is_flag=True, help="Leave pictures in. Their content cannot be checked.")
@click.option("--preview", is_flag=True, help="Only show what would be removed.")
@click.option("--yes", is_flag=True, help="Do not ask before writing.")
def redact(
    paths: tuple[Path, ...],
    out: Path,
    keep: tuple[str, ...],
    remove: tuple[str, ...],
    keep_pictures: bool,
    preview: bool,
    yes: bool,
) -> None:
    """Write copies with everybody's name and personal data removed, and a list of what was removed.

    Everything is shown before anything is written. Name those who may stay, for instance
    --keep "Levi Scarth" --keep "Mr Wilga".
    """
    from sfo_nlp.redact import plan, write
    from sfo_nlp.settings import Settings

    settings = Settings()

    def work(path: Path) -> None:
        planned = plan(path, settings, keep=keep, remove=remove, keep_pictures=keep_pictures)
        _show(planned.document.name, [(i.label, i.kind, i.role, i.forms, i.count, i.kept) for i in planned.items])
        if preview or (sys.stdin.isatty() and not yes and not click.confirm("Write the copy?", err=True)):
            return
        written = write(planned, out, settings)
        for note in written.notes:
            click.echo(f"  also: {note}")
        click.echo(f"Wrote {written.copy} and {written.record} (keep the list inside the service).")

    sys.exit(each(paths, work).status)


def _show(name: str, items: list[tuple[str, str, str | None, tuple[str, ...], int, bool]]) -> None:
    """The list of what goes and what stays, on standard output."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    console.print(Text(name, style="bold"))
    table = Table(box=None, padding=(0, 2, 0, 0))
    for head in ("", "Label", "As written", "Times", "What or who (a guess)"):
        table.add_column(head)
    for label, kind, role, forms, count, kept in items:
        who = (role or kind).replace("_", " ")
        table.add_row("stays" if kept else "goes", Text(label), Text(", ".join(forms)), str(count), who)
    console.print(table)
    if not items:
        console.print("  Nothing was found to remove.")
