"""The store: reviews in, queue and assessments out, people's decisions added and never changed."""

import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Select, delete, func, make_url, select, update
from sqlalchemy.orm import Session

from sfo_nlp.store.corpus_index import Vectors, keep_indexed
from sfo_nlp.store.corpus_tables import IngestRow
from sfo_nlp.store.days import due_date
from sfo_nlp.store.decision import Decision
from sfo_nlp.store.engine import default_url, guarded, open_engine
from sfo_nlp.store.errors import ReviewUnknown
from sfo_nlp.store.rows import (
    SAME,
    QueueRow,
    Rating,
    add_assessment,
    fingerprint,
    now,
    replace_findings,
    review_id_of,
    to_decision,
)
from sfo_nlp.store.tables import AssessmentRow, DecisionRow, FileRow, RatingRow, ReviewRow

STATUSES = ("new", "in progress", "done")
RATINGS = ("Outstanding", "Good", "Requires improvement", "Inadequate")
_CHANGEABLE = frozenset({"assigned", "status", "received"})


class Store:
    """A database of reviews at `url` (default: SQLite in the user's data directory). Every failure is a coded error.

    Without `create`, an SQLite file that is not there raises `StoreMissing` and is not made.
    """

    def __init__(self, url: str | None = None, *, create: bool = True) -> None:
        self.url = url or default_url()
        self.engine = open_engine(self.url, create=create)

    @cached_property
    def place(self) -> str:
        """Where the store lies, for people: a file's path, or the address without its password."""
        parsed = make_url(self.url)
        local = parsed.get_backend_name() == "sqlite" and parsed.database
        return str(Path(local).resolve()) if local else parsed.render_as_string(hide_password=True)

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    @contextmanager
    def session(self, *, writes: bool = False) -> Iterator[Session]:
        """A database session; with `writes` it holds the write lock from the start and commits at the end."""
        with (
            guarded(self.place),
            self.engine.connect().execution_options(writes=writes) as connection,
            Session(connection, expire_on_commit=False) as session,
        ):
            yield session
            if writes:
                session.commit()

    def add(
        self,
        wire: Mapping[str, Any],
        *,
        content: bytes | None = None,
        received: date | None = None,
        fictional: bool = False,
    ) -> None:
        """Keep an assessment (its JSON form) and the file's bytes. What people decided on the same document stays.

        The same document by the same versions is kept once; a newer version's assessment becomes the one shown.
        """
        with self.session(writes=True) as session:
            self.put(session, wire, content=content, received=received, fictional=fictional)

    def put(
        self,
        session: Session,
        wire: Mapping[str, Any],
        *,
        content: bytes | None = None,
        received: date | None = None,
        fictional: bool = False,
        vectors: Vectors | None = None,
    ) -> int:
        """What `add` does, in a session that writes; with the sentence vectors, if any. Returns the review's row id."""
        review = self._review(session, wire, received or date.today(), fictional)
        if content is not None and session.get(FileRow, review.id) is None:
            session.add(FileRow(review_id=review.id, content=content))
        mark = fingerprint(wire)
        known = select(AssessmentRow.id).where(AssessmentRow.review_id == review.id, AssessmentRow.fingerprint == mark)
        current = session.scalar(known)
        if current is None:
            current = add_assessment(session, review.id, mark, wire)
        elif current != review.current:
            replace_findings(session, review.id, current, wire)
        review.current = current
        session.flush()
        keep_indexed(session, review.id, current, wire, vectors)
        return review.id

    def _review(self, session: Session, wire: Mapping[str, Any], received: date, fictional: bool) -> ReviewRow:
        document = wire["document"]
        review = session.scalar(select(ReviewRow).where(ReviewRow.document == document["id"]))
        if review is None:
            name = str(document["name"])
            review = ReviewRow(
                document=document["id"],
                name=name[:400],
                format=str(document.get("format") or Path(name).suffix.lower().lstrip("."))[:8],
                pages=document.get("pages"),
                words=document["words"],
                received=received,
                due=due_date(received),
                fictional=fictional,
                added=now(),
            )
            session.add(review)
            session.flush()
        review.fictional = review.fictional or fictional
        return review

    def queue(self) -> list[QueueRow]:
        """Every review with its newest assessment's figures, those due first on top."""
        with self.session() as session:
            rows = session.execute(_queue().order_by(ReviewRow.due, ReviewRow.id))
            return [QueueRow(*row) for row in rows]

    def find(self, document: str) -> QueueRow:
        """One review's row. Raises `ReviewUnknown`."""
        with self.session() as session:
            row = session.execute(_queue().where(ReviewRow.document == document)).one_or_none()
        if row is None:
            raise ReviewUnknown("This review is not in the store")
        return QueueRow(*row)

    def wire(self, document: str) -> dict[str, Any]:
        """The newest assessment of a document in its JSON form, not computed again. Raises `ReviewUnknown`."""
        query = (
            select(AssessmentRow.wire)
            .join(ReviewRow, ReviewRow.current == AssessmentRow.id)
            .where(ReviewRow.document == document)
        )
        with self.session() as session:
            packed = session.scalar(query)
        if packed is None:
            raise ReviewUnknown("This review is not in the store")
        found: dict[str, Any] = json.loads(zlib.decompress(packed))
        return found

    def stamp(self, document: str) -> str:
        """A short word that changes when another assessment of the document is shown. Raises `ReviewUnknown`."""
        query = select(ReviewRow.current).where(ReviewRow.document == document)
        with self.session() as session:
            current = session.scalar(query)
        if current is None:
            raise ReviewUnknown("This review is not in the store")
        return str(current)

    def content(self, document: str) -> bytes | None:
        """The bytes of the reviewed file, or None when they were not kept."""
        query = select(FileRow.content).join(ReviewRow).where(ReviewRow.document == document)
        with self.session() as session:
            return session.scalar(query)

    def has(self, document: str, *, made_by: Mapping[str, object] | None = None) -> bool:
        """Whether the document is in the store; with `made_by` (`rows.versions`), its shown assessment by those too."""
        try:
            made = self.wire(document)["provenance"]
        except ReviewUnknown:
            return False
        return all(made.get(name) == value for name, value in (made_by or {}).items())

    def change(self, document: str, **values: Any) -> None:
        """Set who has a review (`assigned`), its `status` or the day it was `received` (moves the due day)."""
        unknown = set(values) - _CHANGEABLE
        if unknown:
            raise ValueError(f"not changeable: {', '.join(sorted(unknown))}")
        if "received" in values:
            values["due"] = due_date(values["received"])
        with self.session(writes=True) as session:
            session.execute(update(ReviewRow).where(ReviewRow.id == review_id_of(session, document)).values(**values))

    def decide(self, decision: Decision) -> Decision:
        """Add one person's word. The newest of each person counts; nothing is overwritten."""
        with self.session(writes=True) as session:
            row = DecisionRow(
                review_id=review_id_of(session, decision.document),
                at=decision.at.astimezone(UTC).replace(tzinfo=None),
                value=dict(decision.value),
                **{name: getattr(decision, name) for name in SAME},
            )
            session.add(row)
            session.flush()
            return to_decision(row, decision.document)

    def decisions(self, document: str | None = None) -> list[Decision]:
        """Every word ever said, on one document or on all, oldest first."""
        query = select(DecisionRow, ReviewRow.document).join(ReviewRow).order_by(DecisionRow.at, DecisionRow.id)
        if document is not None:
            query = query.where(ReviewRow.document == document)
        with self.session() as session:
            return [to_decision(row, identity) for row, identity in session.execute(query)]

    def last_decision(self, document: str) -> int:
        """The number of the newest word on a document: it changes whenever somebody decides. 0 when nobody has."""
        query = select(func.max(DecisionRow.id)).join(ReviewRow).where(ReviewRow.document == document)
        with self.session() as session:
            return session.scalar(query) or 0

    def rate(self, document: str, standard: str, rating: str, who: str) -> None:
        """Record an official rating, as the inspector gives it."""
        with self.session(writes=True) as session:
            session.add(
                RatingRow(
                    review_id=review_id_of(session, document), standard=standard, rating=rating, who=who, at=now()
                )
            )

    def ratings(self, document: str) -> list[Rating]:
        """Every rating recorded for a document, oldest first."""
        query = select(RatingRow).join(ReviewRow).where(ReviewRow.document == document).order_by(RatingRow.id)
        with self.session() as session:
            return [
                Rating(row.standard, row.rating, row.who, row.at.replace(tzinfo=UTC)) for row in session.scalars(query)
            ]

    def forget(self, document: str) -> None:
        """Remove a review with its file, assessments, decisions, ratings and its lines in the log of files."""
        with self.session(writes=True) as session:
            session.execute(delete(ReviewRow).where(ReviewRow.id == review_id_of(session, document)))
            # Else the same file, taken in again, would pass for done.
            session.execute(delete(IngestRow).where(IngestRow.document == document))
            session.execute(update(IngestRow).where(IngestRow.before == document).values(before=""))


def _queue() -> Select[Any]:
    names = list(QueueRow.__slots__)
    columns = [getattr(ReviewRow if hasattr(ReviewRow, name) else AssessmentRow, name) for name in names]
    return select(*columns).join(AssessmentRow, AssessmentRow.id == ReviewRow.current)
