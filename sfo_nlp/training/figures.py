"""Figures with intervals: precision, recall, F1, calibration, each resampled by review."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

RESAMPLES = 1000
Counts = npt.NDArray[np.float64]


class Figure(NamedTuple):
    """A value between 0 and 1 with its 95 % bootstrap interval; `support` counts the true cases."""

    value: float
    low: float
    high: float
    support: int

    def to_dict(self) -> dict[str, float]:
        """Rounded, for a card."""
        return {
            "value": round(self.value, 3),
            "low": round(self.low, 3),
            "high": round(self.high, 3),
            "n": self.support,
        }

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


def counts(wanted: npt.NDArray[np.bool_], given: npt.NDArray[np.bool_]) -> Counts:
    """True positives, false positives, false negatives."""
    return np.array([(wanted & given).sum(), (~wanted & given).sum(), (wanted & ~given).sum()], np.float64)


def f1(totals: Counts) -> float:
    """Harmonic mean of precision and recall; 0 where nothing was right."""
    hit, wrong, missed = totals
    return float(2 * hit / (2 * hit + wrong + missed)) if hit else 0.0


def precision(totals: Counts) -> float:
    return float(totals[0] / (totals[0] + totals[1])) if totals[0] else 0.0


def recall(totals: Counts) -> float:
    return float(totals[0] / (totals[0] + totals[2])) if totals[0] else 0.0


def share(totals: Counts) -> float:
    """Right over all, where the counts are (right, all)."""
    return float(totals[0] / totals[1]) if totals[1] else 0.0


def interval(rows: Sequence[Counts], measure: Callable[[Counts], float], *, support: int, seed: int = 0) -> Figure:
    """`measure` of the summed `rows` (one per review) with a percentile bootstrap over the reviews."""
    matrix = np.array(rows, np.float64)
    value = measure(matrix.sum(axis=0))
    chance = np.random.default_rng(seed)
    picks = chance.integers(0, len(matrix), (RESAMPLES, len(matrix)))
    values = [measure(total) for total in matrix[picks].sum(axis=1)]
    low, high = np.percentile(values, (2.5, 97.5))
    return Figure(value, float(low), float(high), support)


def reliability(
    wanted: npt.NDArray[np.bool_], chances: npt.NDArray[np.float32], *, bins: int = 10
) -> list[dict[str, float]]:
    """The reliability curve: per bin of probability, the mean prediction, the observed share and the count."""
    edges = np.minimum((chances * bins).astype(int), bins - 1)
    return [
        {
            "predicted": round(float(chances[edges == number].mean()), 3),
            "observed": round(float(wanted[edges == number].mean()), 3),
            "n": int((edges == number).sum()),
        }
        for number in range(bins)
        if (edges == number).any()
    ]


def brier(wanted: npt.NDArray[np.bool_], chances: npt.NDArray[np.float32]) -> float:
    """Mean squared distance of probability and truth (Brier 1950)."""
    return float(((chances - wanted) ** 2).mean()) if len(chances) else 0.0
