"""Which concerns no theme covers, in groups: the question to the corpus and its answer."""

import hashlib
from typing import Any

from sqlalchemy import select

from sfo_nlp.mining.answer import Answer
from sfo_nlp.mining.corpus import Corpus, Filters, counted
from sfo_nlp.mining.errors import TooFewReviews
from sfo_nlp.mining.grouping import SEED, Concern, clusters, limits
from sfo_nlp.mining.themes import said
from sfo_nlp.store.corpus_tables import FailingRow
from sfo_nlp.store.tables import FindingRow, ReviewRow


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
