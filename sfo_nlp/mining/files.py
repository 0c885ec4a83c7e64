"""Which files there are to take in, and what each of them is to the store: new, unchanged, changed, renamed, a copy."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sfo_nlp.errors import FileUnreadable, SfoError
from sfo_nlp.extract import SUFFIXES, load
from sfo_nlp.mining.errors import NothingToIngest
from sfo_nlp.settings import Settings

Kind = Literal["new", "changed", "unchanged", "copy", "renamed", "failed_before", "unreadable"]
TODO = ("new", "changed")


@dataclass(frozen=True, slots=True)
class Known:
    """What the store's log says of a path: the document last found there, how it went and what assessed it."""

    document: str
    recipe: str
    state: str
    code: str = ""
    message: str = ""
    remedy: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """One file and what is to be done with it. `other` is the path of the same content elsewhere."""

    path: str
    kind: Kind
    document: str = ""
    before: str = ""
    other: str = ""
    error: SfoError | None = None


@dataclass(slots=True)
class Log:
    """What is known of every path, and by which paths every document is known."""

    paths: dict[str, Known] = field(default_factory=dict)
    places: dict[str, list[str]] = field(default_factory=dict)

    def note(self, path: str, known: Known) -> None:
        """Remember the newest word on a path."""
        old = self.paths.get(path)
        if old and path in self.places.get(old.document, ()):
            self.places[old.document].remove(path)
        self.paths[path] = known
        self.places.setdefault(known.document, []).append(path)

    def drop(self, path: str) -> None:
        """Forget a path."""
        known = self.paths.pop(path, None)
        if known and path in self.places.get(known.document, ()):
            self.places[known.document].remove(path)


def gather(paths: Iterable[Path]) -> list[str]:
    """Every file named and every review in the folders named, absolute, each once, in order of name within a folder.

    Raises `NothingToIngest` when a folder was named and there is no review at all.
    """
    found: dict[str, None] = {}
    for path in paths:
        if path.is_dir():
            read = (each for each in _inside(path) if each.suffix.lower() in SUFFIXES)
            found.update(dict.fromkeys(os.path.abspath(each) for each in sorted(read)))
        else:
            found[os.path.abspath(path)] = None
    if not found:
        raise NothingToIngest("There is no review in the folders named")
    return list(found)


def passed_over(paths: Iterable[Path]) -> list[Path]:
    """The files in the folders named that are of a kind that is not read, in order of name within a folder."""
    folders = (path for path in paths if path.is_dir())
    return [each for path in folders for each in sorted(_inside(path)) if each.suffix.lower() not in SUFFIXES]


def _inside(folder: Path) -> Iterator[Path]:
    """Every file in a folder and the folders in it, the hidden ones aside."""
    for each in folder.rglob("*"):
        if each.is_file() and not any(part.startswith(".") for part in each.relative_to(folder).parts):
            yield each


def plan(path: str, log: Log, recipe: str, settings: Settings, *, retry: bool = False) -> Planned:
    """What is to be done with the file at `path`. With `retry` a file that failed before is tried again."""
    try:
        document = hashlib.sha256(load(Path(path), settings)).hexdigest()
    except SfoError as error:
        return Planned(path, "unreadable", error=error)
    known = log.paths.get(path)
    if known and known.document == document and known.recipe == recipe:
        if known.state == "done":
            return Planned(path, "unchanged", document)
        if not retry:
            return Planned(path, "failed_before", document, error=failure_of(known))
    before = _before(known, document)
    for other in log.places.get(document, ()):
        if other != path and log.paths[other].state == "done" and log.paths[other].recipe == recipe:
            gone = not Path(other).exists()
            return Planned(path, "renamed" if gone else "copy", document, before=before, other=other)
    return Planned(path, "changed" if before else "new", document, before=before)


def _before(known: Known | None, document: str) -> str:
    """The document that a new one under the same name takes the place of, or ''."""
    if known is None or known.document == document:
        return known.before if known else ""
    return known.document if known.state == "done" else known.before


def failure_of(known: Known) -> SfoError:
    """The failure that the log keeps, with its own code."""
    error = FileUnreadable(known.message, remedy=known.remedy)
    error.code = known.code
    return error


def read_again(planned: Planned, settings: Settings) -> tuple[bytes, SfoError | None]:
    """The file's bytes at the moment of work, or the failure to read them."""
    try:
        return load(Path(planned.path), settings), None
    except SfoError as error:
        return b"", error
