"""A comparison of two drafts as JSON for programs and as lines for the terminal."""

from collections.abc import Iterable
from typing import Any

from sfo_nlp.report import words
from sfo_nlp.report.compare import Change, Comparison
from sfo_nlp.report.mending import Task, tasks_of
from sfo_nlp.report.safe import one_line, quoted
from sfo_nlp.report.view import View

SCHEMA = "sfo-nlp/comparison/1"


def to_dict(comparison: Comparison) -> dict[str, Any]:
    """The comparison as JSON: the two drafts, counts, criteria, and the tasks mended, gone, left, broke and unchecked.

    `counts` of tasks and of criteria are apart; `shared` is the share of wording in common, 0 to 1.
    """
    lists = {name: getattr(comparison, name) for name in ("mended", "gone", "left", "broke", "unchecked")}
    return {
        "schema": SCHEMA,
        "old": _named(comparison.old),
        "new": _named(comparison.new),
        "shared": comparison.shared,
        "warning": comparison.warning or None,
        "counts": {
            **{name: len(changes) for name, changes in lists.items()},
            "criteria_mended": comparison.turned("mended"),
            "criteria_broke": comparison.turned("broke"),
            "criteria_not_comparable": comparison.turned("not_comparable"),
        },
        "criteria": [
            {"id": turn.id, "question": turn.question, "old": turn.old, "new": turn.new, "change": turn.change}
            for turn in comparison.criteria
        ],
        **{name: [_change(change) for change in changes] for name, changes in lists.items()},
    }


def _named(view: View) -> dict[str, Any]:
    read = view.wire["readability"].get("reading_age")
    verdict = view.wire["judgement"].get("verdict")
    named = {"id": view.document, "name": view.name, "words": view.words}
    return {**named, "verdict": verdict, "reading_age": read, "to_mend": len(tasks_of(view))}


def _change(change: Change) -> dict[str, Any]:
    task = change.task
    return {
        "kind": task.advice.id,
        "weight": task.advice.weight,
        "title": task.advice.title,
        "how": task.advice.how,
        "note": task.note,
        "old": _place(change.old),
        "new": _place(change.new),
        "words_stand_in_the_other": change.elsewhere,
    }


def _place(task: Task | None) -> dict[str, Any] | None:
    if task is None:
        return None
    passage = task.passage
    if passage is None:
        return {"quote": None, "page": None, "paragraph": None, "start": None, "end": None}
    return {
        "quote": passage.quote,
        "page": passage.page,
        "paragraph": passage.paragraph,
        "start": passage.start,
        "end": passage.end,
    }


def lines(comparison: Comparison) -> Iterable[tuple[str, str]]:
    """The comparison as lines of text with a style each: heading, mended, gone, left or broke."""
    yield "heading", f"{one_line(comparison.old.name)} → {one_line(comparison.new.name)}"
    if comparison.warning:
        yield "broke", comparison.warning
    better, worse = comparison.turned("mended"), comparison.turned("broke")
    unknown = comparison.turned("not_comparable")
    apart = f", not comparable: {unknown}" if unknown else ""
    yield "heading", f"Questions answered better: {better}, worse: {worse}{apart}"
    for turn in comparison.criteria:
        if turn.change != "same":
            style = "left" if turn.change == "not_comparable" else turn.change
            yield style, f"{turn.question} {_said(turn.old)} → {_said(turn.new)}"
    beside = f", beside {words.counted(better, 'question')} answered better" if better else ""
    heads = (
        ("mended", f"Mended: {len(comparison.mended)}{beside}", comparison.mended),
        ("gone", f"No longer in the text, so neither mended nor left: {len(comparison.gone)}", comparison.gone),
        ("left", f"Left as it was: {len(comparison.left)}", comparison.left),
        ("broke", f"New: {len(comparison.broke)}", comparison.broke),
        ("left", f"Could not be compared, a check broke: {len(comparison.unchecked)}", comparison.unchecked),
    )
    for style, title, changes in heads:
        if changes is comparison.unchecked and not changes:
            continue
        yield "heading", title
        for change in changes:
            yield style, _line(change)


def _said(outcome: str) -> str:
    return words.OUTCOMES[outcome][1].lower()


def _line(change: Change) -> str:
    task = change.task
    if task.passage is None:
        return task.advice.title
    shown = task.term or quoted(one_line(task.passage.quote, longest=150))
    return f"{task.advice.title}: {shown} ({task.passage.where})"
