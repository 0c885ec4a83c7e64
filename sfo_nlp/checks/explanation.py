"""Does the review say why practice fell short, or only that it did? Failing by failing, with the reason beside it.

A reason may stand in the failing's own sentence, in the sentences after or before it, in the next cell of its
row, or in an explanations section that refers to it.
"""

from collections.abc import Mapping

import numpy as np

from sfo_nlp.checks.base import CheckContext, CheckResult, Finding
from sfo_nlp.checks.data import bound
from sfo_nlp.checks.failings import failings, reasons_given
from sfo_nlp.checks.roles import ROLES, Role, probabilities
from sfo_nlp.language.reading import Sentence

CAUSE_LEVELS: Mapping[str, str] = {
    "knowledge_skill": "individual",
    "cognitive_bias": "individual",
    "workload": "organisation",
    "experience_training": "organisation",
    "supervision_management": "team",
    "process_system": "organisation",
    "policy": "organisation",
    "partner_agency": "partner",
    "culture": "organisation",
    "resources": "organisation",
    "other": "individual",
}


class ExplanationCheck:
    id = "explanation"
    title = "Why practice fell short"

    def run(self, context: CheckContext) -> CheckResult:
        """Findings: one per practice concern. Measures: share_explained, concerns, roles (share of sentences each)."""
        given = reasons_given(context)
        findings = tuple(self._finding(context, role, given.get(role.sentence.index)) for role in failings(context))
        explained = sum(bool(finding.facts["explained"]) for finding in findings)
        measures = {
            "share_explained": round(explained / len(findings), 3) if findings else None,
            "concerns": len(findings),
            "roles": _role_shares(context),
        }
        return CheckResult(self.id, findings, measures)

    def _finding(self, context: CheckContext, concern: Role, reason: Role | None) -> Finding:
        causes = causes_of(context, reason.sentence) if reason else ()
        return Finding(
            check=self.id,
            label="explained" if reason else "unexplained",
            evidence=(concern.quote(context),),
            confidence=concern.confidence,
            facts={
                "explained": reason is not None,
                "explanation": reason.quote(context) if reason else None,
                "causes": causes,
                "level": level_of(context, reason.sentence, causes) if reason else None,
            },
        )


def causes_of(context: CheckContext, sentence: Sentence) -> tuple[str, ...]:
    """The kinds of cause that a reason names, likeliest first; by rule where no model is installed."""
    predictions = context.reading.predictions
    if predictions.model == "none":
        return tuple(name for name in CAUSE_LEVELS if sentence.index in context.hits.sentences(f"cause:{name}"))
    chances = predictions.chances("cause", sentence.index)
    likeliest = max(chances, key=chances.__getitem__, default=None)
    near = (likeliest,) if likeliest and chances[likeliest] > bound("explanation", "likeliest_cause") else ()
    return predictions.held("cause", sentence.index) or near


def level_of(context: CheckContext, sentence: Sentence, causes: tuple[str, ...]) -> str:
    """Whose cause it is: the model's likeliest level, else the usual level of the first cause."""
    predictions = context.reading.predictions
    chances = predictions.chances("level", sentence.index)
    if chances:
        return max(chances, key=chances.__getitem__)
    return CAUSE_LEVELS[causes[0]] if causes else "individual"


def _role_shares(context: CheckContext) -> dict[str, float]:
    """The share of prose sentences that have each role."""
    prose = np.array([sentence.is_prose for sentence in context.sentences], np.bool_)
    total = max(int(prose.sum()), 1)
    if context.reading.predictions.model == "none":
        columns = {role: column > 0 for role, column in probabilities(context).items()}
    else:
        columns = {role: context.reading.predictions.holds(f"role:{role}") for role in ROLES}
    return {role: round(float((column & prose).sum()) / total, 3) for role, column in columns.items()}


CHECK = ExplanationCheck()
