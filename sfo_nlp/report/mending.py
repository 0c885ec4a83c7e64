"""What an author can mend in a draft, worst first: each with its passage, the reason, and an example of the form."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sfo_nlp.report.view import Criterion, Item, Passage, View

NEAR = 3
_NUMBER = re.compile(r"^[\d.)]+\s+")


@dataclass(frozen=True, slots=True)
class Advice:
    """One entry of ``mending.toml``: to what it applies, how heavy it is (100 first), and its words.

    `labels` are further findings of the same check that it applies to; which of them was found is then told by name.
    `removal_mends` says that taking the passage out is the mending asked for. `yields_to` names a criterion that,
    when it is not met, has a task of its own which says the same more closely.
    """

    id: str
    weight: int
    title: str
    why: str
    how: str
    example: str
    check: str = ""
    label: str = ""
    labels: tuple[str, ...] = ()
    criterion: str = ""
    outcomes: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    removal_mends: bool = False
    yields_to: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to mend. `passage` is None for something missing as a whole, then `near` holds what comes nearest.

    `term` names a single word at fault, `section` the heading that the passage stands under, without its number.
    """

    advice: Advice
    passage: Passage | None
    note: str = ""
    term: str = ""
    near: tuple[Passage, ...] = ()
    section: str = ""


@lru_cache(maxsize=1)
def advices() -> tuple[Advice, ...]:
    """The entries of ``mending.toml``, heaviest first."""
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    entries = [_advice(entry) for entry in data["mend"]]
    return tuple(sorted(entries, key=lambda entry: -entry.weight))


def _advice(entry: Mapping[str, Any]) -> Advice:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    return Advice(**values)


def tasks_of(view: View) -> tuple[Task, ...]:
    """Everything to mend in a draft, worst first and in reading order within one kind."""
    return tuple(task for advice in advices() for task in _tasks(view, advice))


def unanswered(task: Task, view: View) -> bool:
    """Whether nobody can say if a task stands in this draft, since the check that looks for it broke there."""
    criterion = view.criterion(task.advice.criterion)
    return task.advice.check in view.broken or (criterion is not None and criterion.outcome == "not_run")


def grouped(tasks: Iterable[Task]) -> Mapping[Advice, tuple[Task, ...]]:
    """The tasks by their kind, in the order given."""
    groups: dict[Advice, list[Task]] = {}
    for task in tasks:
        groups.setdefault(task.advice, []).append(task)
    return {advice: tuple(found) for advice, found in groups.items()}


def _tasks(view: View, advice: Advice) -> Iterable[Task]:
    if advice.criterion:
        criterion = view.criterion(advice.criterion)
        if criterion is not None and criterion.outcome in advice.outcomes and not _said_closer(view, advice):
            yield Task(advice, None, note=criterion.reason, near=_near(criterion))
        return
    for item in view.of(advice.check):
        spared = advice.unless and all(item.facts.get(fact) for fact in advice.unless)
        if item.label in (advice.label, *advice.labels) and not spared:
            note = "; ".join(filter(None, (item.title if advice.labels else "", item.note)))
            yield Task(advice, item.passage, note=note, term=_term(item), section=_section(view, item.passage))


def _section(view: View, passage: Passage) -> str:
    above = [one for one in view.wire["document"].get("sections", ()) if one["start"] <= passage.start]
    return _NUMBER.sub("", str(above[-1]["title"]).lower()) if above else ""


def _said_closer(view: View, advice: Advice) -> bool:
    closer = view.criterion(advice.yields_to)
    return closer is not None and closer.outcome == "not_met"


def _near(criterion: Criterion) -> tuple[Passage, ...]:
    """The first few passages that an answer rests on: one of each kind before more of one, for two that differ."""
    firsts = {item.label: item for item in reversed(criterion.items)}
    kinds = [item for item in criterion.items if firsts[item.label] is item]
    others = [item for item in criterion.items if firsts[item.label] is not item]
    return (*(item.passage for item in (*kinds, *others)), *criterion.loose)[:NEAR]


def _term(item: Item) -> str:
    return str(item.facts.get("term", "")) if item.label in ("acronym", "jargon") else ""
