"""A store seen as a corpus: which reviews are counted, under which filters, in which groups."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, case, cast, exists, extract, func, select
from sqlalchemy.orm import Session

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
        named = ((field.name, getattr(self, field.name)) for field in fields(self))
        return tuple(f"{name.replace('_', ' ')}: {value}" for name, value in named if value)


class Corpus:
    """The counted reviews of a store. Opening it indexes what the store holds and has not indexed yet."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._kept: tuple[Hashable, Any] | None = None
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

    def kept(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What `make` gives, kept while the store is unchanged. One thing is kept at a time: it may be large."""
        with self.session() as session:
            mark = session.execute(select(func.count(), func.max(MeasureRow.assessment_id))).one()
        if self._kept is None or self._kept[0] != (key, *mark):
            self._kept = ((key, *mark), make())
        return self._kept[1]

    def choices(self, name: str) -> list[str]:
        """The values of one grouping that occur, in order."""
        query = grouped(name, Filters(fictional=True)).distinct().order_by("group")
        with self.session() as session:
            return [value for value, _ in session.execute(query) if value is not None]


def counted(filters: Filters) -> Select[Any]:
    """The ids of the reviews that are counted."""
    query: Select[Any] = select(MeasureRow.review_id)
    return joined(query).where(*conditions(filters))


def grouped(name: str, filters: Filters) -> Select[Any]:
    """The group (label ``group``) and id (label ``review_id``) of every counted review."""
    group = func.coalesce(GROUPS[name], UNKNOWN).label("group")
    return joined(select(group, MeasureRow.review_id.label("review_id"))).where(*conditions(filters))


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
