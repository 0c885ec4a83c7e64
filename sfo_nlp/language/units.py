"""What goes into the models and what comes out: a unit of text, and a row of calibrated probabilities for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
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

    def of(self, label: str) -> npt.NDArray[np.float32]:
        """The column of `label`, (n,); zeros where no model knows it."""
        if label not in self.labels:
            return np.zeros(len(self.probabilities), np.float32)
        return self.probabilities[:, self.labels.index(label)]

    def holds(self, label: str) -> npt.NDArray[np.bool_]:
        """Where `label` reaches its threshold, (n,)."""
        if label not in self.labels:
            return np.zeros(len(self.probabilities), np.bool_)
        column = self.labels.index(label)
        return np.asarray(self.probabilities[:, column] >= self.thresholds[column], np.bool_)

    def family(self, prefix: str) -> list[str]:
        """The names of all labels of one family, without the prefix."""
        return [label.partition(":")[2] for label in self.labels if label.startswith(f"{prefix}:")]
