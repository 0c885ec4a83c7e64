"""Which tasks of two drafts are one and the same, though the passage may have been reworded."""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from sfo_nlp.checks.answering import stems
from sfo_nlp.report.mending import Task

ALIKE = 0.72
GROWN = 5
# One shortcoming told in other words keeps what it is about: so many content words, and so much of the shorter form.
FAILINGS = {("explanation", "unexplained"), ("learning", "finding_without_action")}
RESTATED, RESTATED_WORDS = 0.5, 2


def pairs(before: Sequence[Task], after: Sequence[Task]) -> Iterable[tuple[int, int]]:
    """Places of the tasks that are one and the same, each used once: equal ones first, then those most alike, then
    shortcomings that the same section tells in other words.
    """
    for kind in dict.fromkeys(task.advice.id for task in before):
        old = [place for place, task in enumerate(before) if task.advice.id == kind]
        new = [place for place, task in enumerate(after) if task.advice.id == kind]
        for likeness, least in ((_alike, ALIKE), (_restated, RESTATED)):
            scored = ((likeness(before[was], after[now]), was, now) for was in old for now in new)
            found = dict(_nearest((score, was, now) for score, was, now in scored if score >= least))
            old = [place for place in old if place not in found]
            new = [place for place in new if place not in found.values()]
            yield from found.items()


def _nearest(scored: Iterable[tuple[float, int, int]]) -> Iterable[tuple[int, int]]:
    """Pairs of places, those most alike first, then those nearest in order; each place once."""
    used_old: set[int] = set()
    used_new: set[int] = set()
    for _, was, now in sorted(scored, key=lambda one: (-one[0], abs(one[1] - one[2]))):
        if was not in used_old and now not in used_new:
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


def _restated(old: Task, new: Task) -> float:
    """How much of the shorter of two shortcomings in one section the other one says too, by content words, 0 to 1."""
    failing = (old.advice.check, old.advice.label) in FAILINGS
    if not failing or old.passage is None or new.passage is None or old.section != new.section:
        return 0.0
    one, other = frozenset(stems(old.passage.quote)), frozenset(stems(new.passage.quote))
    common = len(one & other)
    return common / min(len(one), len(other)) if common >= RESTATED_WORDS else 0.0


def plain(text: str) -> str:
    """The text in small letters, with single spaces."""
    return " ".join(text.lower().split())
