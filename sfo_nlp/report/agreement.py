"""How far the tool and the people who checked it agree: per check, from the decisions that stand."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sfo_nlp.store.decision import Decision, standing

# A judgement of which nobody said what it judges.
NONE, UNSAID = "none", "judgement"


@dataclass(frozen=True, slots=True)
class Agreement:
    """One check's agreement. `agreed` is a share of `pairs`; `kappa` is None where one side used a single label."""

    check: str
    pairs: int
    people: int
    agreed: float
    kappa: float | None


def agreements(decisions: Iterable[Decision]) -> list[Agreement]:
    """Cohen's kappa (scikit-learn) between the tool's label and each person's, over every finding they decided on."""
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for decision in _standing(decisions):
        found[decision.check].append((*labels_of(decision), decision.who))
    return [_agreement(check, rows) for check, rows in sorted(found.items())]


def _standing(decisions: Iterable[Decision]) -> Iterator[Decision]:
    by_document: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        by_document[decision.document].append(decision)
    for words in by_document.values():
        for stands in standing(words).values():
            yield from stands.judged


def labels_of(decision: Decision) -> tuple[str, str]:
    """What the tool said of a passage and what the person says: labels of the check, or ``none``.

    Of a judgement whose verdict the person did not name the label is ``judgement``.
    """
    tool = NONE if decision.label == "near_miss" else decision.label
    if decision.kind == "agree":
        return tool, tool
    if decision.kind == "disagree":
        return tool, NONE
    value = decision.value
    if decision.check == "judgement":
        verdict = str(value.get("verdict") or UNSAID)
        return tool, NONE if verdict == "absent" else verdict
    if decision.check == "themes":
        return tool, f"{value['theme']}:{value.get('polarity', 'concern')}" if value.get("theme") else NONE
    if decision.check == "explanation":
        if value.get("finding") is False:
            return tool, NONE
        return tool, "explained" if value.get("explained") else "unexplained"
    return tool, str(value.get("should_be", NONE))


def _agreement(check: str, rows: list[tuple[str, str, str]]) -> Agreement:
    from sklearn.metrics import cohen_kappa_score

    tool, person = [row[0] for row in rows], [row[1] for row in rows]
    told_apart = len(set(tool)) > 1 and len(set(person)) > 1
    kappa = float(cohen_kappa_score(tool, person)) if told_apart else None
    same = sum(left == right for left, right in zip(tool, person, strict=True))
    return Agreement(check, len(rows), len({row[2] for row in rows}), same / len(rows), kappa)
