"""Which tasks of two drafts are one and the same, though the passage may have been reworded."""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from sfo_nlp.report.mending import Task

ALIKE = 0.72
GROWN = 5


def pairs(before: Sequence[Task], after: Sequence[Task]) -> Iterable[tuple[int, int]]:
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
    was, now = plain(old.passage.quote), plain(new.passage.quote)
    # A passage that only grew, say by its reason, is still the same passage.
    shorter, longer = sorted((was.rstrip(" ."), now.rstrip(" .")), key=len)
    if was == now or (len(shorter.split()) >= GROWN and longer.startswith(shorter)):
        return 1.0
    matcher = SequenceMatcher(None, was.split(), now.split(), autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE else 0.0


def plain(text: str) -> str:
    """The text in small letters, with single spaces."""
    return " ".join(text.lower().split())
