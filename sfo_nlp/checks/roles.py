"""What each sentence does in the review: tells, finds fault, praises, explains, judges, asks for action.

Two tiers, kept apart: the model's probability where a model is installed, else the cue words of ``roles.toml``
and ``explanation.toml``. A cue word alone is a hint, so it never overrules a model.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sfo_nlp.checks.base import CheckContext
from sfo_nlp.document import Evidence
from sfo_nlp.language.reading import Sentence

ROLES = ("event", "finding_concern", "finding_strength", "explanation", "judgement", "action")
CUE_CONFIDENCE = 0.6
BARE = frozenset(
    ("yes", "no", "none", "n/a", "na", "partly", "in part", "partially", "not applicable", "met", "not met", "tbc")
)


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
    return [
        Role(context.sentences[index], float(column[index]), f"model:roles.{role}")
        for index in np.flatnonzero(holds)
        if role == "judgement" or not is_bare(context.sentences[index].text)
    ]


def is_bare(text: str) -> bool:
    """Whether a cell or line is a bare answer ("Yes", "Not met"): it may judge, but shows no practice by itself."""
    return text.strip(" .:;–-").lower() in BARE


def probabilities(context: CheckContext) -> Mapping[str, npt.NDArray[np.float32]]:
    """For every role, one probability per sentence, (n,). Without a model: `CUE_CONFIDENCE` where a cue stands."""
    predictions = context.reading.predictions
    if predictions.model != "none":
        return {role: predictions.of(f"role:{role}") for role in ROLES}
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
