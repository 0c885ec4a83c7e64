"""Which reason belongs to which failing: from distance, layout, shared words and the model's confidence in both."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sfo_nlp.language.overlap import Matrix, Rows, numbered, overlap
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


Flags = npt.NDArray[np.bool_]
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
    one, other = _pairs(np.array(failings, np.int64), np.array(reasons, np.int64))
    left, right = np.array(failings, np.int64)[one], np.array(reasons, np.int64)[other]
    distance = right - left
    far = ~((distance >= -2) & (distance <= NEAR))
    block = numbered([unit.block for unit in units])
    heading = numbered([unit.heading for unit in units])
    row = numbered([unit.row for unit in units])
    in_table = (row[left] >= 0) & (row[right] >= 0)
    between = np.where(far, 2, _between(failings, len(units), left, right))
    looks = [_look(unit) for unit in units]
    reasons_section = np.array([look.reasons_section for look in looks], np.bool_)[right]
    shared = _shared_words(units, failings, reasons)[one, other]
    points, points_elsewhere = _pointing(looks, left, right)
    alike = _alike(vectors, failings, reasons)[one, other]
    columns = (
        *((low < distance) & (distance <= high) for low, high in pairwise((-1, *DISTANCES))),
        distance == -1,
        distance == -2,
        distance < -2,
        distance > NEAR,
        block[left] == block[right],
        heading[left] == heading[right],
        in_table & (row[left] == row[right]),
        in_table & (row[left] != row[right]),
        between == 0,
        between == 1,
        between > 1,
        np.isin(right, failings) & (left != right),
        shared,
        shared * far,
        reasons_section,
        reasons_section & far,
        np.array([look.points_back for look in looks], np.bool_)[right],
        points,
        points_elsewhere,
        alike,
        alike * far,
    )
    return list(zip(left.tolist(), right.tolist(), strict=True)), np.stack(columns, axis=1).astype(np.float32)


def _pairs(failings: Rows, reasons: Rows) -> tuple[Rows, Rows]:
    """Which failing and which reason, by their places in the two lists, stand less than `FAR` units apart."""
    order = np.argsort(reasons, kind="stable")
    ranked = reasons[order]
    starts = np.searchsorted(ranked, failings - FAR, side="right")
    ends = np.searchsorted(ranked, failings + FAR, side="left")
    near = [np.sort(order[start:end]) for start, end in zip(starts, ends, strict=True)]
    return np.repeat(np.arange(len(failings)), ends - starts), np.concatenate([*near, np.zeros(0, np.int64)])


def _between(failings: Sequence[int], count: int, left: Rows, right: Rows) -> Rows:
    """How many failings stand strictly between the two units of each pair."""
    marks = np.zeros(count + 1, np.int64)
    marks[list(failings)] = 1
    before = np.concatenate([[0], np.cumsum(marks)])
    low, high = np.minimum(left, right), np.maximum(left, right)
    return np.asarray(before[high] - before[np.minimum(low + 1, high)])


def _shared_words(units: Sequence[Unit], failings: Sequence[int], reasons: Sequence[int]) -> Matrix:
    """Weighted share of the smaller unit's words that stand in both, 0 to 1; rare words of the document weigh more."""
    sets = [frozenset(word[:6] for word in _WORD.findall(unit.text.lower())) for unit in units]
    weights = {word: 1 / count for word, count in Counter(word for words in sets for word in words).items()}
    common = overlap([sets[row] for row in failings], [sets[row] for row in reasons], weights)
    sizes = np.array([sum(weights[word] for word in words) or 1.0 for words in sets], np.float32)
    return np.asarray(common / np.minimum.outer(sizes[list(failings)], sizes[list(reasons)]))


def _pointing(looks: Sequence["_Look"], left: Rows, right: Rows) -> tuple[Flags, Flags]:
    """Whether each reason names a number that its failing carries, and whether it names others only."""
    here, elsewhere = np.zeros(len(left), np.bool_), np.zeros(len(left), np.bool_)
    naming = np.array([bool(look.named) for look in looks], np.bool_)
    for pair in np.flatnonzero(naming[right]).tolist():
        here[pair] = bool(looks[right[pair]].named & looks[left[pair]].numbers)
        elsewhere[pair] = not here[pair]
    return here, elsewhere


def _alike(vectors: Vectors, failings: Sequence[int], reasons: Sequence[int]) -> Matrix:
    """Cosines (failings, reasons) of the sentence vectors about their mean; zeros without vectors."""
    if not vectors.size:
        return np.zeros((len(failings), len(reasons)), np.float32)
    centred = vectors - vectors.mean(axis=0)
    centred = centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6)
    return np.asarray(centred[list(failings)] @ centred[list(reasons)].T)


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
