"""Readability: published values, textstat's own values, what counts as prose, acronyms, jargon, hard sentences."""

import json
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest
import textstat

from sfo_nlp.checks.acronyms import glossary
from sfo_nlp.checks.base import CheckContext, Finding
from sfo_nlp.checks.jargon import _entries
from sfo_nlp.checks.readability import CHECK
from sfo_nlp.checks.wording import american_spellings, split_at
from sfo_nlp.language.prose import count, formulas, syllables
from sfo_nlp.training.measure_language import ordered_pairs, participles, score, unexplained

ROOT = Path(__file__).parent.parent
Context = Callable[[str], CheckContext]

# Reading ease as given for these sentences in the encyclopaedia article on the Flesch-Kincaid tests.
PUBLISHED = [
    ("The cat sat on the mat.", 116.1),
    ("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.", 37.5),
]
PASSAGES = [
    "The officer rang the hostel twice that week. Nobody answered the telephone on either of those evenings.",
    "Insufficient consideration was given to the documented history of domestic violence. He was not asked about it.",
    "She had supervised him for nine years and knew his family well. That familiarity made it harder to ask questions.",
]
PLAIN = "He came to the office every week. She asked him how he was. He said that he was well. " * 8
DENSE = (
    "Notwithstanding the considerable volume of information available to the supervising practitioner, insufficient "
    "consideration was afforded to the historical pattern of domestic violence, and the subsequent assessment "
    "consequently underestimated the likelihood of reoccurrence. "
) * 4


def found(context: CheckContext, label: str) -> list[Finding]:
    return [finding for finding in CHECK.run(context).findings if finding.label == label]


@pytest.mark.parametrize(("text", "ease"), PUBLISHED)
def test_reading_ease_is_the_published_one(text: str, ease: float) -> None:
    assert formulas(count([text]))["flesch_reading_ease"] == pytest.approx(ease, abs=0.06)


@pytest.mark.parametrize("text", PASSAGES)
def test_every_formula_is_textstats_where_sentences_agree(text: str) -> None:
    sentences = [f"{part}." for part in text.rstrip(".").split(". ")]
    assert len(sentences) == textstat.sentence_count(text)
    for name, value in formulas(count(sentences)).items():
        assert value == pytest.approx(getattr(textstat, name)(text), abs=1e-9), name


def test_syllables_are_textstats() -> None:
    words = (
        "the risk of serious harm was underestimated by practitioners in gloucestershire mispronounceable zzxq didn't"
    )
    for word in words.split():
        assert syllables(word) == textstat.syllable_count(word), word


def test_layout_does_not_move_the_score(context_of: Context) -> None:
    plain = CHECK.run(context_of(PLAIN)).measures
    furniture = "# 4.2 Risk of serious harm and multi-agency arrangements\n\n|Stage|Level|\n|---|---|\n|Court|Low|\n\n"
    dressed = CHECK.run(context_of(furniture + PLAIN)).measures
    assert dressed["reading_age"] == plain["reading_age"]
    assert dressed["words_scored"] == plain["words_scored"]
    assert dressed["words_left_out"] > plain["words_left_out"]


def test_a_list_item_is_a_sentence(context_of: Context) -> None:
    items = "\n".join(f"- He was seen at home on visit number {number}" for number in range(20))
    assert CHECK.run(context_of(items)).measures["words_per_sentence"] < 11


def test_dense_prose_scores_as_harder_and_says_why(context_of: Context) -> None:
    plain, dense = CHECK.run(context_of(PLAIN)).measures, CHECK.run(context_of(DENSE)).measures
    assert plain["reading_age"] < 10 < 16 < dense["reading_age"]
    assert dense["reading_age_low"] <= dense["reading_age"] <= dense["reading_age_high"]
    hard = found(context_of(DENSE), "hard_sentence")[0]
    assert any("words long" in reason for reason in hard.facts["reasons"])
    assert any("passive" in reason for reason in hard.facts["reasons"])


def test_too_little_prose_has_no_score(context_of: Context) -> None:
    measures = CHECK.run(context_of("He came. She left.")).measures
    assert measures["reading_age"] is None


def test_sections_are_scored_apart(context_of: Context) -> None:
    text = f"# Easy part\n\n{PLAIN}\n\n# Hard part\n\n{DENSE}"
    easy, hard = CHECK.run(context_of(text)).measures["sections"]
    assert (easy["title"], hard["title"]) == ("Easy part", "Hard part")
    assert easy["reading_age"] + 5 < hard["reading_age"]


def test_passive_verbs_on_own_sentences() -> None:
    assert score("passive.txt", participles).f1 >= 0.95


def test_acronyms_on_own_sentences() -> None:
    assert score("acronyms.txt", unexplained).f1 >= 0.95


def test_plain_versions_score_as_easier() -> None:
    easier, total = ordered_pairs()
    assert total >= 50
    assert easier / total >= 0.98


def test_an_ambiguous_acronym_is_asked_about_not_filled_in(context_of: Context) -> None:
    (finding,) = found(context_of("The NPS closed the case."), "acronym")
    assert finding.facts["expansion"] is None
    assert len(finding.facts["choices"]) == 2


def test_an_acronym_explained_late_is_said_to_be(context_of: Context) -> None:
    text = "The PSR came late.\n\nA pre-sentence report (PSR) is written for the court."
    assert not found(context_of(text), "acronym")
    assert [finding.facts["term"] for finding in found(context_of(text), "late_acronym")] == ["PSR"]


def test_a_glossary_table_explains(context_of: Context) -> None:
    text = "The ZQX met.\n\n# Glossary\n\n|Term|Meaning|\n|---|---|\n|ZQX|a meeting of local agencies|"
    assert not found(context_of(text), "acronym")


def test_glossary_and_jargon_are_large_and_complete() -> None:
    terms = glossary().terms
    assert len(terms) >= 130
    assert all(term.plain and (bool(term.expansion) != bool(term.choices)) for term in terms.values())
    entries, _ = _entries()
    assert len(entries) >= 250
    assert all(entry.plain and entry.source in "DGPN" for entry in entries.values())


def test_jargon_is_counted_once_per_term_and_offers_plain_words(context_of: Context) -> None:
    text = "# Enforcement\n\nEnforcement was weak. We looked at enforcement and at desistance (giving up crime)."
    findings = found(context_of(text), "jargon")
    assert {finding.facts["term"].lower(): finding.facts["count"] for finding in findings} == {"enforcement": 2}
    assert findings[0].facts["plain"]


def test_a_split_falls_between_clauses_and_never_inside_quotation_marks() -> None:
    text = "The manager read the note on the Monday, and she rang the hostel before she had taken off her coat."
    place = split_at(text)
    assert place is not None
    assert text[place:].startswith("she rang")
    assert split_at("He wrote “we will see him on Monday, and then we will close it” in the log of that week.") is None


def test_split_points_are_offsets_into_the_document(context_of: Context) -> None:
    context = context_of(
        "He came.\n\nThe officer rang the hostel on Monday, but nobody was on duty that evening who could have "
        "told her whether he had come back before the curfew or had stayed away."
    )
    (finding,) = found(context, "long_sentence")
    assert context.document.text[finding.facts["split_at"] :].startswith("nobody was on duty")


def test_double_negatives_and_hidden_verbs(context_of: Context) -> None:
    context = context_of("It was not uncommon to make a referral. He did not fail to undertake an assessment.")
    assert len(found(context, "double_negative")) == 2
    plain = [offer for finding in found(context, "nominalisation") for offer in finding.facts["plain"]]
    assert plain == ["refer", "assess"]


def test_american_spellings_outside_names() -> None:
    swaps = american_spellings("The program at the Rockefeller Center changed his behavior.")
    assert [swap.plain for swap in swaps] == ["programme", "behaviour"]


def test_every_quotation_is_the_documents_own(context_of: Context) -> None:
    context = context_of(
        f"# Risk\n\n{DENSE}\n\nThe PSR was late because mistakes were made in enforcement of the licence."
    )
    findings = CHECK.run(context).findings
    assert findings
    for finding in findings:
        for item in finding.evidence:
            assert context.document.text[item.span.start : item.span.end] == item.quote


def test_a_long_review_is_scored_quickly(context_of: Context) -> None:
    records = (
        json.loads(line) for line in (ROOT / "corpus/annotated/w01.jsonl").read_text(encoding="utf-8").splitlines()
    )
    context = context_of("\n\n".join(record["text"] for record in records))
    CHECK.run(context)
    started = perf_counter()
    CHECK.run(context)
    # A shared machine may be slow; on two idle cores this takes about a tenth of it.
    assert perf_counter() - started < 0.1 * context.document.word_count / 1000
