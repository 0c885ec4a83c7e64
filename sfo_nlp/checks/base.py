"""What a check is: it reads what was parsed once and returns what it found, with the words it rests on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from sfo_nlp.checks.cues import Hits
from sfo_nlp.document import Document, Evidence, finding_id
from sfo_nlp.language.reading import Reading, Sentence
from sfo_nlp.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found. `evidence[0]` is the passage; `facts` are plain JSON values or `Evidence`."""

    check: str
    label: str
    evidence: tuple[Evidence, ...]
    confidence: float = 1.0
    facts: Mapping[str, Any] = field(default_factory=dict)

    def id(self, document: Document) -> str:
        """A stable name: the hash of document, check, label and quotation, so that a decision outlives a re-run."""
        quote = self.evidence[0].quote if self.evidence else ""
        return finding_id(document.id, self.check, self.label, quote)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """All that one check says of one document. `failure` is set when it broke; it then says nothing else."""

    check: str
    findings: tuple[Finding, ...] = ()
    measures: Mapping[str, Any] = field(default_factory=dict)
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What a check may read: the document, its parsed text, the rule hits of all checks, the user's settings."""

    reading: Reading
    hits: Hits
    settings: Settings = field(default_factory=Settings)
    _places: dict[int, Evidence] = field(default_factory=dict, init=False, repr=False, compare=False)
    _known: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def document(self) -> Document:
        return self.reading.document

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return self.reading.sentences

    def once(self, name: str, found: Callable[[], T]) -> T:
        """What `found` returns, worked out for the first check that asks under this name and kept for the others."""
        if name not in self._known:
            self._known[name] = found()
        known: T = self._known[name]
        return known

    def quote(self, sentence: Sentence, *, source: str, confidence: float = 1.0) -> Evidence:
        """The whole sentence as evidence; where it stands is looked up once for all checks."""
        place = self._places.get(sentence.index)
        if place is None:
            place = self._places[sentence.index] = self.document.evidence(sentence.span, source=source)
        # `dataclasses.replace` takes longer than finding the place.
        where = (place.quote, place.span, place.page, place.paragraph, place.boxes)
        return Evidence(*where, source, round(float(confidence), 4))


class Check(Protocol):
    """A check: a module-level object with an id, a title for people and one method."""

    id: str
    title: str

    def run(self, context: CheckContext) -> CheckResult:
        """Look for what the check is about. Any exception becomes a result with `failure`."""
        ...
