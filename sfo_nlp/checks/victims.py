"""What a bereaved family would meet: is the loss acknowledged, is the victim a person, does any wording blame or hurt.

Words in quotation marks are not the author's, and a sentence that refuses or criticises blame does not blame. Where a
model is installed it finds the passages; rules stand beside it as the certain tier.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from sfo_nlp.checks.base import CheckContext, CheckResult, Finding
from sfo_nlp.checks.cues import Hit
from sfo_nlp.checks.personal_data import personal_data
from sfo_nlp.checks.persons import Person, persons
from sfo_nlp.document import Span
from sfo_nlp.language.reading import Sentence

_QUOTED = re.compile(r"[“\"][^”\"\n]{1,400}[”\"]|‘[^’\n]{1,300}’(?!\w)")
_IMPERSONAL = re.compile(r"\b[Tt]he (?:victim|deceased)\b")
TONE = {"blaming": "flag:blaming", "minimising": "", "evasive": "", "distressing": "flag:distressing"}


class VictimsCheck:
    id = "victims"
    title = "Victims and their families"

    def run(self, context: CheckContext) -> CheckResult:
        """Findings: condolence, blaming, minimising, evasive, distressing, personal_data. Measures: counts, pages."""
        findings = (
            *_passages(context, "condolence", "flag:condolence"),
            *(finding for label, flag in TONE.items() for finding in _passages(context, label, flag)),
            *_data(context),
        )
        counts: dict[str, int] = defaultdict(int)
        for finding in findings:
            counts[finding.label] += 1
        pages = sorted(
            {
                item.page
                for finding in findings
                if finding.label == "distressing"
                for item in finding.evidence
                if item.page
            }
        )
        people = persons(context.document.text)
        measures = {
            "condolence": counts["condolence"] > 0,
            "blaming": counts["blaming"] + counts["minimising"],
            "evasive": counts["evasive"],
            "distressing": counts["distressing"],
            "distressing_pages": pages,
            "personal_data": counts["personal_data"],
            **_as_person(context.document.text, people),
            "people": [{"name": person.name, "role": person.role, "mentions": len(person.spans)} for person in people],
        }
        return CheckResult(self.id, findings, measures)


def _passages(context: CheckContext, label: str, flag: str) -> Iterator[Finding]:
    """Whole sentences of one kind, by rule and by model, in reading order."""
    predictions = context.reading.predictions
    decoys = context.hits.sentences("decoy:victims") if label in ("blaming", "minimising") else {}
    ruled = {
        index: hit
        for index, hit in context.hits.sentences(f"victims:{label}").items()
        if index not in decoys and not quoted(context.sentences[index], hit)
    }
    held = set(np.flatnonzero(predictions.holds(flag))) if flag else set()
    for index in sorted({*ruled, *(int(row) for row in held)}):
        sentence = context.sentences[index]
        if not sentence.is_prose:
            continue
        modelled = index in held
        confidence = float(predictions.of(flag)[index]) if modelled else 0.8
        source = f"model:{flag}" if modelled and index not in ruled else ruled[index].source
        yield Finding("victims", label, (context.quote(sentence, source=source, confidence=confidence),), confidence)


def quoted(sentence: Sentence, hit: Hit) -> bool:
    """Whether a hit stands inside quotation marks, so that somebody else is speaking."""
    base = sentence.span.start
    return any(
        base + match.start() <= hit.span.start and hit.span.end <= base + match.end()
        for match in _QUOTED.finditer(sentence.text)
    )


def _as_person(text: str, people: tuple[Person, ...]) -> dict[str, object]:
    """Whether the victim is named, and how often beside the person on probation. Roles are guesses from the words."""
    named = [person for person in people if person.role == "victim"]
    impersonal = len(_IMPERSONAL.findall(text))
    initials = [person for person in named if all(len(form) < 3 for form in person.forms)]
    return {
        "impersonal_mentions": impersonal,
        "victim_named": len(named) > len(initials) if named or impersonal else None,
        "mentions_of_victims": impersonal + sum(len(person.spans) for person in named),
        "mentions_of_person_on_probation": sum(
            len(person.spans) for person in people if person.role == "person_on_probation"
        ),
    }


def _data(context: CheckContext) -> Iterator[Finding]:
    for item in personal_data(context.document.text):
        evidence = context.document.evidence(Span(*item.span), source=f"rule:personal_data.{item.kind}")
        yield Finding("victims", "personal_data", (evidence,), facts={"kind": item.kind})


CHECK = VictimsCheck()
