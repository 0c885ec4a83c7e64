"""Which way a judging sentence goes, from its own words: taken, not taken, partly, or it does not say."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sfo_nlp.language.lexical import ngrams, tokens, weigh

DIRECTIONS = ("taken", "not_taken", "partly", "unclear")


@dataclass(frozen=True, slots=True)
class DirectionModel:
    """A multinomial logistic model over n-grams: vocabulary to row, idf (rows,), weights (rows, 4), bias (4,)."""

    rows: Mapping[str, int]
    idf: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]

    def chances(self, text: str) -> dict[str, float]:
        """The probability of each of `DIRECTIONS`, given that the sentence judges; they sum to 1."""
        index, values = weigh(self.rows, self.idf, ngrams(tokens(text)))
        logits = values @ self.weights[index] + self.bias
        shares = np.exp(logits - logits.max())
        return dict(zip(DIRECTIONS, (shares / shares.sum()).tolist(), strict=True))

    def save(self, path: Path) -> None:
        """Write plain arrays, half precision."""
        with path.open("wb") as file:
            np.savez_compressed(
                file,
                words=np.array("\n".join(self.rows)),
                idf=self.idf.astype(np.float16),
                weights=self.weights.astype(np.float16),
                bias=self.bias,
            )

    @classmethod
    def load(cls, path: Path) -> "DirectionModel":
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            words = str(arrays["words"]).split("\n")
            rows = {word: row for row, word in enumerate(words)}
            idf, weights = (arrays[name].astype(np.float32) for name in ("idf", "weights"))
            return cls(rows, idf, weights, arrays["bias"])
