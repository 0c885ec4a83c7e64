"""One view of an assessment for everything that shows it: terminal, HTML, DOCX, PDF, tables and the pane.

`viewing.view_of` builds it from the JSON form.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sfo_nlp.assessment.broken import broken
from sfo_nlp.report import words
from sfo_nlp.store.decision import Standing


@dataclass(frozen=True, slots=True)
class Passage:
    """A quotation with its places; `page` is None and `boxes` empty where the format has no pages."""

    quote: str
    page: int | None
    paragraph: int | None
    start: int
    end: int
    boxes: tuple[tuple[float, ...], ...]
    source: str
    confidence: float

    @property
    def where(self) -> str:
        """Page, or paragraph where the format has no pages."""
        return f"page {self.page}" if self.page is not None else f"paragraph {self.paragraph}"

    @property
    def at(self) -> str:
        """The same inside a sentence."""
        return f"{'on' if self.page is not None else 'in'} {self.where}"


@dataclass(frozen=True, slots=True)
class Item:
    """One finding as shown. `key` is unique in the view; `id` is the stable name that decisions hang on."""

    key: str
    id: str
    check: str
    label: str
    title: str
    note: str
    tone: str
    passages: tuple[Passage, ...]
    beside: Passage | None
    sure: str
    standing: Standing
    facts: Mapping[str, Any]

    @property
    def passage(self) -> Passage:
        """The passage that the finding is about."""
        return self.passages[0]

    @property
    def mark(self) -> words.Mark:
        """How its passages are marked."""
        return words.mark_of(self.check)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One question of a standard with its answer, the `items` it rests on, and `loose` quotations without one."""

    id: str
    question: str
    outcome: str
    reason: str
    items: tuple[Item, ...]
    loose: tuple[Passage, ...]

    @property
    def said(self) -> str:
        """The outcome in words."""
        return words.OUTCOMES[self.outcome][1]

    @property
    def sign(self) -> str:
        """The outcome as one sign."""
        return words.OUTCOMES[self.outcome][0]


@dataclass(frozen=True, slots=True)
class Standard:
    """One of the four standards with its criteria in order."""

    id: str
    title: str
    criteria: tuple[Criterion, ...]

    def count(self, outcome: str) -> int:
        """How many of its criteria have this outcome."""
        return sum(criterion.outcome == outcome for criterion in self.criteria)


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the headline answers: what was asked, the answer, and the figure it rests on."""

    id: str
    title: str
    answer: str
    detail: str
    tone: str


@dataclass(frozen=True, slots=True)
class View:
    """Everything that is shown of one assessment. `wire` is its JSON form."""

    wire: Mapping[str, Any]
    document: str
    name: str
    pages: int | None
    words: int
    text: str
    answers: tuple[Answer, ...]
    standards: tuple[Standard, ...]
    items: tuple[Item, ...]
    near_misses: tuple[Item, ...]
    warnings: tuple[Mapping[str, Any], ...]
    standing: Mapping[str, Standing] = field(default_factory=dict)

    @property
    def is_pdf(self) -> bool:
        """Whether the file was read as a PDF, whatever it is called; in assessments of old, those with pages."""
        return bool(self.wire["document"].get("format", "pdf" if self.pages else "") == "pdf")

    @property
    def broken(self) -> frozenset[str]:
        """The checks that could not run."""
        return broken(self.wire)

    def answer(self, name: str) -> Answer:
        """The headline answer with this id. Raises `KeyError` where there is none."""
        return {answer.id: answer for answer in self.answers}[name]

    def of(self, check: str, label: str | None = None) -> tuple[Item, ...]:
        """The items of one check, all or those with a label."""
        return tuple(item for item in self.items if item.check == check and label in (None, item.label))

    def criterion(self, name: str) -> Criterion | None:
        """The criterion with this id, or None."""
        return next((one for standard in self.standards for one in standard.criteria if one.id == name), None)
