"""Sentences survive titles, initials, times, references; quotations hold; neighbours pack into windows."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spacy
from conftest import NO_MODELS, document_of
from hypothesis import given
from hypothesis import strategies as st

from sfo_nlp.checks.cues import Matcher, built_in_rules
from sfo_nlp.checks.registry import run_checks
from sfo_nlp.language.lexical import GROUPS, Group, LexicalModel, tokens
from sfo_nlp.language.link import Candidate, link
from sfo_nlp.language.reading import LONGEST_RUN, Reading, read_language
from sfo_nlp.language.sentences import bound_tokenizer, boundaries, learn_words
from sfo_nlp.language.units import Unit
from sfo_nlp.language.windows import CLS, SEP, WIDTH, pack, section_starts

Read = Callable[[str], Reading]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. A. Patel saw him at 10.45 a.m. on Monday. He left.", 2),
        ("See para 4.3 and R10.1. It was late.", 2),
        ("He said no. The next day (12.3.2021) he left at 5 p.m. He did not return.", 3),
        ("Mr. J. Smith of H.M. Prison Leeds wrote. No. 7 was shut.", 2),
        ("“Why?” she asked. “I don’t know.” He left.", 3),
        ("Staff (e.g. Ms. Okoro) met on 3 Sept. 2021 at approx. 9 a.m. in room B. Nobody came.", 2),
        ("The order ran to 14.06.2023. 12 appointments were offered.", 2),
        ("He was seen by the G.P. and the nurse. Both wrote.", 2),
        ("Was it Plan A. The end.", 2),
        ("2. The court heard the evidence. 3. Nobody had asked. It was late.", 3),
        ("4.2. They met twice. He left in 2020. A. Patel stayed.", 3),
    ],
)
def test_sentences_survive(read: Read, text: str, expected: int) -> None:
    found = [sentence.text for sentence in read(text).sentences]
    assert len(found) == expected, found


def test_rules_fire_with_another_pipeline(read: Read, tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "pipeline")
    text = "No home visit was made to Zarquil Thwoke with no offending behaviour work, which was a missed opportunity."
    reading = read_language(document_of(text), replace(NO_MODELS, pipeline=str(tmp_path / "pipeline")))
    found = sorted(Matcher(built_in_rules()).match(reading).family(""))
    assert found
    assert found == sorted(Matcher(built_in_rules()).match(read(text)).family(""))
    assert [result.failure for result in run_checks(reading, NO_MODELS).values() if result.failure] == []


def test_a_sentence_never_crosses_a_block(read: Read) -> None:
    reading = read("# A heading without a stop\n\n- first item\n- second item\n\nA paragraph that goes on. And ends.")
    assert [sentence.text for sentence in reading.sentences] == [
        "A heading without a stop",
        "first item",
        "second item",
        "A paragraph that goes on.",
        "And ends.",
    ]
    assert reading.sentences[-1].section == "A heading without a stop"


@given(st.text(alphabet='aB1. \n?!"’(', max_size=200))
def test_boundaries_stand_before_text(text: str) -> None:
    for offset in boundaries(text):
        assert 0 < offset < len(text)
        assert not text[offset].isspace()
        assert text[offset - 1].isspace()


@given(st.lists(st.text(min_size=1, max_size=80), min_size=1, max_size=12))
def test_every_sentence_is_its_place_in_the_text(read: Read, parts: list[str]) -> None:
    reading = read("\n\n".join(parts))
    for sentence in reading.sentences:
        assert reading.document.text[sentence.span.start : sentence.span.end] == sentence.text


def test_names_dates_and_numbers_are_masked() -> None:
    found = tokens("On 3 May 2022 Ms Adele Brook rang PC Shah about 14 calls to MAPPA.")
    assert found == "on <num> <date> <year> ms <name> rang pc <name> about <num> calls to mappa".split()


@given(st.lists(st.lists(st.integers(1000, 2000), max_size=150), min_size=1, max_size=40))
def test_windows_hold_every_unit_once_and_in_order(rows: list[list[int]]) -> None:
    windows = pack(rows)
    assert [row for window in windows for row, _, _ in window.pieces] == list(range(len(rows)))
    for window in windows:
        assert len(window.ids) <= WIDTH
        assert window.ids[0] == CLS
        assert window.ids[-1] == SEP
        for row, start, end in window.pieces:
            assert window.ids[start:end] == rows[row][: end - start]


def test_a_section_starts_with_the_first_of_its_headings() -> None:
    kinds = ("paragraph", "heading", "heading", "paragraph", "cell", "heading", "paragraph")
    units = [Unit("He left.", "", kind, "", number) for number, kind in enumerate(kinds)]
    assert section_starts(units) == {1, 5}
    windows = pack([[7]] * len(units), breaks=section_starts(units).__contains__)
    assert [[row for row, _, _ in window.pieces] for window in windows] == [[0], [1, 2, 3, 4], [5, 6]]


def test_each_heading_counts_for_its_own_sentences_alone() -> None:
    none = np.zeros((0, 1), np.float32)
    groups = {name: Group({}, none[:, 0], none) for name in GROUPS}
    groups["heading"] = Group({"why": 0}, np.ones(1, np.float32), np.ones((1, 1), np.float32))
    model = LexicalModel(("role:explanation",), groups, np.zeros(1, np.float32))
    headings = [heading for number in range(300) for heading in ("", f"why {number}", f"what {number}")]
    units = [Unit("He left.", heading, "paragraph", "", number) for number, heading in enumerate(headings)]
    assert [bool(score) for score in model.score(units)[:, 0]] == [heading[:3] == "why" for heading in headings]


def test_reasons_under_the_letters_of_the_failings_belong_to_no_other_letter() -> None:
    letters = "abcd"
    failings = [Unit(f"Nothing was done, {letter}.", "Findings", "list_item", "", row, marker=f"({letter})")
                for row, letter in enumerate(letters)]  # fmt: skip
    reasons = []
    for row, letter in enumerate(letters[:3]):
        cells = (f"({letter})", "The team was two short.")
        reasons += [Unit(text, "Reasons", "cell", "", 10 + row, row=(0, row)) for text in cells]
    units = [*failings, *reasons]
    given = {4: "a", 6: "b", 8: "c"}
    found = link(units, [Candidate(row, 1.0) for row in range(4)], [Candidate(row + 1, 1.0) for row in given])
    assert {row: reason for row, (reason, _) in found.items()} == {0: 5, 1: 7, 2: 9}


def test_a_run_without_spaces_is_cut_and_nothing_lost(read: Read) -> None:
    text = "He was seen. " + "“" * 5000 + " She was told. " + "x" * 4000 + "."
    reading = read(text)
    assert reading.doc.text == reading.document.text
    assert max(len(token) for token in reading.doc) <= LONGEST_RUN


def test_initials_that_spell_a_word_say_nothing_to_the_models(read: Read) -> None:
    text = "NO was seen weekly. In May NO's sister rang. NO has moved. There was NO reply, and the manager was told."
    reading = read(text)
    assert [unit.text.split()[0] for unit in reading.units[:3]] == ["NK", "In", "NK"]
    assert all(sentence.text in text for sentence in reading.sentences)


@pytest.mark.parametrize(
    "text", ["There was NO reply. NO letter came. NO visit followed.", "IN MAY IT WAS LATE. He is in."]
)
def test_words_in_capitals_stay_words(read: Read, text: str) -> None:
    assert [unit.text for unit in read(text).units] == [sentence.text for sentence in read(text).sentences]


def test_words_after_a_contraction_are_parted_once() -> None:
    """A tokenizer that has been shown the words gives the same tokens and looks at none of them again."""
    text = "He can't go (not yet). The well-known officer's notes, as these, were (partly) kept.\n\nHe can't go."
    fresh = [token.text for token in bound_tokenizer(spacy.blank("en")).make_doc(text)]
    nlp = bound_tokenizer(spacy.blank("en"))
    looked: list[str] = []
    tokenizer: Any = nlp.tokenizer
    search = tokenizer.prefix_search

    def noting(word: str) -> Any:
        looked.append(word)
        return search(word)

    tokenizer.prefix_search = noting
    learn_words(nlp, text)
    looked.clear()
    assert [token.text for token in nlp.make_doc(text)] == fresh
    assert looked == []
