"""The yearly figures of a corpus beside those of the year before and the published ones."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from sfo_nlp.mining.answer import INTERVAL, Answer, difference, shares
from sfo_nlp.mining.corpus import Corpus, Filters, conditions, grouped, joined
from sfo_nlp.mining.errors import TooFewReviews
from sfo_nlp.mining.inaccuracy import accepted, by_kind, by_reason, inaccurate
from sfo_nlp.mining.quality import quality, ratings, reading
from sfo_nlp.mining.themes import few, themes
from sfo_nlp.store.corpus_tables import MeasureRow, MetadataRow
from sfo_nlp.store.store import RATINGS

SECTIONS = {
    "reviews": "Reviews assessed",
    "ratings": "Official ratings",
    "judgement": "Clear judgement on all reasonable steps",
    "risk": "Inaccurate assessment of the risk of serious harm",
    "risk_kinds": "Inaccuracies by kind",
    "risk_reasons": "Reasons given for inaccuracies",
    "themes": "Practice themes raised as concerns",
    "strengths": "Practice themes raised as strengths",
    "learning": "Explanation and learning",
    "extensions": "Extensions",
}
# The same in a word, for tables that have the width of a terminal.
PARTS = {
    "ratings": "Rating",
    "judgement": "Judgement",
    "risk": "Risk",
    "risk_kinds": "Kind",
    "risk_reasons": "Reason",
    "themes": "Concern",
    "strengths": "Strength",
    "learning": "Learning",
    "extensions": "Due dates",
}
THEMES_SHOWN = 15
NOTHING = ("", 0, 0)
ACCEPTED = "Calling the level right beside facts that speak against it"
ABOUT = {
    "ratings": "As inspectors recorded them in the store or its metadata table; shares are of the reviews rated.",
    "judgement": "Whether the review itself says that all, not all or some reasonable steps were taken.",
    "risk": "Reviews that themselves find fault with the assessment of risk. The Inspectorate's own figure is of what "
    "inspectors found when they read the cases, so the two are not the same measure.",
    "risk_kinds": "Of the reviews with an inaccuracy; a review may be of several kinds. That the reviewing manager "
    "agreed with a wrong level, the fifth published kind, only a reader of the case can see.",
    "risk_reasons": "Of the reviews with an inaccuracy: the published reasons, where the review gives one near it; a "
    "review may give several.",
    "themes": "Reviews that raise the theme about practice, not mentions of its words.",
    "strengths": "Reviews that record good practice on the theme.",
    "learning": "Found in the review's text by rules and models; models/README.md says how often they are right.",
    "extensions": "Reviews that were given a later day, or were completed after the due day, of those with a due day.",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a year: so many `reviews` `of` those it could be true of, and of those of the year before."""

    section: str
    id: str
    label: str
    reviews: int
    of: int
    last_reviews: int
    last_of: int


@lru_cache(maxsize=1)
def published() -> Mapping[str, Any]:
    """The published series, from ``published.toml``."""
    return tomllib.loads(Path(__file__).with_name("published.toml").read_text(encoding="utf-8"))


def period(year: int, *, financial: bool = False) -> tuple[date, date]:
    """The first and last day of a calendar year, or of the financial year that begins in April of `year`."""
    return (date(year, 4, 1), date(year + 1, 3, 31)) if financial else (date(year, 1, 1), date(year, 12, 31))


def last_year(corpus: Corpus, filters: Filters = Filters(), *, financial: bool = False) -> int:
    """The last year of which there is a review; this one where there is none."""
    query = grouped("financial_year" if financial else "year", filters).subquery()
    with corpus.session() as session:
        found = session.scalar(select(func.max(query.c.group)))
    return int(found) if found else date.today().year


def annual(corpus: Corpus, year: int, filters: Filters = Filters(), *, financial: bool = False) -> Answer:
    """Every figure of the year as one row, with its share, interval and change on the year before.

    A year's reviews are those completed in it, or received where no completion is known. Raises `TooFewReviews` when
    there is none. `published`, `readability` and `period` stand beside the rows in JSON.
    """
    first, last = period(year, financial=financial)
    now = replace(filters, since=first, until=last)
    ago, before = period(year - 1, financial=financial)
    then = replace(filters, since=ago, until=before)
    total = corpus.count(now)
    if not total:
        years = ", ".join(corpus.choices("financial_year" if financial else "year"))
        raise TooFewReviews(f"No review of {year} is in the store", remedy=f"Years in the store: {years or 'none'}.")
    rows = [_row(figure) for figure in _figures(corpus, now, then)]
    columns = {"section": "Part", "label": "Figure", "reviews": "Reviews", "of": "of", "share": "Share", **INTERVAL}
    columns |= {"last_share": "Year before", "change": "Change", "change_low": "95 % from", "change_high": "95 % to"}
    name = f"{year}/{(year + 1) % 100:02}" if financial else str(year)
    extra = {
        "year": year,
        "period": {"name": name, "first": first.isoformat(), "last": last.isoformat(), "before": corpus.count(then)},
        "readability": {"now": list(reading(corpus, now).rows), "before": list(reading(corpus, then).rows)},
        "about": ABOUT,
        "published": dict(published()),
        "filters": list(filters.words()),
    }
    notes = (*few(total), *_notes(corpus, now))
    return Answer("figures", f"Annual report {name}", columns, rows, total, notes, extra, {"section": PARTS})


def _row(figure: Figure) -> dict[str, Any]:
    then = shares([figure.last_reviews], [figure.last_of])[0]["share"]
    return {
        "section": figure.section,
        "id": figure.id,
        "label": figure.label,
        "reviews": figure.reviews,
        "of": figure.of,
        **shares([figure.reviews], [figure.of])[0],
        "last_reviews": figure.last_reviews,
        "last_of": figure.last_of,
        "last_share": then,
        **difference(figure.reviews, figure.of, figure.last_reviews, figure.last_of),
    }


def _figures(corpus: Corpus, now: Filters, then: Filters) -> Iterator[Figure]:
    total, before = (len(corpus.raised(each).ids) for each in (now, then))  # where the themes could be checked
    yield from _ratings(corpus, now, then)
    hits, past = _shares(quality(corpus, now)), _shares(quality(corpus, then))
    (_, missing, of), (_, gone, was) = (each.get("no_clear_judgement", NOTHING) for each in (hits, past))
    yield Figure("judgement", "clear_judgement", "With a clear judgement", of - missing, of, was - gone, was)
    yield from _risk(corpus, now, then)
    yield from _themes(corpus, now, then, total, before)
    for id, (label, reviews, of) in hits.items():
        if id != "no_clear_judgement":
            yield Figure("learning", id, label, reviews, of, *past.get(id, NOTHING)[1:])
    yield Figure(
        "extensions", "extended", "Extended beyond the due date", *_extended(corpus, now), *_extended(corpus, then)
    )


def _ratings(corpus: Corpus, now: Filters, then: Filters) -> Iterator[Figure]:
    here, earlier = ({row["rating"]: row["reviews"] for row in ratings(corpus, each).rows} for each in (now, then))
    rated, past = (sum(counts.get(name, 0) for name in RATINGS) for counts in (here, earlier))
    good, was = (counts.get("Good", 0) + counts.get("Outstanding", 0) for counts in (here, earlier))
    yield Figure("ratings", "good_or_outstanding", "Good or Outstanding", good, rated, was, past)
    for name in RATINGS:
        yield Figure("ratings", name, name, here.get(name, 0), rated, earlier.get(name, 0), past)


def _risk(corpus: Corpus, now: Filters, then: Filters) -> Iterator[Figure]:
    (wrong, checked), (was, before) = (inaccurate(corpus, each) for each in (now, then))
    yield Figure("risk", "risk_assessment_inaccurate", "With an inaccuracy", wrong, checked, was, before)
    against = (accepted(corpus, each) for each in (now, then))
    yield Figure("risk", "accepted_against_facts", ACCEPTED, next(against), checked, next(against), before)
    for section, count in (("risk_kinds", by_kind), ("risk_reasons", by_reason)):
        here, earlier = count(corpus, now), count(corpus, then)
        for key, reviews in sorted(here.items(), key=lambda item: -item[1]):
            yield Figure(section, *key, reviews, wrong, earlier.get(key, 0), was)


def _themes(corpus: Corpus, now: Filters, then: Filters, total: int, before: int) -> Iterator[Figure]:
    past = {(row["id"], row["polarity"]): row["reviews"] for row in themes(corpus, then).rows}
    for section, polarity in (("themes", "concern"), ("strengths", "strength")):
        rows = [row for row in themes(corpus, now).rows if row["polarity"] == polarity][:THEMES_SHOWN]
        for row in rows:
            was = past.get((row["id"], polarity), 0)
            yield Figure(section, f"{row['id']}:{polarity}", row["label"], row["reviews"], total, was, before)


def _shares(answer: Answer) -> dict[str, tuple[str, int, int]]:
    """The name of each measure, the reviews that have it, and those that its check could read."""
    return {row["id"]: (row["label"], row["reviews"], row["of"]) for row in answer.rows}


def _extended(corpus: Corpus, filters: Filters) -> tuple[int, int]:
    """Reviews that were extended or came after their due day, of those whose due day is known."""
    late = (MetadataRow.extended_to > MetadataRow.due_date) | (MetadataRow.completed_date > MetadataRow.due_date)
    known = joined(select(func.count()).select_from(MeasureRow)).where(*conditions(filters))
    known = known.where(MetadataRow.due_date.is_not(None))
    with corpus.session() as session:
        return session.scalar(known.where(late)) or 0, session.scalar(known) or 0


def _notes(corpus: Corpus, now: Filters) -> Sequence[str]:
    unchecked = corpus.unchecked("judgement", "explanation", "learning", "themes", "risk", filters=now)
    unrated = next((row["reviews"] for row in ratings(corpus, now).rows if row["rating"] == "not known"), 0)
    notes = list(unchecked)
    notes += [f"{unrated} of the year's reviews have no official rating in the store."] if unrated else []
    undated = corpus.count(now) - _extended(corpus, now)[1]
    notes += [f"{undated} of the year's reviews have no due date in the store."] if undated else []
    undone = joined(select(func.count()).select_from(MeasureRow)).where(*conditions(now))
    with corpus.session() as session:
        unknown = session.scalar(undone.where(MetadataRow.completed_date.is_(None))) or 0
    notes += (
        [f"{unknown} of them have no day of completion and count by the day they were taken in."] if unknown else []
    )
    until = now.until or date.today()
    if until >= date.today():
        notes.append(f"The year is not over: it is counted up to {date.today()}.")
    return notes
