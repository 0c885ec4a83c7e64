"""What becomes of each file of a run, written with its line of the log in one transaction."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from sfo_nlp.errors import SfoError, shown
from sfo_nlp.mining.files import Known, Log, Planned, failure_of
from sfo_nlp.mining.log import rename, supersede, write
from sfo_nlp.mining.work import Done, Failed
from sfo_nlp.store.corpus_tables import MetadataRow
from sfo_nlp.store.errors import ReviewUnknown, StoreLocked, StoreUnreachable
from sfo_nlp.store.rows import review_id_of
from sfo_nlp.store.samples import is_sample
from sfo_nlp.store.store import Store

TRIES = 4


@dataclass(frozen=True, slots=True)
class Event:
    """What became of one file: `kind` is assessed, unchanged, copy, renamed, failed or failed_before."""

    path: str
    kind: str
    error: SfoError | None = None
    note: str = ""


class Keeper:
    """Writes results into the store and keeps `log` in step. `recipe` names what assesses this run's files."""

    def __init__(self, store: Store, log: Log, recipe: str, metadata: Mapping[str, Mapping[str, object]]) -> None:
        self.store, self.log, self.recipe, self._metadata = store, log, recipe, metadata

    def settle(self, planned: Planned) -> Event:
        """A file that needs no assessment: unchanged, a copy, under a new name, unreadable, or failed before."""
        if planned.error is not None:
            if planned.kind == "failed_before":
                return Event(planned.path, planned.kind, planned.error)
            return self.fail(Failed(planned.path, planned.document, planned.error), planned)
        if planned.kind == "unchanged" and planned.path not in self._metadata:
            return Event(planned.path, planned.kind)
        known, note = Known(planned.document, self.recipe, "done"), ""
        try:
            with self.store.session(writes=True) as session:
                if planned.kind == "renamed":
                    rename(session, planned.other, planned.path, known)
                    note = f"is {shown(Path(planned.other))} under another name; its result and decisions were kept"
                elif planned.kind == "copy":
                    write(session, planned.path, known)
                    note = f"has the same content as {shown(Path(planned.other))}; the two are counted once"
                self._replace(session, planned, planned.document)
                self._describe(session, planned.path, planned.document)
        except ReviewUnknown as error:  # somebody removed the review while the run went on: the next run takes it in
            self.log.drop(planned.path)
            return Event(planned.path, "failed", error)
        if planned.kind == "renamed":
            self.log.drop(planned.other)
        self.log.note(planned.path, known)
        return Event(planned.path, planned.kind, note=note)

    def settle_twin(self, planned: Planned, twin: str) -> Event:
        """A file with the content of another one of the same run, `twin`, which has been done or has failed."""
        known = self.log.paths[twin]
        if known.state == "done":
            return self.settle(planned)
        return self.fail(Failed(planned.path, planned.document, failure_of(known)), planned)

    def keep(self, result: Done, planned: Planned, *, content: bytes | None = None) -> Event:
        """Write an assessment, with the bytes that it is of if those are to be kept.

        A store that is locked or out of reach is asked again before its error is raised.
        """
        document = str(result.wire["document"]["id"])
        known = Known(document, self.recipe, "done")
        for attempt in range(TRIES):
            try:
                with self.store.session(writes=True) as session:
                    self.store.put(
                        session, result.wire, content=content, vectors=result.vectors, fictional=is_sample(document)
                    )
                    write(session, result.path, known, seconds=result.seconds)
                    self._replace(session, planned, document)
                    self._describe(session, result.path, document)
                break
            except (StoreLocked, StoreUnreachable):
                if attempt == TRIES - 1:
                    raise
                time.sleep(0.5 * 4**attempt)
        self.log.note(result.path, known)
        changed = "was changed since; its earlier version is kept and no longer counted" if planned.before else ""
        return Event(result.path, "assessed", note=changed)

    def fail(self, result: Failed, planned: Planned) -> Event:
        """Write a failure. A document found under this path before stays counted until it is replaced."""
        error, before, document = result.error, planned.before, result.document or planned.document
        was = self.log.paths.get(result.path)
        if was and was.state == "done" and was.document != document:
            before = was.document
        known = Known(document, self.recipe, "failed", error.code, error.message, error.remedy, before)
        with self.store.session(writes=True) as session:
            write(session, result.path, known, seconds=result.seconds)
        self.log.note(result.path, known)
        return Event(result.path, "failed", error)

    def _replace(self, session: Session, planned: Planned, document: str) -> None:
        """Take the version that lay under this path before out of the count, unless it lies elsewhere too."""
        elsewhere = [path for path in self.log.places.get(planned.before, ()) if path != planned.path]
        if planned.before and planned.before != document and not elsewhere:
            supersede(session, planned.before, document)

    def _describe(self, session: Session, path: str, document: str) -> None:
        values = self._metadata.get(path)
        if values:
            session.merge(MetadataRow(review_id=review_id_of(session, document), **values))
