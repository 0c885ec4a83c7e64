"""The tables that questions about many reviews read: one row per review and theme, failing, sentence; metadata; log.

They hold nothing that the assessments do not say: they can be made again from them at any time (`corpus_index`).
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from sfo_nlp.store.tables import Table

WIDE = BigInteger().with_variant(Integer, "sqlite")  # an INTEGER key is SQLite's own row number and needs no index
SHIFT = 20  # a sentence's id is its review's id shifted by this, plus its number: a review's sentences are one range


def _review() -> Mapped[int]:
    return mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"), primary_key=True)


class MeasureRow(Table):
    """A review that is counted, with what its newest assessment measures. Shares 0 to 1, ages in years.

    `raised` is JSON from ``theme:polarity`` to passages, `causes` from ``theme:cause`` to failings: what the other
    tables say row by row, at hand for questions that need it of every review. `risk` is JSON from ``kind:name`` and
    ``reason:name`` to passages: what the review finds wrong in the assessment of risk, and why. What a check that
    broke would have said is None; `share_explained` and the readability measures are None too where there was
    nothing to measure.
    """

    __tablename__ = "measures"
    review_id: Mapped[int] = _review()
    assessment_id: Mapped[int]
    verdict: Mapped[str | None] = mapped_column(String(20))
    reasoned: Mapped[bool | None]
    explanation: Mapped[str | None] = mapped_column(String(20))
    share_explained: Mapped[float | None]
    concerns: Mapped[int | None]
    systemic_causes: Mapped[bool | None]
    other_agencies: Mapped[bool | None]
    actions: Mapped[int | None]
    weak_actions: Mapped[int | None]
    reading_age: Mapped[float | None]
    words_per_sentence: Mapped[float | None]
    share_over_25_words: Mapped[float | None]
    passive_share: Mapped[float | None]
    sentences: Mapped[int]
    raised: Mapped[str | None] = mapped_column(Text)
    causes: Mapped[str | None] = mapped_column(Text)
    risk: Mapped[str | None] = mapped_column(Text)


class ThemeRow(Table):
    """That a review raises a theme with a polarity, in how many passages."""

    __tablename__ = "theme_reviews"
    __table_args__ = ({"sqlite_with_rowid": False},)
    theme: Mapped[str] = mapped_column(String(40), primary_key=True)
    polarity: Mapped[str] = mapped_column(String(10), primary_key=True)
    review_id: Mapped[int] = _review()
    passages: Mapped[int]


class FailingRow(Table):
    """A shortcoming with a theme that its passage raises ('' for none) and a cause given for it ('' for none).

    Offsets are into the document's text; `reason_start` is None where no reason stands beside the shortcoming.
    """

    __tablename__ = "failings"
    __table_args__ = ({"sqlite_with_rowid": False},)
    theme: Mapped[str] = mapped_column(String(40), primary_key=True)
    cause: Mapped[str] = mapped_column(String(40), primary_key=True)
    review_id: Mapped[int] = _review()
    start: Mapped[int] = mapped_column("start_offset", primary_key=True)
    end: Mapped[int] = mapped_column("end_offset")
    reason_start: Mapped[int | None]
    reason_end: Mapped[int | None]


class SentenceRow(Table):
    """A sentence of a review's text; `marks` are its roles in words. Both are in the full-text index."""

    __tablename__ = "sentences"
    id: Mapped[int] = mapped_column(WIDE, primary_key=True, autoincrement=False)
    start: Mapped[int] = mapped_column("start_offset")
    end: Mapped[int] = mapped_column("end_offset")
    page: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text)
    marks: Mapped[str] = mapped_column(String(120))


class VectorRow(Table):
    """The signs of a review's sentence vectors: `numbers` int32 (n,), `codes` bits (n, dimensions / 8)."""

    __tablename__ = "vectors"
    review_id: Mapped[int] = _review()
    model: Mapped[str] = mapped_column(String(64))
    dimensions: Mapped[int]
    numbers: Mapped[bytes] = mapped_column(LargeBinary)
    codes: Mapped[bytes] = mapped_column(LargeBinary)


class VectorValueRow(Table):
    """The sentence vectors as int8 (n, dimensions), each to its own scale; read for few reviews at a time."""

    __tablename__ = "vector_values"
    review_id: Mapped[int] = _review()
    content: Mapped[bytes] = mapped_column(LargeBinary)


class MetadataRow(Table):
    """What is known about a review's case from outside its text."""

    __tablename__ = "metadata"
    review_id: Mapped[int] = _review()
    region: Mapped[str | None] = mapped_column(String(80))
    offence: Mapped[str | None] = mapped_column(String(80))
    grade: Mapped[str | None] = mapped_column(String(80))
    risk_level: Mapped[str | None] = mapped_column(String(20))
    rating: Mapped[str | None] = mapped_column(String(40))
    offence_date: Mapped[date | None]
    due_date: Mapped[date | None]
    extended_to: Mapped[date | None]
    completed_date: Mapped[date | None]


class SupersededRow(Table):
    """A review whose file was replaced by a newer one of the same name: kept with its decisions, no longer counted."""

    __tablename__ = "superseded"
    review_id: Mapped[int] = _review()
    by_document: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class IngestRow(Table):
    """The last word on a file that was taken in: `state` is done or failed; `recipe` names what assessed it.

    `before` is the document that was found under this path earlier and waits to be superseded.
    """

    __tablename__ = "ingested"
    path: Mapped[str] = mapped_column(Text, primary_key=True)
    document: Mapped[str] = mapped_column(String(64), index=True)
    before: Mapped[str] = mapped_column(String(64), default="")
    recipe: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(40), default="")
    message: Mapped[str] = mapped_column(Text, default="")
    remedy: Mapped[str] = mapped_column(Text, default="")
    seconds: Mapped[float] = mapped_column(default=0.0)
    at: Mapped[datetime]
