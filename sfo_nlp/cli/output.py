"""How the answer to a question is shown or written, and the options that all questions share."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sfo_nlp.cli.stores import opened, store_option
from sfo_nlp.errors import OutputFailed

if TYPE_CHECKING:
    from sfo_nlp.mining.answer import Answer
    from sfo_nlp.mining.corpus import Corpus, Filters

FORMS = ("text", "json", "csv", "parquet")
GROUP_NAMES = (
    "region", "offence", "grade", "risk_level", "rating", "verdict", "explanation", "year", "quarter", "financial_year",
)  # fmt: skip
FILTERS = {
    "region": "Only this region.",
    "offence": "Only this offence.",
    "grade": "Only officers of this grade.",
    "risk_level": "Only this assessed level of risk.",
    "rating": "Only this official rating.",
    "verdict": "Only reviews with this verdict.",
    "theme": "Only reviews that raise this theme, ID or ID:concern.",
}
PERCENT = frozenset({"share", "low", "high", "given", "change", "change_low", "change_high", "last_share"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What all questions are asked with."""

    corpus: "Corpus"
    filters: "Filters"


def question(command: Callable[..., "Answer | str"]) -> click.Command:
    """A command whose function takes `Asked` and its own options, and returns an answer."""

    @wraps(command)
    def run(url: str | None, form: str, out: Path | None, **options: Any) -> None:
        from sfo_nlp.mining.corpus import Corpus, Filters

        if form == "parquet" and out is None:
            raise click.UsageError("--format parquet writes a file: say where with --out FILE")
        chosen = {name: options.pop(name) for name in (*FILTERS, "since", "until", "fictional")}
        chosen |= {name: day.date() for name in ("since", "until") if isinstance(day := chosen[name], datetime)}
        with opened(url) as store:
            write(command(Asked(Corpus(store), Filters(**chosen)), **options), form, out)

    made: Any = run
    for option in reversed(_options()):
        made = option(made)
    return click.command()(made)


def _options() -> list[Callable[[Any], Any]]:
    day = click.DateTime(["%Y-%m-%d"])
    return [
        store_option,
        click.option("--format", "form", type=click.Choice(FORMS), default="text", show_default=True),
        click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file."),
        *(click.option(f"--{name.replace('_', '-')}", help=words) for name, words in FILTERS.items()),
        click.option("--since", type=day, help="Only reviews completed (or received) on this day or later."),
        click.option("--until", type=day, help="Only reviews completed (or received) on this day or earlier."),
        click.option("--fictional", is_flag=True, help="Count the fictional sample reviews too."),
    ]


def write(answer: "Answer | str", form: str, out: Path | None) -> None:
    """Show an answer on the terminal, or write it to a file; a text is its own form."""
    from sfo_nlp.mining.tables import render

    if isinstance(answer, str):
        content = answer.encode()
    elif form == "text" and out is None:
        print_answer(answer)
        return
    else:
        content = text_of(answer).encode() if form == "text" else render(answer, form)
    put(content, out)


def put(content: bytes, out: Path | None) -> None:
    """Write to a file, or to standard output where none is named. Raises `OutputFailed`."""
    if out is None:
        sys.stdout.buffer.write(content)
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise OutputFailed(f"{out}: {error.strerror or error}") from error
    click.echo(f"written: {out}", err=True)


def print_answer(answer: "Answer", console: Any = None) -> None:
    """An answer as a table for people, with its notes below."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = console or Console(highlight=False)
    console.print(Text(answer.title, style="bold").append(f"  ({answer.reviews:,} reviews)", style="dim"))
    for note in answer.notes:
        console.print(Text(f"  Note: {note}", style="yellow"))
    if not answer.rows:
        console.print("  Nothing was found.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name, heading in answer.columns.items():
        number = isinstance(answer.rows[0].get(name), int | float) or name in PERCENT
        right = number or name == "left"
        table.add_column(heading, justify="right" if right else "left", overflow="fold", no_wrap=number)
    for row in answer.rows:
        table.add_row(*(_shown(row, name) for name in answer.columns))
    console.print(table)


def text_of(answer: "Answer") -> str:
    """The same as plain text."""
    import io

    from rich.console import Console

    out = io.StringIO()
    print_answer(answer, Console(width=160, file=out))
    return out.getvalue()


def _shown(row: Mapping[str, Any], name: str) -> Any:
    """A value for people: shares as percentages, the words found in a sentence in bold."""
    from rich.text import Text

    from sfo_nlp.report.safe import one_line

    value = row.get(name)
    if value is None:
        return Text("–", style="dim")
    if name in PERCENT and isinstance(value, float):
        return f"{value:+.0%}" if name.startswith("change") else f"{value:.0%}"
    if name == "text" and row.get("hits"):
        text = Text(str(value))
        for start, end in row["hits"]:
            text.stylize("bold reverse", start, end)
        return text
    if name == "hit":
        return Text(str(value), style="bold")
    return Text(f"{value:,}" if isinstance(value, int) else one_line(str(value)))
