"""What a review finds wrong in the assessment of risk, and why, counted with its other measures."""

import json
import zlib
from collections import Counter
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the counts and fill them from the shown assessments; null where none of them was checked for this."""
    op.add_column("measures", sa.Column("risk", sa.Text, nullable=True))
    connection = op.get_bind()
    one = sa.text("SELECT wire FROM assessments WHERE id = :id")
    put = sa.text("UPDATE measures SET risk = :risk WHERE assessment_id = :id")
    # One assessment at a time: those of ten thousand reviews are too many to hold.
    for assessment in connection.execute(sa.text("SELECT assessment_id FROM measures")).scalars().all():
        packed = connection.scalar(one, {"id": assessment})
        risk = _counts(json.loads(zlib.decompress(packed))) if packed is not None else None
        if risk is not None:
            connection.execute(put, {"id": assessment, "risk": json.dumps(risk, separators=(",", ":"))})


def _counts(wire: dict[str, Any]) -> dict[str, int] | None:
    broke = any(check["id"] == "rosh" and check["failure"] for check in wire.get("checks", ()))
    if broke or "rosh" not in wire:
        return None
    counts: Counter[str] = Counter()
    for finding in wire["findings"]:
        for fact in ("kind", "reason") if finding["check"] == "rosh" else ():
            if finding["facts"].get(fact):
                counts[f"{fact}:{finding['facts'][fact]}"] += len(finding["evidence"])
    return counts
