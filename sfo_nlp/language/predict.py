"""What the fitted models say of every sentence: one row of calibrated probabilities each."""

from collections.abc import Sequence

import numpy as np

from sfo_nlp.language.models import blend, lexical_model, model_folder, sentence_encoder
from sfo_nlp.language.units import Predictions, Unit
from sfo_nlp.settings import Settings


def predict(units: Sequence[Unit], settings: Settings) -> Predictions:
    """Run the models over the units of one document. Raises `ModelRefused` when a file is not the released one."""
    empty = np.zeros((len(units), 0), np.float32)
    folder = model_folder(settings.models)
    if not folder:
        return Predictions((), empty, np.zeros(0, np.float32), empty, "none")
    lexical = lexical_model(folder)
    mode = "lexical" if settings.fast else "encoder"
    weights = blend(folder, mode)
    logits = weights.lexical * lexical.score(units) + weights.offset
    vectors = empty
    if mode == "encoder":
        encoder = sentence_encoder(folder)
        vectors = encoder.vectors(units)
        logits += weights.encoder * encoder.score(vectors)
        vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    probabilities = (1 / (1 + np.exp(-logits))).astype(np.float32)
    return Predictions(lexical.labels, probabilities, weights.thresholds, vectors, mode, folder.files)
