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
ABOUT = 0.01


def rows_with(review: Review, role: str) -> list[int]:
    """The rows of the units annotated with `role`."""
    return [row for row, unit in enumerate(review.raw) if role in unit["labels"]]


def reasons_of(review: Review) -> dict[int, frozenset[int]]:
    """For every failing's row, the rows of the units that the annotation gives as its reason, itself or by a link."""
    reasons: dict[str, set[int]] = {}
    for row in rows_with(review, "explanation"):
        unit = review.raw[row]
        for failing in {*unit.get("explains", ()), *filter(None, [unit.get("failing")])}:
            reasons.setdefault(failing, set()).add(row)
    return {row: frozenset(reasons.get(review.raw[row]["failing"], ())) for row in rows_with(review, "finding_concern")}


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
    """The bar on a link's probability with the best F1 of failings given their right reason, roles as predicted.

    A failing that is given another's reason counts as wrongly given one: a bar that only asks whether failings are
    explained ends so low that nearly every failing is given some reason from somewhere.
    """
    model = LinkModel.read(weights, threshold=0.0)
    chances: list[float] = []
    right: list[bool] = []
    wanted = 0
    for review in reviews:
        predictions = predict(review.units, settings)
        failings, reasons = (
            [Candidate(int(row), float(predictions.of(role)[row])) for row in np.flatnonzero(predictions.holds(role))]
            for role in ("role:finding_concern", "role:explanation")
        )
        annotated = reasons_of(review)
        wanted += sum(map(bool, annotated.values()))
        for row, (reason, chance) in link(review.units, failings, reasons, model, vectors=predictions.vectors).items():
            chances.append(chance)
            right.append(reason in annotated.get(row, ()))
    scores, truth = np.array(chances), np.array(right)
    f1 = [2 * (truth & (scores >= bar)).sum() / (wanted + (scores >= bar).sum()) for bar in BARS]
    # The lowest of those that do about as well: it leaves fewer failings without the reason that they have.
    return round(float(BARS[np.flatnonzero(np.array(f1) >= max(f1) - ABOUT)[0]]), 3)
