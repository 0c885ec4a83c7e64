"""Groups of concerns that no theme covers: their words, examples, how stable they are, and a theme made of one.

Sentences become TF-IDF vectors over words that several reviews use, reduced by a singular value decomposition and
joined by average linkage on the cosine. Stability is the mean largest Jaccard overlap with the groups found in
resamples of the reviews (Hennig 2007).
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy import select

from sfo_nlp.mining.answer import Answer
from sfo_nlp.mining.corpus import Corpus, Filters, counted
from sfo_nlp.mining.errors import TooFewReviews
from sfo_nlp.mining.themes import said
from sfo_nlp.store.corpus_tables import FailingRow
from sfo_nlp.store.tables import FindingRow, ReviewRow

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
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def emerging(corpus: Corpus, filters: Filters = Filters()) -> Answer:
    """Groups of concerns that no theme covers, the stable and large ones first, with words and examples.

    Raises `TooFewReviews` below ``least_reviews``.
    """
    total = corpus.count(filters)
    if total < limits()["least_reviews"]:
        raise TooFewReviews(f"Emerging themes need {limits()['least_reviews']} reviews; {total} are counted")
    concerns = uncovered(corpus, filters)
    found = clusters(concerns)
    rows: list[dict[str, Any]] = [
        {
            "id": number,
            "words": ", ".join(cluster.words),
            "passages": len(cluster.members),
            "reviews": cluster.reviews,
            "stability": round(cluster.stability, 3),
            "stable": "yes" if cluster.stable else "no",
            "examples": [member.quote for member in cluster.members[: limits()["examples_shown"]]],
            "places": [member._asdict() for member in cluster.members],
        }
        for number, cluster in enumerate(found, start=1)
    ]
    columns = {"id": "No.", "words": "Words", "passages": "Passages", "reviews": "Reviews"}
    columns |= {"stability": "Stability", "stable": "Stable"}
    left = len(concerns) - sum(row["passages"] for row in rows)
    notes = (f"{len(concerns)} concerns are covered by no theme; {left} of them resemble no others.",)
    return Answer("clusters", "Concerns that no theme covers", columns, rows, total, notes, said(filters))


def uncovered(corpus: Corpus, filters: Filters = Filters()) -> list[Concern]:
    """The concerns without a theme, of a sample of the reviews where there are very many."""
    places = select(FailingRow.review_id, FailingRow.start).where(
        FailingRow.theme == "", FailingRow.review_id.in_(counted(filters))
    )
    with corpus.session() as session:
        wanted = {(review, start) for review, start in session.execute(places.distinct())}
        chosen: set[int] = set()
        size = 0
        per_review = _counts(wanted)
        for review in sorted(per_review, key=lambda id: hashlib.sha256(f"{SEED}:{id}".encode()).digest()):
            if size >= limits()["most_sentences"]:
                break
            chosen.add(review)
            size += per_review[review]
        columns: list[Any] = [ReviewRow.id, ReviewRow.document, ReviewRow.name, FindingRow.page]
        columns += [FindingRow.start, FindingRow.end, FindingRow.quote]
        query = (
            select(*columns)
            .join(ReviewRow, ReviewRow.id == FindingRow.review_id)
            .where(FindingRow.review_id.in_(chosen), FindingRow.check == "explanation")
            .order_by(FindingRow.review_id, FindingRow.start)
        )
        found = (Concern(*row) for row in session.execute(query))
        return [concern for concern in found if (concern.review, concern.start) in wanted]


def _counts(places: set[tuple[int, int]]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for review, _ in places:
        counts[review] = counts.get(review, 0) + 1
    return counts


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


def propose(cluster: Cluster, *, label: str | None = None) -> str:
    """A theme and its rule as TOML, to be read, named and mended by a person before it is used.

    The phrases are words of the group that stand in its passages as they are; the passages become the rule's tests.
    """
    phrases = [word for word in cluster.words if sum(_holds(m.quote, word) for m in cluster.members) >= 2]
    phrases = phrases or list(cluster.words[:3])
    examples = [m.quote for m in cluster.members if any(_holds(m.quote, phrase) for phrase in phrases)]
    examples = examples[: limits()["examples_shown"]]
    name = label or " ".join(phrases[:2]).capitalize()
    slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "new_theme"
    lines = [
        "# Proposed from a group of concerns. Give it a name and a definition, weed the phrases, add silent passages.",
        "# The passages are quoted from reviews: put invented names in place of the real ones before sharing this.",
        "[[theme]]",
        f"id = {_quoted(slug)}",
        f"label = {_quoted(name)}",
        'definition = "To be written."',
        f'source = "proposed: {len(cluster.members)} passages of {cluster.reviews} reviews, '
        f'stability {cluster.stability:.2f}"',
        "",
        "[[rule]]",
        f"id = {_quoted(f'themes.{slug}.topic')}",
        f"label = {_quoted(f'topic:{slug}')}",
        'source = "proposed from the corpus"',
        "negatable = false",
        f"phrases = [{', '.join(map(_quoted, phrases))}]",
        "fires = [",
        *(f"  {_quoted(example)}," for example in examples),
        "]",
        "silent = []",
        "",
    ]
    return "\n".join(lines)


def _holds(text: str, phrase: str) -> bool:
    return re.search(rf"\b{re.escape(phrase)}\b", text.lower()) is not None


def _quoted(text: str) -> str:
    """A TOML basic string."""
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text) + '"'
