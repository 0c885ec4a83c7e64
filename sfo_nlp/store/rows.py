"""Between the tables and what others see of them: queue rows, findings of an assessment, decisions."""

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from sfo_nlp import __version__
from sfo_nlp.settings import Settings
from sfo_nlp.store.decision import Decision
from sfo_nlp.store.errors import ReviewUnknown
from sfo_nlp.store.tables import AssessmentRow, DecisionRow, FindingRow, ReviewRow

SAME = ("finding", "check", "label", "quote", "page", "start", "end", "kind", "reason", "who", "version")


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One review as the queue lists it. Ages in years, shares 0 to 1; counts are of criteria."""

    document: str
    name: str
    format: str
    pages: int | None
    words: int
    received: date
    due: date
    assigned: str
    status: str
    fictional: bool
    verdict: str | None
    explanation: str | None
    share_explained: float | None
    reading_age: float | None
    met: int
    not_met: int
    refer: int
    not_run: int


@dataclass(frozen=True, slots=True)
class Rating:
    """An official rating as an inspector recorded it; `standard` is a standard's id or ``overall``."""

    standard: str
    rating: str
    who: str
    at: datetime


def fingerprint(wire: Mapping[str, Any]) -> str:
    """One hash over everything that decides an assessment of a given file: program, reader, policy, models."""
    made_by = {key: value for key, value in wire["provenance"].items() if key != "seconds"}
    return hashlib.sha256(json.dumps(made_by, sort_keys=True).encode()).hexdigest()


def versions(settings: Settings) -> dict[str, object]:
    """What an assessment made now would name in its provenance, whatever the file: program, rules, policy, models."""
    from sfo_nlp.assessment.policy import read_policy
    from sfo_nlp.checks.cues import rules_version
    from sfo_nlp.language.models import model_folder

    return {
        "version": __version__,
        "rules": rules_version(),
        "policy": read_policy(settings.policy).version,
        "models": dict(model_folder(settings.models).files),
    }


def add_assessment(session: Session, review_id: int, mark: str, wire: Mapping[str, Any]) -> int:
    """Keep an assessment and put its findings in place of those of the one before. Returns its row's id."""
    outcomes = [criterion["outcome"] for criterion in wire["criteria"]]
    row = AssessmentRow(
        review_id=review_id,
        fingerprint=mark,
        version=wire["provenance"]["version"],
        made=now(),
        verdict=wire["judgement"].get("verdict"),
        explanation=wire["explanation"].get("verdict"),
        share_explained=wire["explanation"].get("share_explained"),
        reading_age=wire["readability"].get("reading_age"),
        **{outcome: outcomes.count(outcome) for outcome in ("met", "not_met", "refer", "not_run")},
        wire=zlib.compress(json.dumps(wire, ensure_ascii=False, separators=(",", ":")).encode(), 6),
    )
    session.add(row)
    session.flush()
    replace_findings(session, review_id, row.id, wire)
    return row.id


def replace_findings(session: Session, review_id: int, assessment_id: int, wire: Mapping[str, Any]) -> None:
    """Put the findings of an assessment in place of those of the one shown before."""
    session.execute(delete(FindingRow).where(FindingRow.review_id == review_id))
    rows = list(_finding_rows(wire, review_id, assessment_id))
    if rows:
        session.execute(insert(FindingRow), rows)


def _finding_rows(wire: Mapping[str, Any], review_id: int, assessment_id: int) -> Iterable[dict[str, Any]]:
    for finding in wire.get("findings", ()):
        facts = finding["facts"]
        for passage in finding["evidence"]:
            yield {
                "review_id": review_id,
                "assessment_id": assessment_id,
                "finding": finding["id"],
                "check": finding["check"],
                "label": finding["label"],
                "theme": facts.get("id") if finding["check"] == "themes" else None,
                "polarity": facts.get("polarity"),
                **{name: passage[name] for name in ("page", "start", "end", "quote", "confidence", "source")},
            }


def to_decision(row: DecisionRow, document: str) -> Decision:
    """A stored row as the decision it is."""
    same = {name: getattr(row, name) for name in SAME}
    return Decision(document=document, at=row.at.replace(tzinfo=UTC), value=row.value, id=row.id, **same)


def review_id_of(session: Session, document: str) -> int:
    """The row id of a document's review. Raises `ReviewUnknown`."""
    found = session.scalar(select(ReviewRow.id).where(ReviewRow.document == document))
    if found is None:
        raise ReviewUnknown("This review is not in the store")
    return found


def now() -> datetime:
    """This moment in UTC, without its zone, as the tables keep it."""
    return datetime.now(UTC).replace(tzinfo=None)
