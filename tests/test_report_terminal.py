"""The terminal says each question with its answer and words, and promises nothing that it does not print."""

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from conftest import NO_MODELS
from rich.console import Console

from sfo_nlp.assessment.assess import Assessment, assess
from sfo_nlp.assessment.policy import read_policy
from sfo_nlp.checks.base import CheckResult
from sfo_nlp.checks.registry import run_checks
from sfo_nlp.language.reading import Reading
from sfo_nlp.report.safe import quoted
from sfo_nlp.report.terminal import print_assessment
from sfo_nlp.report.words import part

FAILINGS = (
    "No call-out history was asked for, which was poor practice.",
    "Home visits were never made.",
    "The plan was inadequate.",
    "The handover was inadequate.",
    "The recall was inadequate.",
)
TEXT = "\n\n".join(("# Findings", *FAILINGS, "# Actions", "Staff are to be reminded of the guidance on home visits."))


@pytest.fixture(scope="module")
def assessment(read: Callable[[str], Reading]) -> Assessment:
    settings = NO_MODELS
    reading = read(TEXT)
    return assess(reading, run_checks(reading, settings), read_policy(settings.policy))


def printed(assessment: Assessment) -> str:
    out = io.StringIO()
    print_assessment(assessment, Console(file=out, width=400, highlight=False))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def test_every_question_stands_before_its_answer(assessment: Assessment) -> None:
    text = printed(assessment)
    for answer in assessment.answers:
        question = text.index(answer.criterion.question)
        assert question < text.index(answer.reason, question)


def test_what_is_not_met_has_its_first_quotation_with_its_place(assessment: Assessment) -> None:
    lines = printed(assessment).splitlines()
    place = lines.index("  Does every action name who does it and by when?")
    assert lines[place + 1] == "    ✗ Not met. Actions that name an owner and a date: none of 1."
    assert lines[place + 2].strip().startswith("“Staff are to be reminded of the guidance on home visits.”  paragraph ")


def test_themes_have_words_and_a_place(assessment: Assessment) -> None:
    lines = printed(assessment).splitlines()
    place = next(number for number, line in enumerate(lines) if "concern   Home visits" in line)
    assert "first in paragraph 3" in lines[place]
    assert lines[place + 1].strip() == "“Home visits were never made.”"


def test_more_says_how_to_see_all(assessment: Assessment) -> None:
    more = [line for line in printed(assessment).splitlines() if line.strip().startswith("and ")]
    assert more
    assert all("--format html --out FOLDER" in line and "--format json" in line for line in more)


@pytest.mark.parametrize(
    ("check", "title"),
    [
        ("judgement", "Reasonable-steps judgement"),
        ("explanation", "What or why"),
        ("themes", "Practice themes"),
        ("readability", "Readability"),
    ],
)
def test_a_check_that_broke_is_said_in_plain_words(assessment: Assessment, check: str, title: str) -> None:
    results = {**assessment.results, check: CheckResult(check, failure="a rule broke")}
    text = printed(replace(assessment, results=results))
    assert f"{title}: Could not be checked (the check broke: a rule broke)" in text
    assert "None" not in text.replace("None found", "").replace("None of", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("He was seen.", "“He was seen.”"),
        ("“I was told nothing.”", "“I was told nothing.”"),
        ("“I was told nothing,” she said.", "‘“I was told nothing,” she said.’"),
        ('He said "no" to "it"', '‘He said "no" to "it"’'),
        ("“One” and “two”", "‘“One” and “two”’"),
    ],
)
def test_quotation_marks_are_not_doubled(text: str, said: str) -> None:
    assert quoted(text) == said


def test_none_and_all_of_them() -> None:
    assert [part(0, 5), part(2, 5), part(5, 5)] == ["none of 5", "2 of 5", "all of 5"]
