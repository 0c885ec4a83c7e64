"""The feedback report as one HTML file: no scripts, nothing from outside, fit for print and for a screen reader."""

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from sfo_nlp.report import words
from sfo_nlp.report.outline import outline_of
from sfo_nlp.report.safe import quoted
from sfo_nlp.report.view import View


def render_html(view: View) -> str:
    """The whole report as HTML text."""
    return _template().render(report=outline_of(view), listed=words.LISTED)


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["quoted"] = quoted
    return environment.get_template("report.html.j2")
