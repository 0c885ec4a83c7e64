"""What passages have in common, for all pairs of two groups at once."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.float32]


def overlap(
    one: Sequence[Collection[str]], other: Sequence[Collection[str]], weights: Mapping[str, float] | None = None
) -> Matrix:
    """The summed `weights` (1 each without) of the words in common, (len(one), len(other))."""
    places: dict[str, list[int]] = defaultdict(list)
    for column, words in enumerate(other):
        for word in words:
            places[word].append(column)
    columns = {word: np.array(found, np.int64) for word, found in places.items()}
    shared = np.zeros((len(one), len(other)), np.float32)
    for row, words in enumerate(one):
        for word in words:
            if word in columns:
                shared[row, columns[word]] += 1.0 if weights is None else weights[word]
    return shared


def numbered(keys: Sequence[Hashable]) -> Rows:
    """A number for every key, the same for equal ones; -1 for None."""
    numbers: dict[Hashable, int] = {None: -1}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64)
