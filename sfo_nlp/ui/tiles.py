"""The headline answers above a review, each with the question and the passage that it leads to."""

from typing import Any

from sfo_nlp.report.safe import one_line
from sfo_nlp.report.view import Answer, Criterion, Item, View
from sfo_nlp.report.words import OUTCOMES, worst_first

QUESTIONS = {
    "judgement": "reasonable_steps_judgement",
    "explanation": "explains_why",
    "readability": "plain_language",
}
ASKED_OF_READABILITY = ("hard_sentence", "acronym", "jargon")


def tiles_data(view: View) -> dict[str, Any]:
    """One entry an answer; `group` is the question that it opens in the list, `key` the finding that it chooses."""
    return {"tiles": [_tile(view, answer) for answer in view.answers]}


def _tile(view: View, answer: Answer) -> dict[str, Any]:
    group, found = _leads_to(view, answer)
    sign, said = OUTCOMES.get(answer.tone, ("", ""))
    return {
        "title": answer.title,
        "answer": one_line(answer.answer),
        "detail": one_line(answer.detail),
        "tone": answer.tone,
        "sign": sign,
        "said": said,
        "group": group,
        "key": found.key if found else None,
    }


def _leads_to(view: View, answer: Answer) -> tuple[str, Item | None]:
    if answer.id == "themes":
        themes = sorted(view.of("themes"), key=lambda item: (item.tone == "strength", -len(item.passages)))
        return (themes[0].key, themes[0]) if themes else ("", None)
    if answer.id == "criteria":
        asked = [criterion for standard in view.standards for criterion in standard.criteria]
        worst = sorted(asked, key=lambda criterion: worst_first(criterion.outcome))
        return (worst[0].id, _first(view, worst[0])) if worst else ("", None)
    criterion = view.criterion(QUESTIONS[answer.id])
    found = _first(view, criterion) if criterion else None
    if answer.id == "readability" and found is None:
        found = next((item for label in ASKED_OF_READABILITY for item in view.of("readability", label)), None)
    return criterion.id if criterion else "", found


def _first(view: View, criterion: Criterion) -> Item | None:
    """The first finding that an answer rests on, or the sentence that comes nearest."""
    if criterion.items:
        return criterion.items[0]
    places = {(passage.start, passage.end) for passage in criterion.loose}
    return next((item for item in view.near_misses if (item.passage.start, item.passage.end) in places), None)
