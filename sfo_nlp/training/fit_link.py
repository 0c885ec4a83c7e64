"""Fit the failing-to-explanation model on the annotated links, with the annotated roles given."""

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from sfo_nlp.language.link import FEATURES, pair_features
from sfo_nlp.training.corpus import Review


def rows_with(review: Review, role: str) -> list[int]:
    """The rows of the units annotated with `role`."""
    return [row for row, unit in enumerate(review.raw) if role in unit["labels"]]


def explained_rows(review: Review) -> dict[int, bool]:
    """For every failing's row, whether the annotation gives it a reason, in the unit itself or by a link."""
    linked = {failing for unit in review.raw for failing in unit.get("explains", ())}
    own = {unit["failing"] for unit in review.raw if "failing" in unit and "explanation" in unit["labels"]}
    return {row: review.raw[row]["failing"] in linked | own for row in rows_with(review, "finding_concern")}


def fit_link(reviews: Sequence[Review]) -> dict[str, float]:
    """Named weights of the logistic model, with ``bias``."""
    features, targets = [], []
    for review in reviews:
        pairs, matrix = pair_features(
            review.units, rows_with(review, "finding_concern"), rows_with(review, "explanation")
        )
        links = {
            (failing, reason)
            for reason, unit in enumerate(review.raw)
            for failing in rows_with(review, "finding_concern")
            if review.raw[failing]["failing"] in unit.get("explains", ())
        }
        keep = [number for number, (failing, reason) in enumerate(pairs) if failing != reason]
        features.append(matrix[keep])
        targets += [pairs[number] in links for number in keep]
    model = LogisticRegression(C=1.0, max_iter=2000)
    model.fit(np.vstack(features), np.array(targets))
    weights = dict(zip(FEATURES, np.round(model.coef_[0], 4).tolist(), strict=True))
    return {"bias": round(float(model.intercept_[0]), 4), **weights}
