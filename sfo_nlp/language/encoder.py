"""The sentence encoder: sentence vectors from a fine-tuned transformer, each sentence read among its neighbours."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sfo_nlp.language.units import Unit
from sfo_nlp.language.windows import encoded_text, pack, section_starts, stack

# More windows at once are no quicker and take more memory.
BATCH = 6


class SentenceEncoder:
    """An ONNX model (ids and mask to token vectors), its tokeniser, and linear heads (hidden, labels) with bias."""

    def __init__(
        self, model: Path, tokenizer: Path, weights: npt.NDArray[np.float32], bias: npt.NDArray[np.float32]
    ) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._weights, self._bias = weights, bias

    def vectors(self, units: Sequence[Unit]) -> npt.NDArray[np.float32]:
        """Sentence vectors (units, hidden), the mean of each sentence's token vectors in context.

        Context ends with the section, so that a change in one leaves the others as they are.
        """
        encoded = self._tokenizer.encode_batch([encoded_text(unit) for unit in units], add_special_tokens=False)
        windows = pack([item.ids for item in encoded], breaks=section_starts(units).__contains__)
        windows.sort(key=lambda window: len(window.ids))
        out = np.zeros((len(units), self._weights.shape[0]), np.float32)
        for start in range(0, len(windows), BATCH):
            part = windows[start : start + BATCH]
            ids, mask = stack(part)
            (hidden,) = self._session.run(None, {"ids": ids, "mask": mask})
            for number, window in enumerate(part):
                for row, first, end in window.pieces:
                    if end > first:
                        out[row] = hidden[number, first:end].mean(axis=0)
        return out

    def score(self, vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Logits (units, labels) of sentence vectors."""
        return vectors @ self._weights + self._bias
