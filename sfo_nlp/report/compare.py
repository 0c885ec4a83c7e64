"""Two drafts of one review: what the new one mended, left out, left, and broke, and what nobody can say of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sfo_nlp.report.kinship import RELATED, Wording, shared
from sfo_nlp.report.mending import Task, tasks_of, unanswered
from sfo_nlp.report.pairing import pairs, plain
from sfo_nlp.report.view import View

UNRELATED = (
    "These do not look like drafts of one review: they have hardly any wording in common. What follows sets two "
    "different texts side by side."
)
ORDER = {"not_met": 0, "refer": 1, "met": 2}


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
    """One criterion in both drafts; `change` is mended, broke, same, or not_comparable where its check did not run."""

    id: str
    question: str
    old: str
    new: str

    @property
    def change(self) -> str:
        """Whether the answer got better, worse, or stayed; a check that broke says nothing of the draft."""
        if "not_run" in (self.old, self.new):
            return "not_comparable"
        before, after = ORDER[self.old], ORDER[self.new]
        return "mended" if after > before else "broke" if after < before else "same"


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that changed from `old` to `new`, worst first within each list.

    `gone` is what the new draft no longer speaks of: its passage was neither mended nor left, or another one with the
    same fault stands new in its section, which may say the same. `unchecked` is what
    stands in one draft while its check broke in the other. `shared` is how much of the shorter draft's wording the
    other one has, 0 to 1.
    """

    old: View
    new: View
    mended: tuple[Change, ...]
    gone: tuple[Change, ...]
    left: tuple[Change, ...]
    broke: tuple[Change, ...]
    unchecked: tuple[Change, ...]
    criteria: tuple[Turn, ...]
    shared: float = 1.0

    @property
    def warning(self) -> str:
        """What to know before reading on, or an empty string."""
        return "" if self.shared >= RELATED else UNRELATED

    def turned(self, change: str) -> int:
        """How many questions are answered better (``mended``), worse (``broke``), the same or ``not_comparable``."""
        return sum(turn.change == change for turn in self.criteria)


def compare(old: View, new: View) -> Comparison:
    """Compare two drafts task by task; a passage that was reworded is still the same passage."""
    before, after = tasks_of(old), tasks_of(new)
    same = dict(pairs(before, after))
    kept = set(same.values())
    was, now = Wording(old.text), Wording(new.text)
    likeness = shared(was, now)
    lost = [task for place, task in enumerate(before) if place not in same]
    fresh = [task for place, task in enumerate(after) if place not in kept]
    unknown = [Change(task, None) for task in lost if unanswered(task, new)]
    unknown += [Change(None, task) for task in fresh if unanswered(task, old)]
    lost = [task for task in lost if not unanswered(task, new)]
    related = likeness >= RELATED
    gone = [task for task in lost if _gone(task, now, related=related) or _replaced(task, fresh, now)]
    return Comparison(
        old=old,
        new=new,
        mended=tuple(Change(task, None, _stands(task, now)) for task in lost if task not in gone),
        gone=tuple(Change(task, None) for task in gone),
        left=tuple(Change(before[one], after[other]) for one, other in sorted(same.items(), key=lambda pair: pair[1])),
        broke=tuple(Change(None, task, _stands(task, was)) for task in fresh if not unanswered(task, old)),
        unchecked=tuple(unknown),
        criteria=tuple(_turns(old, new)),
        shared=likeness,
    )


def _gone(task: Task, new: Wording, *, related: bool) -> bool:
    """Whether a passage that is no longer found was left out rather than mended."""
    if task.passage is None:
        return False
    return not related or not (task.advice.removal_mends or new.holds(task.passage.quote))


def _replaced(task: Task, fresh: Iterable[Task], new: Wording) -> bool:
    """Whether a passage went while its section got another one of the same fault: that may be the same one reworded."""
    if task.passage is None or task.advice.removal_mends or _stands(task, new):
        return False
    return any(other.advice == task.advice and other.section == task.section for other in fresh)


def _stands(task: Task, text: Wording) -> bool:
    return task.passage is not None and plain(task.passage.quote) in text.plain


def _turns(old: View, new: View) -> Iterable[Turn]:
    for standard in new.standards:
        for criterion in standard.criteria:
            was = old.criterion(criterion.id)
            if was is not None:
                yield Turn(criterion.id, criterion.question, was.outcome, criterion.outcome)
