"""The tables. Reviews are told apart by the hash of their bytes; decisions are only ever added."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Table(DeclarativeBase):
    """The base of all tables."""


class ReviewRow(Table):
    """One review document. `document` is the SHA-256 of its bytes; `due` is the day by which it is to be assured."""

    __tablename__ = "reviews"
    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(400))
    format: Mapped[str] = mapped_column(String(8))
    pages: Mapped[int | None]
    words: Mapped[int]
    received: Mapped[date]
    due: Mapped[date] = mapped_column(index=True)
    assigned: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[str] = mapped_column(String(20), default="new")
    fictional: Mapped[bool] = mapped_column(default=False)
    added: Mapped[datetime]
    current: Mapped[int | None]


class FileRow(Table):
    """The bytes of a review as they came, kept so that its pages can be shown again."""

    __tablename__ = "files"
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class AssessmentRow(Table):
    """An assessment by one version of rules, policy and models (`fingerprint`); `wire` is compressed JSON."""

    __tablename__ = "assessments"
    __table_args__ = (UniqueConstraint("review_id", "fingerprint"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"), index=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(40))
    made: Mapped[datetime]
    verdict: Mapped[str | None] = mapped_column(String(20), index=True)
    explanation: Mapped[str | None] = mapped_column(String(20))
    share_explained: Mapped[float | None]
    reading_age: Mapped[float | None]
    met: Mapped[int]
    not_met: Mapped[int]
    refer: Mapped[int]
    not_run: Mapped[int]
    wire: Mapped[bytes] = mapped_column(LargeBinary)


class FindingRow(Table):
    """One passage that a check found, with what is asked of many reviews at once. `finding` is the stable id."""

    __tablename__ = "findings"
    __table_args__ = (
        Index("ix_findings_check_label", "check_id", "label"),
        Index("ix_findings_theme_polarity", "theme", "polarity"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"), index=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id", ondelete="CASCADE"), index=True)
    finding: Mapped[str] = mapped_column(String(16), index=True)
    check: Mapped[str] = mapped_column("check_id", String(40))
    label: Mapped[str] = mapped_column(String(80))
    theme: Mapped[str | None] = mapped_column(String(40))
    polarity: Mapped[str | None] = mapped_column(String(10))
    page: Mapped[int | None]
    start: Mapped[int] = mapped_column("start_offset")
    end: Mapped[int] = mapped_column("end_offset")
    quote: Mapped[str] = mapped_column(Text)
    confidence: Mapped[float]
    source: Mapped[str] = mapped_column(String(120))


class DecisionRow(Table):
    """One person's word on one finding. Rows are added and never changed: the database itself refuses an update."""

    __tablename__ = "decisions"
    __table_args__ = (Index("ix_decisions_review_finding", "review_id", "finding"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"))
    finding: Mapped[str] = mapped_column(String(16))
    check: Mapped[str] = mapped_column("check_id", String(40))
    label: Mapped[str] = mapped_column(String(80))
    quote: Mapped[str] = mapped_column(Text)
    page: Mapped[int | None]
    start: Mapped[int] = mapped_column("start_offset")
    end: Mapped[int] = mapped_column("end_offset")
    kind: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    who: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    version: Mapped[str] = mapped_column(String(40))


class RatingRow(Table):
    """An official rating as an inspector recorded it, for a standard or ``overall``. The newest counts."""

    __tablename__ = "ratings"
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"), index=True)
    standard: Mapped[str] = mapped_column(String(40))
    rating: Mapped[str] = mapped_column(String(40))
    who: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
