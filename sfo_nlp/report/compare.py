"""Two drafts of one review: what the new one mended, left, and broke. The page and the command share this."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from sfo_nlp.report.mending import Task, tasks_of
from sfo_nlp.report.safe import one_line
from sfo_nlp.report.view import View

SCHEMA = "sfo-nlp/comparison/1"
ALIKE = 0.72
ORDER = {"not_met": 0, "not_run": 0, "refer": 1, "met": 2}


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one task: `old` and `new` are its two forms, None where it does not stand in that draft.

    `elsewhere` tells, of a task that stands in one draft only, whether its words stand in the other one all the same.
    """

    old: Task | None
    new: Task | None
    elsewhere: bool = False

    @property
    def task(self) -> Task:
        """The form to show: the newer one where there is one."""
        task = self.new or self.old
        if task is None:
            raise ValueError("a change has at least one form")
        return task


@dataclass(frozen=True, slots=True)
class Turn:
    """One criterion in both drafts; `change` is mended, broke or same."""

    id: str
    question: str
    old: str
    new: str

    @property
    def change(self) -> str:
        """Whether the answer got better, worse, or stayed."""
        before, after = ORDER[self.old], ORDER[self.new]
        return "mended" if after > before else "broke" if after < before else "same"


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that changed from `old` to `new`, worst first within each list."""

    old: View
    new: View
    mended: tuple[Change, ...]
    left: tuple[Change, ...]
    broke: tuple[Change, ...]
    criteria: tuple[Turn, ...]


def compare(old: View, new: View) -> Comparison:
    """Compare two drafts task by task; a passage that was reworded is still the same passage."""
    before, after = tasks_of(old), tasks_of(new)
    pairs = dict(_pairs(before, after))
    kept = set(pairs.values())
    old_words, new_words = _plain(old.text), _plain(new.text)
    return Comparison(
        old=old,
        new=new,
        mended=tuple(
            Change(task, None, _stands(task, new_words)) for place, task in enumerate(before) if place not in pairs
        ),
        left=tuple(Change(before[was], after[now]) for was, now in sorted(pairs.items(), key=lambda pair: pair[1])),
        broke=tuple(
            Change(None, task, _stands(task, old_words)) for place, task in enumerate(after) if place not in kept
        ),
        criteria=tuple(_turns(old, new)),
    )


def _pairs(before: Sequence[Task], after: Sequence[Task]) -> Iterable[tuple[int, int]]:
    """Places of the tasks that are one and the same: equal ones first, then those most alike, each used once."""
    for kind in dict.fromkeys(task.advice.id for task in before):
        old = [place for place, task in enumerate(before) if task.advice.id == kind]
        new = [place for place, task in enumerate(after) if task.advice.id == kind]
        scored = sorted(
            ((_alike(before[was], after[now]), was, now) for was in old for now in new),
            key=lambda scored: (-scored[0], abs(scored[1] - scored[2])),
        )
        used_old: set[int] = set()
        used_new: set[int] = set()
        for score, was, now in scored:
            if score >= ALIKE and was not in used_old and now not in used_new:
                used_old.add(was)
                used_new.add(now)
                yield was, now


def _alike(old: Task, new: Task) -> float:
    """How alike two tasks of one kind are, 0 to 1: the share of words that both passages have, in order."""
    if old.passage is None or new.passage is None:
        return float(old.passage is new.passage)
    if old.term or new.term:
        return float(old.term == new.term)
    was, now = _plain(old.passage.quote), _plain(new.passage.quote)
    if was == now:
        return 1.0
    matcher = SequenceMatcher(None, was.split(), now.split(), autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE else 0.0


def _stands(task: Task, text: str) -> bool:
    return task.passage is not None and _plain(task.passage.quote) in text


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def _turns(old: View, new: View) -> Iterable[Turn]:
    for standard in new.standards:
        for criterion in standard.criteria:
            was = old.criterion(criterion.id)
            if was is not None:
                yield Turn(criterion.id, criterion.question, was.outcome, criterion.outcome)


def to_dict(comparison: Comparison) -> dict[str, Any]:
    """The comparison as JSON: the two drafts, counts, criteria, and the tasks mended, left and broke."""
    lists = {name: getattr(comparison, name) for name in ("mended", "left", "broke")}
    return {
        "schema": SCHEMA,
        "old": _named(comparison.old),
        "new": _named(comparison.new),
        "counts": {name: len(changes) for name, changes in lists.items()},
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
    """The comparison as lines of text with a style each: heading, plain or soft."""
    heads = (
        ("mended", "Mended", comparison.mended),
        ("left", "Left as it was", comparison.left),
        ("broke", "New", comparison.broke),
    )
    yield "heading", f"{one_line(comparison.old.name)} → {one_line(comparison.new.name)}"
    for turn in comparison.criteria:
        if turn.change != "same":
            yield turn.change, f"{turn.question} {turn.old.replace('_', ' ')} → {turn.new.replace('_', ' ')}"
    for style, title, changes in heads:
        yield "heading", f"{title}: {len(changes)}"
        for change in changes:
            yield style, _line(change)


def _line(change: Change) -> str:
    task = change.task
    if task.passage is None:
        return task.advice.title
    words = task.term or f"“{one_line(task.passage.quote, longest=150)}”"
    return f"{task.advice.title}: {words} ({task.passage.where})"
