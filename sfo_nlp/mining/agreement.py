"""Benchmarking: how far inspectors agree on the same reviews, per criterion, and which reviews divide them.

Krippendorff's alpha is NLTK's, Fleiss' kappa statsmodels', Cohen's kappa scikit-learn's. Official ratings are ranks, so
two that lie far apart weigh more in alpha (squared distance of ranks); all other answers are just the same or not.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

from sqlalchemy import select

from sfo_nlp.assessment.policy import STANDARDS, read_policy
from sfo_nlp.checks.registry import CHECKS
from sfo_nlp.errors import shown
from sfo_nlp.mining.answer import FEW, Answer
from sfo_nlp.mining.corpus import Corpus, Filters, counted
from sfo_nlp.mining.errors import MetadataInvalid, TooFewReviews
from sfo_nlp.mining.themes import said
from sfo_nlp.settings import Settings
from sfo_nlp.store.store import RATINGS
from sfo_nlp.store.tables import RatingRow, ReviewRow

COLUMNS = ("review", "criterion", "inspector", "answer")
JUDGING = {"agree": "right", "accept": "right", "disagree": "wrong", "correct": "wrong"}
Unit = tuple[str, str]


class Given(NamedTuple):
    """One inspector's answer on one criterion of one review (or of one finding, `item`).

    `document` tells reviews of one name apart.
    """

    review: str
    criterion: str
    inspector: str
    answer: str
    item: str = ""
    document: str = ""

    @property
    def unit(self) -> Unit:
        """What was judged: the review, and the finding if it was one."""
        return self.document or self.review, self.item


def agreement(answers: Iterable[Given]) -> Answer:
    """For each criterion alpha, kappas, and the reviews on which inspectors differ, those that differ most first.

    Only what two inspectors or more judged is counted. Raises `TooFewReviews` when there is nothing of the kind.
    """
    by_criterion: dict[str, dict[Unit, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    names: dict[Unit, str] = {}
    for one in answers:
        by_criterion[one.criterion][one.unit][one.inspector] = one.answer
        names[one.unit] = one.review
    rows = [row for name, units in by_criterion.items() if (row := _criterion(name, units, names))]
    if not rows:
        raise TooFewReviews(
            "No review was judged by two inspectors on the same criterion",
            remedy="Let two people rate the same reviews in the pane, widen the filters, or name --answers.",
        )
    rows.sort(key=lambda row: (row["alpha"] is not None, row["alpha"] or 0.0, row["criterion"]))
    columns = {"criterion": "Criterion", "units": "Judged by two or more", "inspectors": "Inspectors"}
    columns |= {"same": "All the same", "alpha": "Krippendorff's alpha", "fleiss": "Fleiss' kappa"}
    columns |= {"cohen": "Cohen's kappa (mean of pairs)", "divided": "Divided on"}
    words = _criterion_words()
    small = tuple(
        f"{words.get(row['criterion'], row['criterion'])}: only {row['units']} judged twice"
        for row in rows
        if row["units"] < FEW
    )
    reviews = {unit[0] for units in by_criterion.values() for unit, given in units.items() if len(given) > 1}
    return Answer(
        "criteria", "Agreement between inspectors", columns, rows, len(reviews), small, words={"criterion": words}
    )


def _criterion_words() -> dict[str, str]:
    """What inspectors can differ on, in words: the built-in questions, ratings per standard, findings per check."""
    questions = {criterion.id: criterion.question for criterion in read_policy(Settings().policy).criteria}
    ratings = {f"rating: {id}": f"Rating: {title.lower()}" for id, title in {**STANDARDS, "overall": "overall"}.items()}
    return {**questions, **ratings, **{f"finding: {check.id}": f"Findings: {check.title.lower()}" for check in CHECKS}}


def _criterion(name: str, units: Mapping[Unit, Mapping[str, str]], names: Mapping[Unit, str]) -> dict[str, Any] | None:
    twice = {unit: given for unit, given in units.items() if len(given) > 1}
    if not twice:
        return None
    divided = sorted(
        ((unit, given) for unit, given in twice.items() if len(set(given.values())) > 1),
        key=lambda pair: (-_spread(pair[1].values()), names[pair[0]]),
    )
    return {
        "criterion": name,
        "units": len(twice),
        "inspectors": len({who for given in twice.values() for who in given}),
        "same": len(twice) - len(divided),
        "alpha": alpha(twice),
        "fleiss": fleiss(twice),
        "cohen": cohen(twice),
        "divided": [f"{names[unit]}: {_said(given)}" for unit, given in divided],
    }


def alpha(units: Mapping[Unit, Mapping[str, str]]) -> float | None:
    """Krippendorff's alpha of answers by unit and inspector; None where only one answer was ever given."""
    from nltk.metrics.agreement import AnnotationTask
    from nltk.metrics.distance import binary_distance, interval_distance

    values = {value for given in units.values() for value in given.values()}
    if len(values) < 2:
        return None
    ranked = values <= set(RATINGS)
    data = [
        (who, unit, RATINGS.index(value) if ranked else value)
        for unit, given in units.items()
        for who, value in given.items()
    ]
    task = AnnotationTask(data, distance=interval_distance if ranked else binary_distance)
    return round(float(task.alpha()), 4)


def fleiss(units: Mapping[Unit, Mapping[str, str]]) -> float | None:
    """Fleiss' kappa over the units that the commonest number of inspectors judged; None where it is not defined."""
    from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

    size = Counter(len(given) for given in units.values()).most_common(1)[0][0]
    table = [sorted(given.values()) for given in units.values() if len(given) == size]
    if len({value for row in table for value in row}) < 2:
        return None
    return round(float(fleiss_kappa(aggregate_raters(table)[0])), 4)


def cohen(units: Mapping[Unit, Mapping[str, str]]) -> float | None:
    """The mean of Cohen's kappa over the pairs of inspectors with two units or more in common."""
    from sklearn.metrics import cohen_kappa_score

    kappas = []
    for one, other in combinations(sorted({who for given in units.values() for who in given}), 2):
        both = [(given[one], given[other]) for given in units.values() if one in given and other in given]
        if len(both) > 1 and len({value for pair in both for value in pair}) > 1:
            kappas.append(float(cohen_kappa_score(*zip(*both, strict=True))))
    return round(fmean(kappas), 4) if kappas else None


def _spread(values: Iterable[str]) -> float:
    """How far answers lie apart: ranks for ratings, else how many different ones there are."""
    found = set(values)
    if found <= set(RATINGS):
        return float(max(map(RATINGS.index, found)) - min(map(RATINGS.index, found)))
    return float(len(found))


def _said(given: Mapping[str, str]) -> str:
    return ", ".join(f"{who} {value}" for who, value in sorted(given.items()))


def inspectors_agree(corpus: Corpus, filters: Filters = Filters()) -> Answer:
    """What `agreement` says of the ratings and decisions on the counted reviews. Raises `TooFewReviews`."""
    found = agreement([*given_ratings(corpus, filters), *given_decisions(corpus, filters)])
    return replace(found, extra=said(filters))


def given_ratings(corpus: Corpus, filters: Filters = Filters()) -> list[Given]:
    """The newest rating of each inspector on the counted reviews, per standard and overall."""
    newest: dict[tuple[str, str, str], Given] = {}
    query = select(ReviewRow.name, ReviewRow.document, RatingRow.standard, RatingRow.who, RatingRow.rating)
    query = query.join(ReviewRow, ReviewRow.id == RatingRow.review_id).order_by(RatingRow.id)
    query = query.where(ReviewRow.id.in_(counted(filters)))
    with corpus.session() as session:
        for name, document, standard, who, rating in session.execute(query):
            newest[document, standard, who] = Given(name, f"rating: {standard}", who, rating, document=document)
    return list(newest.values())


def given_decisions(corpus: Corpus, filters: Filters = Filters()) -> list[Given]:
    """Whether each inspector holds the tool to be right on the counted reviews, finding by finding, per check."""
    from sfo_nlp.store.decision import standing

    names = corpus.documents(filters)
    by_document: dict[str, list[Any]] = defaultdict(list)
    for decision in corpus.store.decisions():
        if decision.document in names:
            by_document[decision.document].append(decision)
    found: list[Given] = []
    for document, decisions in by_document.items():
        for finding, stands in standing(decisions).items():
            found += [
                Given(names[document], f"finding: {word.check}", word.who, JUDGING[word.kind], finding, document)
                for word in stands.judged
            ]
    return found


def read_answers(path: Path) -> list[Given]:
    """Answers from a benchmarking event: CSV with `COLUMNS`. Raises `MetadataInvalid`."""
    try:
        rows: Sequence[Mapping[str, str]] = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise MetadataInvalid(f"{shown(path)}: {error}") from error
    missing = [name for name in COLUMNS if not rows or name not in rows[0]]
    if missing:
        remedy = f"The heading row must name {', '.join(COLUMNS)}."
        raise MetadataInvalid(f"{shown(path)}: no column {', '.join(missing)}", remedy=remedy)
    return [Given(*((row[name] or "").strip() for name in COLUMNS)) for row in rows if row["answer"]]
