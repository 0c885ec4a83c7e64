"""What the fitted models say of every sentence: one row of calibrated probabilities each."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sfo_nlp.language.models import blend, lexical_model, model_folder, sentence_encoder
from sfo_nlp.language.units import Predictions, Unit, is_question
from sfo_nlp.settings import Settings

# Settled by document are all roles but the explanation: strange text was full of reasons then that nobody had given.
UNSETTLED = "role:explanation"
FULL = 6
ACTIVE = 0.85
# The mean chance of any role below which a document is wholly strange, and from which it is not strange at all.
STRANGE, FAMILIAR = 0.65, 0.8
FURTHEST = 2.0
NEVER = -20.0


def role_shift(logits: npt.NDArray[np.float32], settled: npt.NDArray[np.bool_], prose: npt.NDArray[np.bool_]) -> float:
    """What to add to the `settled` of a document's role logits (n, roles) so that its full sentences do something.

    Nearly every full sentence of a review tells, finds fault, praises, explains, judges or asks. In a document whose
    words the models hardly know, all roles come out too unlikely together; the order of the sentences still holds.
    The shift lifts the mean chance of any role over `prose` to `ACTIVE`, at most by `FURTHEST`: wholly where that mean
    is below `STRANGE`, ever less up to `FAMILIAR`, from which on the models are left to themselves.
    """
    if not prose.any():
        return 0.0
    strange = float(np.clip((FAMILIAR - _any_role(logits[prose])) / (FAMILIAR - STRANGE), 0, 1))
    if not strange:
        return 0.0
    low, high = 0.0, FURTHEST
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (middle, high) if _any_role(logits[prose] + middle * settled) < ACTIVE else (low, middle)
    return low * strange


def _any_role(logits: npt.NDArray[np.float32]) -> float:
    """The mean chance of any role over sentences (n, roles)."""
    return 1 - float(np.prod(1 - 1 / (1 + np.exp(-logits)), axis=1).mean())


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
    roles = np.array([column for column, label in enumerate(lexical.labels) if label.startswith("role:")])
    settled = np.array([lexical.labels[column] != UNSETTLED for column in roles], np.bool_)
    asks = np.array([is_question(unit.text) for unit in units], np.bool_)
    prose = np.array([unit.kind != "heading" and len(unit.text.split()) >= FULL for unit in units], np.bool_) & ~asks
    logits[:, roles] += role_shift(logits[:, roles], settled, prose) * settled
    # A question tells, faults and judges nothing; one in two hundred of the annotated ones does.
    logits[np.ix_(np.flatnonzero(asks), roles)] = NEVER
    probabilities = (1 / (1 + np.exp(-logits))).astype(np.float32)
    return Predictions(lexical.labels, probabilities, weights.thresholds, vectors, mode, folder.files)
