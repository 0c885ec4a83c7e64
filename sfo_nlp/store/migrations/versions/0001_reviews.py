"""Reviews, their files, assessments and findings; people's decisions and official ratings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_REFUSE = "a decision is never changed: add a newer one"


def upgrade() -> None:
    """Make the first tables."""
    _reviews()
    _assessments()
    _findings()
    _people()
    _append_only("decisions")
    _append_only("ratings")


def _review(*, index: bool = True) -> sa.Column[int]:
    return sa.Column(
        "review_id", sa.Integer, sa.ForeignKey("reviews.id", ondelete="CASCADE"), nullable=False, index=index
    )


def _reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("document", sa.String(64), nullable=False, unique=True),
        sa.Column("name", sa.String(400), nullable=False),
        sa.Column("format", sa.String(8), nullable=False),
        sa.Column("pages", sa.Integer),
        sa.Column("words", sa.Integer, nullable=False),
        sa.Column("received", sa.Date, nullable=False),
        sa.Column("due", sa.Date, nullable=False, index=True),
        sa.Column("assigned", sa.String(200), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("fictional", sa.Boolean, nullable=False),
        sa.Column("added", sa.DateTime, nullable=False),
        sa.Column("current", sa.Integer),
    )
    op.create_table(
        "files",
        sa.Column("review_id", sa.Integer, sa.ForeignKey("reviews.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )


def _assessments() -> None:
    op.create_table(
        "assessments",
        sa.Column("id", sa.Integer, primary_key=True),
        _review(),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("made", sa.DateTime, nullable=False),
        sa.Column("verdict", sa.String(20), index=True),
        sa.Column("explanation", sa.String(20)),
        sa.Column("share_explained", sa.Float),
        sa.Column("reading_age", sa.Float),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("met", "not_met", "refer", "not_run")),
        sa.Column("wire", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("review_id", "fingerprint"),
    )


def _findings() -> None:
    op.create_table(
        "findings",
        sa.Column("id", sa.Integer, primary_key=True),
        _review(),
        sa.Column(
            "assessment_id", sa.Integer, sa.ForeignKey("assessments.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("finding", sa.String(16), nullable=False, index=True),
        *_passage(),
        sa.Column("theme", sa.String(40)),
        sa.Column("polarity", sa.String(10)),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("source", sa.String(120), nullable=False),
        sa.Index("ix_findings_check_label", "check_id", "label"),
        sa.Index("ix_findings_theme_polarity", "theme", "polarity"),
    )


def _passage() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("check_id", sa.String(40), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("quote", sa.Text, nullable=False),
        sa.Column("page", sa.Integer),
        sa.Column("start_offset", sa.Integer, nullable=False),
        sa.Column("end_offset", sa.Integer, nullable=False),
    )


def _people() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer, primary_key=True),
        _review(index=False),
        sa.Column("finding", sa.String(16), nullable=False),
        *_passage(),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("value", sa.JSON, nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Index("ix_decisions_review_finding", "review_id", "finding"),
    )
    op.create_table(
        "ratings",
        sa.Column("id", sa.Integer, primary_key=True),
        _review(),
        sa.Column("standard", sa.String(40), nullable=False),
        sa.Column("rating", sa.String(40), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )


def _append_only(table: str) -> None:
    """Let the database itself refuse to change a row that a person added."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{_REFUSE}'); END"
        )
    elif op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_REFUSE}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
        )
