"""Small assessments in their JSON form, made by hand, for tests that need no checks to run."""

import hashlib
from typing import Any

from sfo_nlp.document import finding_id

SENTENCES = (
    "Serious further offence review (fictional)",
    "Mr Thripp was sentenced in March 2023 to a suspended sentence order.",
    "No call-out history was asked for before the hearing.",
    "The court team had nine reports that morning and two officers.",
    "He was never seen at home.",
    "The nurse rang every week and told the probation officer what she saw.",
    "On balance the steps taken were broadly those that one would expect.",
    "Staff are to be reminded of the guidance on home visits.",
    "His CRN is X123456 and his RoSH level was medium.",
)

LABELS = {"explains_why": "unexplained", "actions_not_weak": "weak_action", "condolence_given": "condolence"}


def evidence(
    text: str, quote: str, *, page: int | None = 1, source: str = "model:test", confidence: float = 0.8
) -> dict[str, Any]:
    """A quotation of `text`, on `page` unless that is None, in a box of its own line."""
    start = text.index(quote)
    line = text[:start].count("\n")
    return {
        "quote": quote,
        "page": page,
        "paragraph": line + 1,
        "start": start,
        "end": start + len(quote),
        "boxes": None if page is None else [[72.0, 72.0 + 20 * line, 72.0 + 5.0 * len(quote), 86.0 + 20 * line]],
        "source": source,
        "confidence": confidence,
    }


def wire(
    *,
    name: str = "thripp.txt",
    sentences: tuple[str, ...] = SENTENCES,
    verdict: str = "unclear",
    version: str = "0.1.0",
    paged: bool = False,
    leave_out: frozenset[str] = frozenset(),
    content: bytes | None = None,
) -> dict[str, Any]:
    """An assessment of a review made of `sentences`, one a line; findings on sentences that are absent are left out."""
    text = "\n".join(sentences)
    document = hashlib.sha256(content or text.encode()).hexdigest()
    findings: list[dict[str, Any]] = []

    def found(check: str, label: str, quote: str, /, **facts: Any) -> None:
        if quote in text and label not in leave_out:
            passage = evidence(text, quote, page=1 if paged else None)
            findings.append(
                {
                    "id": finding_id(document, check, label, quote),
                    "check": check,
                    "label": label,
                    "confidence": 0.8,
                    "evidence": [passage],
                    "facts": facts,
                }
            )

    reason = evidence(text, SENTENCES[3], page=1 if paged else None) if SENTENCES[3] in text else None
    found("judgement", "unclear", SENTENCES[6], scope="overall", decides=True)
    found(
        "explanation",
        "explained" if reason else "unexplained",
        SENTENCES[2],
        explained=bool(reason),
        explanation=reason,
        causes=["workload"] if reason else [],
        level="team" if reason else None,
    )
    found("explanation", "unexplained", SENTENCES[4], explained=False, explanation=None, causes=[], level=None)
    found(
        "themes",
        "home_visits:concern",
        SENTENCES[4],
        id="home_visits",
        label="Home visits",
        polarity="concern",
        agency="probation",
    )
    found(
        "themes",
        "mental_health:strength",
        SENTENCES[5],
        id="mental_health",
        label="Mental health",
        polarity="strength",
        agency="health",
    )
    found("learning", "weak_action", SENTENCES[7])
    found("learning", "action", SENTENCES[7], owner=None, due=None, measurable=False, weak=True, level="individual")
    found("learning", "finding_without_action", SENTENCES[2])
    found("readability", "acronym", "RoSH", term="RoSH", expansion="Risk of Serious Harm")
    found("victims", "personal_data", "X123456", kind="crn")
    explained = [finding for finding in findings if finding["check"] == "explanation"]
    close = [quote for quote in SENTENCES[5:7] if quote in text and verdict == "absent"]
    near = [evidence(text, quote, page=1 if paged else None) for quote in close]
    share = sum(bool(finding["facts"]["explained"]) for finding in explained) / len(explained) if explained else None
    return {
        "schema": "sfo-nlp/assessment/1",
        "document": {
            "id": document,
            "name": name,
            "pages": 1 if paged else None,
            "words": len(text.split()),
            "text": text,
            "sections": [],
            "warnings": [],
            "left_out": [],
            "facts": [],
        },
        "judgement": {
            "verdict": verdict,
            "confidence": 0.7,
            "reasoned": False,
            "evidence": [
                item for finding in findings if finding["check"] == "judgement" for item in finding["evidence"]
            ],
            "statements": [],
            "near_misses": near,
        },
        "explanation": {
            "verdict": "partly",
            "share_explained": share,
            "roles": {"event": 0.5, "explanation": 0.1},
            "findings": [
                {"id": finding["id"], "finding": finding["evidence"][0], **finding["facts"]} for finding in explained
            ],
        },
        "themes": [
            {**finding["facts"], "finding": finding["id"], "confidence": 0.8, "evidence": finding["evidence"]}
            for finding in findings
            if finding["check"] == "themes"
        ],
        "readability": {
            "reading_age": 14.6,
            "words_per_sentence": 21.0,
            "unexplained_acronyms": [],
            "jargon": [],
            "hardest_sentences": [],
        },
        "learning": {"actions": [], "findings_without_action": []},
        "rosh": {"kinds": {}, "reasons": {}, "verdict": "not_said"},
        "victims": {"condolence": {"present": False, "evidence": []}, "blaming_language": [], "personal_data": []},
        "criteria": [
            criterion(
                "analysis_of_practice",
                "explains_why",
                "explanation",
                "refer",
                [f for f in explained if not f["facts"]["explained"]],
            ),
            criterion(
                "overall_judgements",
                "reasonable_steps_judgement",
                "judgement",
                {"unclear": "refer", "absent": "not_met"}.get(verdict, "met"),
                [f for f in findings if f["check"] == "judgement"],
                near,
            ),
            criterion(
                "learning",
                "actions_not_weak",
                "learning",
                "not_met" if "reminded" in text else "met",
                [f for f in findings if f["label"] == "weak_action"],
            ),
            criterion("victims_and_families", "condolence_given", "victims", "not_met", []),
        ],
        "findings": findings,
        "checks": [{"id": check, "failure": None, "findings": 1} for check in ("judgement", "explanation", "themes")],
        "provenance": {
            "version": version,
            "extractor": "plain 1",
            "policy": "Working rubric 1 (abc)",
            "model": "none",
            "models": {},
            "seconds": 0.4,
        },
    }


def criterion(
    standard: str, name: str, check: str, outcome: str, findings: list[dict[str, Any]], near: Any = ()
) -> dict[str, Any]:
    """One answered criterion that rests on `findings`."""
    return {
        "standard": standard,
        "id": name,
        "check": check,
        "label": LABELS.get(name, ""),
        "question": f"Is {name.replace('_', ' ')} so?",
        "outcome": outcome,
        "reason": "This is the one plain sentence of reason.",
        "evidence": [finding["evidence"][0] for finding in findings] or list(near),
    }


def pdf_of(sentences: tuple[str, ...], *, pages: int = 1) -> bytes:
    """A PDF with one sentence a line, where the boxes of `evidence` say; the same on every page."""
    import io

    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=True)
    for _ in range(pages):
        canvas.setFont("Courier", 8.33)
        for line, sentence in enumerate(sentences):
            canvas.drawString(72, 842 - 83 - 20 * line, sentence)
        canvas.showPage()
    canvas.save()
    return out.getvalue()
