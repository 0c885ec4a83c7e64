"""The risk of serious harm: which inaccuracies the review finds in its assessment, and which reasons it gives for them.

Kinds and reasons are those of the published list, so that a year's reviews can be counted. A level that the review
calls right beside facts that speak against it is handed to a person: the program does not know the right level.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from sfo_nlp.checks.base import CheckContext, CheckResult, Finding
from sfo_nlp.checks.data import bound, count
from sfo_nlp.checks.roles import Role, with_role
from sfo_nlp.checks.themes import theme_chances, theme_weights
from sfo_nlp.language.reading import Sentence

WRONG = frozenset(("level_wrong", "group_wrong", "inaccurate_otherwise"))
LEVEL, OTHERWISE = "level_wrong", "inaccurate_otherwise"
_TOPICS = ("topic:rosh_inaccurate", "topic:risk_not_reviewed")


class RoshCheck:
    id = "rosh"
    title = "Risk of serious harm"

    def run(self, context: CheckContext) -> CheckResult:
        """Findings: ``inaccuracy`` per kind, ``reason`` per reason, ``accepted`` where a level is called right.

        Measures: kinds and reasons (counts), verdict: inaccurate, accurate, refer or not_said.
        """
        faults = {role.sentence.index: role for role in with_role(context, "finding_concern")}
        kinds = _kinds(context, faults)
        reasons = _reasons(context, faults, {index for places in kinds.values() for index in places})
        accepted = _accepted(context, faults)
        doubted = {
            index: facts
            for index in accepted
            if len(facts := _facts_against(context, index)) >= count("rosh", "fewest_facts")
        }
        findings = (
            *_named("inaccuracy", "kind", kinds, context),
            *_named("reason", "reason", reasons, context),
            *(_accepting(context, index, source, doubted.get(index, ())) for index, source in accepted.items()),
        )
        measures = {
            "kinds": {kind: len(places) for kind, places in kinds.items()},
            "reasons": {reason: len(places) for reason, places in reasons.items()},
            "accepted_against_facts": len(doubted),
            "verdict": _verdict(kinds, accepted=bool(accepted), doubted=bool(doubted)),
        }
        return CheckResult(self.id, findings, measures)


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    """``rosh.toml``: the kinds and reasons with their words for people, and the themes that stand for some."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def names(of: str) -> Mapping[str, str]:
    """The ``kinds`` of inaccuracy or the ``reasons`` for it, by id, with their names for people."""
    found: Mapping[str, str] = _data()["names"][of]
    return found


def _verdict(kinds: Iterable[str], *, accepted: bool, doubted: bool) -> str:
    """Refer where a level is called right beside facts against it, or called right here and wrong there."""
    if doubted or (accepted and set(kinds) & WRONG):
        return "refer"
    if kinds:
        return "inaccurate"
    return "accurate" if accepted else "not_said"


def _kinds(context: CheckContext, faults: Mapping[int, Role]) -> dict[str, dict[int, str]]:
    """Sentences that find an inaccuracy, with the source of each, by kind: its words in a fault, or its theme."""
    about = {hit.sentence for label in ("stage:assessment", "stage:reviewing") for hit in context.hits.of(label)}
    about |= {hit.sentence for label in _TOPICS for hit in context.hits.of(label)}
    kinds: dict[str, dict[int, str]] = {}
    raised = _themed(context, OTHERWISE, bar=0.0).keys()
    grouped = context.hits.sentences("rosh_raised:group_wrong").keys()
    for kind in names("kinds"):
        loose = {i: hit.source for i, hit in context.hits.sentences(f"rosh_raised:{kind}").items() if i in raised}
        plain = context.hits.sentences(f"rosh:{kind}").items()
        places = loose | {i: hit.source for i, hit in plain if i in faults and _on(about, context, i)}
        if kind == LEVEL:  # a level that is said of a group is the group's
            places = {index: source for index, source in places.items() if index not in grouped}
        themed = _themed(context, kind)
        if kind == OTHERWISE:
            said = {index for other in kinds.values() for index in other}
            themed = {index: source for index, source in themed.items() if index not in said}
        places = {**themed, **places}
        if places:
            kinds[kind] = dict(sorted(places.items()))
    return kinds


def _on(about: set[int], context: CheckContext, index: int) -> bool:
    """Whether a sentence is about the assessment: by its own words or those of the sentence before it in its block."""
    before = context.sentences[index - 1] if index else None
    same = before is not None and before.block.number == context.sentences[index].block.number
    return index in about or (same and index - 1 in about)


def _reasons(context: CheckContext, faults: Mapping[int, Role], kinds: set[int]) -> dict[str, dict[int, str]]:
    """Sentences that give one of the reasons, and the source of each, near an inaccuracy."""
    explaining = {role.sentence.index for role in with_role(context, "explanation")} | set(faults)
    reasons: dict[str, dict[int, str]] = {}
    for reason in names("reasons"):
        hits = context.hits.sentences(f"rosh_reason:{reason}")
        places = {**_themed(context, reason), **{index: hit.source for index, hit in hits.items()}}
        near = {
            index: places[index]
            for index in sorted(places)
            if index in explaining and any(_near(context, index, kind) for kind in kinds)
        }
        if near:
            reasons[reason] = near
    return reasons


def _themed(context: CheckContext, name: str, *, bar: float | None = None) -> dict[int, str]:
    """Sentences that raise, as a concern, a theme that stands for the kind or reason, with a chance of `bar` or more.

    None is less sure than the themes check asks: words of a kind in a sentence that this finds say enough.
    """
    found: dict[int, str] = {}
    for theme in _data()["themes"].get(name, ()):
        if context.reading.predictions.model == "none":
            found |= {index: hit.source for index, hit in context.hits.sentences(f"theme:{theme}:concern").items()}
            continue
        found |= dict.fromkeys(_likely(context, theme, "concern", bar), f"model:theme.{theme}.concern")
    return found


def _likely(context: CheckContext, theme: str, polarity: str, bar: float | None = None) -> list[int]:
    """Sentences that raise a theme with this polarity with a chance of `bar`, else `likely`; none without a model."""
    if context.reading.predictions.model == "none":
        return []
    fitted = theme_weights(context)
    chances, _ = theme_chances(context, theme, polarity, fitted)
    least = max(fitted["bar"], bound("rosh", "likely") if bar is None else bar)
    rows: list[int] = np.flatnonzero(chances >= least).tolist()
    return rows


def _near(context: CheckContext, index: int, kind: int) -> bool:
    one, other = context.sentences[index], context.sentences[kind]
    if one.block.cell and other.block.cell:
        return one.block.cell[:2] == other.block.cell[:2]
    return -1 <= index - kind <= count("rosh", "reach") and one.section == other.section


def _accepted(context: CheckContext, faults: Mapping[int, Role]) -> dict[int, str]:
    """Sentences in which the author calls the level right, in order, and the source of each."""
    praising = {role.sentence.index for role in with_role(context, "finding_strength")}
    praising |= {role.sentence.index for role in with_role(context, "judgement")}
    levels = {hit.sentence for hit in context.hits.of("stage:assessment")}
    ruled = context.reading.predictions.model == "none"
    found = dict.fromkeys(_likely(context, "rosh_inaccurate", "strength"), "model:theme.rosh_inaccurate.strength")
    for index, hit in context.hits.sentences("rosh:accepted").items():
        if index in levels and (ruled or index in praising):
            found[index] = hit.source
    return {index: found[index] for index in sorted(found) if index not in faults}


def _facts_against(context: CheckContext, index: int) -> tuple[Sentence, ...]:
    """Facts that raise risk near a level called right: in its section, or within a few sentences."""
    here = context.sentences[index]
    return tuple(
        context.sentences[other]
        for other in sorted(context.hits.sentences("rosh:fact_against"))
        if other != index
        and abs(other - index) <= count("rosh", "facts_near")
        and context.sentences[other].section == here.section
    )


def _accepting(context: CheckContext, index: int, source: str, facts: tuple[Sentence, ...]) -> Finding:
    sentence = context.sentences[index]
    evidence = [context.quote(sentence, source=source, confidence=bound("rosh", "accepted"))]
    evidence += [
        context.quote(fact, source="rule:rosh.fact_against", confidence=bound("rosh", "fact_against"))
        for fact in facts[: count("rosh", "shown")]
    ]
    kind = "accepted_against_facts" if facts else None
    return Finding("rosh", "accepted", tuple(evidence), bound("rosh", "accepted"), {"kind": kind, "facts": len(facts)})


def _named(label: str, fact: str, places: Mapping[str, Mapping[int, str]], context: CheckContext) -> Iterator[Finding]:
    """One finding per kind or reason, with its passages."""
    sure = bound("rosh", "sure")
    for name, sources in places.items():
        evidence = tuple(
            context.quote(context.sentences[index], source=source, confidence=sure) for index, source in sources.items()
        )
        facts = {fact: name, "label": names(f"{fact}s")[name], "passages": len(sources)}
        yield Finding("rosh", label, evidence, sure, facts)


CHECK = RoshCheck()
