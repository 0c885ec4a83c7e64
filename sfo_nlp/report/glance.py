"""The first page of a report: the five headline answers, the standards counted, what is not met, the letters."""

from collections.abc import Iterable, Sequence

from sfo_nlp.report import words
from sfo_nlp.report.parts import Glance, Grid, Section
from sfo_nlp.report.safe import one_line
from sfo_nlp.report.view import View

MOST = 3


def glance_of(view: View, sections: Sequence[Section]) -> Glance:
    """Sum up a view; `sections` are the report's, whose questions it points to."""
    answers = tuple((one.title, one.answer, one_line(one.detail) or _most(view, one.id)) for one in view.answers)
    asked = [part for section in sections for part in section.parts]
    return Glance(
        grids=(
            Grid("The answers", ("Asked", "Answer", "Beside it"), answers, (0.24, 0.36, 0.4)),
            Grid("The four standards", ("Standard", *_said()), tuple(_counts(view)), (0.36, 0.12, 0.14, 0.2, 0.18)),
        ),
        unmet=tuple(part for part in asked if part.outcome == "not_met"),
        letters=letters_of(view),
    )


def letters_of(view: View) -> str:
    """What the letters before the findings of this view mean."""
    used = {item.mark.letter: item.mark.name for item in (*view.items, *view.near_misses)}
    return ", ".join(f"{letter}: {name.lower()}" for letter, name in sorted(used.items()))


def _most(view: View, answer: str) -> str:
    """The themes raised as concern in most passages."""
    concerns = [item for item in view.of("themes") if item.facts.get("polarity") == "concern"]
    if answer != "themes" or not concerns:
        return ""
    most = sorted(concerns, key=lambda item: -len(item.passages))[:MOST]
    return "most often as concern: " + ", ".join(one_line(str(item.facts.get("label", item.label))) for item in most)


def _said() -> tuple[str, ...]:
    return tuple(said for _, said in words.OUTCOMES.values())


def _counts(view: View) -> Iterable[tuple[str, ...]]:
    for standard in view.standards:
        if standard.criteria:
            yield (standard.title, *(str(standard.count(outcome)) for outcome in words.OUTCOMES))
