"""The store's log of files: read before a run, written in the same transaction as each file's result."""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from sfo_nlp.errors import shown
from sfo_nlp.mining.files import Known, Log
from sfo_nlp.store.corpus_index import unindex_review
from sfo_nlp.store.corpus_tables import IngestRow, MetadataRow, SupersededRow
from sfo_nlp.store.rows import now, review_id_of
from sfo_nlp.store.store import Store
from sfo_nlp.store.tables import ReviewRow

_SAME = ("document", "recipe", "state", "code", "message", "remedy", "before")


def read_log(store: Store) -> Log:
    """Everything that the store knows of files."""
    log = Log()
    with store.session() as session:
        for row in session.execute(select(IngestRow.path, *(getattr(IngestRow, name) for name in _SAME))):
            log.note(row[0], Known(*row[1:]))
    return log


def failed_paths(store: Store) -> list[str]:
    """The paths whose last word is a failure, in order of path."""
    with store.session() as session:
        return list(session.scalars(select(IngestRow.path).where(IngestRow.state == "failed").order_by(IngestRow.path)))


def write(session: Session, path: str, known: Known, *, seconds: float = 0.0) -> None:
    """Write the newest word on a path."""
    session.merge(IngestRow(path=path, seconds=seconds, at=now(), **{name: getattr(known, name) for name in _SAME}))


def supersede(session: Session, before: str, by: str) -> None:
    """Take the document that a changed file held before out of the count; its review and decisions stay."""
    review_id = session.scalar(select(ReviewRow.id).where(ReviewRow.document == before))
    if review_id is not None:
        unindex_review(session, review_id)
        session.merge(SupersededRow(review_id=review_id, by_document=by, at=now()))


def describe(store: Store, log: Log, metadata: Mapping[str, Mapping[str, object]]) -> int:
    """Give reviews that are in the store already their metadata. Returns how many there were."""
    known = {path: values for path, values in metadata.items() if stored(log, path)}
    with store.session(writes=True) as session:
        for path, values in known.items():
            session.merge(MetadataRow(review_id=review_id_of(session, log.paths[path].document), **values))
    return len(known)


def stored(log: Log, path: str) -> bool:
    """Whether a review is in the store that was read from this path."""
    return path in log.paths and log.paths[path].state == "done"


def rename(session: Session, old: str, new: str, known: Known) -> None:
    """Note that a file lies under another path now."""
    session.execute(delete(IngestRow).where(IngestRow.path == old))
    write(session, new, known)
    name = shown(Path(new))[:400]
    session.execute(update(ReviewRow).where(ReviewRow.document == known.document).values(name=name))
