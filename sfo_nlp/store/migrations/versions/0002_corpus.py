"""What questions about many reviews read: measures, themes, failings, sentences with full text, vectors, metadata."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_SHIFT = 20


def upgrade() -> None:
    """Add the corpus tables and the full-text index of the database at hand."""
    _measures()
    _themes_and_failings()
    _sentences()
    _vectors()
    _about_files()
    {"sqlite": _full_text_sqlite, "postgresql": _full_text_postgresql}.get(op.get_bind().dialect.name, lambda: None)()


def _review(*, primary: bool = True) -> sa.Column[int]:
    return sa.Column(
        "review_id",
        sa.Integer,
        sa.ForeignKey("reviews.id", ondelete="CASCADE"),
        primary_key=primary,
        autoincrement=False,
    )


def _measures() -> None:
    op.create_table(
        "measures",
        _review(),
        sa.Column("assessment_id", sa.Integer, nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("reasoned", sa.Boolean, nullable=False),
        sa.Column("explanation", sa.String(20), nullable=False),
        sa.Column("share_explained", sa.Float),
        sa.Column("concerns", sa.Integer, nullable=False),
        sa.Column("systemic_causes", sa.Boolean, nullable=False),
        sa.Column("other_agencies", sa.Boolean, nullable=False),
        sa.Column("actions", sa.Integer, nullable=False),
        sa.Column("weak_actions", sa.Integer, nullable=False),
        sa.Column("reading_age", sa.Float),
        sa.Column("words_per_sentence", sa.Float),
        sa.Column("share_over_25_words", sa.Float),
        sa.Column("passive_share", sa.Float),
        sa.Column("sentences", sa.Integer, nullable=False),
        sa.Column("raised", sa.Text, nullable=False),
        sa.Column("causes", sa.Text, nullable=False),
    )


def _themes_and_failings() -> None:
    op.create_table(
        "theme_reviews",
        sa.Column("theme", sa.String(40), primary_key=True),
        sa.Column("polarity", sa.String(10), primary_key=True),
        _review(),
        sa.Column("passages", sa.Integer, nullable=False),
        sa.Index("ix_theme_reviews_review", "review_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "failings",
        sa.Column("theme", sa.String(40), primary_key=True),
        sa.Column("cause", sa.String(40), primary_key=True),
        _review(),
        sa.Column("start_offset", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("end_offset", sa.Integer, nullable=False),
        sa.Column("reason_start", sa.Integer),
        sa.Column("reason_end", sa.Integer),
        sa.Index("ix_failings_review", "review_id"),
        sqlite_with_rowid=False,
    )


def _sentences() -> None:
    op.create_table(
        "sentences",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
        sa.Column("start_offset", sa.Integer, nullable=False),
        sa.Column("end_offset", sa.Integer, nullable=False),
        sa.Column("page", sa.Integer),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("marks", sa.String(120), nullable=False),
    )


def _vectors() -> None:
    op.create_table(
        "vectors",
        _review(),
        sa.Column("model", sa.String(64), nullable=False),
        sa.Column("dimensions", sa.Integer, nullable=False),
        sa.Column("numbers", sa.LargeBinary, nullable=False),
        sa.Column("codes", sa.LargeBinary, nullable=False),
    )
    op.create_table("vector_values", _review(), sa.Column("content", sa.LargeBinary, nullable=False))


def _about_files() -> None:
    op.create_table(
        "metadata",
        _review(),
        sa.Column("region", sa.String(80)),
        sa.Column("offence", sa.String(80)),
        sa.Column("grade", sa.String(80)),
        sa.Column("risk_level", sa.String(20)),
        sa.Column("rating", sa.String(40)),
        sa.Column("offence_date", sa.Date),
        sa.Column("due_date", sa.Date),
        sa.Column("extended_to", sa.Date),
        sa.Column("completed_date", sa.Date),
    )
    op.create_table(
        "superseded",
        _review(),
        sa.Column("by_document", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "ingested",
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("document", sa.String(64), nullable=False, index=True),
        sa.Column("before", sa.String(64), nullable=False),
        sa.Column("recipe", sa.String(64), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("remedy", sa.Text, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )


def _full_text_sqlite() -> None:
    """An FTS5 index over the sentences' own text (it keeps no copy), and a review's sentences leave with it."""
    op.execute(
        "CREATE VIRTUAL TABLE sentence_words USING fts5(text, marks, content='sentences', content_rowid='id', "
        "tokenize='porter unicode61 remove_diacritics 2')"
    )
    op.execute(
        "CREATE TRIGGER sentences_added AFTER INSERT ON sentences BEGIN "
        "INSERT INTO sentence_words(rowid, text, marks) VALUES (new.id, new.text, new.marks); END"
    )
    op.execute(
        "CREATE TRIGGER sentences_removed AFTER DELETE ON sentences BEGIN "
        "INSERT INTO sentence_words(sentence_words, rowid, text, marks) "
        "VALUES ('delete', old.id, old.text, old.marks); END"
    )
    op.execute(
        "CREATE TRIGGER reviews_removed AFTER DELETE ON reviews BEGIN DELETE FROM sentences "
        f"WHERE id >= old.id << {_SHIFT} AND id < (old.id + 1) << {_SHIFT}; END"
    )


def _full_text_postgresql() -> None:
    """A generated tsvector under an English stemmer that keeps the small words, so that phrases can be found."""
    op.execute("CREATE TEXT SEARCH DICTIONARY sfo_nlp_stem (TEMPLATE = snowball, Language = english)")
    op.execute("CREATE TEXT SEARCH CONFIGURATION sfo_nlp (COPY = simple)")
    op.execute(
        "ALTER TEXT SEARCH CONFIGURATION sfo_nlp ALTER MAPPING FOR asciiword, word, asciihword, hword, "
        "hword_asciipart, hword_part WITH sfo_nlp_stem"
    )
    op.execute(
        "ALTER TABLE sentences ADD COLUMN words tsvector "
        "GENERATED ALWAYS AS (to_tsvector('sfo_nlp'::regconfig, text)) STORED"
    )
    op.execute("CREATE INDEX ix_sentences_words ON sentences USING gin (words)")
    op.execute(
        "CREATE FUNCTION reviews_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"DELETE FROM sentences WHERE id >= old.id::bigint << {_SHIFT} AND id < (old.id::bigint + 1) << {_SHIFT}; "
        "RETURN old; END $$"
    )
    op.execute("CREATE TRIGGER reviews_removed AFTER DELETE ON reviews FOR EACH ROW EXECUTE FUNCTION reviews_removed()")
