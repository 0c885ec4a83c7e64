"""Which reason belongs to which failing: from distance, layout, shared words and the model's confidence in both."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sfo_nlp.language.units import Unit

NEAR, FAR = 12, 400
DISTANCES = (0, 1, 2, 3, 4, 6, 9, NEAR)
FEATURES = (
    *(f"after {distance}" for distance in DISTANCES),
    "before 1",
    "before 2",
    "before further",
    "far",
    "same block",
    "same section",
    "same row",
    "other row",
    "between 0",
    "between 1",
    "between more",
    "reason is a failing too",
    "words shared",
    "words shared, far",
    "reasons section",
    "reasons section, far",
    "opens by pointing back",
    "points to its number",
    "points to another number",
    "vectors alike",
    "vectors alike, far",
)
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
}
_WORD = re.compile(r"[a-z]{4,}")
_SECTION = re.compile(
    r"\b(why|reasons?|explain|explanations?|causes?|causal|contribut|factors?|underl|behind|context)", re.I
)
_POINTS_BACK = re.compile(
    r"^(this|that|it|these|those|because|the (reason|cause|explanation)|he|she|they|why|part of)\b", re.I
)
_NUMBER = re.compile(
    r"\b(?:findings?|points?|issues?|failings?|paragraphs?|paras?|items?|concerns?|box|no\.?|and|,)\s*\(?(\d+(?:\.\d+)*|[a-h]\b)",
    re.I,
)


Vectors = npt.NDArray[np.float32]
NO_VECTORS: Vectors = np.zeros((0, 0), np.float32)


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


def pair_features(
    units: Sequence[Unit], failings: Sequence[int], reasons: Sequence[int], vectors: Vectors = NO_VECTORS
) -> tuple[list[tuple[int, int]], npt.NDArray[np.float32]]:
    """All pairs of a failing and a reason that may belong together, and their features (pairs, features).

    `vectors` (units, d) are sentence vectors of unit length; without them the two features on vectors are zero.
    """
    words = _Words(units)
    looks = [_look(unit) for unit in units]
    centred = vectors - vectors.mean(axis=0) if vectors.size else vectors
    centred = centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6)
    chosen = set(failings)
    pairs: list[tuple[int, int]] = []
    rows: list[list[float]] = []
    for failing in failings:
        for reason in reasons:
            if -FAR < reason - failing < FAR:
                pairs.append((failing, reason))
                alike = float(centred[failing] @ centred[reason]) if centred.size else 0.0
                named = looks[reason].named
                pointing = (bool(named & looks[failing].numbers), bool(named and not named & looks[failing].numbers))
                own = _features(units, failing, reason, chosen, words.shared(failing, reason), looks[reason])
                rows.append([*own, *pointing, alike, alike * _far(failing, reason)])
    return pairs, np.array(rows, np.float32).reshape(len(pairs), len(FEATURES))


def _features(
    units: Sequence[Unit], failing: int, reason: int, failings: set[int], shared: float, look: "_Look"
) -> list[float]:
    one, other = units[failing], units[reason]
    distance = reason - failing
    far = _far(failing, reason)
    between = sum(row in failings for row in range(min(failing, reason) + 1, max(failing, reason))) if not far else 2
    in_table = one.row is not None and other.row is not None
    return [
        *(float(low < distance <= high) for low, high in zip((-1, *DISTANCES), DISTANCES, strict=False)),
        float(distance == -1),
        float(distance == -2),
        float(distance < -2),
        float(distance > NEAR),
        float(one.block == other.block),
        float(one.heading == other.heading),
        float(in_table and one.row == other.row),
        float(in_table and one.row != other.row),
        float(between == 0),
        float(between == 1),
        float(between > 1),
        float(reason in failings and reason != failing),
        shared,
        shared * far,
        float(look.reasons_section),
        float(look.reasons_section and far),
        float(look.points_back),
    ]


def _far(failing: int, reason: int) -> bool:
    return not -2 <= reason - failing <= NEAR


class _Look(NamedTuple):
    """What a unit's own words show: the numbers it carries and names, whether it points back, its kind of section."""

    numbers: frozenset[str]
    named: frozenset[str]
    points_back: bool
    reasons_section: bool


def _look(unit: Unit) -> _Look:
    named = frozenset(number.lower() for number in _NUMBER.findall(unit.text))
    own = unit.marker.strip("().-•*").lower()
    return _Look(
        numbers=named | ({own} if own else frozenset()),
        named=named,
        points_back=bool(_POINTS_BACK.match(unit.text)),
        reasons_section=bool(_SECTION.search(unit.heading) or _SECTION.search(unit.header)),
    )


class _Words:
    """Content words of every unit, weighted by how rare they are in the document."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._sets = [frozenset(word[:6] for word in _WORD.findall(unit.text.lower())) for unit in units]
        self._counts = Counter(word for words in self._sets for word in words)
        self._weights = [self._weight(words) for words in self._sets]

    def shared(self, one: int, other: int) -> float:
        """Weighted share of the smaller unit's words that stand in both, 0 to 1."""
        common = self._sets[one] & self._sets[other]
        return self._weight(common) / min(self._weights[one], self._weights[other]) if common else 0.0

    def _weight(self, words: frozenset[str]) -> float:
        return sum(1 / self._counts[word] for word in words)
