"""Check files that were dropped on a page: bytes in, a stored assessment or a coded failure out."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import streamlit as st

from sfo_nlp.errors import FileEmpty, LimitExceeded, SfoError
from sfo_nlp.mining.errors import InternalError
from sfo_nlp.mining.recipe import recipe
from sfo_nlp.mining.work import Failed, Job, assess_job
from sfo_nlp.report.safe import one_line
from sfo_nlp.settings import Settings
from sfo_nlp.store.rows import versions
from sfo_nlp.store.samples import is_sample
from sfo_nlp.store.store import Store

LOG = logging.getLogger(__name__)


class Upload(Protocol):
    """A file dropped on a page."""

    name: str

    def getvalue(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one file: the document's id, or the failure."""

    name: str
    document: str | None
    known: bool = False
    error: SfoError | None = None


def check_bytes(content: bytes, name: str, settings: Settings = Settings()) -> dict[str, Any]:
    """Assess a file from its bytes, as `review` does from a path. Raises `SfoError`."""
    from sfo_nlp.extract import extract_bytes
    from sfo_nlp.pipeline import review_document

    _within_limits(content, name, settings)
    return review_document(extract_bytes(content, name, settings), settings).to_dict()


def _within_limits(content: bytes, name: str, settings: Settings) -> None:
    if not content.strip():
        raise FileEmpty(f"{one_line(name)}: the file is empty")
    if len(content) > settings.limits.file_mb * 1_000_000:
        raise LimitExceeded(f"{one_line(name)}: larger than {settings.limits.file_mb} MB")


class Sample:
    """A sample file, as if it had been dropped."""

    def __init__(self, path: Path) -> None:
        self.path, self.name = path, path.name

    def getvalue(self) -> bytes:
        """The file's bytes."""
        return self.path.read_bytes()


def check_all(uploads: Sequence[Upload], store: Store) -> list[Done]:
    """Check every file, saying which one is being read; each is in the store before the next one is begun."""
    done = []
    bar = st.progress(0.0, text="Loading the models…")
    for number, upload in enumerate(uploads):
        bar.progress(
            number / len(uploads), text=f"Reading {one_line(upload.name, longest=60)} ({number + 1} of {len(uploads)})…"
        )
        done.append(_check(upload, store))
    bar.empty()
    return done


def _check(upload: Upload, store: Store) -> Done:
    """One file, unless the store shows its assessment by the program, rules, policy and models of today."""
    content, settings = upload.getvalue(), Settings()
    document = sha256(content).hexdigest()
    try:
        if store.has(document, made_by=versions(settings)):
            return Done(upload.name, document, known=True)
        _within_limits(content, upload.name, settings)
        _keep(upload.name, content, store, settings)
        return Done(upload.name, document)
    except SfoError as error:
        return Done(upload.name, None, error=error)
    except Exception as error:  # a file may break what nobody foresaw; the others must still be checked
        LOG.exception("%s could not be checked", one_line(upload.name))
        fault = InternalError(f"{one_line(upload.name)}: it could not be checked ({type(error).__name__}: {error})")
        return Done(upload.name, None, error=fault)


def _keep(name: str, content: bytes, store: Store, settings: Settings) -> None:
    """Assess a file as `ingest` does and keep it with its sentence vectors, by which nearest passages are found."""
    result = assess_job(Job(name, name, content), settings, recipe(settings), own_models=False)
    if isinstance(result, Failed):
        if isinstance(result.error, InternalError):
            LOG.error("%s", one_line(result.error.message))
        raise result.error
    document = str(result.wire["document"]["id"])
    with store.session(writes=True) as session:
        store.put(session, result.wire, content=content, vectors=result.vectors, fictional=is_sample(document))


def failures(done: Iterable[Done]) -> list[Done]:
    """Those that could not be checked."""
    return [one for one in done if one.error is not None]
