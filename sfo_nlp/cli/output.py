"""How the answer to a question is shown or written, and the options that all questions share."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sfo_nlp.cli.named import named_theme
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
    "theme": "Only reviews that raise this theme: its name or id, with :concern or :strength for one of the two.",
}


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
        # Answers from a table need no store: an empty one in memory stands in.
        with opened("sqlite://" if options.get("answers") else url) as store:
            corpus = Corpus(store)
            chosen["theme"] = named_theme(corpus, chosen["theme"], option="--theme")
            asked = Asked(corpus, Filters(**chosen))
            hint_at_samples(asked)
            write(command(asked, **options), form, out)

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
    from sfo_nlp.cli.showing import print_answer, text_of
    from sfo_nlp.mining.tables import render

    if isinstance(answer, str):
        content = answer.encode()
    elif form == "text" and out is None:
        print_answer(answer)
        return
    else:
        content = text_of(answer).encode() if form == "text" else render(answer, form)
    put(content, out)


def hint_at_samples(asked: Asked) -> None:
    """Say so when nothing is counted because only samples are there."""
    if not asked.filters.fictional and not asked.corpus.count(asked.filters):
        left = asked.corpus.count(replace(asked.filters, fictional=True))
        if left:
            click.echo(f"note: {left} fictional sample reviews are not counted; --fictional counts them.", err=True)


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
