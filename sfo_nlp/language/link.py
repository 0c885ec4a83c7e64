"""Which reason belongs to which failing: from distance, layout, shared words and the model's confidence in both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sfo_nlp.language.pairs import FEATURES, NO_VECTORS, Vectors, pair_features
from sfo_nlp.language.units import Unit

# Without a fitted model: the next sentences of the same passage or row, and little else.
DEFAULT: Mapping[str, float] = {
    "bias": -2.2,
    "after 1": 2.6,
    "after 2": 1.6,
    "after 3": 0.6,
    "before 1": 0.5,
    "far": -2.0,
    "same block": 0.6,
    "same section": 0.6,
    "same row": 2.5,
    "other row": -4.0,
    "between more": -1.0,
    "reason is a failing too": -1.5,
    "words shared": 1.5,
    "same mark": 4.0,
}


class Candidate(NamedTuple):
    """A unit that may take part in a link, by its row, and the probability of its role."""

    row: int
    confidence: float


@dataclass(frozen=True, slots=True)
class LinkModel:
    """A logistic model over `FEATURES`; `threshold` is the probability from which a failing counts as explained."""

    weights: npt.NDArray[np.float32]
    bias: float
    threshold: float

    @classmethod
    def read(cls, data: Mapping[str, float], *, threshold: float) -> "LinkModel":
        """From named weights; unnamed features weigh nothing."""
        weights = np.array([data.get(name, 0.0) for name in FEATURES], np.float32)
        return cls(weights, float(data["bias"]), threshold)


DEFAULT_MODEL = LinkModel.read(DEFAULT, threshold=0.3)


def link(
    units: Sequence[Unit],
    failings: Sequence[Candidate],
    reasons: Sequence[Candidate],
    model: LinkModel = DEFAULT_MODEL,
    *,
    vectors: Vectors = NO_VECTORS,
) -> dict[int, tuple[int, float]]:
    """For each explained failing, by row: the row of its likeliest reason and the probability of the link."""
    pairs, features = pair_features(units, [item.row for item in failings], [item.row for item in reasons], vectors)
    if not pairs:
        return {}
    logits = features @ model.weights + model.bias
    confidence = {item.row: item.confidence for item in reasons}
    best: dict[int, tuple[int, float]] = {}
    for (failing, reason), logit in zip(pairs, logits, strict=True):
        chance = 1.0 if failing == reason else float(1 / (1 + np.exp(-logit)))
        chance *= confidence[reason]
        if chance >= model.threshold and chance > best.get(failing, (0, 0.0))[1]:
            best[failing] = (reason, chance)
    return best
