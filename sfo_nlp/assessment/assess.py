"""Decide: one answer per criterion, from what the checks measured, by the policy. No pattern is known here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sfo_nlp.assessment.policy import Criterion, Policy
from sfo_nlp.checks.base import CheckResult, Finding
from sfo_nlp.document import Document, Evidence
from sfo_nlp.language.reading import Reading

SHOWN = 8
PLAIN = {
    "taken": "all reasonable steps were taken",
    "not_taken": "not all reasonable steps were taken",
    "partly": "some reasonable steps were taken and others were not",
    "unclear": "it comes near a conclusion but does not state one",
    "contradictory": "two statements cannot both stand",
    "absent": "none was found",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One criterion answered: `outcome` is met, not_met, refer or not_run; `reason` is one plain sentence."""

    criterion: Criterion
    outcome: str
    reason: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything said of one review. `seconds` is the time the work took."""

    document: Document
    results: Mapping[str, CheckResult]
    answers: tuple[Answer, ...]
    policy: Policy
    model: str
    models: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def findings(self, check: str, label: str | None = None) -> tuple[Finding, ...]:
        """The findings of `check`, all or those with `label`, in the check's order."""
        found = self.results[check].findings if check in self.results else ()
        return tuple(finding for finding in found if label is None or finding.label == label)

    def measure(self, check: str, name: str) -> object:
        """One measure of one check, or None."""
        return self.results[check].measures.get(name) if check in self.results else None

    def to_dict(self) -> dict[str, object]:
        """The assessment in the JSON form that other programs rely on."""
        from sfo_nlp.assessment.wire import to_wire

        return to_wire(self)


def assess(reading: Reading, results: Mapping[str, CheckResult], policy: Policy, *, seconds: float = 0.0) -> Assessment:
    """Answer every criterion of the policy from the results of the checks."""
    answers = tuple(_answer(criterion, results.get(criterion.check)) for criterion in policy.criteria)
    predictions = reading.predictions
    return Assessment(reading.document, results, answers, policy, predictions.model, dict(predictions.files), seconds)


def _answer(criterion: Criterion, result: CheckResult | None) -> Answer:
    if result is None or result.failure:
        why = result.failure if result else f"there is no check called {criterion.check}"
        return Answer(criterion, "not_run", f"This check could not run: {why}.", ())
    value = result.measures.get(criterion.measure)
    outcome, wording = _outcome(criterion, value)
    confidence = result.measures.get("confidence")
    unsure = isinstance(confidence, float) and confidence < criterion.unsure_below
    if unsure and outcome in ("met", "not_met"):
        outcome = wording = "refer"
    count = result.measures.get(criterion.share_of) or 0
    reason = criterion.says.get(wording, criterion.says.get(outcome, "")).format(
        value=_plain(value),
        percent=f"{value:.0%}" if isinstance(value, float) else _plain(value),
        count=count,
        part=round(value * count) if isinstance(value, float) else _plain(value),
    )
    return Answer(criterion, outcome, reason, _evidence(criterion, result))


def _outcome(criterion: Criterion, value: object) -> tuple[str, str]:
    """The outcome and which of the policy's sentences says it."""
    if value is None:
        return criterion.none, "none"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (_bounded(criterion, float(value)),) * 2
    for outcome in ("met", "not_met", "refer"):
        if value in getattr(criterion, outcome):
            return outcome, outcome
    return "refer", "refer"


def _bounded(criterion: Criterion, value: float) -> str:
    if criterion.met_from is not None:
        if value >= criterion.met_from:
            return "met"
        return "not_met" if criterion.not_met_below is not None and value < criterion.not_met_below else "refer"
    if criterion.met_to is not None:
        if value <= criterion.met_to:
            return "met"
        return "not_met" if criterion.not_met_above is not None and value > criterion.not_met_above else "refer"
    return "refer"


def _evidence(criterion: Criterion, result: CheckResult) -> tuple[Evidence, ...]:
    """The first passages that the answer rests on; near misses where nothing was found."""
    chosen = [
        item
        for finding in result.findings
        if criterion.evidence in ("", finding.label, finding.facts.get("scope"))
        for item in finding.evidence[:1]
    ]
    return tuple(chosen[:SHOWN]) or tuple(result.measures.get("near_misses", ()))[:SHOWN]


def _plain(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.0f}" if value == int(value) or abs(value) >= 10 else f"{value:.1f}"
    return PLAIN.get(value, value) if isinstance(value, str) else str(value)
