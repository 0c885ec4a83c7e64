"""The plainest ways to say that and why practice fell short: what any reader sees, the program must see."""

from pathlib import Path

import pytest

from sfo_nlp.language.predict import predict
from sfo_nlp.language.units import Unit
from sfo_nlp.pipeline import review
from sfo_nlp.settings import Settings

FRAME = """# Serious Further Offence Review

## Supervision

Mr Noble was released in April 2022 and saw his officer every week. {line} He moved to a flat in Oakham in May.

## Conclusion

Not all reasonable steps were taken to manage the risk of serious harm.
"""
# Line, and whether the reason is found without the encoder, too.
EXPLAINED = [
    ("The risk assessment was not updated because the officer had sixty cases.", True),
    ("The referral to children's services was delayed due to a vacancy in the safeguarding team.", False),
    ("As the practitioner was newly qualified, the assessment was not countersigned in time.", False),
    ("The failure to review the assessment was a result of high caseloads.", False),
    ("With four vacancies in the team, supervision sessions were cancelled.", False),
    ("The home visit was late because the officer was sick.", True),
    ("The referral was missed due to a fault in the computer system.", True),
    ("The licence condition was not monitored. Staff were unaware that it had been added.", True),
    (
        "The management oversight was insufficient. This was because the manager was covering two teams.",
        True,
    ),
    (
        "There was a lack of professional curiosity. She told the reviewer that she had not been trained to ask.",
        True,
    ),
]
UNEXPLAINED = [
    ("No home visit was made in June.", True),
    ("The officer failed to make a single home visit.", False),
    ("The risk assessment was not updated. No reason was recorded.", True),
    ("Intelligence was not shared with probation.", True),
    ("No home visit was made in June. I was not able to establish why. The team had two vacancies in August.", False),
]


def modes(lines: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Every line with the encoder, and without it (True) where that is promised."""
    return [(line, False) for line, _ in lines] + [(line, True) for line, fast in lines if fast]


def failings(folder: Path, line: str, *, fast: bool) -> list[bool]:
    """For the failings that stand in `line`: whether each counts as explained."""
    path = folder / "review.md"
    path.write_text(FRAME.format(line=line), encoding="utf-8")
    found = review(path, Settings(fast=fast)).findings("explanation")
    return [bool(finding.facts["explained"]) for finding in found if finding.evidence[0].quote in line]


@pytest.mark.parametrize(("line", "fast"), modes(EXPLAINED))
def test_a_reason_said_outright_explains(tmp_path: Path, line: str, fast: bool) -> None:
    assert any(failings(tmp_path, line, fast=fast))


@pytest.mark.parametrize(("line", "fast"), modes(UNEXPLAINED))
def test_a_shortcoming_without_a_reason_stays_unexplained(tmp_path: Path, line: str, fast: bool) -> None:
    found = failings(tmp_path, line, fast=fast)
    assert found
    assert not any(found)


def test_a_question_has_no_role() -> None:
    texts = ("He was seen on Monday.", "Was oversight insufficient because the manager was covering two teams?")
    for fast in (True, False):
        predictions = predict(
            [Unit(text, "", "paragraph", "", row) for row, text in enumerate(texts)], Settings(fast=fast)
        )
        roles = [name for name in predictions.family("role") if predictions.holds(f"role:{name}")[1]]
        assert roles == []


def test_a_task_is_no_judgement(tmp_path: Path) -> None:
    path, told = tmp_path / "review.md", "They tell me this part has to say whether all reasonable steps were taken."
    path.write_text(FRAME.format(line="").replace(FRAME.split("\n\n")[-1], told), encoding="utf-8")
    assert review(path).measure("judgement", "verdict") == "absent"


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("Risk was not managed effectively.", "not_taken"),
        ("The management of Mr Harker's risk fell below the standard expected.", "not_taken"),
        ("I find that probation did everything that could reasonably be expected of it.", "taken"),
        ("It would be wrong to say that all reasonable steps were taken.", "not_taken"),
        ("All reasonable steps were taken to contact the family about this review.", "absent"),
    ],
)
@pytest.mark.parametrize("fast", [False, True])
def test_the_only_judgement_under_a_conclusion_is_about_the_case(
    tmp_path: Path, sentence: str, verdict: str, fast: bool
) -> None:
    story = "He attended each week. The officer wrote a plan in June. On 3 October he moved to a flat in Oakham."
    path = tmp_path / "review.txt"
    path.write_text(f"Chronology\n\n{story}\n\nConclusion\n\n{sentence}\n", encoding="utf-8")
    assert review(path, Settings(fast=fast)).measure("judgement", "verdict") == verdict
