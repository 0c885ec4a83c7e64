"""Questions to many reviews at once: each a command, answered as text, JSON, CSV or Parquet."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sfo_nlp.cli.named import named_theme, named_themes
from sfo_nlp.cli.output import GROUP_NAMES, Asked, question
from sfo_nlp.report.words import CAUSES

if TYPE_CHECKING:
    from sfo_nlp.mining.answer import Answer

MEASURE_NAMES = (
    "no_clear_judgement", "explains_why", "systemic_causes", "other_agencies", "weak_actions", "mostly_weak_actions",
    "no_actions",
)  # fmt: skip
INACCURACY_NAMES = (
    "level_wrong", "group_wrong", "not_holistic", "not_reassessed", "inaccurate_otherwise", "accepted_against_facts",
    "inexperience", "training", "not_sought", "not_used", "face_value", "not_reviewed", "workload", "narrow",
    "multi_agency",
)  # fmt: skip
by_option = click.option("--by", type=click.Choice(GROUP_NAMES), help="Give the figures for each group.")
theme_names = click.option(
    "--only", multiple=True, metavar="THEME", help="Only this theme, by name or id, or id:concern; repeatable."
)
limit_option = click.option("--limit", type=click.IntRange(0), default=50, show_default=True, help="Rows; 0 for all.")
offset_option = click.option("--offset", type=click.IntRange(0), default=0, help="Leave out so many rows first.")
role_option = click.option(
    "--role",
    type=click.Choice(("concern", "strength", "explanation", "judgement", "action", "themed", "heading")),
    help="Only sentences in this role.",
)


@click.option("--all", "every", is_flag=True, help="List the themes too that no review raises.")
@theme_names
@by_option
@question
def themes(asked: Asked, by: str | None, only: tuple[str, ...], every: bool) -> "Answer":
    """How many reviews raise each theme, as concern and as strength, with 95 % intervals."""
    from sfo_nlp.mining import themes as ask

    only = named_themes(asked.corpus, only, option="--only")
    if by:
        return ask.themes_by(asked.corpus, by, asked.filters, only=only)
    return ask.themes(asked.corpus, asked.filters, every=every, only=only)


@click.option("--by", type=click.Choice(("year", "quarter", "financial_year")), default="year", show_default=True)
@theme_names
@question
def trends(asked: Asked, by: str, only: tuple[str, ...]) -> "Answer":
    """Themes over time, by the date of completion or else of receipt."""
    from sfo_nlp.mining.themes import trends as ask

    only = named_themes(asked.corpus, only, option="--only")
    return ask(asked.corpus, asked.filters, by=by, only=only)


@click.option("--least", type=click.IntRange(1), default=5, show_default=True, help="Reviews that a pair needs.")
@click.option("--polarity", type=click.Choice(("concern", "strength")), help="Only pairs of this polarity.")
@question
def together(asked: Asked, least: int, polarity: str | None) -> "Answer":
    """Which themes are raised in the same reviews."""
    from sfo_nlp.mining.themes import together as ask

    return ask(asked.corpus, asked.filters, least=least, polarity=polarity)


@question
def balance(asked: Asked) -> "Answer":
    """For each theme, reviews with a concern only, a strength only, and both."""
    from sfo_nlp.mining.themes import balance as ask

    return ask(asked.corpus, asked.filters)


@click.option(
    "--of", "of_theme", metavar="THEME", help="Only failings on this theme (name or id); 'none' for those on no theme."
)
@question
def causes(asked: Asked, of_theme: str | None) -> "Answer":
    """Which causes are given for which failings."""
    from sfo_nlp.mining.causes import causes as ask

    theme = "" if of_theme == "none" else named_theme(asked.corpus, of_theme, option="--of")
    return ask(asked.corpus, asked.filters, theme=theme)


@by_option
@question
def shares(asked: Asked, by: str | None) -> "Answer":
    """Reviews without a clear judgement, explaining why, with systemic causes, other agencies, weak actions."""
    from sfo_nlp.mining.quality import quality

    return quality(asked.corpus, asked.filters, by=by)


@by_option
@question
def reading(asked: Asked, by: str | None) -> "Answer":
    """How the reviews read: reading age, sentence length, passive voice."""
    from sfo_nlp.mining.quality import reading as ask

    return ask(asked.corpus, asked.filters, by=by)


@question
def ratings(asked: Asked) -> "Answer":
    """The verdict found in each review against its official rating."""
    from sfo_nlp.mining.quality import ratings as ask

    return ask(asked.corpus, asked.filters)


@click.argument("query")
@role_option
@click.option("--lines", is_flag=True, help="Concordance lines instead of whole sentences.")
@click.option("--width", type=click.IntRange(10, 300), default=60, show_default=True, help="Characters on each side.")
@limit_option
@offset_option
@question
def search(asked: Asked, query: str, role: str | None, lines: bool, width: int, limit: int, offset: int) -> "Answer":
    """Find words in every sentence: all must occur; "a phrase", OR, - to leave out, word* for any ending."""
    from sfo_nlp.mining import search as ask

    limit = limit or 10_000_000
    if lines:
        return ask.concordance(asked.corpus, query, asked.filters, role=role, width=width, limit=limit, offset=offset)
    return ask.search(asked.corpus, query, asked.filters, role=role, limit=limit, offset=offset)


@click.argument("sentence")
@click.option("--limit", type=click.IntRange(1, 400), default=20, show_default=True)
@question
def nearest(asked: Asked, sentence: str, limit: int) -> "Answer":
    """The passages nearest in meaning to a sentence; needs the models."""
    from sfo_nlp.mining.nearest import nearest as ask

    return ask(asked.corpus, sentence, asked.filters, limit=limit)


@click.option(
    "--of", "of_theme", metavar="THEME", help="Passages on this theme (name or id); with --cause 'none' for no theme."
)
@click.option("--polarity", type=click.Choice(("concern", "strength")))
@click.option(
    "--cause",
    type=click.Choice((*CAUSES, "none")),
    help="Failings with this cause beside them; 'none' for failings without a reason.",
)
@click.option("--measure", type=click.Choice(MEASURE_NAMES), help="Reviews counted by `shares` under this measure.")
@click.option(
    "--inaccuracy",
    type=click.Choice(INACCURACY_NAMES),
    help="Passages that say this kind of inaccurate risk assessment, or this reason for one.",
)
@limit_option
@offset_option
@question
def passages(
    asked: Asked,
    of_theme: str | None,
    polarity: str | None,
    cause: str | None,
    measure: str | None,
    inaccuracy: str | None,
    limit: int,
    offset: int,
) -> "Answer":
    """The passages behind a number of `themes`, `causes`, `shares` or `annual`."""
    from sfo_nlp.mining import passages as ask

    by_theme = of_theme is not None or cause is not None
    if (measure is not None) + (inaccuracy is not None) + by_theme > 1:
        raise click.UsageError("Name one of --measure, --inaccuracy and --of or --cause: each has a list of its own")
    if polarity is not None and (of_theme is None or of_theme == "none" or cause is not None):
        raise click.UsageError("--polarity belongs to --of THEME, without --cause")
    if inaccuracy is not None:
        from sfo_nlp.mining.inaccuracy import inaccuracy_passages

        return inaccuracy_passages(asked.corpus, inaccuracy, asked.filters, limit=limit, offset=offset)

    if measure is not None:
        return ask.measure_passages(asked.corpus, measure, asked.filters, limit=limit, offset=offset)
    theme = "" if of_theme == "none" else named_theme(asked.corpus, of_theme, option="--of")
    if cause is not None or theme == "":
        cause = "" if cause == "none" else cause
        return ask.cause_passages(asked.corpus, asked.filters, theme=theme, cause=cause, limit=limit, offset=offset)
    if theme is None:
        raise click.UsageError("Say which passages: --of THEME, --cause CAUSE, --measure ID or --inaccuracy KIND")
    return ask.theme_passages(asked.corpus, theme, asked.filters, polarity=polarity, limit=limit, offset=offset)


@click.option(
    "--what",
    type=click.Choice(("reviews", "findings", "failings", "corrections")),
    default="reviews",
    show_default=True,
    help="Rows. Corrections: what inspectors decided, as JSON Lines for `sfo-nlp train`, whatever the format.",
)
@question
def export(asked: Asked, what: str) -> "Answer | str":
    """Write the corpus as one table: a row for each review, finding or failing; or the inspectors' corrections."""
    from sfo_nlp.mining.export import export as write_out

    if what == "corrections":
        from sfo_nlp.report.corrections import corrections_jsonl

        return corrections_jsonl(asked.corpus.store, only=asked.corpus.documents(asked.filters))
    return write_out(asked.corpus, what, asked.filters)


@click.option("--propose", type=click.IntRange(1), metavar="NO", help="Print group NO as a new theme in TOML.")
@question
def emerging(asked: Asked, propose: int | None) -> "Answer | str":
    """Groups of concerns that no theme covers, with how stable they are."""
    from sfo_nlp.mining import emerging as ask
    from sfo_nlp.mining.grouping import clusters
    from sfo_nlp.mining.proposing import propose as proposed

    if propose is None:
        return ask.emerging(asked.corpus, asked.filters)
    found = clusters(ask.uncovered(asked.corpus, asked.filters))
    if propose > len(found):
        raise click.UsageError(f"--propose: there are {len(found)} groups")
    return proposed(found[propose - 1])


@click.option(
    "--answers",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="CSV with review, criterion, inspector, answer. Default: the ratings and decisions in the store.",
)
@question
def benchmark(asked: Asked, answers: Path | None) -> "Answer":
    """How far inspectors agree on the same reviews, per criterion, and which reviews divide them."""
    from sfo_nlp.mining import agreement as ask

    if answers is not None:
        if not asked.filters.unset():
            raise click.UsageError("--answers names a table, of which every row is counted: leave the filters out")
        return ask.agreement(ask.read_answers(answers))
    return ask.inspectors_agree(asked.corpus, asked.filters)
