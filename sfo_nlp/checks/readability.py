"""How hard the review is to read for a named audience, where, and what would make it easier.

Only prose is scored: paragraphs, list items, and table cells that hold whole sentences. Headings, captions, other
cells, glossaries and lines of fewer than three words are left out and counted. A score is a rough guide, so it comes
with the spread of several formulas; reading age is the Flesch-Kincaid grade and five years.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from sfo_nlp.checks.acronyms import Use, acronyms, find_acronyms
from sfo_nlp.checks.base import CheckContext, CheckResult, Finding
from sfo_nlp.checks.jargon import JargonUse, find_jargon, jargon
from sfo_nlp.checks.names import names
from sfo_nlp.checks.sentences import hardest, sentence_findings
from sfo_nlp.checks.wording import Wording, american_spellings, wording
from sfo_nlp.document import Block, Evidence
from sfo_nlp.language.prose import Counts, formulas, total
from sfo_nlp.language.reading import Sentence

AGE_AT_GRADE_0 = 5
LEAST_WORDS = 100
LEAST_IN_PART = 30
_GRADES = ("flesch_kincaid_grade", "smog_index", "gunning_fog", "coleman_liau_index", "automated_readability_index")


class ReadabilityCheck:
    id = "readability"
    title = "Readability"

    def run(self, context: CheckContext) -> CheckResult:
        """Findings: acronym, late_acronym, jargon, hard_sentence, long_sentence, passive, nominalisation,
        double_negative, spelling.

        Measures: ages in years, shares from 0 to 1, counts of words; ages are None below a hundred words of prose.
        """
        scored = tuple(sentence for sentence in context.sentences if is_scored(sentence))
        looked_at = [wording(sentence) for sentence in scored]
        # "KT, a friend" is somebody, and needs no explanation.
        people = {name.span for name in names(context.document.text)}
        used = tuple(use for use in acronyms(context.document) if use.first not in people)
        terms = jargon(context)
        aims = audience(context.settings.audience)
        findings = (
            *find_acronyms(context, used),
            *find_jargon(context, terms),
            *hardest(context, looked_at),
            *sentence_findings(context, looked_at, longest=aims["sentence_words"]),
            *_spelling(context),
        )
        measures = {
            **_scores(total(item.counts for item in looked_at)),
            **_shares(looked_at),
            **_lexical(findings, context, looked_at),
            "words_left_out": context.document.word_count - sum(len(sentence.text.split()) for sentence in scored),
            "reading_minutes": round(context.document.word_count / aims["words_per_minute"]),
            "paragraphs_too_long": _long_paragraphs(scored, aims["paragraph_sentences"]),
            "audience": {"id": context.settings.audience, **aims},
            "sections": _sections(context, looked_at),
            "pages": _pages(context, looked_at),
            "glossary": _glossary(used, terms),
        }
        return CheckResult(self.id, findings, measures)


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def audience(name: str) -> Mapping[str, Any]:
    """The aims for one audience of ``readability.toml``; the family's where the name is not known."""
    known: Mapping[str, Mapping[str, Any]] = _data()["audience"]
    return known.get(name, known["family"])


def is_scored(sentence: Sentence) -> bool:
    """Whether a sentence counts as the author's prose."""
    block: Block = sentence.block
    if block.kind not in ("paragraph", "list_item", "cell", "footnote", "aside") or len(sentence.text.split()) < 3:
        return False
    if any(name in sentence.section.lower() for name in _data()["leave_out"]["sections"]):
        return False
    return block.kind != "cell" or (sentence.text[-1] in ".!?”\"')" and len(sentence.text.split()) >= 6)


def _scores(counts: Counts) -> dict[str, Any]:
    """The figures over all prose; ages and grades are None where there is too little of it."""
    values = formulas(counts) if counts.words >= LEAST_WORDS else {}
    ages = sorted(values[name] + AGE_AT_GRADE_0 for name in _GRADES) if values else []
    grade = values.get("flesch_kincaid_grade")
    return {
        "reading_age": round(grade + AGE_AT_GRADE_0, 1) if grade is not None else None,
        "reading_age_low": round(ages[0], 1) if ages else None,
        "reading_age_high": round(ages[-1], 1) if ages else None,
        "grade": round(grade, 1) if grade is not None else None,
        "flesch_reading_ease": round(values["flesch_reading_ease"], 1) if values else None,
        "formulas": {name: round(value, 1) for name, value in values.items()},
        "words_per_sentence": round(counts.words_per_sentence, 1) if counts.words else None,
        "words_scored": counts.words,
        "sentences_scored": counts.sentences,
    }


def _shares(looked_at: list[Wording]) -> dict[str, float | None]:
    total = len(looked_at)
    if not total:
        return {"share_over_20_words": None, "share_over_25_words": None, "passive_share": None}
    return {
        "share_over_20_words": round(sum(item.words > 20 for item in looked_at) / total, 3),
        "share_over_25_words": round(sum(item.words > 25 for item in looked_at) / total, 3),
        "passive_share": round(sum(bool(item.passives) for item in looked_at) / total, 3),
    }


def _lexical(findings: Iterable[Finding], context: CheckContext, looked_at: list[Wording]) -> dict[str, Any]:
    """How many terms need explaining, and how dense they stand per thousand words of the text."""
    words = max(context.document.word_count, 1)
    counts: dict[str, int] = defaultdict(int)
    for finding in findings:
        key = finding.facts["kind"] if finding.label == "jargon" else finding.label
        counts[key] += finding.facts["count"] if finding.label == "jargon" else 1
    return {
        "acronyms_unexplained": counts["acronym"],
        "jargon_per_1000_words": round(1000 * counts["probation"] / words, 1),
        "officialese_per_1000_words": round(1000 * counts["officialese"] / words, 1),
        "nominalisations": sum(len(item.nominalisations) for item in looked_at),
        "double_negatives": sum(len(item.double_negatives) for item in looked_at),
    }


def _long_paragraphs(scored: Iterable[Sentence], longest: int) -> int:
    """Paragraphs with more sentences than the audience should meet in one."""
    sizes: dict[int, int] = defaultdict(int)
    for sentence in scored:
        if sentence.block.kind == "paragraph":
            sizes[sentence.block.number] += 1
    return sum(size > longest for size in sizes.values())


def _sections(context: CheckContext, looked_at: list[Wording]) -> list[dict[str, Any]]:
    """Figures per heading, for the prose between it and the next heading, in reading order."""
    groups: dict[int, list[Wording]] = defaultdict(list)
    headings = [block for block in context.document.blocks if block.kind == "heading"]
    starts = [block.span.start for block in headings]
    at = -1
    for item in looked_at:
        while at + 1 < len(starts) and starts[at + 1] <= item.sentence.span.start:
            at += 1
        groups[at].append(item)
    return [
        {
            "title": context.document.text[slice(*headings[place].span)] if place >= 0 else "",
            "page": context.document.page_of(items[0].sentence.span.start),
            "start": headings[place].span.start if place >= 0 else 0,
            **_part(items),
        }
        for place, items in sorted(groups.items())
    ]


def _pages(context: CheckContext, looked_at: list[Wording]) -> list[dict[str, Any]]:
    """Figures per page, for the heat strip; empty in formats without pages."""
    groups: dict[int, list[Wording]] = {page.number: [] for page in context.document.pages}
    for item in looked_at:
        page = context.document.page_of(item.sentence.span.start)
        if page is not None:
            groups[page].append(item)
    return [{"page": number, **_part(items)} for number, items in groups.items()]


def _part(items: list[Wording]) -> dict[str, Any]:
    counts = total(item.counts for item in items)
    values = formulas(counts) if counts.words >= LEAST_IN_PART else {}
    return {
        "words": counts.words,
        "reading_age": round(values["flesch_kincaid_grade"] + AGE_AT_GRADE_0, 1) if values else None,
        "words_per_sentence": round(counts.words_per_sentence, 1) if counts.words else None,
    }


def _spelling(context: CheckContext) -> Iterator[Finding]:
    places: dict[str, list[Evidence]] = defaultdict(list)
    for swap in american_spellings(context.document.text):
        places[swap.plain].append(context.document.evidence(swap.span, source="rule:wording.spelling"))
    for plain, evidence in places.items():
        yield Finding("readability", "spelling", tuple(evidence), facts={"plain": plain, "count": len(evidence)})


def _glossary(used: tuple[Use, ...], terms: tuple[JargonUse, ...]) -> list[dict[str, Any]]:
    """A glossary to append: every acronym and probation term used, in alphabetical order."""
    entries = [
        {
            "term": use.acronym,
            "expansion": use.term.expansion,
            "choices": list(use.term.choices),
            "plain": use.term.plain,
        }
        for use in used
        if use.term
    ]
    entries += [
        {"term": use.term, "expansion": None, "choices": [], "plain": use.entry.plain}
        for use in terms
        if use.entry.kind == "probation"
    ]
    return sorted(entries, key=lambda entry: str(entry["term"]).lower())


CHECK = ReadabilityCheck()
