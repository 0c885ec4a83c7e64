"""Does the review itself say whether all reasonable steps were taken to manage the risk of serious harm?

Every sentence that judges is a finding, labelled with its direction and scope. The verdict over all of them
follows the contract's six words; a hedge never counts as a clear statement, another body's never as the author's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from sfo_nlp.checks.base import CheckContext, CheckResult, Finding
from sfo_nlp.checks.roles import Role, with_role
from sfo_nlp.language.direction import DIRECTIONS
from sfo_nlp.language.models import direction_model, model_folder
from sfo_nlp.language.reading import Sentence

CLEAR = ("taken", "not_taken", "partly")
BY_WORDS = ("partly", "not_taken", "taken", "unclear")
NEAR_MISSES = 3
ALL_STAGES = 3
SURE_OF_BOTH = 0.55
FAINT = 0.3
RULED_OUT = 0.05


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence that judges: which way, about the whole case or a stage, how sure, by what."""

    sentence: Sentence
    direction: str
    scope: str
    confidence: float
    source: str


class JudgementCheck:
    id = "judgement"
    title = "Reasonable-steps judgement"

    def run(self, context: CheckContext) -> CheckResult:
        """Findings: one per judging sentence. Measures: verdict, confidence, reasoned, near_misses (evidence)."""
        statements = _statements(context)
        verdict, confidence, resting_on = decide(statements)
        findings = [
            Finding(
                check=self.id,
                label=statement.direction,
                evidence=(context.quote(statement.sentence, source=statement.source, confidence=statement.confidence),),
                confidence=statement.confidence,
                facts={"scope": statement.scope, "decides": statement in resting_on},
            )
            for statement in statements
        ]
        measures = {
            "verdict": verdict,
            "confidence": round(confidence, 3),
            "reasoned": _reasoned(context, resting_on) if resting_on else None,
            "consistent": verdict != "contradictory" if len(statements) > 1 else None,
            "stage_judgements": sum(statement.scope == "stage" for statement in statements),
            "near_misses": () if verdict in CLEAR else _near_misses(context),
        }
        return CheckResult(self.id, tuple(findings), measures)


def _statements(context: CheckContext) -> list[Statement]:
    """The sentences that judge: by the model, or by a phrase that says so and that the model does not rule out."""
    ruled = _by_rule(context)
    if context.reading.predictions.model == "none":
        return [ruled[index] for index in sorted(ruled)]
    statements = {role.sentence.index: _by_model(context, role) for role in with_role(context, "judgement")}
    chances = context.reading.predictions.of("role:judgement")
    for index, statement in ruled.items():
        if chances[index] >= RULED_OUT:
            scope = statements[index].scope if index in statements else statement.scope
            statements[index] = replace(statement, scope=scope)
    return [statements[index] for index in sorted(statements) if statements[index].confidence >= FAINT]


def _by_rule(context: CheckContext) -> dict[int, Statement]:
    """By sentence, what a phrase of ``judgement.toml`` says outright; another body's words do not count."""
    decoys = context.hits.sentences("decoy:judgement")
    statements: dict[int, Statement] = {}
    for direction in BY_WORDS:
        for index, hit in context.hits.sentences(f"judgement:{direction}").items():
            sentence = context.sentences[index]
            if index not in decoys and sentence.is_prose:
                statements.setdefault(index, Statement(sentence, direction, "overall", 1.0, hit.source))
    return statements


def _by_model(context: CheckContext, role: Role) -> Statement:
    """What the models say of a judging sentence: as sure as that it judges, and judges this way."""
    predictions, row = context.reading.predictions, role.sentence.index
    chances = direction_model(model_folder(context.settings.models)).chances(role.sentence.text)
    direction = max(chances, key=chances.__getitem__)
    scope = "stage" if predictions.of("scope:stage")[row] > predictions.of("scope:overall")[row] else "overall"
    return Statement(role.sentence, direction, scope, role.confidence * chances[direction], "model:judgement")


def decide(statements: list[Statement]) -> tuple[str, float, list[Statement]]:
    """The verdict over all judging sentences, how sure, and the statements it rests on."""
    overall = _by_direction(statement for statement in statements if statement.scope == "overall")
    stages = _by_direction(statement for statement in statements if statement.scope == "stage")
    clear = [direction for direction in CLEAR if overall[direction]]
    opposed = _opposed(overall, stages)
    if opposed and min(map(_sure, opposed)) >= SURE_OF_BOTH:
        return "contradictory", min(map(_sure, opposed)), [statement for side in opposed for statement in side]
    if "taken" in clear and "partly" in clear:
        clear.remove("taken")
    if clear:
        best = max((*clear, "unclear"), key=lambda direction: _sure(overall[direction]))
        return best, _sure(overall[best]), overall[best]
    judged = [statement for direction in CLEAR for statement in stages[direction]]
    if len(judged) >= 2 and (stages["partly"] or (stages["taken"] and stages["not_taken"])):
        return "partly", _sure(judged), judged
    if statements:
        return "unclear", _sure(statements), statements
    return "absent", 0.8, []


def _by_direction(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = {direction: [] for direction in DIRECTIONS}
    for statement in statements:
        found[statement.direction].append(statement)
    return found


def _opposed(
    overall: Mapping[str, list[Statement]], stages: Mapping[str, list[Statement]]
) -> tuple[list[Statement], list[Statement]] | None:
    """Two sides that cannot both stand: opposite overall statements, or one against every stage that was judged."""
    if overall["taken"] and overall["not_taken"]:
        # "Not all steps were taken here, but overall they were" is one view with an exception, not two views.
        return None if overall["partly"] else (overall["taken"], overall["not_taken"])
    for one, other in (("taken", "not_taken"), ("not_taken", "taken")):
        if overall[one] and len(stages[other]) >= ALL_STAGES and not stages[one] and not overall["partly"]:
            return overall[one], stages[other]
    return None


def _sure(statements: list[Statement]) -> float:
    """How likely it is that at least one of the statements is what it seems."""
    return float(1 - np.prod([1 - min(statement.confidence, 0.995) for statement in statements]))


def _reasoned(context: CheckContext, statements: list[Statement]) -> bool:
    """Whether a reason stands in a judging sentence or within two sentences of it."""
    reasons = {role.sentence.index for role in with_role(context, "explanation")}
    reasons |= {role.sentence.index for role in with_role(context, "finding_concern")}
    reasons |= {role.sentence.index for role in with_role(context, "finding_strength")}
    near = {statement.sentence.index + offset for statement in statements for offset in (-2, -1, 1, 2)}
    return bool(near & reasons)


def _near_misses(context: CheckContext) -> tuple[object, ...]:
    """The sentences nearest to a judgement, best first, for a person to accept or not."""
    predictions = context.reading.predictions
    scores = predictions.of("role:judgement").copy()
    for family, weight in (("judgement:", 1.0), ("decoy:judgement", 0.3)):
        for hit in context.hits.family(family):
            scores[hit.sentence] += weight
    order = [int(index) for index in np.argsort(-scores, kind="stable")[:NEAR_MISSES] if scores[index] > 0.02]
    return tuple(
        context.quote(context.sentences[index], source="model:judgement", confidence=min(float(scores[index]), 1.0))
        for index in order
    )


CHECK = JudgementCheck()
