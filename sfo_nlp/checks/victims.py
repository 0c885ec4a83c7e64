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
from sfo_nlp.checks.hints import lines_of
from sfo_nlp.checks.personal_data import personal_data
from sfo_nlp.checks.persons import Person, persons
from sfo_nlp.document import Evidence, Span
from sfo_nlp.language.reading import Sentence

_QUOTED = re.compile(r"[“\"][^”\"\n]{1,400}[”\"]|‘[^’\n]{1,300}’(?!\w)")
# A subject right before the words in question, an adverb or two between at most.
_SUBJECT = re.compile(
    r"\b(?P<subject>[Ss]he|[Hh]e|[Tt]hey|[Tt]he (?:victim|deceased|(?:victim’s |victim's )?family))(?:\s+\w+){0,2}\s+$"
)
# Somebody else's opinion, reported: "the defence said that the victim had provoked him".
_REPORTED = re.compile(
    r"\b(?:said|says|claimed|claims|argued|alleged|suggested|wrote|stated|complained|submitted|told \w+"
    r"|in \w+ (?:view|words))(?: that)?\b[^;.]*$"
)
_IMPERSONAL = re.compile(r"\b[Tt]he (?:victim|deceased)\b")
RULE_CONFIDENCE, MODEL_BAR = 0.8, 0.5
BACK, NEAR = 2, 8
MOST_INITIALS = 3
TONE = {"blaming": "flag:blaming", "minimising": "", "evasive": "", "distressing": "flag:distressing"}


class VictimsCheck:
    id = "victims"
    title = "Victims and their families"

    def run(self, context: CheckContext) -> CheckResult:
        """Findings: condolence, blaming, minimising, evasive, distressing, personal_data. Measures: counts, pages.

        The measure personal_data counts what was left out of the text as well, personal_data_left_out that alone: it
        has no place in the text that a finding could quote.
        """
        people = context.once("persons", lambda: persons(context.document.text))
        findings = (
            *_passages(context, "condolence", "flag:condolence", people),
            *(finding for label, flag in TONE.items() for finding in _passages(context, label, flag, people)),
            *_data(context),
        )
        beside = _data_left_out(context)
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
        measures = {
            "condolence": counts["condolence"] > 0,
            "blaming": counts["blaming"] + counts["minimising"],
            "evasive": counts["evasive"],
            "distressing": counts["distressing"],
            "distressing_pages": pages,
            "personal_data": counts["personal_data"] + beside,
            "personal_data_left_out": beside,
            **_as_person(context.document.text, people),
            "people": [{"name": person.name, "role": person.role, "mentions": len(person.spans)} for person in people],
        }
        return CheckResult(self.id, findings, measures)


def _passages(context: CheckContext, label: str, flag: str, people: tuple[Person, ...]) -> Iterator[Finding]:
    """Whole sentences of one kind, by rule and by model, in reading order."""
    predictions = context.reading.predictions
    ruled = _ruled(context, label, people)
    # These flags are rare, so a bar fitted on few of them lies too low; more likely than not is asked for.
    held = {int(row) for row in np.flatnonzero(predictions.of(flag) >= MODEL_BAR)} if flag else set()
    for index in sorted({*ruled, *held}):
        sentence = context.sentences[index]
        if not sentence.is_prose:
            continue
        modelled = index in held
        confidence = float(predictions.of(flag)[index]) if modelled else RULE_CONFIDENCE
        source = f"model:{flag}" if modelled and index not in ruled else ruled[index].source
        yield Finding("victims", label, (context.quote(sentence, source=source, confidence=confidence),), confidence)


def _ruled(context: CheckContext, label: str, people: tuple[Person, ...]) -> dict[int, Hit]:
    """The first hit per sentence that stands in context: not quoted, not refused, said of the victim."""
    decoys = context.hits.sentences("decoy:condolence" if label == "condolence" else "decoy:victims")
    ruled: dict[int, Hit] = {}
    for hit in context.hits.of(f"victims:{label}"):
        sentence = context.sentences[hit.sentence]
        if hit.sentence not in decoys and not quoted(sentence, hit) and _ends_there(context, hit):
            ruled.setdefault(hit.sentence, hit)
    if label == "blaming":
        for hit in context.hits.of("victims:blaming_of"):
            sentence = context.sentences[hit.sentence]
            if hit.sentence in decoys or hit.sentence in ruled or quoted(sentence, hit):
                continue
            if said_of(context, hit, people) in ("victim", "family", "child"):
                ruled[hit.sentence] = hit
    return ruled


def _ends_there(context: CheckContext, hit: Hit) -> bool:
    """Whether "a domestic" stands as a noun: "a domestic abuse enquiry" plays nothing down."""
    text = context.document.text
    if not text[slice(*hit.span)].lower().endswith(" domestic"):
        return True
    return not re.match(r"[ -]?\w", text[hit.span.end : hit.span.end + 2])


def said_of(context: CheckContext, hit: Hit, people: tuple[Person, ...]) -> str:
    """Whom the words of a hit are said of: the role of the subject right before it; empty when that is not known.

    A pronoun stands for whoever was named last before it, in its sentence or the two before.
    """
    text = context.document.text
    sentence = context.sentences[hit.sentence]
    subject = _SUBJECT.search(text[sentence.span.start : hit.span.start])
    named = [(span, person.role) for person in people for span in person.spans if span.start < hit.span.start]
    last, role = max(named, default=(Span(-1, -1), ""))
    if subject is None:
        near = last.start >= sentence.span.start and len(text[last.end : hit.span.start].split()) <= NEAR
        return role if near else ""
    words = subject["subject"].lower()
    if words.startswith("the "):
        return "family" if words.endswith("family") else "victim"
    start = context.sentences[max(hit.sentence - BACK, 0)].span.start
    *_, impersonal = [-1, *(start + match.start() for match in _IMPERSONAL.finditer(text[start : hit.span.start]))]
    if impersonal > last.start:
        return "victim"
    return role if last.start >= start else ""


def quoted(sentence: Sentence, hit: Hit) -> bool:
    """Whether somebody else is speaking: a hit inside quotation marks or after "said that"."""
    base = sentence.span.start
    if hit.label != "victims:condolence" and _REPORTED.search(sentence.text[: hit.span.start - base]):
        return True
    return any(
        base + match.start() <= hit.span.start and hit.span.end <= base + match.end()
        for match in _QUOTED.finditer(sentence.text)
    )


def _as_person(text: str, people: tuple[Person, ...]) -> dict[str, object]:
    """Whether the victim is named, and how often beside the person on probation. Roles are guesses from the words."""
    named = [person for person in people if person.role == "victim"]
    impersonal = sum(1 for _ in lines_of(text).finditer(_IMPERSONAL, ("victim", "deceased")))
    initials = [person for person in named if all(_is_initials(form) for form in person.forms)]
    return {
        "impersonal_mentions": impersonal,
        "victim_named": len(named) > len(initials) if named or impersonal else None,
        "mentions_of_victims": impersonal + sum(len(person.spans) for person in named),
        "mentions_of_person_on_probation": sum(
            len(person.spans) for person in people if person.role == "person_on_probation"
        ),
    }


def _is_initials(form: str) -> bool:
    """Whether a name is up to three capitals, with full stops or without: "A.B." and "KT", not "Jo" or "J. Hale"."""
    letters = re.sub(r"\W", "", form)
    return len(letters) <= MOST_INITIALS and letters.isupper()


def _data(context: CheckContext) -> Iterator[Finding]:
    """One finding per number or address, with every place where it stands."""
    places: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    for item in personal_data(context.document.text):
        evidence = context.document.evidence(Span(*item.span), source=f"rule:personal_data.{item.kind}")
        places[item.kind, evidence.quote].append(evidence)
    for (kind, _), found in places.items():
        yield Finding("victims", "personal_data", tuple(found), facts={"kind": kind, "count": len(found)})


def _data_left_out(context: CheckContext) -> int:
    """How many numbers and addresses stand in headers, footers, comments or hidden words and not in the text."""
    text = "\n\n".join(item.text for item in context.document.left_out)
    inside, beside = (
        {(item.kind, "".join(source[slice(*item.span)].split()).casefold()) for item in personal_data(source)}
        for source in (context.document.text, text)
    )
    return len(beside - inside)


CHECK = VictimsCheck()
