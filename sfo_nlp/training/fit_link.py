"""Fit the failing-to-explanation model on the annotated links, with the annotated roles given."""

from collections.abc import Callable, Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from sfo_nlp.language.link import Candidate, LinkModel, link
from sfo_nlp.language.pairs import FEATURES, Vectors, pair_features
from sfo_nlp.language.predict import predict
from sfo_nlp.settings import Settings
from sfo_nlp.training.corpus import Review

BARS = np.arange(0.02, 0.5, 0.01)


def rows_with(review: Review, role: str) -> list[int]:
    """The rows of the units annotated with `role`."""
    return [row for row, unit in enumerate(review.raw) if role in unit["labels"]]


def explained_rows(review: Review) -> dict[int, bool]:
    """For every failing's row, whether the annotation gives it a reason, in the unit itself or by a link."""
    linked = {failing for unit in review.raw for failing in unit.get("explains", ())}
    own = {unit["failing"] for unit in review.raw if "failing" in unit and "explanation" in unit["labels"]}
    return {row: review.raw[row]["failing"] in linked | own for row in rows_with(review, "finding_concern")}


def fit_link(reviews: Sequence[Review], vectors_of: Callable[[Review], Vectors]) -> dict[str, float]:
    """Named weights of the logistic model, with ``bias``; `vectors_of` gives a review's sentence vectors, or none."""
    features, targets = [], []
    for review in reviews:
        failings, reasons = rows_with(review, "finding_concern"), rows_with(review, "explanation")
        pairs, matrix = pair_features(review.units, failings, reasons, vectors_of(review))
        links = {
            (failing, reason)
            for reason in reasons
            for failing in failings
            if review.raw[failing]["failing"] in review.raw[reason].get("explains", ())
        }
        keep = [number for number, (failing, reason) in enumerate(pairs) if failing != reason]
        features.append(matrix[keep])
        targets += [pairs[number] in links for number in keep]
    model = LogisticRegression(C=1.0, max_iter=2000).fit(np.vstack(features), np.array(targets))
    weights = dict(zip(FEATURES, np.round(model.coef_[0].astype(float), 4).tolist(), strict=True))
    return {"bias": round(float(model.intercept_[0]), 4), **weights}


def fit_bar(reviews: Sequence[Review], weights: dict[str, float], settings: Settings) -> float:
    """The bar on a link's probability with the best F1 of explained failings, roles as the models predict them."""
    model = LinkModel.read(weights, threshold=0.0)
    chances: list[float] = []
    wanted: list[bool] = []
    for review in reviews:
        predictions = predict(review.units, settings)
        failings, reasons = (
            [Candidate(int(row), float(predictions.of(role)[row])) for row in np.flatnonzero(predictions.holds(role))]
            for role in ("role:finding_concern", "role:explanation")
        )
        links = link(review.units, failings, reasons, model, vectors=predictions.vectors)
        for row, explained in explained_rows(review).items():
            chances.append(links[row][1] if row in links else 0.0)
            wanted.append(explained)
    scores = np.array(chances)
    truth = np.array(wanted)
    best = max(BARS, key=lambda bar: 2 * (truth & (scores >= bar)).sum() / (truth.sum() + (scores >= bar).sum()))
    return round(float(best), 3)
