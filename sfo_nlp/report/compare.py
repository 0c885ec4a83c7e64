"""Two drafts of one review: what the new one mended, left out, left, and broke. The page and the command share this."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from sfo_nlp.report import words
from sfo_nlp.report.kinship import RELATED, Wording, shared
from sfo_nlp.report.mending import Task, tasks_of
from sfo_nlp.report.safe import one_line, quoted
from sfo_nlp.report.view import View

SCHEMA = "sfo-nlp/comparison/1"
ALIKE = 0.72
GROWN = 5
UNRELATED = (
    "These do not look like drafts of one review: they have hardly any wording in common. What follows sets two "
    "different texts side by side."
)
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
    """All that changed from `old` to `new`, worst first within each list.

    `gone` is what the new draft no longer speaks of: its passage was neither mended nor left. `shared` is how much of
    the shorter draft's wording the other one has, 0 to 1.
    """

    old: View
    new: View
    mended: tuple[Change, ...]
    gone: tuple[Change, ...]
    left: tuple[Change, ...]
    broke: tuple[Change, ...]
    criteria: tuple[Turn, ...]
    shared: float = 1.0

    @property
    def warning(self) -> str:
        """What to know before reading on, or an empty string."""
        return "" if self.shared >= RELATED else UNRELATED

    def turned(self, change: str) -> int:
        """How many questions are answered better (``mended``), worse (``broke``) or the same."""
        return sum(turn.change == change for turn in self.criteria)


def compare(old: View, new: View) -> Comparison:
    """Compare two drafts task by task; a passage that was reworded is still the same passage."""
    before, after = tasks_of(old), tasks_of(new)
    pairs = dict(_pairs(before, after))
    kept = set(pairs.values())
    was, now = Wording(old.text), Wording(new.text)
    likeness = shared(was, now)
    lost = [task for place, task in enumerate(before) if place not in pairs]
    gone = [task for task in lost if _gone(task, now, related=likeness >= RELATED)]
    return Comparison(
        old=old,
        new=new,
        mended=tuple(Change(task, None, _stands(task, now)) for task in lost if task not in gone),
        gone=tuple(Change(task, None) for task in gone),
        left=tuple(Change(before[one], after[other]) for one, other in sorted(pairs.items(), key=lambda pair: pair[1])),
        broke=tuple(Change(None, task, _stands(task, was)) for place, task in enumerate(after) if place not in kept),
        criteria=tuple(_turns(old, new)),
        shared=likeness,
    )


def _gone(task: Task, new: Wording, *, related: bool) -> bool:
    """Whether a passage that is no longer found was left out rather than mended."""
    if task.passage is None:
        return False
    return not related or not (task.advice.removal_mends or new.holds(task.passage.quote))


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
    # A passage that only grew, say by its reason, is still the same passage.
    shorter, longer = sorted((was.rstrip(" ."), now.rstrip(" .")), key=len)
    if was == now or (len(shorter.split()) >= GROWN and longer.startswith(shorter)):
        return 1.0
    matcher = SequenceMatcher(None, was.split(), now.split(), autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE else 0.0


def _stands(task: Task, text: Wording) -> bool:
    return task.passage is not None and _plain(task.passage.quote) in text.plain


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def _turns(old: View, new: View) -> Iterable[Turn]:
    for standard in new.standards:
        for criterion in standard.criteria:
            was = old.criterion(criterion.id)
            if was is not None:
                yield Turn(criterion.id, criterion.question, was.outcome, criterion.outcome)


def to_dict(comparison: Comparison) -> dict[str, Any]:
    """The comparison as JSON: the two drafts, counts, criteria, and the tasks mended, gone, left and broke.

    `counts` of tasks and of criteria are apart; `shared` is the share of wording in common, 0 to 1.
    """
    lists = {name: getattr(comparison, name) for name in ("mended", "gone", "left", "broke")}
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
    yield "heading", f"Questions answered better: {better}, worse: {worse}"
    for turn in comparison.criteria:
        if turn.change != "same":
            yield turn.change, f"{turn.question} {_said(turn.old)} → {_said(turn.new)}"
    beside = f", beside {words.counted(better, 'question')} answered better" if better else ""
    heads = (
        ("mended", f"Mended: {len(comparison.mended)}{beside}", comparison.mended),
        ("gone", f"No longer in the text, so neither mended nor left: {len(comparison.gone)}", comparison.gone),
        ("left", f"Left as it was: {len(comparison.left)}", comparison.left),
        ("broke", f"New: {len(comparison.broke)}", comparison.broke),
    )
    for style, title, changes in heads:
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
