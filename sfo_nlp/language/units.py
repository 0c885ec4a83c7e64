"""What goes into the models and what comes out: a unit of text, and a row of calibrated probabilities for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class Unit(NamedTuple):
    """A sentence as the models see it: its text, the heading above it, its layout.

    `header` is a table cell's column head and `row` its table and row; `block` tells paragraphs apart; `marker` is the
    number or letter in front of a paragraph or list item.
    """

    text: str
    heading: str
    kind: str
    header: str
    block: int
    row: tuple[int, int] | None = None
    marker: str = ""


def is_question(text: str) -> bool:
    """Whether a sentence only asks: nothing is said after its question mark."""
    return text.rstrip(" \"”’')").endswith("?")


@dataclass(frozen=True)
class Predictions:
    """Probabilities (n sentences, n labels), float32. A label is ``family:name``, e.g. ``role:explanation``.

    `model` names what made them: ``none`` (no models installed), ``lexical`` or ``encoder``. `vectors` (n, d)
    are the encoder's sentence vectors, of unit length, empty without the encoder; `thresholds` (n labels,) are the
    probabilities from which a label is taken to hold, chosen on writers unseen in training. `files` maps each
    model file used to its SHA-256.
    """

    labels: tuple[str, ...]
    probabilities: npt.NDArray[np.float32]
    thresholds: npt.NDArray[np.float32]
    vectors: npt.NDArray[np.float32]
    model: str
    files: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _columns(self) -> dict[str, int]:
        return {label: column for column, label in enumerate(self.labels)}

    @cached_property
    def _families(self) -> dict[str, tuple[str, ...]]:
        names: dict[str, list[str]] = {}
        for label in self.labels:
            family, _, name = label.partition(":")
            names.setdefault(family, []).append(name)
        return {family: tuple(found) for family, found in names.items()}

    def of(self, label: str) -> npt.NDArray[np.float32]:
        """The column of `label`, (n,); zeros where no model knows it."""
        column = self._columns.get(label)
        return np.zeros(len(self.probabilities), np.float32) if column is None else self.probabilities[:, column]

    def holds(self, label: str) -> npt.NDArray[np.bool_]:
        """Where `label` reaches its threshold, (n,)."""
        column = self._columns.get(label)
        if column is None:
            return np.zeros(len(self.probabilities), np.bool_)
        return np.asarray(self.probabilities[:, column] >= self.thresholds[column], np.bool_)

    def family(self, prefix: str) -> tuple[str, ...]:
        """The names of all labels of one family, without the prefix."""
        return self._families.get(prefix, ())

    def chances(self, prefix: str, row: int) -> dict[str, float]:
        """One sentence's probability of every label of a family, by name without the prefix."""
        chances = self.probabilities[row, self._columns_of(prefix)].tolist()
        return dict(zip(self.family(prefix), chances, strict=True))

    def held(self, prefix: str, row: int) -> tuple[str, ...]:
        """The labels of a family that reach their threshold in one sentence, likeliest first."""
        bars = self.thresholds[self._columns_of(prefix)].tolist()
        chances = self.chances(prefix, row)
        names = [name for name, bar in zip(chances, bars, strict=True) if chances[name] >= bar]
        return tuple(sorted(names, key=lambda name: -chances[name]))

    def _columns_of(self, prefix: str) -> list[int]:
        return [self._columns[f"{prefix}:{name}"] for name in self.family(prefix)]
