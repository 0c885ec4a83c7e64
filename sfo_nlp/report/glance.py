"""The first page of a report: verdict with its words, what has no reason, the questions that are open."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sfo_nlp.report.parts import Glance, Lead, Part, Section, quote_of
from sfo_nlp.report.safe import one_line
from sfo_nlp.report.view import Answer, Item, View
from sfo_nlp.report.words import worst_first

MOST = 3
VERDICT_QUOTED, REASON_QUOTED = 2, 5
SHORT = 110
NONE: tuple[Item, ...] = ()


def glance_of(view: View, sections: Sequence[Section]) -> Glance:
    """Sum up a view on one page; `sections` are the report's, whose questions it points to."""
    asked = [part for section in sections for part in section.parts]
    return Glance(
        leads=tuple(_lead(view, answer, asked) for answer in view.answers if answer.id != "criteria"),
        standards=tuple(replace(section, parts=tuple(_open(section))) for section in sections if section.parts),
    )


def _open(section: Section) -> Iterable[Part]:
    """The questions of a standard that are not met, worst first."""
    return sorted((part for part in section.parts if part.outcome != "met"), key=lambda part: worst_first(part.outcome))


def letters_of(view: View) -> str:
    """What the letters before the findings of this view mean."""
    used = {item.mark.letter: item.mark.name for item in (*view.items, *view.near_misses)}
    return ", ".join(f"{letter}: {name.lower()}" for letter, name in sorted(used.items()))


def _lead(view: View, answer: Answer, asked: Sequence[Part]) -> Lead:
    caption, found, most = "", NONE, 0
    if answer.id == "judgement":
        caption, found, most = _judged(view)
    elif answer.id == "explanation":
        caption, found, most = "Without a reason:", view.of("explanation", "unexplained"), REASON_QUOTED
    more = len(found) - most
    under = next((part.number for part in asked if part.id == "q-explains_why"), "")
    return Lead(
        answer.title,
        answer.answer,
        one_line(answer.detail) or _most(view, answer.id),
        caption if found else "",
        tuple(quote_of(item, longest=SHORT if answer.id == "explanation" else None) for item in found[:most]),
        f"and {more:,} more; see question {under}" if more > 0 and under and answer.id == "explanation" else "",
    )


def _judged(view: View) -> tuple[str, tuple[Item, ...], int]:
    """The words of the verdict, else the sentences that come nearest."""
    deciding = tuple(item for item in view.of("judgement") if item.facts.get("decides"))
    caption = "" if deciding else "Nearest sentences, for a person to judge:"
    return caption, deciding or view.near_misses, VERDICT_QUOTED


def _most(view: View, answer: str) -> str:
    """The themes raised as concern in most passages."""
    concerns = [item for item in view.of("themes") if item.facts.get("polarity") == "concern"]
    if answer != "themes" or not concerns:
        return ""
    most = sorted(concerns, key=lambda item: -len(item.passages))[:MOST]
    return "most often as concern: " + ", ".join(one_line(str(item.facts.get("label", item.label))) for item in most)
