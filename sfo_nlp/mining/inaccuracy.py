"""Inaccurate assessments of the risk of serious harm: of which kind, and for which reasons."""

import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sqlalchemy import func, select

from sfo_nlp.mining.corpus import Corpus, Filters, counted
from sfo_nlp.store.corpus_tables import FailingRow, ThemeRow
from sfo_nlp.store.tables import FindingRow

THEMES = ("rosh_inaccurate", "risk_not_reviewed")
UNSTATED = ("kind_not_stated", "Kind not stated in the passage")
REASONS = {
    "knowledge_skill": "Knowledge or skill",
    "cognitive_bias": "Taken at face value, bias",
    "workload": "Excessive workload",
    "experience_training": "Inexperience or lack of training",
    "supervision_management": "Supervision and management",
    "process_system": "Process or system",
    "policy": "Policy",
    "partner_agency": "Insufficient multi-agency working",
    "culture": "Culture",
    "resources": "Resources and vacancies",
    "other": "Another reason",
    "": "No reason given",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One entry of ``inaccuracy.toml``."""

    id: str
    label: str
    theme: str
    patterns: tuple[re.Pattern[str], ...]
    fires: tuple[str, ...]
    silent: tuple[str, ...]

    def holds(self, quote: str) -> bool:
        """Whether a passage is of this kind."""
        return any(pattern.search(quote) for pattern in self.patterns)


@lru_cache(maxsize=1)
def kinds() -> tuple[Kind, ...]:
    """The kinds in the file's order."""
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return tuple(
        Kind(
            entry["id"],
            entry["label"],
            entry["theme"],
            tuple(re.compile(pattern, re.IGNORECASE) for pattern in entry["patterns"]),
            tuple(entry["fires"]),
            tuple(entry["silent"]),
        )
        for entry in data["kind"]
    )


def inaccurate(corpus: Corpus, filters: Filters) -> int:
    """How many reviews find fault with the assessment of risk, at the start or later."""
    query = select(func.count(func.distinct(ThemeRow.review_id))).where(
        ThemeRow.theme.in_(THEMES), ThemeRow.polarity == "concern", ThemeRow.review_id.in_(counted(filters))
    )
    with corpus.session() as session:
        return session.scalar(query) or 0


def by_kind(corpus: Corpus, filters: Filters) -> dict[tuple[str, str], int]:
    """Reviews by kind of inaccuracy, ``(id, label)``; a review may be of several."""
    query = select(FindingRow.review_id, FindingRow.theme, FindingRow.quote).where(
        FindingRow.theme.in_(THEMES), FindingRow.polarity == "concern", FindingRow.review_id.in_(counted(filters))
    )
    reviews: dict[tuple[str, str], set[int]] = {(kind.id, kind.label): set() for kind in kinds()}
    told: dict[int, bool] = defaultdict(bool)
    with corpus.session() as session:
        for review, theme, quote in session.execute(query):
            held = [kind for kind in kinds() if kind.theme == theme and kind.holds(quote)]
            told[review] |= bool(held)
            for kind in held:
                reviews[kind.id, kind.label].add(review)
    reviews[UNSTATED] = {review for review, said in told.items() if not said}
    return {key: len(found) for key, found in reviews.items()}


def by_reason(corpus: Corpus, filters: Filters) -> dict[tuple[str, str], int]:
    """Reviews by the reason that they give for an inaccurate assessment; a review may give several."""
    query = (
        select(FailingRow.cause, func.count(func.distinct(FailingRow.review_id)))
        .where(FailingRow.theme.in_(THEMES), FailingRow.review_id.in_(counted(filters)))
        .group_by(FailingRow.cause)
    )
    with corpus.session() as session:
        found = dict(session.execute(query).all())
    return {(cause or "none", label): found.get(cause, 0) for cause, label in REASONS.items()}
