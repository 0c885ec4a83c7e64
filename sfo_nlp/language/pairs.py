"""What a failing and a reason that may belong together have in common: distance, layout, words, numbers, vectors."""

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sfo_nlp.language.overlap import Matrix, Rows, numbered, overlap
from sfo_nlp.language.units import Unit

Flags = npt.NDArray[np.bool_]
Vectors = npt.NDArray[np.float32]
NO_VECTORS: Vectors = np.zeros((0, 0), np.float32)

NEAR, FAR, KEYED = 12, 400, 3
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
    "same mark",
    "vectors alike",
    "vectors alike, far",
)
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

_MARK = re.compile(r"\(?(?:[a-z]|\d{1,2}(?:\.\d+)*)[).]?", re.I)


def pair_features(
    units: Sequence[Unit], failings: Sequence[int], reasons: Sequence[int], vectors: Vectors = NO_VECTORS
) -> tuple[list[tuple[int, int]], npt.NDArray[np.float32]]:
    """All pairs of a failing and a reason that may belong together, and their features (pairs, features).

    `vectors` (units, d) are sentence vectors of unit length; without them the two features on vectors are zero.
    """
    heading = numbered([unit.heading for unit in units])
    mark = numbered(_marks(units))
    one, other = _pairs(np.array(failings, np.int64), np.array(reasons, np.int64))
    left, right = np.array(failings, np.int64)[one], np.array(reasons, np.int64)[other]
    kept = ~_keyed_elsewhere(heading, mark, left, right)
    one, other, left, right = one[kept], other[kept], left[kept], right[kept]
    distance = right - left
    far = ~((distance >= -2) & (distance <= NEAR))
    between = np.where(far, 2, _between(failings, len(units), left, right))
    looks = _looks(units, {*failings, *reasons})
    shared = _shared_words(units, failings, reasons)[one, other]
    same_mark = (mark[left] >= 0) & (mark[left] == mark[right]) & (heading[left] != heading[right])
    alike = _alike(vectors, failings, reasons)[one, other]
    columns = (
        *_distances(distance),
        *_layout(units, heading, left, right),
        between == 0,
        between == 1,
        between > 1,
        np.isin(right, failings) & (left != right),
        shared,
        shared * far,
        *_signposts(looks, far, left, right),
        same_mark,
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


def _distances(distance: Rows) -> Iterator[Flags]:
    """By how many units the reason stands after the failing, or before it."""
    for low, high in pairwise((-1, *DISTANCES)):
        yield (low < distance) & (distance <= high)
    yield from (distance == -1, distance == -2, distance < -2, distance > NEAR)


def _layout(units: Sequence[Unit], heading: Rows, left: Rows, right: Rows) -> Iterator[Flags]:
    """Whether both stand in one block, under one heading, in one row of a table, or in two rows."""
    block = numbered([unit.block for unit in units])
    row = numbered([unit.row for unit in units])
    in_table = (row[left] >= 0) & (row[right] >= 0)
    yield block[left] == block[right]
    yield heading[left] == heading[right]
    yield in_table & (row[left] == row[right])
    yield in_table & (row[left] != row[right])


def _signposts(looks: Sequence["_Look"], far: Flags, left: Rows, right: Rows) -> Iterator[Flags]:
    """Whether the reason stands in a section of reasons, also from far; how it points back, and to which number."""
    reasons_section = np.array([look.reasons_section for look in looks], np.bool_)[right]
    yield from (reasons_section, reasons_section & far)
    yield np.array([look.points_back for look in looks], np.bool_)[right]
    yield from _pointing(looks, left, right)


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


def _keyed_elsewhere(heading: Rows, mark: Rows, left: Rows, right: Rows) -> Flags:
    """Pairs that a key rules out: reasons that stand under the letters of the failings belong to no other letter's.

    A section is keyed when at least `KEYED` of its letters or numbers are those of failings in one other section.
    """
    marked = (mark[left] >= 0) & (mark[right] >= 0) & (heading[left] != heading[right])
    same = marked & (mark[left] == mark[right])
    shared: dict[tuple[int, int], set[int]] = {}
    for pair in np.flatnonzero(same).tolist():
        shared.setdefault((heading[left[pair]], heading[right[pair]]), set()).add(mark[left[pair]])
    keyed = {sections for sections, marks in shared.items() if len(marks) >= KEYED}
    between = zip(heading[left].tolist(), heading[right].tolist(), strict=True)
    return np.asarray(marked & ~same & np.array([sections in keyed for sections in between], np.bool_), np.bool_)


def _marks(units: Sequence[Unit]) -> list[str | None]:
    """The letter or number that each unit stands under: its own, or the one in a cell of its own in the same row."""
    of_rows = {unit.row: unit.text for unit in units if unit.row and _MARK.fullmatch(unit.text)}
    marks = [unit.marker or (of_rows.get(unit.row, "") if unit.row else "") for unit in units]
    return [_bare(mark) or None for mark in marks]


def _bare(mark: str) -> str:
    """ "(a)" and "a." are "a"; a bullet is nothing."""
    return mark.strip("().-•* ").lower()


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


_NOTHING = _Look(frozenset(), frozenset(), points_back=False, reasons_section=False)


def _looks(units: Sequence[Unit], rows: Container[int]) -> list[_Look]:
    """What each of the `rows` shows; nothing is asked of the other units."""
    return [_look(unit) if row in rows else _NOTHING for row, unit in enumerate(units)]


def _look(unit: Unit) -> _Look:
    named = frozenset(number.lower() for number in _NUMBER.findall(unit.text))
    own = _bare(unit.marker)
    return _Look(
        numbers=named | ({own} if own else frozenset()),
        named=named,
        points_back=bool(_POINTS_BACK.match(unit.text)),
        reasons_section=bool(_SECTION.search(unit.heading) or _SECTION.search(unit.header)),
    )
