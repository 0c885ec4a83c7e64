"""Concerns that resemble each other as groups, with their telling words and how stable each group is.

Sentences become TF-IDF vectors over words that several reviews use, reduced by a singular value decomposition and
joined by average linkage on the cosine. Stability is the mean largest Jaccard overlap with the groups found in
resamples of the reviews (Hennig 2007).
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

SEED = 7
_WORD = r"(?u)\b[a-z][a-z'’-]{2,}\b"


class Concern(NamedTuple):
    """A concern that no theme covers and where it stands."""

    review: int
    document: str
    name: str
    page: int | None
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Concerns that resemble each other. `stability` is 0 to 1; `words` and `members` begin with the most telling."""

    words: tuple[str, ...]
    members: tuple[Concern, ...]
    reviews: int
    stability: float

    @property
    def stable(self) -> bool:
        """Whether most of the group is found again in most resamples."""
        return bool(self.stability >= limits()["stable_from"])


@lru_cache(maxsize=1)
def limits() -> Mapping[str, Any]:
    """The settings of ``emerging.toml``."""
    return tomllib.loads(Path(__file__).with_name("emerging.toml").read_text(encoding="utf-8"))


def clusters(concerns: Sequence[Concern], *, seed: int = SEED) -> list[Cluster]:
    """Group the concerns. The same concerns give the same groups."""
    import scipy.linalg  # noqa: F401  only libraries that are loaded can be held to one thread
    import sklearn.decomposition  # noqa: F401
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    # The matrices are small: several threads would wait for each other longer than they work.
    with threadpool_limits(1, user_api="blas"):
        space = _space(concerns)
        groups = _groups(concerns, space.vectors)
        stability = _stability(concerns, groups, seed)
    found = [_cluster(concerns, members, space, stability[number]) for number, members in enumerate(groups)]
    return sorted(found, key=lambda one: (not one.stable, -one.reviews, -len(one.members), one.words))


class _Space(NamedTuple):
    """Word weights (n, words), the words, and reduced unit vectors (n, d); a row of zeros has no telling word."""

    weights: Any
    words: npt.NDArray[np.str_]
    vectors: npt.NDArray[np.float64]


def _space(concerns: Sequence[Concern]) -> _Space:
    from scipy.sparse import csr_matrix
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize

    empty = _Space(None, np.array([], str), np.zeros((len(concerns), 0)))
    if not concerns:
        return empty
    maker = TfidfVectorizer(stop_words="english", ngram_range=(1, 2), token_pattern=_WORD, sublinear_tf=True)
    try:
        weights = maker.fit_transform([concern.quote.lower() for concern in concerns])
    except ValueError:  # no word at all
        return empty
    _, review = np.unique([concern.review for concern in concerns], return_inverse=True)
    many = int(review.max()) + 1
    owner = csr_matrix((np.ones(len(concerns)), (review, np.arange(len(concerns)))), shape=(many, len(concerns)))
    spread = np.asarray(((owner @ (weights > 0)) > 0).sum(axis=0)).ravel()
    least = max(limits()["word_reviews"], 0.02 * many)
    often = np.asarray((weights > 0).mean(axis=0)).ravel()
    keep = (spread >= least) & (often <= limits()["word_share"])
    weights, words = weights[:, keep], maker.get_feature_names_out()[keep]
    if weights.shape[1] < 3:
        return empty
    size = min(limits()["dimensions"], weights.shape[1] - 1, len(concerns) - 1)
    reduced = TruncatedSVD(size, random_state=SEED).fit_transform(normalize(weights))
    reduced[np.asarray(weights.sum(axis=1)).ravel() == 0] = 0
    return _Space(weights, words, normalize(reduced))


def _groups(concerns: Sequence[Concern], vectors: npt.NDArray[np.float64]) -> list[list[int]]:
    """Row numbers of each group that enough reviews share."""
    from sklearn.cluster import AgglomerativeClustering

    rows = np.flatnonzero(np.linalg.norm(vectors, axis=1) > 0)
    if len(rows) < 2:
        return []
    join = AgglomerativeClustering(
        n_clusters=None, distance_threshold=limits()["distance"], metric="cosine", linkage="average"
    )
    labels = join.fit_predict(vectors[rows])
    groups = [rows[labels == label].tolist() for label in range(labels.max() + 1)]
    return [group for group in groups if len({concerns[row].review for row in group}) >= limits()["cluster_reviews"]]


def _stability(concerns: Sequence[Concern], groups: Sequence[Sequence[int]], seed: int) -> list[float]:
    """For each group the mean largest overlap with a group of each resample that still holds some of it."""
    overlaps: list[list[float]] = [[] for _ in groups]
    reviews = sorted({concern.review for concern in concerns})
    draw = np.random.default_rng(seed)
    for _ in range(limits()["resamples"] if groups else 0):
        taken = set(
            draw.choice(reviews, max(2, int(limits()["resampled_share"] * len(reviews))), replace=False).tolist()
        )
        rows = [row for row, concern in enumerate(concerns) if concern.review in taken]
        part = [concerns[row] for row in rows]
        again = [{rows[row] for row in group} for group in _groups(part, _space(part).vectors)]
        present = set(rows)
        for number, group in enumerate(groups):
            here = present & set(group)
            if len(here) >= 2:
                overlaps[number].append(max((len(here & other) / len(here | other) for other in again), default=0.0))
    return [float(np.mean(values)) if values else 0.0 for values in overlaps]


def _cluster(concerns: Sequence[Concern], members: Sequence[int], space: _Space, stability: float) -> Cluster:
    """Words by how much more weight they have within than without; members by closeness to the middle."""
    inside = np.asarray(space.weights[members].mean(axis=0)).ravel()
    telling = inside - np.asarray(space.weights.mean(axis=0)).ravel()
    order = np.argsort(-telling, kind="stable")[: limits()["words_shown"]]
    words = tuple(str(space.words[row]) for row in order if telling[row] > 0)
    middle = space.vectors[members].mean(axis=0)
    near = sorted(members, key=lambda row: (-float(space.vectors[row] @ middle), row))
    chosen = tuple(concerns[row] for row in near)
    return Cluster(words, chosen, len({concern.review for concern in chosen}), stability)
