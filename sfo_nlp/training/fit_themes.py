"""Fit how model and rules together raise a theme, on the writers that trained neither."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from sfo_nlp.checks.base import CheckContext
from sfo_nlp.checks.cues import built_in_matcher
from sfo_nlp.checks.themes import FEATURES, LABELS, theme_features
from sfo_nlp.language.reading import read_language
from sfo_nlp.settings import Settings
from sfo_nlp.training.corpus import Review
from sfo_nlp.training.gold import rows_by_offset, to_document

ABOUT = 0.006


def fit_themes(reviews: Sequence[Review], settings: Settings) -> dict[str, float]:
    """Named weights, ``bias``, and the ``bar`` from which a passage raises a theme."""
    features, wanted, owners = [], [], []
    for number, review in enumerate(reviews):
        reading = read_language(to_document(review), settings)
        context = CheckContext(reading, built_in_matcher().match(reading), settings)
        rows = rows_by_offset(review, reading)
        for column, (theme, polarity) in enumerate(LABELS):
            matrix, _ = theme_features(context, theme, polarity)
            raised = np.zeros(len(reading.sentences), np.bool_)
            raised[[row for row, unit in zip(rows, review.raw, strict=True) if _raises(unit, theme, polarity)]] = True
            features.append(matrix)
            wanted.append(raised)
            owners.append(np.full(len(raised), number * len(LABELS) + column))
    matrix, truth, owner = np.vstack(features), np.concatenate(wanted), np.concatenate(owners)
    model = LogisticRegression(C=1.0, max_iter=2000).fit(matrix, truth)
    bar = _bar(model.predict_proba(matrix)[:, 1], truth, owner)
    weights = dict(zip(FEATURES, np.round(model.coef_[0], 4).tolist(), strict=True))
    return {"bias": round(float(model.intercept_[0]), 4), **weights, "bar": bar}


def _raises(unit: dict[str, object], theme: str, polarity: str) -> bool:
    tags = unit.get("themes", ())
    return isinstance(tags, list) and any(tag["id"] == theme and tag["polarity"] == polarity for tag in tags)


def _bar(chances: npt.NDArray[np.float64], truth: npt.NDArray[np.bool_], owner: npt.NDArray[np.int64]) -> float:
    """The lowest bar on a document's likeliest passage whose F1 is about the best.

    Low, because a passage that is looked at in vain costs a reader less than a theme that is passed over.
    """
    count = int(owner.max()) + 1
    best = np.zeros(count)
    np.maximum.at(best, owner, chances)
    raised = np.zeros(count, np.bool_)
    np.logical_or.at(raised, owner, truth)
    scores = {
        bar: 2 * (raised & (best >= bar)).sum() / max(raised.sum() + (best >= bar).sum(), 1)
        for bar in np.arange(0.05, 0.9, 0.01)
    }
    return round(float(min(bar for bar in scores if scores[bar] >= max(scores.values()) - ABOUT)), 3)
