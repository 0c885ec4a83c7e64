"""What each sentence does in the review: tells, finds fault, praises, explains, judges, asks for action.

Two tiers, kept apart: the model's probability where a model is installed, else the cue words of ``roles.toml``
and ``explanation.toml``. A cue word alone is a hint, so it never overrules a model.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sfo_nlp.checks.base import CheckContext
from sfo_nlp.checks.speakers import is_due, of_another, only_asks, only_foresees
from sfo_nlp.document import Evidence
from sfo_nlp.language.reading import Sentence

ROLES = ("event", "finding_concern", "finding_strength", "explanation", "judgement", "action")
CUE_CONFIDENCE = 0.6
NEARLY = 0.3
BARE = frozenset(
    (
        "yes|no|y|n|none|n/a|na|partly|in part|partially|not applicable|met|not met|tbc|no comment|no evidence"
        "|not established|none needed|unknown|not known"
    ).split("|")
)
# Chapters that hold no view on this case: what words mean, what guidance says, how other cases went.
_ELSEWHERE = re.compile(
    r"\b(?:glossary|abbreviations|acronyms|definitions|terms of reference|other cases?|case examples?|worked examples?"
    r"|examples? of (?:good|poor|other)|(?:extracts?|excerpts?) (?:from|of)|relevant (?:policy|guidance|legislation)"
    r"|(?:policy|guidance|practice|operational|national) (?:framework|guidance|extracts?)"
    r"|appendix\b.{0,30}\b(?:policy|guidance|framework|glossary|terms|instruction))\b",
    re.IGNORECASE,
)
# "No failings were found" and "there was no delay" find no fault.
_FAULT = (
    r"(?:failures?|failings?|concerns?|deficienc(?:y|ies)|shortcomings?|gaps?|omissions?|weakness(?:es)?|faults?|errors?"
    r"|missed opportunit(?:y|ies)|delays?|issues?)"
)
_NO_FAULT = re.compile(
    rf"\b(?:no|not any|nor any|without any)(?: \w+){{0,2}} {_FAULT}\b(?: \w+){{0,6}}? (?:found|identified|noted|seen"
    rf"|evident|apparent|observed)\b"
    rf"|\b(?:found|find|finds|identified|identify|saw|see) no(?: \w+){{0,2}} {_FAULT}\b"
    rf"|\bthere (?:was|were|is|are|has been|have been) no(?: \w+){{0,2}} {_FAULT}\b (?:in|to|of|with|about|on|over)\b"
    rf"|\b(?:was|were) not (?:inaccurate|inadequate|insufficient|deficient|unreasonable|inappropriate)\b",
    re.IGNORECASE,
)
_OPENING = r"(?:(?:the|a|an|this|that|his|her|their|our) )?(?:[\w’'-]+ ){0,4}?"
_TURNS = re.compile(r"\b(?:but|however|although|though|except|apart from|other than|yet|nevertheless)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Role:
    """That a sentence has a role: how sure, and by which rule or model."""

    sentence: Sentence
    confidence: float
    source: str

    def quote(self, context: CheckContext) -> Evidence:
        """The sentence as evidence for the role."""
        return context.quote(self.sentence, source=self.source, confidence=self.confidence)


def with_role(context: CheckContext, role: str) -> list[Role]:
    """The sentences that have `role`, in reading order."""
    predictions = context.reading.predictions
    if predictions.model == "none":
        hits = _cues(context, role)
        return [
            Role(sentence, CUE_CONFIDENCE, hits[sentence.index])
            for sentence in context.sentences
            if sentence.index in hits and sentence.is_prose
        ]
    column = predictions.of(f"role:{role}")
    holds = predictions.holds(f"role:{role}")
    if role == "finding_concern":
        holds = holds | _omitted(context, column)
    return [
        Role(context.sentences[index], float(column[index]), f"model:roles.{role}")
        for index in np.flatnonzero(holds)
        if may_have(context.sentences[index], role)
    ]


def _omitted(context: CheckContext, chances: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Where a sentence tells an omission together with its reason, and models half see the shortcoming, (n,)."""
    half, plain = _omission()
    explains = context.reading.predictions.of("role:explanation") >= NEARLY
    near = (chances >= NEARLY) & context.reading.predictions.holds("role:explanation")
    return np.array(
        [
            bool((near[one.index] and half.search(one.text)) or (explains[one.index] and plain.search(one.text)))
            for one in context.sentences
        ],
        np.bool_,
    )


@lru_cache(maxsize=1)
def _omission() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Work and what became of it, by ``roles.toml``: "no visit was made", and with a cause "was late because"."""
    words = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["omission"]
    work, outcome, fine, bad, causes = (
        "|".join(words[name]) for name in ("work", "outcome", "no_fault", "bad", "causes")
    )
    left = rf"(?:{outcome}|(?:not|never) (?!{fine})\w+ed)"
    subject = rf"\b(?:{work})\b(?: \w+){{0,4}}? (?:was|were|had been|has been|have been) (?:\w+ly )?"
    half = re.compile(
        rf"{subject}{left}\b"
        rf"|\bno (?:\w+ ){{0,2}}(?:{work})\b(?: \w+){{0,3}}? (?:was|were|took|had been) (?!{fine})",
        re.IGNORECASE,
    )
    plain = re.compile(rf"^\W*{_OPENING}{subject}(?:{bad})\b(?! by\b).{{0,30}}\b(?:{causes})\b", re.IGNORECASE)
    return half, plain


def may_have(sentence: Sentence, role: str) -> bool:
    """Whether a sentence's words and chapter leave room for a role that the models see in it."""
    text = sentence.text
    if role != "event" and is_elsewhere(sentence):
        return False
    if role == "judgement":
        return not (of_another(text) or only_asks(text) or is_due(text) or only_foresees(text))
    return not is_bare(text) and not (role == "finding_concern" and finds_none(text))


def is_elsewhere(sentence: Sentence) -> bool:
    """Whether a sentence stands in a glossary, in quoted guidance or in the story of other cases."""
    return _is_elsewhere(sentence.section)


@lru_cache(maxsize=1024)
def _is_elsewhere(section: str) -> bool:
    # Asked of every sentence, and a chapter has many.
    return bool(_ELSEWHERE.search(section))


def finds_none(text: str) -> bool:
    """Whether a sentence says that no fault was found, and nothing against it."""
    return bool(_NO_FAULT.search(text)) and not _TURNS.search(text)


def is_bare(text: str) -> bool:
    """Whether a cell or line is a bare answer ("Yes", "Not met"): it may judge, but shows no practice by itself."""
    return text.strip(" .:;–-").lower() in BARE


def probabilities(context: CheckContext) -> Mapping[str, npt.NDArray[np.float32]]:
    """For every role, one probability per sentence, (n,). Without a model: `CUE_CONFIDENCE` where a cue stands."""
    predictions = context.reading.predictions
    if predictions.model != "none":
        found = {role: predictions.of(f"role:{role}").copy() for role in ROLES}
        for role, column in found.items():
            for index in np.flatnonzero(column >= CUE_CONFIDENCE / 2):
                column[index] *= may_have(context.sentences[index], role)
        return found
    columns = {role: np.zeros(len(context.sentences), np.float32) for role in ROLES}
    for role in ROLES:
        columns[role][list(_cues(context, role))] = CUE_CONFIDENCE
    told = np.maximum.reduce([columns[role] for role in ROLES[1:]]) == 0
    prose = np.array([sentence.is_prose for sentence in context.sentences], np.bool_)
    columns["event"][told & prose] = CUE_CONFIDENCE
    return columns


def _cues(context: CheckContext, role: str) -> dict[int, str]:
    """Sentence index to the source of the first cue for `role`."""
    if role == "judgement":
        return {hit.sentence: hit.source for hit in context.hits.family("judgement:")}
    silenced = context.hits.sentences("decoy:explanation") if role == "explanation" else {}
    return {index: hit.source for index, hit in context.hits.sentences(f"cue:{role}").items() if index not in silenced}
