"""Fit the lexical model: vocabularies from the training writers, one logistic regression per label."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from sfo_nlp.language.lexical import GROUPS, WEIGHTS, Group, LexicalModel, grouped_features, weigh
from sfo_nlp.training.corpus import Review, label_names

LEAST: Mapping[str, int] = {"own": 4, "before": 6, "after": 6, "heading": 4, "layout": 3}
STRENGTH = 4.0
Features = list[dict[str, list[str]]]


def fit_lexical(reviews: Sequence[Review], *, strength: float = STRENGTH, jobs: int = 2) -> LexicalModel:
    """Fit on all units of `reviews`. `strength` is the inverse of the L2 penalty (scikit-learn's C)."""
    features = [row for review in reviews for row in grouped_features(review.units)]
    documents = np.repeat(np.arange(len(reviews)), [len(review.units) for review in reviews])
    vocabularies = {name: _vocabulary(features, name, documents) for name in GROUPS}
    matrix = sparse.hstack(
        [WEIGHTS[name] * _matrix(features, name, *vocabularies[name]) for name in GROUPS], format="csr"
    )
    targets = np.vstack([review.targets for review in reviews])
    known = np.vstack([review.known for review in reviews])
    fitted = Parallel(n_jobs=jobs, prefer="threads")(
        delayed(_fit_one)(matrix, targets[:, column], known[:, column], strength) for column in range(targets.shape[1])
    )
    coefficients = np.stack([coefficient for coefficient, _ in fitted], axis=1).astype(np.float32)
    edges = np.cumsum([0, *(len(vocabularies[name][0]) for name in GROUPS)])
    groups = {
        name: Group(*vocabularies[name], coefficients[start:end])
        for name, start, end in zip(GROUPS, edges, edges[1:], strict=False)
    }
    return LexicalModel(label_names(), groups, np.array([bias for _, bias in fitted], np.float32))


def _vocabulary(
    features: Features, name: str, documents: npt.NDArray[np.int64]
) -> tuple[dict[str, int], npt.NDArray[np.float32]]:
    """Features that stand in at least `LEAST` units of at least two reviews, with their smoothed idf."""
    counts: Counter[str] = Counter()
    first: dict[str, int] = {}
    spread: set[str] = set()
    for row, document in zip(features, documents, strict=True):
        distinct = set(row[name])
        counts.update(distinct)
        for feature in distinct:
            if first.setdefault(feature, int(document)) != document:
                spread.add(feature)
    kept = sorted(feature for feature, count in counts.items() if count >= LEAST[name] and feature in spread)
    idf = np.log((1 + len(features)) / (1 + np.array([counts[feature] for feature in kept]))) + 1
    return {feature: row for row, feature in enumerate(kept)}, idf.astype(np.float32)


def _matrix(features: Features, name: str, rows: dict[str, int], idf: npt.NDArray[np.float32]) -> sparse.csr_matrix:
    vectors = [weigh(rows, idf, row[name]) for row in features]
    pointers = np.cumsum([0, *(len(index) for index, _ in vectors)])
    indices = np.concatenate([index for index, _ in vectors])
    data = np.concatenate([weights for _, weights in vectors])
    return sparse.csr_matrix((data, indices, pointers), shape=(len(features), len(rows)))


def _fit_one(
    matrix: sparse.csr_matrix, target: npt.NDArray[np.float32], known: npt.NDArray[np.bool_], strength: float
) -> tuple[npt.NDArray[np.float64], float]:
    """Weights and bias of one label from the units (n,) where it is `known`; one with no example is never predicted."""
    if not known.all():
        matrix, target = matrix[known], target[known]
    if target.sum() < 2:
        return np.zeros(matrix.shape[1]), -12.0
    model = LogisticRegression(C=strength, solver="liblinear", random_state=0)
    model.fit(matrix, target)
    return model.coef_[0], float(model.intercept_[0])
