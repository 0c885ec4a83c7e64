"""Patterns are tried only in the lines that can hold them, and find what they would find in the whole text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfo_nlp.checks import personal_data
from sfo_nlp.checks.hints import Lines

DATED = re.compile(r"\b\d+ May\s\d{4}")
EXAMPLES = (
    "Write to ann.bell@example.org or ring 01632 960 123, ext. 4512, EXT NO. 778.",
    "PNC ids no. 2019/0123456X; PNC 19 / 123X; NI number qq 12 34 56 c, QQ123456C.",
    "NHS no. 943 476 5919 and 943-476-5919. Prison number A1234BC, prison no. ab12345.",
    "CRN X123456, delius ref. ab 12345. Telephone 960 1234, or 4512.",
    "He lives in SW1A 1AA, L1 8JQ and GIR 0AA. Born in 1984, on the 3rd of May.",
    "Born 3 May 1984; 12/03/1984 is his birthday.",
    "Flat 2, Rose Cottage, 14 Alma Road, Hale. 12 Heol Fawr. Rose Farm, Mill Lane, at 14 Hartwell, Sheffield.",
    "flat b, 9 mill lane, hale. He went to 12 HIGH STREET, HALE.",
    "A car, AB12 CDE, plate A12 BCD. Case T20217042, crime ref. no. 42/12345/23.",
)


def test_a_pattern_is_tried_on_the_line_of_its_hint_and_beside_it() -> None:
    text = "On 1 May 2020.\n\nOn 2 May\n2020 a draft.\nOn 3 May 2020.\nOn 4 May 2020."
    found = [match.group() for match in Lines(text).finditer(DATED, ("draft",))]
    assert found == ["2 May\n2020", "3 May 2020"]


def test_a_letter_whose_small_form_is_two_moves_no_place() -> None:
    text = "İİİ\n\nA draft of 1 May 2020\n\n"
    assert [match.span() for match in Lines(text).finditer(DATED, ("draft",))] == [
        match.span() for match in DATED.finditer(text)
    ]


@given(st.lists(st.sampled_from(["1 May 2020", "draft", "\n", " and "]), max_size=12))
def test_lines_beside_each_other_are_looked_through_once(parts: list[str]) -> None:
    text = "".join(parts)
    found = [match.start() for match in Lines(text).finditer(re.compile("draft"), ("draft",))]
    assert found == [match.start() for match in re.finditer("draft", text)]


@pytest.mark.parametrize("text", [*EXAMPLES, "\n".join(EXAMPLES), "\n\nNothing.\n\n".join(EXAMPLES)])
def test_hints_hide_no_personal_data(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = personal_data.personal_data(text)
    monkeypatch.setattr(Lines, "finditer", lambda lines, pattern, hint: pattern.finditer(lines.text))
    assert quick
    assert quick == personal_data.personal_data(text)
