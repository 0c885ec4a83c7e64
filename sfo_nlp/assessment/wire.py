"""The assessment as JSON: the contract's names and shapes, and nothing decided here."""

from collections.abc import Iterable, Mapping
from typing import Any

from sfo_nlp import __version__
from sfo_nlp.assessment.assess import Answer, Assessment
from sfo_nlp.checks.base import Finding
from sfo_nlp.checks.cues import rules_version
from sfo_nlp.document import Document, Evidence
from sfo_nlp.errors import SfoError

SCHEMA = "sfo-nlp/assessment/1"
# What the contract names among a check's measures: null where the check did not run, so that nobody misses a key.
MEASURES: Mapping[str, tuple[str, ...]] = {
    "readability": (
        "reading_age", "grade", "flesch_reading_ease", "words_per_sentence", "share_over_20_words",
        "share_over_25_words", "passive_share", "reading_minutes", "sections",
    ),
    "learning": ("systemic_causes", "other_agencies"),
}  # fmt: skip


def to_wire(assessment: Assessment) -> dict[str, Any]:
    """One assessment as plain JSON values: offsets in code points, pages from 1, boxes in points from the top left."""
    return {
        "schema": SCHEMA,
        "document": document_wire(assessment.document),
        "judgement": _judgement(assessment),
        "explanation": _explanation(assessment),
        "themes": [_theme(assessment, finding) for finding in assessment.findings("themes")],
        "readability": _readability(assessment),
        "learning": _learning(assessment),
        "victims": _victims(assessment),
        "stages": _measures(assessment, "stages"),
        "rosh": _measures(assessment, "rosh"),
        "agencies": _measures(assessment, "agencies"),
        "consistency": _measures(assessment, "consistency"),
        "criteria": [
            {
                "standard": answer.criterion.standard,
                "id": answer.criterion.id,
                "check": answer.criterion.check,
                "label": _only_label(answer),
                "question": answer.criterion.question,
                "outcome": answer.outcome,
                "reason": answer.reason,
                "evidence": evidences(answer.evidence),
                "findings": [finding.id(assessment.document) for finding in answer.findings],
            }
            for answer in assessment.answers
        ],
        "findings": [
            {
                "id": finding.id(assessment.document),
                "check": finding.check,
                "label": finding.label,
                "confidence": round(finding.confidence, 4),
                "evidence": evidences(finding.evidence),
                "facts": _facts(finding.facts),
            }
            for result in assessment.results.values()
            for finding in result.findings
        ],
        "checks": [
            {"id": result.check, "failure": result.failure, "findings": len(result.findings)}
            for result in assessment.results.values()
        ],
        "provenance": {
            "version": __version__,
            "extractor": assessment.document.extractor,
            "policy": assessment.policy.version,
            "rules": rules_version(),
            "model": assessment.model,
            "models": dict(assessment.models),
            "seconds": assessment.seconds,
        },
    }


def error_to_wire(path: str, error: SfoError) -> dict[str, Any]:
    """The line that stands for a file that could not be read."""
    return {
        "schema": SCHEMA,
        "path": path,
        "error": {"code": error.code, "message": error.message, "remedy": error.remedy},
    }


def evidence(item: Evidence) -> dict[str, Any]:
    """A quotation with all its places."""
    return {
        "quote": item.quote,
        "page": item.page,
        "paragraph": item.paragraph,
        "start": item.span.start,
        "end": item.span.end,
        "boxes": [[round(float(side), 2) for side in box] for box in item.boxes] if item.page is not None else None,
        "source": item.source,
        "confidence": item.confidence,
    }


def evidences(items: Iterable[Evidence]) -> list[dict[str, Any]]:
    """Quotations in order."""
    return [evidence(item) for item in items]


def document_wire(document: Document) -> dict[str, Any]:
    """The document's part of the JSON form."""
    return {
        "id": document.id,
        "name": document.name,
        "format": document.format,
        "pages": len(document.pages) or None,
        "page_starts": [page.span.start for page in document.pages],
        "words": document.word_count,
        "text": document.text,
        "sections": [
            {
                "title": section.title,
                "level": section.level,
                "page": section.page,
                "start": section.span.start,
                "end": section.span.end,
            }
            for section in document.sections()
        ],
        "warnings": [
            {"code": warning.code, "message": warning.message, "page": warning.page} for warning in document.warnings
        ],
        "coverage": document.coverage()._asdict(),
        "left_out": [{"reason": item.reason, "text": item.text, "page": item.page} for item in document.left_out],
        "facts": list(document.facts),
    }


def _only_label(answer: Answer) -> str:
    """The label of the findings that an answer rests on; empty where they have none or several."""
    labels = {finding.label for finding in answer.findings}
    return labels.pop() if len(labels) == 1 else ""


def _judgement(assessment: Assessment) -> dict[str, Any]:
    findings = assessment.findings("judgement")
    deciding = [finding for finding in findings if finding.facts.get("decides")]
    near = assessment.measure("judgement", "near_misses")
    return {
        "verdict": assessment.measure("judgement", "verdict"),
        "confidence": assessment.measure("judgement", "confidence"),
        "reasoned": assessment.measure("judgement", "reasoned"),
        "evidence": [item for finding in deciding for item in evidences(finding.evidence)],
        "statements": [
            {
                "id": finding.id(assessment.document),
                "direction": finding.label,
                "scope": finding.facts.get("scope"),
                "evidence": evidence(finding.evidence[0]),
            }
            for finding in findings
        ],
        "near_misses": evidences(near) if isinstance(near, tuple) else [],
    }


def _explanation(assessment: Assessment) -> dict[str, Any]:
    share = assessment.measure("explanation", "share_explained")
    verdict = assessment.policy.explanation_verdict(share if isinstance(share, float) else None)
    return {
        # Without any shortcoming nothing is explained; where the check broke, that is not known.
        "verdict": verdict if _ran(assessment, "explanation") else None,
        "share_explained": share,
        "roles": assessment.measure("explanation", "roles"),
        "findings": [
            {
                "id": finding.id(assessment.document),
                "finding": evidence(finding.evidence[0]),
                **_facts(finding.facts),
            }
            for finding in assessment.findings("explanation")
        ],
    }


def _theme(assessment: Assessment, finding: Finding) -> dict[str, Any]:
    return {
        **_facts(finding.facts),
        "finding": finding.id(assessment.document),
        "confidence": round(finding.confidence, 3),
        "evidence": evidences(finding.evidence),
    }


def _readability(assessment: Assessment) -> dict[str, Any]:
    measures = _measures(assessment, "readability")
    return {
        **measures,
        "unexplained_acronyms": _listed(assessment, "readability", "acronym"),
        "jargon": _listed(assessment, "readability", "jargon"),
        "hardest_sentences": _listed(assessment, "readability", "hard_sentence"),
    }


def _learning(assessment: Assessment) -> dict[str, Any]:
    return {
        **_measures(assessment, "learning"),
        "actions": _listed(assessment, "learning", "action"),
        "findings_without_action": [
            evidence(finding.evidence[0]) for finding in assessment.findings("learning", "finding_without_action")
        ],
    }


def _victims(assessment: Assessment) -> dict[str, Any]:
    condolences = assessment.findings("victims", "condolence")
    return {
        **_measures(assessment, "victims"),
        "condolence": {
            "present": bool(condolences) if _ran(assessment, "victims") else None,
            "evidence": [evidence(finding.evidence[0]) for finding in condolences],
        },
        "blaming_language": [
            evidence(finding.evidence[0])
            for label in ("blaming", "minimising")
            for finding in assessment.findings("victims", label)
        ],
        "personal_data": _listed(assessment, "victims", "personal_data"),
    }


def _listed(assessment: Assessment, check: str, label: str) -> list[dict[str, Any]]:
    return [
        {
            "id": finding.id(assessment.document),
            "evidence": evidence(finding.evidence[0]),
            **_facts(finding.facts),
        }
        for finding in assessment.findings(check, label)
    ]


def _ran(assessment: Assessment, check: str) -> bool:
    return check in assessment.results and assessment.results[check].failure is None


def _measures(assessment: Assessment, check: str) -> dict[str, Any]:
    if not _ran(assessment, check):
        return dict.fromkeys(MEASURES.get(check, ()))
    return _facts(assessment.results[check].measures)


def _facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _plain(value) for key, value in facts.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Evidence):
        return evidence(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return _facts(value)
    return value
