"""Decide: one answer per criterion, from what the checks measured, by the policy. No pattern is known here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sfo_nlp.assessment.policy import Criterion, Policy
from sfo_nlp.checks.base import CheckResult, Finding
from sfo_nlp.document import Document, Evidence
from sfo_nlp.language.reading import Reading

SHOWN = 8
# The name by which a policy asks for the nearest sentences where no finding fits.
NEAR = "near_miss"
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
    """One criterion answered: `outcome` is met, not_met, refer or not_run; `reason` is one plain sentence.

    `findings` are all that the answer rests on, `evidence` the first passages of them.
    """

    criterion: Criterion
    outcome: str
    reason: str
    evidence: tuple[Evidence, ...]
    findings: tuple[Finding, ...] = ()


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
    reason = _sentence(criterion.says, outcome, wording, value).format(
        value=_plain(value),
        percent=_percent(value) if isinstance(value, float) else _plain(value),
        count=count,
        part=round(value * count) if isinstance(value, float) else _plain(value),
    )
    names = None if criterion.evidence is None else criterion.evidence[wording]
    findings = result.findings if names is None else _resting_on(names, result.findings)
    evidence = tuple(finding.evidence[0] for finding in findings[:SHOWN] if finding.evidence)
    if not evidence and (names is None or NEAR in names):
        evidence = tuple(result.measures.get("near_misses", ()))[:SHOWN]
    return Answer(criterion, outcome, reason, evidence, findings)


def _sentence(says: Mapping[str, str], outcome: str, wording: str, value: object) -> str:
    """The policy's sentence: one of its own for none of them and for all of them, where the policy has one."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value == 0 and f"{wording}_zero" in says:
            return says[f"{wording}_zero"]
        if value == 1 and isinstance(value, float) and f"{wording}_all" in says:
            return says[f"{wording}_all"]
    return says.get(wording, says.get(outcome, ""))


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


def _resting_on(names: tuple[str, ...], findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings that one of the names fits, in the order of the names and then of the check; each once."""
    chosen = {id(finding): finding for name in names for finding in findings if _fits(name, finding)}
    return tuple(chosen.values())


def _fits(name: str, finding: Finding) -> bool:
    """Whether a name is the finding's label or scope, or a fact that holds; "not NAME" is a fact that does not."""
    if name.startswith("not "):
        fact = name.removeprefix("not ")
        return fact in finding.facts and not finding.facts[fact]
    return name in (finding.label, finding.facts.get("scope")) or bool(finding.facts.get(name))


def _percent(share: float) -> str:
    """A share of 0 to 1 in per cent; what is not none or all is not rounded to it."""
    if 0 < share < 0.005:
        return "under 1%"
    return "over 99%" if 0.995 <= share < 1 else f"{share:.0%}"


def _plain(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.0f}" if value == int(value) or abs(value) >= 10 else f"{value:.1f}"
    return PLAIN.get(value, value) if isinstance(value, str) else str(value)
