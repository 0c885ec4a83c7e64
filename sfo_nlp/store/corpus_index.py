"""From an assessment to the rows that questions about many reviews read. Everything comes from its JSON form."""

import json
import zlib
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Session

from sfo_nlp.assessment.broken import broken
from sfo_nlp.language.lines import Place, sentences_of
from sfo_nlp.store.corpus_tables import (
    SHIFT,
    FailingRow,
    MeasureRow,
    SentenceRow,
    SupersededRow,
    ThemeRow,
    VectorRow,
    VectorValueRow,
)
from sfo_nlp.store.tables import AssessmentRow, ReviewRow, Table

READABILITY = ("reading_age", "words_per_sentence", "share_over_25_words", "passive_share")
ROLES = ("concern", "strength", "explanation", "judgement", "action", "themed", "heading")
_SENTENCES: Any = SentenceRow.__table__
PER_REVIEW: tuple[type[Table], ...] = (MeasureRow, ThemeRow, FailingRow, VectorRow, VectorValueRow)


@dataclass(frozen=True, slots=True)
class Vectors:
    """Sentence vectors of a review: `starts` offsets (n,), `values` (n, dimensions) of unit length, `model` a hash."""

    starts: npt.NDArray[np.int32]
    values: npt.NDArray[np.float32]
    model: str


def index_review(
    session: Session, review_id: int, assessment_id: int, wire: Mapping[str, Any], vectors: Vectors | None = None
) -> None:
    """Put a review's rows in place of those it had."""
    unindex_review(session, review_id)
    places = list(sentences_of(wire["document"]["text"]))
    raised, failings = _themes(review_id, wire), _failings(review_id, wire)
    measures = _measures(review_id, assessment_id, wire, len(places)) | _at_hand(raised, failings, wire)
    session.execute(insert(MeasureRow), [measures])
    for table, rows in ((ThemeRow, raised), (FailingRow, failings)):
        if rows:
            session.execute(insert(table), rows)
    if places:
        session.execute(insert(_SENTENCES), list(_sentence_rows(review_id, wire, places)))
    if vectors is not None and len(vectors.starts):
        _add_vectors(session, review_id, vectors, places)


def keep_indexed(
    session: Session, review_id: int, assessment_id: int, wire: Mapping[str, Any], vectors: Vectors | None = None
) -> None:
    """Index a review that was just added, unless that was done already; it is counted again if it was superseded."""
    session.execute(delete(SupersededRow).where(SupersededRow.review_id == review_id))
    indexed = session.scalar(select(MeasureRow.assessment_id).where(MeasureRow.review_id == review_id))
    if indexed != assessment_id or vectors is not None:
        index_review(session, review_id, assessment_id, wire, vectors)


def unindex_review(session: Session, review_id: int) -> None:
    """Take a review out of the corpus; the review itself, its findings and its decisions stay."""
    for table in PER_REVIEW:
        session.execute(delete(table).where(table.__table__.c.review_id == review_id))
    first = review_id << SHIFT
    session.execute(delete(SentenceRow).where(SentenceRow.id >= first, SentenceRow.id < first + (1 << SHIFT)))


def missing() -> Select[int, int | None]:
    """The reviews, with the assessment shown, whose rows are not made from that assessment."""
    return (
        select(ReviewRow.id, ReviewRow.current)
        .outerjoin(MeasureRow, MeasureRow.review_id == ReviewRow.id)
        .outerjoin(SupersededRow, SupersededRow.review_id == ReviewRow.id)
        .where(ReviewRow.current.is_not(None), SupersededRow.review_id.is_(None))
        .where(MeasureRow.assessment_id.is_(None) | (MeasureRow.assessment_id != ReviewRow.current))
    )


def index_missing(session: Session) -> int:
    """Index every review whose shown assessment is not the indexed one. Returns how many there were."""
    found = session.execute(missing()).all()
    for review_id, assessment_id in found:
        packed = session.scalar(select(AssessmentRow.wire).where(AssessmentRow.id == assessment_id))
        if packed is not None and assessment_id is not None:
            index_review(session, review_id, assessment_id, json.loads(zlib.decompress(packed)))
    return len(found)


def _measures(review_id: int, assessment_id: int, wire: Mapping[str, Any], sentences: int) -> dict[str, Any]:
    explanation, learning, ease = wire["explanation"], wire["learning"], wire["readability"]
    actions = [
        finding for finding in wire["findings"] if (finding["check"], finding["label"]) == ("learning", "action")
    ]
    said: dict[str, dict[str, Any]] = {
        "judgement": {
            "verdict": wire["judgement"].get("verdict"),
            "reasoned": bool(wire["judgement"].get("reasoned")),
        },
        "explanation": {
            "explanation": explanation.get("verdict"),
            "share_explained": explanation.get("share_explained"),
            "concerns": len(explanation.get("findings", ())),
        },
        "learning": {
            "systemic_causes": bool(learning.get("systemic_causes")),
            "other_agencies": bool(learning.get("other_agencies")),
            "actions": len(actions),
            "weak_actions": sum(bool(action["facts"].get("weak")) for action in actions),
        },
        "readability": {name: ease.get(name) for name in READABILITY},
    }
    broke = broken(wire)
    known = {
        name: None if check in broke else value for check, values in said.items() for name, value in values.items()
    }
    return {"review_id": review_id, "assessment_id": assessment_id, "sentences": sentences, **known}


def _themes(review_id: int, wire: Mapping[str, Any]) -> list[dict[str, Any]]:
    counts: Counter[tuple[str, str]] = Counter()
    for theme in wire["themes"]:
        counts[theme["id"], theme["polarity"]] += len(theme["evidence"])
    return [
        {"review_id": review_id, "theme": theme, "polarity": polarity, "passages": passages}
        for (theme, polarity), passages in counts.items()
    ]


def _failings(review_id: int, wire: Mapping[str, Any]) -> list[dict[str, Any]]:
    if "themes" in broken(wire):  # a failing without its theme would count as one that no theme covers
        return []
    raised = [
        (passage["start"], passage["end"], theme["id"])
        for theme in wire["themes"]
        if theme["polarity"] == "concern"
        for passage in theme["evidence"]
    ]
    rows: dict[tuple[str, str, int], dict[str, Any]] = {}
    for failing in wire["explanation"].get("findings", ()):
        start, end = failing["finding"]["start"], failing["finding"]["end"]
        reason = failing.get("explanation") or {}
        for theme in {id for first, last, id in raised if first < end and last > start} or {""}:
            for cause in failing.get("causes") or [""]:
                rows[theme, cause, start] = {
                    "review_id": review_id,
                    "theme": theme,
                    "cause": cause,
                    "start": start,
                    "end": end,
                    "reason_start": reason.get("start"),
                    "reason_end": reason.get("end"),
                }
    return list(rows.values())


def _at_hand(
    raised: Sequence[Mapping[str, Any]], failings: Sequence[Mapping[str, Any]], wire: Mapping[str, Any]
) -> dict[str, str | None]:
    """The same and the risk, in columns that questions about every review read at once; None where a check broke."""
    broke = broken(wire)
    themes = {f"{row['theme']}:{row['polarity']}": row["passages"] for row in raised}
    causes = Counter(f"{row['theme']}:{row['cause']}" for row in failings)
    risk: Counter[str] = Counter()
    for fact, name, passages in risk_passages(wire):
        risk[f"{fact}:{name}"] += len(passages)
    unknown = "rosh" in broke or "rosh" not in wire  # assessments from before that check say nothing of it
    return {
        "raised": None if "themes" in broke else _packed(themes),
        "causes": None if broke & {"themes", "explanation"} else _packed(causes),
        "risk": None if unknown else _packed(risk),
    }


def risk_passages(wire: Mapping[str, Any]) -> Iterator[tuple[str, str, Sequence[Mapping[str, Any]]]]:
    """What is wrong in the assessment of risk (``kind``) and why (``reason``), with its name and its passages."""
    for finding in wire["findings"]:
        for fact in ("kind", "reason") if finding["check"] == "rosh" else ():
            if finding["facts"].get(fact):
                yield fact, finding["facts"][fact], finding["evidence"]


def _packed(counts: Mapping[str, int]) -> str:
    return json.dumps(counts, separators=(",", ":"))


def _role_spans(wire: Mapping[str, Any]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Every passage that gives a sentence roles, as start, end and the roles."""
    for failing in wire["explanation"].get("findings", ()):
        yield failing["finding"]["start"], failing["finding"]["end"], ("concern",)
        if failing.get("explanation"):
            yield failing["explanation"]["start"], failing["explanation"]["end"], ("explanation",)
    for finding in wire["findings"]:
        kind = (finding["check"], finding["label"])
        role = "judgement" if kind[0] == "judgement" else {("learning", "action"): "action"}.get(kind)
        role = "strength" if kind == ("learning", "strength") else role
        for passage in finding["evidence"] if role else ():
            yield passage["start"], passage["end"], (role or "",)
    for theme in wire["themes"]:
        both = ("themed", theme["polarity"])
        yield from ((passage["start"], passage["end"], both) for passage in theme["evidence"])
    for section in wire["document"].get("sections", ()):
        yield section["start"], section["start"] + len(section["title"]), ("heading",)


def _sentence_rows(review_id: int, wire: Mapping[str, Any], places: Sequence[Place]) -> Iterator[dict[str, Any]]:
    pages = wire["document"].get("page_starts") or []
    marks: list[set[str]] = [set() for _ in places]
    starts = [place.start for place in places]
    for start, end, roles in _role_spans(wire):
        # A passage's sentence may be one that we cut in two, so the first that ends behind its start is found.
        for number in range(max(bisect_right(starts, start) - 1, 0), bisect_left(starts, end)):
            if places[number].end > start:
                marks[number].update(roles)
    for number, (place, roles_of) in enumerate(zip(places, marks, strict=True)):
        yield {
            "id": (review_id << SHIFT) + number,
            "start_offset": place.start,
            "end_offset": place.end,
            "page": bisect_right(pages, place.start) if pages else None,
            "text": place.text,
            "marks": " ".join(sorted(roles_of)),
        }


def _add_vectors(session: Session, review_id: int, vectors: Vectors, places: Sequence[Place]) -> None:
    starts = np.array([place.start for place in places], np.int32)
    numbers = np.searchsorted(starts, vectors.starts, side="right") - 1
    numbers, first = np.unique(np.maximum(numbers, 0), return_index=True)
    values = vectors.values[first]
    session.execute(
        insert(VectorRow),
        [
            {
                "review_id": review_id,
                "model": vectors.model,
                "dimensions": values.shape[1],
                "numbers": numbers.astype("<i4").tobytes(),
                "codes": signs(values).tobytes(),
            }
        ],
    )
    largest = np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-9)
    scaled = np.rint(values / largest * 127).astype(np.int8)
    session.execute(insert(VectorValueRow), [{"review_id": review_id, "content": scaled.tobytes()}])


def signs(values: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """The signs of vectors (n, dimensions) as bits (n, dimensions / 8)."""
    return np.packbits(values > 0, axis=1)
