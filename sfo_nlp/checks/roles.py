"""What each sentence does in the review: tells, finds fault, praises, explains, judges, asks for action.

Two tiers, kept apart: the model's probability where a model is installed, else the cue words of ``roles.toml``
and ``explanation.toml``. A cue word alone is a hint, so it never overrules a model.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sfo_nlp.checks.action_parts import is_action_head, says_what_to_do
from sfo_nlp.checks.base import CheckContext
from sfo_nlp.checks.data import bound, phrases
from sfo_nlp.checks.replies import is_bare
from sfo_nlp.checks.speakers import is_due, of_another, only_asks, only_foresees
from sfo_nlp.document import Evidence
from sfo_nlp.language.reading import Sentence

ROLES = ("event", "finding_concern", "finding_strength", "explanation", "judgement", "action")


class _Patterns(NamedTuple):
    elsewhere: re.Pattern[str]
    found: re.Pattern[str]
    no_fault: re.Pattern[str]
    turns: re.Pattern[str]
    conduct: re.Pattern[str]
    half: re.Pattern[str]
    plain: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Role:
    """That a sentence has a role: how sure, and by which rule or model."""

    sentence: Sentence
    confidence: float
    source: str

    def quote(self, context: CheckContext) -> Evidence:
        """The sentence as evidence for the role."""
        return context.quote(self.sentence, source=self.source, confidence=self.confidence)


def with_role(context: CheckContext, role: str) -> tuple[Role, ...]:
    """The sentences that have `role`, in reading order."""
    return context.once(f"role:{role}", lambda: tuple(_with_role(context, role)))


def _with_role(context: CheckContext, role: str) -> Iterator[Role]:
    predictions = context.reading.predictions
    if predictions.model == "none":
        hits, sure = _cues(context, role), bound("roles", "cue")
        for sentence in context.sentences:
            if sentence.index in hits and sentence.is_prose:
                yield Role(sentence, sure, hits[sentence.index])
        return
    column = predictions.of(f"role:{role}")
    holds = predictions.holds(f"role:{role}")
    named: frozenset[int] = frozenset()
    if role == "finding_concern":
        holds = holds | _omitted(context, column)
        named = _named_in_plans(context)
    for sentence in context.sentences:
        index = sentence.index
        if not (holds[index] or index in named) or not may_have(sentence, role):
            continue
        if holds[index]:
            yield Role(sentence, float(column[index]), f"model:roles.{role}")
        else:
            yield Role(sentence, bound("roles", "named_in_plan"), "rule:roles.named_in_plan")


def plans(context: CheckContext) -> frozenset[int]:
    """The numbers of the tables that have a column of actions."""
    return context.once("plans", lambda: frozenset(_plans(context.sentences)))


def _plans(sentences: Iterable[Sentence]) -> Iterator[int]:
    heads = {(cell.table, cell.header) for sentence in sentences if (cell := sentence.block.cell)}
    return (table for table, head in heads if is_action_head(head))


def _named_in_plans(context: CheckContext) -> frozenset[int]:
    """What stands under "Finding" or "What went wrong" in a table of actions, however short, and is no praise."""
    praised = context.reading.predictions.holds("role:finding_strength")
    tables = plans(context)
    return frozenset(
        one.index
        for one in context.sentences
        if (cell := one.block.cell)
        and cell.table in tables
        and says_what_went_wrong(cell.header)
        and not praised[one.index]
    )


def says_what_went_wrong(header: str) -> bool:
    """Whether a plan's column is headed as what was found."""
    return bool(_patterns().found.search(header))


def _omitted(context: CheckContext, chances: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Where a sentence tells an omission together with its reason, and models half see the shortcoming, (n,)."""
    patterns, predictions, half = _patterns(), context.reading.predictions, bound("roles", "half_seen")
    explains = predictions.of("role:explanation") >= half
    near = (chances >= half) & predictions.holds("role:explanation")
    return np.array(
        [
            bool(
                (near[one.index] and patterns.half.search(one.text))
                or (explains[one.index] and patterns.plain.search(one.text))
            )
            for one in context.sentences
        ],
        np.bool_,
    )


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    """``roles.toml`` as patterns; `half` and `plain` are work and what became of it: "no visit was made"."""
    where, none, words, acts = (phrases("roles", table) for table in ("elsewhere", "no_fault", "omission", "conduct"))
    fault = rf"{none['no']}(?: \w+){{0,2}} {none['faults']}\b"
    subject = rf"\b{words['work']}\b(?: \w+){{0,4}}? {words['became']} (?:\w+ly )?"
    left = rf"(?:{words.any('outcome')}|(?:not|never) (?!{words['no_fault']})\w+ed)"
    opening = rf"^\W*(?:{words['opens']} )?(?:[\w’'-]+ ){{0,4}}?"
    patterns = {
        "elsewhere": rf"\b(?:{where['chapters']}|appendix\b.{{0,30}}\b{where['appendix']})\b"
        rf"|^[\W\d]*{where['alone']}\W*$",
        "found": rf"\b{phrases('roles', 'plan')['found']}\b",
        "no_fault": (
            rf"\b{fault}(?: \w+){{0,6}}? {none['seen']}\b"
            rf"|\b{none['sees_no']}(?: \w+){{0,2}} {none['faults']}\b"
            rf"|\b{none['there_was_no']}(?: \w+){{0,2}} {none['faults']}\b {none['about']}\b"
            rf"|\b{none['was_not']} {none['amiss']}\b"
            rf"|\b{none['denied']}\b.{{0,120}}?\b{none['wrongs']}\b"
            rf"|\b{none['charges']}\b.{{0,160}}?\b{none['fails']}\b"
        ),
        "turns": rf"\b{none['turns']}\b",
        "conduct": (
            rf"^\W*(?:{acts['who']} {acts['omits']} (?:\w+ly )?{acts['acts']}|{acts['alone']})\b"
            rf"(?!.*\b(?:and|but|yet|while|so) {acts['goes_on']}\b)"
        ),
        "half": (
            rf"{subject}{left}\b"
            rf"|\bno (?:\w+ ){{0,2}}{words['work']}\b(?: \w+){{0,3}}? {words['no_work']} (?!{words['no_fault']})"
        ),
        "plain": rf"{opening}{subject}{words['bad']}\b(?! by\b).{{0,30}}\b{words['causes']}\b",
    }
    return _Patterns(**{name: re.compile(pattern, re.IGNORECASE) for name, pattern in patterns.items()})


def may_have(sentence: Sentence, role: str) -> bool:
    """Whether a sentence's words and chapter leave room for a role that the models see in it."""
    text = sentence.text
    if role != "event" and is_elsewhere(sentence):
        return False
    if role == "judgement":
        return not (of_another(text) or only_asks(text) or is_due(text) or only_foresees(text))
    if role == "finding_concern":
        cell = sentence.block.cell
        if finds_none(text) or is_conduct(text) or (cell and says_what_to_do(cell.header)):
            return False
    return not is_bare(text)


def is_elsewhere(sentence: Sentence) -> bool:
    """Whether a sentence stands in a glossary, in quoted guidance or in the story of other cases."""
    return _is_elsewhere(sentence.section)


@lru_cache(maxsize=1024)
def _is_elsewhere(section: str) -> bool:
    # Asked of every sentence, and a chapter has many.
    return bool(_patterns().elsewhere.search(section))


def finds_none(text: str) -> bool:
    """Whether a sentence says that no fault was found, and nothing against it."""
    patterns = _patterns()
    return bool(patterns.no_fault.search(text)) and not patterns.turns.search(text)


def is_conduct(text: str) -> bool:
    """Whether a sentence says what a victim or the person on probation did not do, and nothing of the service."""
    return bool(_patterns().conduct.search(text))


def probabilities(context: CheckContext) -> Mapping[str, npt.NDArray[np.float32]]:
    """For every role, one probability per sentence, (n,). Without a model: the bound `cue` where a cue stands."""
    sure = bound("roles", "cue")
    predictions = context.reading.predictions
    if predictions.model != "none":
        found = {role: predictions.of(f"role:{role}").copy() for role in ROLES}
        for role, column in found.items():
            for index in np.flatnonzero(column >= bound("roles", "looked_at")):
                column[index] *= may_have(context.sentences[index], role)
        return found
    columns = {role: np.zeros(len(context.sentences), np.float32) for role in ROLES}
    for role in ROLES:
        columns[role][list(_cues(context, role))] = sure
    told = np.maximum.reduce([columns[role] for role in ROLES[1:]]) == 0
    prose = np.array([sentence.is_prose for sentence in context.sentences], np.bool_)
    columns["event"][told & prose] = sure
    return columns


def _cues(context: CheckContext, role: str) -> dict[int, str]:
    """Sentence index to the source of the first cue for `role`."""
    if role == "judgement":
        return {hit.sentence: hit.source for hit in reversed(list(context.hits.family("judgement:")))}
    silenced = context.hits.sentences("decoy:explanation") if role == "explanation" else {}
    return {index: hit.source for index, hit in context.hits.sentences(f"cue:{role}").items() if index not in silenced}
