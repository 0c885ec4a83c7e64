"""A store seen as a corpus: which reviews are counted, under which filters, in which groups."""

import json
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Integer, Select, String, case, cast, exists, extract, func, select
from sqlalchemy.orm import Session

from sfo_nlp.checks.themes import themes as known_themes
from sfo_nlp.store.corpus_index import index_missing, missing
from sfo_nlp.store.corpus_tables import MeasureRow, MetadataRow, SupersededRow, ThemeRow
from sfo_nlp.store.store import Store
from sfo_nlp.store.tables import RatingRow, ReviewRow

UNKNOWN = "not known"
PERIOD = func.coalesce(MetadataRow.completed_date, ReviewRow.received)
_NEWEST = (
    select(RatingRow.rating)
    .where(RatingRow.review_id == ReviewRow.id, RatingRow.standard == "overall")
    .order_by(RatingRow.id.desc())
    .limit(1)
    .correlate(ReviewRow)
    .scalar_subquery()
)
RATING = func.coalesce(_NEWEST, MetadataRow.rating)
_MONTH, _YEAR_NUMBER = (cast(extract(part, PERIOD), Integer) for part in ("month", "year"))
_YEAR = cast(_YEAR_NUMBER, String)
_QUARTER = _YEAR.concat(" Q").concat(cast((_MONTH + 2) // 3, String))
_FINANCIAL = cast(_YEAR_NUMBER - case((_MONTH < 4, 1), else_=0), String)
GROUPS: Mapping[str, Any] = {
    "region": MetadataRow.region,
    "offence": MetadataRow.offence,
    "grade": MetadataRow.grade,
    "risk_level": MetadataRow.risk_level,
    "rating": RATING,
    "verdict": MeasureRow.verdict,
    "explanation": MeasureRow.explanation,
    "year": _YEAR,
    "quarter": _QUARTER,
    "financial_year": _FINANCIAL,
}


# By what is asked about, a measure that is null exactly where a check that answers it broke; and its name for people.
RAN: Mapping[str, Any] = {
    "judgement": MeasureRow.verdict,
    "explanation": MeasureRow.explanation,
    "learning": MeasureRow.actions,
    "themes": MeasureRow.raised,
    "causes": MeasureRow.causes,
    "risk": MeasureRow.risk,
}
_NAMES = {
    "judgement": "The judgement",
    "explanation": "The explanation of shortcomings",
    "learning": "Learning and actions",
    "themes": "Practice themes",
    "causes": "Failings and their causes",
    "risk": "What is wrong in the assessment of risk",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """Which reviews to count; None means all. Dates are of completion, or of receipt where that is not known.

    `group` is a name of `GROUPS` and a value: the reviews of one group of an answer.
    """

    region: str | None = None
    offence: str | None = None
    grade: str | None = None
    risk_level: str | None = None
    rating: str | None = None
    verdict: str | None = None
    theme: str | None = None
    since: date | None = None
    until: date | None = None
    fictional: bool = False
    group: tuple[str, str] | None = None

    def unset(self) -> bool:
        """Whether nothing is filtered but fictional reviews."""
        return self in (Filters(), Filters(fictional=True))

    def words(self) -> tuple[str, ...]:
        """The filters that are set, for people."""
        named = [(field.name, getattr(self, field.name)) for field in fields(self) if field.name != "group"]
        named += [self.group] if self.group else []
        return tuple(f"{name.replace('_', ' ')}: {value}" for name, value in named if value)


@dataclass(frozen=True, slots=True)
class Counts:
    """So many of each kind in each counted review: `ids` (n,) rising, `table` (n, kinds); a kind is ``(a, b)``.

    Reviews of which that is not known, because a check broke, are not among them.
    """

    ids: npt.NDArray[np.int64]
    kinds: tuple[tuple[str, str], ...]
    table: npt.NDArray[np.int32]

    def rows(self, ids: Sequence[int]) -> npt.NDArray[np.int64]:
        """The rows of those of these reviews that are here, rising."""
        return np.flatnonzero(np.isin(self.ids, np.array(ids, np.int64)))


class Corpus:
    """The counted reviews of a store. Opening it indexes what the store holds and has not indexed yet."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._kept: dict[str, tuple[Hashable, Any]] = {}
        with store.session() as session:
            behind = bool(session.execute(missing().limit(1)).first())
        if behind:
            with store.session(writes=True) as session:
                index_missing(session)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session that reads."""
        with self.store.session() as session:
            yield session

    def count(self, filters: Filters = Filters()) -> int:
        """How many reviews are counted under `filters`."""
        with self.session() as session:
            return session.scalar(select(func.count()).select_from(counted(filters).subquery())) or 0

    def documents(self, filters: Filters = Filters()) -> dict[str, str]:
        """The name of every counted review by its document."""
        query = select(ReviewRow.document, ReviewRow.name).where(ReviewRow.id.in_(counted(filters)))
        with self.session() as session:
            return {row.document: row.name for row in session.execute(query)}

    def unchecked(self, *checks: str, filters: Filters = Filters()) -> tuple[str, ...]:
        """A sentence for each of these checks (`RAN`) that broke in some of the counted reviews: how many those are."""
        columns: Any = (func.count(), *(func.count(RAN[check]) for check in checks))
        with self.session() as session:
            total, *ran = session.execute(joined(select(*columns)).where(*conditions(filters))).one()
        return tuple(
            f"{_NAMES[check]} could not be checked in {total - count} of {total} reviews; these shares leave them out."
            for check, count in zip(checks, ran, strict=True)
            if count < total
        )

    def within(self, filters: Filters = Filters(), *, active: bool = False) -> Select[Any] | None:
        """The ids of the counted reviews for a query that has them indexed already, None when those are all there are.

        With `active` the query sees superseded reviews too, so None is given only when there are none of them.
        """
        if filters.unset():
            hidden = [select(ReviewRow.id).where(ReviewRow.fictional)] if not filters.fictional else []
            hidden += [select(SupersededRow.review_id)] if active else []
            with self.session() as session:
                if not any(session.scalar(query.limit(1)) for query in hidden):
                    return None
        return counted(filters)

    def kept(self, name: str, key: Hashable, make: Callable[[], Any]) -> Any:
        """What `make` gives, kept while the store is unchanged; the last `key` of each `name` only: it may be large."""
        with self.session() as session:
            mark = session.execute(select(func.count(), func.max(MeasureRow.assessment_id))).one()
        if name not in self._kept or self._kept[name][0] != (key, *mark):
            self._kept[name] = ((key, *mark), make())
        return self._kept[name][1]

    def raised(self, filters: Filters = Filters()) -> Counts:
        """Passages of each review by theme and polarity."""
        return self._counts("raised", filters)

    def failings(self, filters: Filters = Filters()) -> Counts:
        """Failings of each review by theme ('' for none) and cause ('' for none given)."""
        return self._counts("causes", filters)

    def risk(self, filters: Filters = Filters()) -> Counts:
        """Passages of each review by ``(kind, name)`` and ``(reason, name)`` of an inaccurate assessment of risk."""
        return self._counts("risk", filters)

    def _counts(self, name: str, filters: Filters) -> Counts:
        whole: Counts = self.kept(name, name, lambda: self._read(name))
        within = self.within(filters)
        if within is None:
            return whole
        with self.session() as session:
            rows = whole.rows(list(session.scalars(within)))
        return Counts(whole.ids[rows], whole.kinds, whole.table[rows])

    def _read(self, name: str) -> Counts:
        column: Any = getattr(MeasureRow, name)
        query = select(MeasureRow.review_id, column).where(column.is_not(None)).order_by(MeasureRow.review_id)
        with self.session() as session:
            found = session.execute(query).all()
        parsed = [json.loads(text) for _, text in found]
        kinds = sorted({kind for one in parsed for kind in one})
        place = {kind: number for number, kind in enumerate(kinds)}
        table = np.zeros((len(found), len(kinds)), np.int32)
        for row, one in enumerate(parsed):
            for kind, count in one.items():
                table[row, place[kind]] = count
        pairs = tuple((first, second) for first, _, second in (kind.partition(":") for kind in kinds))
        return Counts(np.array([id for id, _ in found], np.int64), pairs, table)

    def theme_names(self) -> dict[str, str]:
        """The id of every theme by its name for people; those that only the store knows by their ids."""
        with self.session() as session:
            found = session.scalars(select(ThemeRow.theme).distinct()).all()
        return {id: id for id in found} | {theme.label: id for id, theme in known_themes().items()}

    def choices(self, name: str) -> list[str]:
        """The values of one grouping that occur, in order."""
        found = grouped(name, Filters(fictional=True)).subquery().c.group
        with self.session() as session:
            return [value for value in session.scalars(select(found).distinct().order_by(found)) if value is not None]


def counted(filters: Filters) -> Select[Any]:
    """The ids of the reviews that are counted."""
    query: Select[Any] = select(MeasureRow.review_id)
    return joined(query).where(*conditions(filters))


def grouped(name: str, filters: Filters, *, check: str | None = None) -> Select[Any]:
    """The group (label ``group``) and id (label ``review_id``) of every counted review, with `check` where it ran."""
    group = func.coalesce(GROUPS[name], UNKNOWN).label("group")
    query = joined(select(group, MeasureRow.review_id.label("review_id"))).where(*conditions(filters))
    return query.where(RAN[check].is_not(None)) if check else query


def joined(query: Select[Any]) -> Select[Any]:
    """A query over the counted reviews' measures, reviews and metadata."""
    return (
        query.select_from(MeasureRow)
        .join(ReviewRow, ReviewRow.id == MeasureRow.review_id)
        .outerjoin(MetadataRow, MetadataRow.review_id == MeasureRow.review_id)
    )


def conditions(filters: Filters) -> Iterator[ColumnElement[bool]]:
    """What a counted review must fulfil, in a query made by `joined`."""
    asked = [
        (name, getattr(filters, name)) for name in ("region", "offence", "grade", "risk_level", "rating", "verdict")
    ]
    for name, value in [*asked, *([filters.group] if filters.group else [])]:
        if value is not None:
            yield GROUPS[name] == value if value != UNKNOWN else GROUPS[name].is_(None)
    if filters.since is not None:
        yield PERIOD.op(">=")(filters.since)
    if filters.until is not None:
        yield PERIOD.op("<=")(filters.until)
    if filters.theme is not None:
        theme, _, polarity = filters.theme.partition(":")
        raised = exists().where(ThemeRow.review_id == MeasureRow.review_id, ThemeRow.theme == theme)
        yield raised.where(ThemeRow.polarity == polarity) if polarity else raised
    if not filters.fictional:
        yield ReviewRow.fictional.is_(False)
