"""What a person decided about a finding: appended, never changed; the newest word of each person stands."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

KINDS = ("agree", "disagree", "correct", "accept", "withdraw", "note")
JUDGING = ("agree", "disagree", "correct", "accept")


@dataclass(frozen=True, slots=True)
class Decision:
    """One person's word on one finding of one document.

    `kind` is agree, disagree, correct (`value` says what it should be), accept (a near miss that is the thing looked
    for), note, or withdraw (takes the person's judging word back). `start` and `end` are offsets into the text that was
    shown, `at` is UTC, `version` the program's. `id` is 0 until stored.
    """

    document: str
    finding: str
    kind: str
    who: str
    at: datetime
    version: str
    check: str = ""
    label: str = ""
    quote: str = ""
    page: int | None = None
    start: int = 0
    end: int = 0
    reason: str = ""
    value: Mapping[str, Any] = field(default_factory=dict)
    id: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands on one finding: each person's newest judging word and newest note, in order of time."""

    judged: tuple[Decision, ...] = ()
    notes: tuple[Decision, ...] = ()

    @property
    def divided(self) -> bool:
        """Whether people differ on whether the tool is right, or on what it should have said."""
        said = [_comparable(decision.value) for decision in self.judged if decision.value]
        right = {decision.kind in ("agree", "accept") for decision in self.judged}
        return len(right) > 1 or any(value != said[0] for value in said)

    def of(self, who: str) -> Decision | None:
        """The judging word of one person, or None."""
        return next((decision for decision in self.judged if decision.who == who), None)


def _comparable(value: Mapping[str, Any]) -> dict[str, Any]:
    """What a person said without the order in which they chose several things."""
    return {name: sorted(one) if isinstance(one, list | tuple) else one for name, one in value.items()}


def standing(decisions: Iterable[Decision]) -> dict[str, Standing]:
    """For every finding that was decided on, what stands. An empty note and a withdrawal leave nothing standing."""
    judged: dict[str, dict[str, Decision]] = defaultdict(dict)
    notes: dict[str, dict[str, Decision]] = defaultdict(dict)
    for decision in sorted(decisions, key=lambda one: (one.at, one.id)):
        shelf = notes if decision.kind == "note" else judged
        shelf[decision.finding].pop(decision.who, None)
        if decision.kind in JUDGING or (decision.kind == "note" and decision.reason.strip()):
            shelf[decision.finding][decision.who] = decision
    found = {finding for shelf in (judged, notes) for finding, words in shelf.items() if words}
    return {
        finding: Standing(tuple(judged[finding].values()), tuple(notes[finding].values())) for finding in sorted(found)
    }
