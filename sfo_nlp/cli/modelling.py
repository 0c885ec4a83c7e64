"""`train` and `evaluate`: models from the corpus, figures from the models."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from sfo_nlp.cli.stores import say
from sfo_nlp.errors import SfoError
from sfo_nlp.settings import Settings, default_models


@contextmanager
def _failures_said() -> Iterator[None]:
    """A coded failure is said and ends the command with status 1."""
    try:
        yield
    except SfoError as error:
        say(error)
        sys.exit(1)


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Annotated reviews.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Where to write; models/ unless said.")
@click.option(
    "--also",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Further annotated reviews, or corrections from `sfo-nlp export` (JSONL). May be repeated.",
)
@click.option(
    "--part",
    "parts",
    multiple=True,
    type=click.Choice(("lexical", "encoder", "calibration")),
    help="Fit only this part and calibrate anew; may be repeated.",
)
@_failures_said()
def train(corpus: Path | None, out: Path | None, also: tuple[Path, ...], parts: tuple[str, ...]) -> None:
    """Fit the models from the annotated corpus and write their manifest. The encoder needs the `train` extra."""
    from sfo_nlp.training.corpus import CORPUS
    from sfo_nlp.training.train import train as fit

    manifest = fit(out or default_models(), corpus=corpus or CORPUS, also=also, parts=parts or ("lexical", "encoder"))
    for name, digest in manifest["files"].items():
        click.echo(f"{digest}  {name}  {manifest['bytes'][name]:,} bytes")


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Annotated reviews or sentences (JSONL).",
)
@click.option(
    "--split",
    type=click.Choice(("train", "validation", "test")),
    default="test",
    show_default=True,
    help="Which writers.",
)
@click.option("--rendered", is_flag=True, help="Assess the rendered PDF and DOCX files instead of the corpus text.")
@click.option("--fast", is_flag=True, help="Leave the sentence encoder out.")
@click.option("--rules", is_flag=True, help="Leave every model out: the rules alone.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write all figures here as JSON.")
@click.option(
    "--mistakes",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write every mistaken verdict and unit here (JSONL).",
)
@click.option("--cards", is_flag=True, help="Measure every tier and write the figures into the model cards.")
@_failures_said()
def evaluate(
    data: Path | None,
    split: str,
    rendered: bool,
    fast: bool,
    rules: bool,
    out: Path | None,
    mistakes: Path | None,
    cards: bool,
) -> None:
    """Measure the program on annotated reviews, with 95 % intervals."""
    from rich.console import Console
    from rich.progress import track

    from sfo_nlp.training import evaluate as measuring
    from sfo_nlp.training.cards import write_cards
    from sfo_nlp.training.corpus import load_corpus
    from sfo_nlp.training.errors import AnnotationInvalid
    from sfo_nlp.training.gold import judge, read_gold, renderings
    from sfo_nlp.training.show import print_figures

    settings = Settings(fast=fast, models=Path("no-models")) if rules else Settings(fast=fast)
    reviews = read_gold(data) if data else load_corpus(splits=(split,))
    files = renderings(reviews) if rendered else {}
    chosen = [review for review in reviews if not rendered or review.id in files]
    if not chosen:
        remedy = (
            "Name annotated reviews with --data, or another --split; --rendered needs the files they were rendered to."
        )
        raise AnnotationInvalid("There is no review to measure", remedy=remedy)
    watched = track(chosen, "Assessing", console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
    judged = [judge(review, settings, rendering=files.get(review.id)) for review in watched]
    figures = measuring.measure(judged)
    print_figures(figures)
    if mistakes:
        lines = (json.dumps(mistake, ensure_ascii=False) + "\n" for mistake in measuring.mistakes(judged))
        mistakes.write_text("".join(lines), encoding="utf-8")
    if cards:
        held = load_corpus(splits=("test",))
        write_cards(held, renderings(held), default_models(), transfer=reviews if data else ())
    if out:
        out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
