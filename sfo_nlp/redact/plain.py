"""A redacted text file: the text with its labels, in UTF-8 whatever the review is in, and nothing else."""

from sfo_nlp.extract import decoded
from sfo_nlp.redact.finding import Finder
from sfo_nlp.redact.planning import Plan
from sfo_nlp.settings import Settings


def redact_text(plan: Plan, settings: Settings, *, title: str) -> tuple[bytes, list[str]]:
    """The new file's bytes; nothing is left out besides the plan's items."""
    text = decoded(plan.content)
    finder = Finder(plan.items)
    pieces, position = [], 0
    for mark in finder.marks(text):
        pieces += [text[position : mark.span.start], mark.label]
        position = mark.span.end
    return "".join([*pieces, text[position:]]).encode("utf-8"), []
