"""Fit which way a judging sentence goes, on every judging sentence outside the test split."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from sfo_nlp.language.direction import DIRECTIONS, DirectionModel
from sfo_nlp.language.lexical import ngrams, tokens, weigh
from sfo_nlp.training.corpus import Review

STRENGTH = 30.0


def fit_direction(reviews: Sequence[Review]) -> DirectionModel:
    """Few sentences judge, so the model is linear in their own n-grams and nothing else."""
    pairs = [
        (unit.text, DIRECTIONS.index(raw["verdict"]))
        for review in reviews
        for unit, raw in zip(review.units, review.raw, strict=True)
        if "judgement" in raw["labels"] and raw.get("verdict") in DIRECTIONS
    ]
    features = [list(ngrams(tokens(text))) for text, _ in pairs]
    counts = Counter(feature for row in features for feature in set(row))
    rows = {feature: number for number, feature in enumerate(sorted(counts))}
    idf = (np.log((1 + len(pairs)) / (1 + np.array([counts[feature] for feature in rows]))) + 1).astype(np.float32)
    matrix = sparse.lil_matrix((len(pairs), len(rows)), dtype=np.float32)
    for number, row in enumerate(features):
        index, values = weigh(rows, idf, row)
        matrix[number, index] = values
    model = LogisticRegression(C=STRENGTH, max_iter=3000).fit(matrix.tocsr(), [direction for _, direction in pairs])
    return DirectionModel(rows, idf, model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32))
