"""Join the models: one small logistic regression per label family, fitted on writers that trained neither of them.

Common labels (the roles) get weights of their own; rare ones share their family's, so that thirty examples of a
theme do not have to carry a calibration. Thresholds are the ones with the best F1 on the same writers; that of a role
which `predict.role_shift` settles by document is one half.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve

from sfo_nlp.language.models import Blend
from sfo_nlp.language.predict import UNSETTLED

Logits = npt.NDArray[np.float32]
OWN_WEIGHTS = "role"
FEWEST = 8


def fit_blend(labels: Sequence[str], logits: Mapping[str, Logits], targets: Logits) -> Blend:
    """Fit on (units, labels) logits named ``encoder`` and ``lexical``; an absent encoder gets the weight zero."""
    count = len(labels)
    weights = {name: np.zeros(count, np.float32) for name in ("encoder", "lexical")}
    offset = np.zeros(count, np.float32)
    thresholds = np.full(count, 0.5, np.float32)
    for columns in _groups(labels):
        features = np.stack([logits[name][:, columns].ravel() for name in sorted(logits)], axis=1)
        wanted = targets[:, columns].ravel()
        if wanted.sum() < FEWEST:
            weights["lexical"][columns] = 1.0
            continue
        model = LogisticRegression(C=1.0, max_iter=1000).fit(features, wanted)
        for name, weight in zip(sorted(logits), model.coef_[0], strict=True):
            weights[name][columns] = max(float(weight), 0.0)
        offset[columns] = float(model.intercept_[0])
        if labels[columns[0]].partition(":")[0] != OWN_WEIGHTS or labels[columns[0]] == UNSETTLED:
            thresholds[columns] = best_threshold(wanted, model.predict_proba(features)[:, 1])
    return Blend(weights["encoder"], weights["lexical"], offset, thresholds)


def best_threshold(wanted: npt.NDArray[np.float32], chances: npt.NDArray[np.float64]) -> float:
    """The probability with the best F1, the middle of all that come within half a point of it."""
    precision, recall, steps = precision_recall_curve(wanted, chances)
    scores = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    good = steps[scores[:-1] >= scores[:-1].max() - 0.005]
    return float(np.clip(np.median(good), 0.05, 0.9))


def _groups(labels: Sequence[str]) -> list[list[int]]:
    """Column numbers that share weights: each role alone, every other family together."""
    groups: dict[str, list[int]] = {}
    for column, label in enumerate(labels):
        family = label.partition(":")[0]
        groups.setdefault(label if family == OWN_WEIGHTS else family, []).append(column)
    return list(groups.values())
