"""Fit which way a judging sentence goes: its n-grams first, then how they and the models are joined."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from sfo_nlp.language.direction import DIRECTIONS, DirectionModel, Join
from sfo_nlp.language.lexical import ngrams, tokens, weigh
from sfo_nlp.language.predict import predict
from sfo_nlp.settings import Settings
from sfo_nlp.training.corpus import Review

STRENGTH = 30.0
JOIN_STRENGTH = 0.1


def fit_direction(
    fitting: Sequence[Review], holding: Sequence[Review], modes: Mapping[str, Settings]
) -> DirectionModel:
    """Joined on `holding`, by writers that trained none of the parts; the n-grams then learn from those writers too."""
    words = fit_words(fitting)
    joins = {mode: fit_join(words, holding, settings) for mode, settings in modes.items()}
    return replace(fit_words([*fitting, *holding]), joins=joins)


def fit_words(reviews: Sequence[Review]) -> DirectionModel:
    """A linear model over the n-grams of every judging sentence."""
    pairs = [(review.units[row].text, direction) for review in reviews for row, direction in judging(review)]
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


def fit_join(words: DirectionModel, reviews: Sequence[Review], settings: Settings) -> Join:
    """How much n-grams, the models' directions and the roles count, on writers that trained none of them."""
    features, wanted = [], []
    for review in reviews:
        predictions = predict(review.units, settings)
        for row, direction in judging(review):
            features.append(words.features(review.units[row].text, predictions, row))
            wanted.append(direction)
    model = LogisticRegression(C=JOIN_STRENGTH, max_iter=3000).fit(np.stack(features), wanted)
    return Join(model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32))


def judging(review: Review) -> Iterator[tuple[int, int]]:
    """Row and direction, by number, of every sentence annotated as a judgement."""
    for row, raw in enumerate(review.raw):
        if "judgement" in raw["labels"] and raw.get("verdict") in DIRECTIONS:
            yield row, DIRECTIONS.index(raw["verdict"])
