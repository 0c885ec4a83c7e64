"""Which way a judging sentence goes: taken, not taken, partly, or it does not say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sfo_nlp.language.lexical import ngrams, tokens, weigh
from sfo_nlp.language.units import Predictions

Array = npt.NDArray[np.float32]
DIRECTIONS = ("taken", "not_taken", "partly", "unclear")
# What else the models say of the sentence, beside its own n-grams.
EVIDENCE = (*(f"verdict:{name}" for name in DIRECTIONS), "role:finding_concern", "role:finding_strength")
_LEAST = 1e-4


class Join(NamedTuple):
    """How n-grams and the other evidence become one answer: weights (4 + 6, 4), bias (4,)."""

    weights: Array
    bias: Array


@dataclass(frozen=True, slots=True)
class DirectionModel:
    """A multinomial logistic model over n-grams, and one per mode (lexical, encoder) that joins it with `EVIDENCE`.

    Vocabulary to row, idf (rows,), weights (rows, 4), bias (4,).
    """

    rows: Mapping[str, int]
    idf: Array
    weights: Array
    bias: Array
    joins: Mapping[str, Join] = field(default_factory=dict)

    def by_words(self, text: str) -> Array:
        """The probability of each of `DIRECTIONS` by the sentence's own n-grams, (4,)."""
        index, values = weigh(self.rows, self.idf, ngrams(tokens(text)))
        return _shares(values @ self.weights[index] + self.bias)

    def features(self, text: str, predictions: Predictions, row: int) -> Array:
        """What a `Join` weighs, (10,): logarithms of `by_words`, logits of `EVIDENCE`."""
        chances = np.clip([predictions.of(label)[row] for label in EVIDENCE], _LEAST, 1 - _LEAST)
        words = np.log(np.clip(self.by_words(text), _LEAST, 1))
        return np.concatenate([words, np.log(chances / (1 - chances))]).astype(np.float32)

    def chances(self, text: str, predictions: Predictions, row: int) -> dict[str, float]:
        """The probability of each of `DIRECTIONS`, given that the sentence judges; they sum to 1."""
        join = self.joins[predictions.model]
        shares = _shares(self.features(text, predictions, row) @ join.weights + join.bias)
        return dict(zip(DIRECTIONS, shares.tolist(), strict=True))

    def save(self, path: Path) -> None:
        """Write plain arrays, the large ones in half precision."""
        joins = {f"{mode}.{name}": getattr(join, name) for mode, join in self.joins.items() for name in Join._fields}
        with path.open("wb") as file:
            np.savez_compressed(
                file,
                words=np.array("\n".join(self.rows)),
                idf=self.idf.astype(np.float16),
                weights=self.weights.astype(np.float16),
                bias=self.bias,
                **joins,
            )

    @classmethod
    def load(cls, path: Path) -> "DirectionModel":
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            words = str(arrays["words"]).split("\n")
            rows = {word: row for row, word in enumerate(words)}
            idf, weights = (arrays[name].astype(np.float32) for name in ("idf", "weights"))
            modes = [name.partition(".")[0] for name in arrays.files if name.endswith(".bias")]
            joins = {mode: Join(*(arrays[f"{mode}.{name}"] for name in Join._fields)) for mode in modes}
            return cls(rows, idf, weights, arrays["bias"], joins)


def _shares(logits: Array) -> Array:
    shares = np.exp(logits - logits.max())
    return np.asarray(shares / shares.sum(), np.float32)
