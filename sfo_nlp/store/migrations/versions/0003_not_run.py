"""A check that broke leaves nothing measured: the measures may be null, and those counted as verdicts until now are."""

import json
import re
import zlib
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "verdict": sa.String(20),
    "reasoned": sa.Boolean(),
    "explanation": sa.String(20),
    "concerns": sa.Integer(),
    "systemic_causes": sa.Boolean(),
    "other_agencies": sa.Boolean(),
    "actions": sa.Integer(),
    "weak_actions": sa.Integer(),
    "raised": sa.Text(),
    "causes": sa.Text(),
}
_SAID_BY = {
    "judgement": ("verdict", "reasoned"),
    "explanation": ("explanation", "share_explained", "concerns", "causes"),
    "learning": ("systemic_causes", "other_agencies", "actions", "weak_actions"),
    "themes": ("raised", "causes"),
}
_SOME_FAILURE = re.compile(rb'"failure":\s*"')


def upgrade() -> None:
    """Let the measures be null, then empty what checks that broke had filled in."""
    with op.batch_alter_table("measures") as table:
        for name, kind in _TYPES.items():
            table.alter_column(name, existing_type=kind, nullable=True)
    _empty_what_broke()
    # Files of reviews that were removed since pass for done, and would never be taken in again.
    op.execute("DELETE FROM ingested WHERE state = 'done' AND document NOT IN (SELECT document FROM reviews)")


def _empty_what_broke() -> None:
    connection = op.get_bind()
    one = sa.text("SELECT review_id, wire FROM assessments WHERE id = :id")
    # One assessment at a time: those of ten thousand reviews are too many to hold.
    for assessment in connection.execute(sa.text("SELECT id FROM assessments")).scalars().all():
        review, packed = connection.execute(one, {"id": assessment}).one()
        content = zlib.decompress(packed)
        if _SOME_FAILURE.search(content):
            broke = {check["id"] for check in json.loads(content).get("checks", ()) if check["failure"]}
            _empty(connection, assessment, review, broke)


def _empty(connection: sa.Connection, assessment: int, review: int, broke: set[str]) -> None:
    names = sorted({name for check in broke for name in _SAID_BY.get(check, ())})
    values = {"id": assessment, "review": review}
    if "explanation" in broke:
        connection.execute(sa.text("UPDATE assessments SET explanation = NULL WHERE id = :id"), values)
    if names:
        gone = ", ".join(f"{name} = NULL" for name in names)
        kept = f"UPDATE measures SET {gone} WHERE review_id = :review AND assessment_id = :id"
        shown = connection.execute(sa.text(kept), values).rowcount
        if shown and "themes" in broke:
            connection.execute(sa.text("DELETE FROM failings WHERE review_id = :review"), values)
