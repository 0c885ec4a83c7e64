"""Does the review itself say whether all reasonable steps were taken to manage the risk of serious harm?

Every sentence that judges is a finding, labelled with its direction and scope; `verdict` weighs them. A hedge never
counts as a clear statement, another body's never as the author's.
"""

import re
from dataclasses import replace

import numpy as np

from sfo_nlp.checks.base import CheckContext, CheckResult, Finding
from sfo_nlp.checks.dates import MONTHS
from sfo_nlp.checks.roles import Role, is_bare, may_have, with_role
from sfo_nlp.checks.speakers import answering_cells, answers, found_no_fault, has_exception
from sfo_nlp.checks.verdict import CLEAR, Statement, consistent, decide, stage_of
from sfo_nlp.document import Evidence, Span
from sfo_nlp.language.models import direction_model, model_folder
from sfo_nlp.language.reading import Sentence

BY_WORDS = ("partly", "not_taken", "unclear", "taken")
NEAR_MISSES = 3
LEAST_LIKE = 0.02
FAINT = 0.4
RULED_OUT = 0.05
SURE_BY_WORDS = 0.9
SURE_OF_ANSWER = 0.95
_OF_A_STAGE = re.compile(
    r"\bat the [\w-]+ stage\b|\b(?:at|in|of|during) (?:this|that) (?:stage|point|period|phase)\b", re.IGNORECASE
)
# "Up to September, not enough was done" leaves the rest of the time open.
_OF_A_TIME = re.compile(
    r"(?:[^,]{0,12}\b)?(?:up to|until|till|from|after|before|between|since|by|during|in|throughout|once) (?:\w+ ){0,4}?"
    rf"(?:(?:{'|'.join(MONTHS)})\b|\d{{4}}\b"
    r"|the (?:summer|winter|spring|autumn)\b|that (?:point|date|day)\b|then\b)",
    re.IGNORECASE,
)
_ASKED_OF_PRACTICE = re.compile(
    r"\b(?:sufficien|adequa|appropriate|reasonabl|enough|satisf|acceptab|judg|effective|standard|managed|well|steps?\b)",
    re.IGNORECASE,
)
_OF_ALL = re.compile(r"\b(?:whole|overall|throughout|altogether|all together|taken together)\b", re.IGNORECASE)


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
                evidence=(_quote(context, statement),),
                confidence=statement.confidence,
                facts={"scope": statement.scope, "decides": statement in resting_on},
            )
            for statement in statements
        ]
        measures = {
            "verdict": verdict,
            "confidence": round(confidence, 3),
            "reasoned": _reasoned(context, resting_on) if verdict in (*CLEAR, "contradictory") else None,
            "consistent": consistent(verdict, statements),
            "stage_judgements": len({stage_of(statement) for statement in statements if statement.scope == "stage"}),
            "near_misses": () if verdict in CLEAR else _near_misses(context, statements),
        }
        return CheckResult(self.id, tuple(findings), measures)


def _quote(context: CheckContext, statement: Statement) -> Evidence:
    """The sentence that judges, with the question before it where it answers one."""
    quoted = context.quote(statement.sentence, source=statement.source, confidence=statement.confidence)
    if statement.asked is None:
        return quoted
    span = Span(statement.asked.span.start, statement.sentence.span.end)
    return replace(context.document.evidence(span, source=statement.source), confidence=quoted.confidence)


def _statements(context: CheckContext) -> list[Statement]:
    """The sentences that judge: by the model, or by a phrase that says so and that the model does not rule out."""
    ruled = _by_rule(context)
    answering = _answering(context)
    if context.reading.predictions.model == "none":
        return [statement for _, statement in sorted((ruled | answering).items())]
    statements = {
        role.sentence.index: _by_model(context, role)
        for role in with_role(context, "judgement")
        if not is_bare(role.sentence.text) or _is_asked(context, role.sentence)
    }
    chances = context.reading.predictions.of("role:judgement")
    for index, statement in ruled.items():
        if chances[index] >= RULED_OUT:
            known = index in statements and statement.scope == "overall"
            scope = statements[index].scope if known else statement.scope
            sure = max(float(chances[index]), SURE_BY_WORDS)
            statements[index] = replace(statement, scope=scope, confidence=sure)
    statements |= answering
    return [statements[index] for index in sorted(statements) if statements[index].confidence >= FAINT]


def _by_rule(context: CheckContext) -> dict[int, Statement]:
    """By sentence, what a phrase of ``judgement.toml`` says outright; another body's words and doubts do not count."""
    decoys = context.hits.sentences("decoy:judgement").keys() | context.hits.sentences("open:judgement").keys()
    statements: dict[int, Statement] = {}
    for direction in BY_WORDS:
        for index, hit in context.hits.sentences(f"judgement:{direction}").items():
            sentence = context.sentences[index]
            if index in decoys or not sentence.is_prose or not may_have(sentence, "judgement"):
                continue
            halved = direction == "taken" and has_exception(sentence.text)
            found = Statement(sentence, "partly" if halved else direction, _scope(sentence), 1.0, hit.source)
            statements.setdefault(index, found)
    return statements


def _answering(context: CheckContext) -> dict[int, Statement]:
    """By sentence, "Yes" and "No" to the question whether reasonable steps were taken, or in a column that asks it."""
    found = {
        sentence.index: Statement(sentence, direction, "stage", SURE_OF_ANSWER, "rule:judgement.answer")
        for sentence, direction in answering_cells(context.sentences)
    }
    for question, sentence, direction in answers(context.sentences):
        scope = _scope(question)
        found[sentence.index] = Statement(sentence, direction, scope, SURE_OF_ANSWER, "rule:judgement.answer", question)
    return found


def _is_asked(context: CheckContext, sentence: Sentence) -> bool:
    """Whether the column or the question of a bare "Yes" asks how well the case was managed, not for a fact."""
    cell = sentence.block.cell
    before = context.sentences[sentence.index - 1].text if sentence.index else ""
    return bool(_ASKED_OF_PRACTICE.search(cell.header if cell and cell.header else before))


def _scope(sentence: Sentence) -> str:
    text = sentence.text
    limited = _OF_A_STAGE.search(text) or (_OF_A_TIME.match(text) and not _OF_ALL.search(text))
    return "stage" if limited else "overall"


def _by_model(context: CheckContext, role: Role) -> Statement:
    """What the models say of a judging sentence: as sure as that it judges, and judges this way."""
    predictions, row = context.reading.predictions, role.sentence.index
    chances = direction_model(model_folder(context.settings.models)).chances(role.sentence.text, predictions, row)
    direction = max(chances, key=chances.__getitem__)
    if found_no_fault(role.sentence.text):
        direction, chances = "taken", {"taken": SURE_BY_WORDS}
    likelier = predictions.of("scope:stage")[row] > predictions.of("scope:overall")[row]
    scope = "stage" if likelier else _scope(role.sentence)
    return Statement(role.sentence, direction, scope, role.confidence * chances[direction], "model:judgement")


def _reasoned(context: CheckContext, statements: list[Statement]) -> bool:
    """Whether a reason stands in a judging sentence, or a reason or finding within two sentences of it."""
    reasons = {role.sentence.index for role in with_role(context, "explanation")}
    causal = set(context.hits.sentences("grounds:judgement"))
    near = reasons | {
        role.sentence.index for name in ("finding_concern", "finding_strength") for role in with_role(context, name)
    }
    judging = {statement.sentence.index for statement in statements}
    around = {index + offset for index in judging for offset in (-2, -1, 1, 2)}
    return bool(judging & (reasons | causal)) or bool(around & near)


def _near_misses(context: CheckContext, statements: list[Statement]) -> tuple[object, ...]:
    """The sentences nearest to a judgement that are none of the `statements`, best first, for a person to accept."""
    chances = context.reading.predictions.of("role:judgement")
    order = chances.copy()
    sources: dict[int, str] = {}
    for family, weight in (("judgement:", 1.0), ("decoy:judgement", 0.3)):
        for hit in context.hits.family(family):
            order[hit.sentence] += weight
            sources.setdefault(hit.sentence, hit.source)
    order[[statement.sentence.index for statement in statements]] = 0.0
    best = [int(index) for index in np.argsort(-order, kind="stable")[:NEAR_MISSES] if order[index] > LEAST_LIKE]
    if context.reading.predictions.model != "none":
        sources = dict.fromkeys(best, "model:judgement")
    return tuple(
        context.quote(context.sentences[index], source=sources[index], confidence=float(chances[index]))
        for index in best
    )


CHECK = JudgementCheck()
