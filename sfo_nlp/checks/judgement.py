"""Does the review itself say whether all reasonable steps were taken to manage the risk of serious harm?

Every sentence that judges is a finding, labelled with its direction and scope; `verdict` weighs them. A hedge never
counts as a clear statement, another body's never as the author's.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from sfo_nlp.checks.base import CheckContext, CheckResult, Finding
from sfo_nlp.checks.data import bound, count, phrases
from sfo_nlp.checks.dates import MONTHS
from sfo_nlp.checks.replies import Answer, answers, is_bare
from sfo_nlp.checks.roles import Role, may_have, with_role
from sfo_nlp.checks.speakers import found_no_fault, has_exception, stance
from sfo_nlp.checks.verdict import CLEAR, Statement, consistent, decide, stage_of
from sfo_nlp.document import Evidence, Span
from sfo_nlp.language.models import direction_model, model_folder
from sfo_nlp.language.reading import Sentence

BY_WORDS = ("partly", "not_taken", "unclear", "taken")


class _Patterns(NamedTuple):
    stage: re.Pattern[str]
    time: re.Pattern[str]
    aspect: re.Pattern[str]
    whole: re.Pattern[str]
    concluding: re.Pattern[str]
    halves: re.Pattern[str]
    denied_after: re.Pattern[str]


class JudgementCheck:
    id = "judgement"
    title = "Reasonable-steps judgement"

    def run(self, context: CheckContext) -> CheckResult:
        """Findings: one per judging sentence. Measures: verdict, confidence, reasoned, near_misses (evidence)."""
        disowned = {index - 1 for index in context.hits.sentences("disowned:judgement")}
        statements = _parted(context, [one for one in _statements(context) if one.sentence.index not in disowned])
        verdict, confidence, resting_on = decide(statements)
        statements = [] if verdict == "absent" else statements
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
    answered = {answer.sentence.index: answer for answer in answers(context.sentences)}
    answering = {index: _answering(answer) for index, answer in answered.items() if answer.direction}
    if context.reading.predictions.model == "none":
        return [statement for _, statement in sorted((ruled | answering).items())]
    statements = {
        role.sentence.index: _by_model(context, role)
        for role in with_role(context, "judgement")
        if not is_bare(role.sentence.text) or role.sentence.index in answered
    }
    chances = context.reading.predictions.of("role:judgement")
    for index, statement in ruled.items():
        if chances[index] >= bound("judgement", "ruled_out"):
            known = index in statements and statement.scope == "overall"
            scope = statements[index].scope if known else statement.scope
            sure = max(float(chances[index]), bound("judgement", "sure_by_words"))
            statements[index] = replace(statement, scope=scope, confidence=sure)
    statements |= answering
    statements |= _concluding(statements, ruled)
    faint = bound("judgement", "faint")
    return [statements[index] for index in sorted(statements) if statements[index].confidence >= faint]


def _concluding(statements: Mapping[int, Statement], ruled: Mapping[int, Statement]) -> dict[int, Statement]:
    """The only clear judgement of a review, under its conclusion or no heading, is of the case where its words are."""
    clear = [index for index, statement in statements.items() if statement.direction in CLEAR]
    if len(clear) != 1 or clear[0] not in ruled:
        return {}
    only = statements[clear[0]]
    concludes = not only.sentence.section or _patterns().concluding.search(only.sentence.section)
    return {clear[0]: replace(only, scope=ruled[clear[0]].scope)} if concludes else {}


def _parted(context: CheckContext, statements: list[Statement]) -> list[Statement]:
    """`statements`, those that a turn ("of Rhys I cannot say the same") sets against each other as of one part each."""
    reach, whole = count("judgement", "turned_within"), _patterns().whole
    parts: set[int] = set()
    for turn in context.hits.sentences("turn:judgement"):
        section = context.sentences[turn].section
        beside = [one for one in statements if abs(one.sentence.index - turn) <= reach]
        sides = [one for one in beside if one.sentence.section == section and not whole.search(one.sentence.text)]
        if {"taken", "not_taken"} <= {one.direction for one in sides}:
            parts |= {one.sentence.index for one in sides}
    return [replace(one, scope="stage") if one.sentence.index in parts else one for one in statements]


def _by_rule(context: CheckContext) -> dict[int, Statement]:
    """By sentence, what a phrase of ``judgement.toml`` says outright; another body's words and doubts do not count."""
    decoys = context.hits.sentences("decoy:judgement").keys() | context.hits.sentences("open:judgement").keys()
    statements: dict[int, Statement] = {}
    for direction in BY_WORDS:
        for index, hit in context.hits.sentences(f"judgement:{direction}").items():
            sentence = context.sentences[index]
            if index in decoys or not sentence.is_prose or not may_have(sentence, "judgement"):
                continue
            way = _way(sentence.text, direction, *(place - sentence.span.start for place in hit.span))
            if way:
                statements.setdefault(index, Statement(sentence, way, _scope(sentence), 1.0, hit.source))
    return statements


def _way(text: str, direction: str, start: int, end: int) -> str | None:
    """Which way a sentence goes whose words from `start` to `end` go in `direction`; None where that is left open."""
    held = stance(text, start, end)
    if held == "denied" and direction == "taken":
        return "not_taken"
    if held != "own":
        return None
    denied = _patterns().denied_after.search(text, end)
    return "partly" if direction == "taken" and (denied or has_exception(text) or is_halved(text)) else direction


def _answering(answer: Answer) -> Statement:
    """What "Yes" or "No" says where it was asked whether practice was good enough; in a column, of one stage."""
    scope = _scope(answer.question) if answer.question else "stage"
    sure = bound("judgement", "sure_of_answer")
    return Statement(answer.sentence, answer.direction or "", scope, sure, "rule:judgement.answer", answer.question)


def is_halved(text: str) -> bool:
    """Whether a judging sentence says in so many words that one part was done and another was not."""
    return bool(_patterns().halves.search(text))


def _scope(sentence: Sentence) -> str:
    text, patterns = sentence.text, _patterns()
    limited = patterns.time.match(text) or patterns.aspect.match(text)
    return "stage" if patterns.stage.search(text) or (limited and not patterns.whole.search(text)) else "overall"


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    words, half = phrases("judgement", "scope"), phrases("judgement", "halves")
    months = rf"(?:{'|'.join(MONTHS)})\b|\d{{4}}\b"
    patterns = (
        rf"\bat the [\w-]+ stage\b|\b{words['stages']}\b",
        rf"(?:[^,]{{0,12}}\b)?{words['limits']} (?:\w+ ){{0,4}}?(?:{months}|{words['times']}\b)",
        rf"{words['aspects']} (?!(?:\w+ ){{0,5}}?{words['matters']}\b)",
        rf"\b{words['whole']}\b",
        rf"\b{words['concluding']}\b",
        rf"\b{half['some']}\b.{{0,160}}?\b{half['joins']},? (?:\w+ ){{0,4}}?{half['rest']}\b"
        rf".{{0,60}}?(?:\b{half['undone']}\b|n[’']t\b)"
        rf"|\b{half['some']}\b.{{0,160}}?\b{half['joins']},? (?:\w+ )?{half['undone']} {half['rest']}\b"
        rf"|\b{half['only']}\b|\W*{half['opens']}\b"
        rf"|\b(?P<did>{half['after_all']})\b(?! not).{{10,160}}?\b{half['joins']}\b[^.;]{{0,90}}?"
        rf"\b(?P=did)(?: not|n[’']t)\W*$"
        rf"|\b(?P<how>\w{{2,}}(?:ly|ed))\b.{{3,140}}?\b{half['joins']}\b[^.;]{{0,80}}?"
        rf"(?:\b{half['denied']}|n[’']t)[ -]?(?:\w+ly )?(?:\w+ )?(?P=how)\b",
        rf"[;,:–—] ?(?:{half['joins']} )?[^.;]{{0,70}}?\b{half['after_all']}(?: not|n[’']t)(?: so| the case)?\W*$",
    )
    return _Patterns(*(re.compile(pattern, re.IGNORECASE) for pattern in patterns))


def _by_model(context: CheckContext, role: Role) -> Statement:
    """What the models say of a judging sentence: as sure as that it judges, and judges this way."""
    predictions, row = context.reading.predictions, role.sentence.index
    chances = direction_model(model_folder(context.settings.models)).chances(role.sentence.text, predictions, row)
    direction = max(chances, key=chances.__getitem__)
    by_words = "taken" if found_no_fault(role.sentence.text) else "partly" if is_halved(role.sentence.text) else None
    if by_words and direction != "unclear":
        sure = max(chances[by_words], bound("judgement", "sure_by_words"))
        direction, chances = by_words, {by_words: sure}
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
    reach = count("judgement", "grounds_within")
    around = {index + offset for index in judging for offset in range(-reach, reach + 1) if offset}
    return bool(judging & (reasons | causal)) or bool(around & near)


def _near_misses(context: CheckContext, statements: list[Statement]) -> tuple[object, ...]:
    """The sentences nearest to a judgement that are none of the `statements`, best first, for a person to accept."""
    chances = context.reading.predictions.of("role:judgement")
    order = chances.copy()
    sources: dict[int, str] = {}
    for family, weight in (("judgement:", 1.0), ("decoy:judgement", bound("judgement", "decoy"))):
        for hit in context.hits.family(family):
            order[hit.sentence] += weight
            sources.setdefault(hit.sentence, hit.source)
    order[[statement.sentence.index for statement in statements]] = 0.0
    nearest = np.argsort(-order, kind="stable")[: count("judgement", "near_misses")].tolist()
    best = [index for index in nearest if order[index] > bound("judgement", "least_like")]
    if context.reading.predictions.model != "none":
        sources = dict.fromkeys(best, "model:judgement")
    return tuple(
        context.quote(context.sentences[index], source=sources[index], confidence=float(chances[index]))
        for index in best
    )


CHECK = JudgementCheck()
