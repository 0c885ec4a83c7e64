"""`compare`: two drafts in, what was mended, left and broken out."""

import json
import sys
from pathlib import Path

import click

from sfo_nlp.cli.reviewing import path_type
from sfo_nlp.errors import SfoError
from sfo_nlp.settings import Settings

STYLES = {"mended": ("✓", "green"), "gone": ("–", None), "left": ("·", None), "broke": ("!", "red")}


@click.command()
@click.argument("old", type=path_type)
@click.argument("new", type=path_type)
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.option("--fast", is_flag=True, help="Leave the sentence encoder out: quicker, finds a little less.")
def compare(old: Path, new: Path, form: str, fast: bool) -> None:
    """Say what the draft NEW mended, left and broke, compared with the draft OLD."""
    from sfo_nlp.assessment.wire import error_to_wire
    from sfo_nlp.extract import printable
    from sfo_nlp.pipeline import review
    from sfo_nlp.report.compare import compare as compared
    from sfo_nlp.report.comparison_wire import lines, to_dict
    from sfo_nlp.report.viewing import view_of

    views = []
    for path in (old, new):
        try:
            views.append(view_of(review(path, Settings(fast=fast)).to_dict()))
        except SfoError as error:
            if form == "json":
                click.echo(json.dumps(error_to_wire(printable(str(path)), error), ensure_ascii=False))
            click.echo(f"error[{error.code}] {error.message}. {error.remedy}", err=True)
    if len(views) < 2:
        sys.exit(1)
    comparison = compared(*views)
    if form == "json":
        click.echo(json.dumps(to_dict(comparison), ensure_ascii=False))
        return
    for style, line in lines(comparison):
        if style == "heading":
            click.echo("\n" + click.style(line, bold=True))
        else:
            sign, colour = STYLES[style]
            click.echo(click.style(f"  {sign} ", fg=colour) + line)
