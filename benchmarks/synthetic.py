"""A made-up corpus of any size: stretches of the annotated fictional reviews, put together anew by a seeded draw."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from sfo_nlp.document import finding_id
from sfo_nlp.store.corpus_index import Vectors

CORPUS = Path(__file__).parent.parent / "corpus" / "annotated"
SENTENCES, RUN, FILLER = 300, 12, 0.72
DIMENSIONS = 384
REGIONS = (
    "East Midlands", "East of England", "Greater Manchester", "Kent, Surrey and Sussex", "London", "North East",
    "North West", "South Central", "South West", "Wales", "West Midlands", "Yorkshire and the Humber",
)  # fmt: skip
OFFENCES = ("murder", "attempted murder", "manslaughter", "rape", "arson", "other")
RATINGS = ("Outstanding", "Good", "Requires improvement", "Inadequate")


@dataclass(frozen=True, slots=True)
class Unit:
    """An annotated sentence, item or cell: its words and what the annotation says of it. `number` tells units apart."""

    number: int
    text: str
    marks: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """One made-up review: its assessment's JSON form, sentence vectors, and metadata."""

    wire: dict[str, Any]
    vectors: Vectors
    metadata: dict[str, Any]


class Pool:
    """The annotated training reviews as units, and a vector for each."""

    def __init__(self, *, seed: int = 0) -> None:
        self.reviews: list[list[Unit]] = []
        for path in sorted(CORPUS.glob("w*.jsonl")):
            for line in path.read_text(encoding="utf-8").splitlines():
                data = json.loads(line)
                if data["split"] == "train":
                    self.reviews.append(list(self._units(data)))
        self.units = [unit for review in self.reviews for unit in review]
        self.plain = [unit for unit in self.units if unit.marks["labels"] in (["event"], [])]
        draw = np.random.default_rng(seed)
        values = draw.normal(size=(len(self.units), DIMENSIONS)).astype(np.float32)
        self.vectors = values / np.linalg.norm(values, axis=1, keepdims=True)

    def _units(self, data: Mapping[str, Any]) -> Iterator[Unit]:
        before = sum(map(len, self.reviews))
        for number, marks in enumerate(data["units"]):
            yield Unit(before + number, " ".join(data["text"][marks["start"] : marks["end"]].split()), marks)


def make(pool: Pool, number: int, *, seed: int = 0) -> Made:
    """The made-up review of this number: about `SENTENCES` lines, the same for the same seed and corpus."""
    draw = np.random.default_rng((seed, number))
    chosen: list[tuple[int, Unit]] = []
    while len(chosen) < SENTENCES * (1 - FILLER):
        source = int(draw.integers(len(pool.reviews)))
        start = int(draw.integers(max(len(pool.reviews[source]) - RUN, 1)))
        chosen += [(source, unit) for unit in pool.reviews[source][start : start + RUN]]
    filler = draw.integers(len(pool.plain), size=SENTENCES - len(chosen))
    chosen += [(-1, pool.plain[row]) for row in filler]
    return Made(_wire(chosen, number, draw), _vectors(pool, chosen), _metadata(draw))


def _starts(chosen: list[tuple[int, Unit]], number: int) -> tuple[str, list[int]]:
    text, starts = f"Made-up review {number}\n", []
    pieces = [text]
    place = len(text)
    for _, unit in chosen:
        starts.append(place)
        pieces.append(f"{unit.text}\n")
        place += len(unit.text) + 1
    return "".join(pieces).rstrip("\n"), starts


def _vectors(pool: Pool, chosen: list[tuple[int, Unit]]) -> Vectors:
    _, starts = _starts(chosen, 0)
    return Vectors(np.array(starts, np.int32), pool.vectors[[unit.number for _, unit in chosen]], "made-up")


def _metadata(draw: np.random.Generator) -> dict[str, Any]:
    done = date(2018, 1, 1) + timedelta(days=int(draw.integers(365 * 8)))
    due = done - timedelta(days=int(draw.integers(-20, 200)))
    return {
        "region": REGIONS[draw.integers(len(REGIONS))],
        "offence": OFFENCES[draw.integers(len(OFFENCES))],
        "grade": ("PO", "PSO", "NQO")[draw.integers(3)],
        "risk_level": ("low", "medium", "high", "very high")[draw.integers(4)],
        "rating": str(draw.choice(RATINGS, p=[0.02, 0.5, 0.46, 0.02])),
        "offence_date": done - timedelta(days=300),
        "due_date": due,
        "extended_to": max(due, done) if draw.random() < 0.7 else None,
        "completed_date": done,
    }


def _wire(chosen: list[tuple[int, Unit]], number: int, draw: np.random.Generator) -> dict[str, Any]:
    text, starts = _starts(chosen, number)
    document = hashlib.sha256(text.encode()).hexdigest()
    found = [
        (source, unit.marks, _evidence(unit.text, start)) for (source, unit), start in zip(chosen, starts, strict=True)
    ]
    findings: list[dict[str, Any]] = []

    def add(check: str, label: str, evidence: list[dict[str, Any]], /, **facts: Any) -> None:
        name = finding_id(document, check, label, evidence[0]["quote"])
        findings.append(
            {"id": name, "check": check, "label": label, "confidence": 0.8, "evidence": evidence, "facts": facts}
        )

    reasons = {
        (source, failing): (marks, passage) for source, marks, passage in found for failing in marks.get("explains", ())
    }
    themes: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for source, marks, passage in found:
        for theme in marks.get("themes", ()):
            themes.setdefault((theme["id"], theme["polarity"]), []).append(passage)
        if "finding_concern" in marks["labels"]:
            reason = reasons.get((source, marks.get("failing")))
            facts = (
                {"causes": reason[0].get("causes", []), "level": reason[0].get("level")} if reason else {"causes": []}
            )
            label = "explained" if reason else "unexplained"
            add("explanation", label, [passage], explained=bool(reason), explanation=reason and reason[1], **facts)
        if "finding_strength" in marks["labels"]:
            add("learning", "strength", [passage])
        if "action" in marks["labels"]:
            add("learning", "action", [passage], weak=bool(draw.random() < 0.4))
        if "judgement" in marks["labels"]:
            add("judgement", str(marks.get("verdict", "unclear")), [passage], scope=marks.get("scope"), decides=True)
    wrong = themes.get(("rosh_inaccurate", "concern"))
    if wrong:
        add("rosh", "inaccuracy", wrong, kind="level_wrong", label="level_wrong", passages=len(wrong))
    for (theme, polarity), passages in themes.items():
        add("themes", f"{theme}:{polarity}", passages, id=theme, polarity=polarity, label=theme, agency="probation")
    return _assessment(text, document, number, findings, draw)


def _assessment(
    text: str, document: str, number: int, findings: list[dict[str, Any]], draw: np.random.Generator
) -> dict[str, Any]:
    failings = [finding for finding in findings if finding["check"] == "explanation"]
    share = sum(finding["facts"]["explained"] for finding in failings) / max(len(failings), 1)
    verdict = str(draw.choice(["taken", "not_taken", "partly", "unclear", "absent"], p=[0.2, 0.25, 0.2, 0.15, 0.2]))
    return {
        "schema": "sfo-nlp/assessment/1",
        "document": {
            "id": document, "name": f"made-up-{number:05}.txt", "pages": 12, "words": len(text.split()), "text": text,
            "page_starts": list(range(0, len(text), max(len(text) // 12, 1)))[:12], "sections": [], "warnings": [],
        },
        "judgement": {"verdict": verdict, "confidence": 0.8, "reasoned": bool(draw.random() < 0.6), "evidence": []},
        "explanation": {
            "verdict": "explains_why" if share > 0.667 else "partly" if share > 0.333 else "what_only",
            "share_explained": round(share, 3), "roles": {},
            "findings": [{"id": one["id"], "finding": one["evidence"][0], **one["facts"]} for one in failings],
        },
        "themes": [
            {**one["facts"], "finding": one["id"], "confidence": 0.8, "evidence": one["evidence"]}
            for one in findings
            if one["check"] == "themes"
        ],
        "readability": {
            "reading_age": round(float(draw.normal(14, 1.4)), 1),
            "words_per_sentence": round(float(draw.normal(21, 3)), 1),
            "share_over_25_words": round(float(draw.uniform(0.1, 0.5)), 3),
            "passive_share": round(float(draw.uniform(0.1, 0.4)), 3),
        },
        "learning": {
            "systemic_causes": bool(draw.random() < 0.6), "other_agencies": bool(draw.random() < 0.3), "actions": [],
        },
        "victims": {},
        "rosh": {"verdict": "not_said"},
        "criteria": [],
        "findings": findings,
        "checks": [],
        "provenance": {"version": "made-up", "extractor": "made-up", "policy": "made-up", "models": {}, "seconds": 0.0},
    }  # fmt: skip


def _evidence(text: str, start: int) -> dict[str, Any]:
    return {
        "quote": text, "page": 1, "paragraph": 1, "start": start, "end": start + len(text), "boxes": [],
        "source": "model:made-up", "confidence": 0.8,
    }  # fmt: skip
