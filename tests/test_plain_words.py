"""The plainest ways to say that and why practice fell short: what any reader sees, the program must see."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sfo_nlp.pipeline import review
from sfo_nlp.settings import Settings

FRAME = """# Serious Further Offence Review

## Supervision

Mr Noble was released in April 2022 and saw his officer every week. {line} He moved to a flat in Oakham in May.

## Conclusion

Not all reasonable steps were taken to manage the risk of serious harm.
"""
EXPLAINED = [
    "The risk assessment was not updated because the officer had sixty cases.",
    "The referral to children's services was delayed due to a vacancy in the safeguarding team.",
    "The management oversight was insufficient. This was because the senior probation officer was covering two teams.",
    "There was a lack of professional curiosity. The officer told the reviewer that she had not been trained to ask.",
]
# Without the encoder these are found too seldom to promise.
ENCODER_ONLY = [
    "The referral to children's services was delayed due to a vacancy in the safeguarding team.",
]
UNEXPLAINED = [
    "The risk assessment was not updated. No reason was recorded.",
    "Intelligence was not shared with probation.",
]


@pytest.fixture(scope="module", params=["encoder", "fast"])
def failings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[bool]]:
    """For the failings that stand in a line: whether each counts as explained."""
    folder = tmp_path_factory.mktemp("plain")

    def read(line: str) -> list[bool]:
        if request.param == "fast" and line in ENCODER_ONLY:
            pytest.skip("asked of the encoder alone")
        path: Path = folder / "review.md"
        path.write_text(FRAME.format(line=line), encoding="utf-8")
        found = review(path, Settings(fast=request.param == "fast")).to_dict()["explanation"]["findings"]  # type: ignore[index]
        return [item["explained"] for item in found if item["finding"]["quote"] in line]

    return read


@pytest.mark.parametrize("line", EXPLAINED)
def test_a_reason_said_outright_explains(failings: Callable[[str], list[bool]], line: str) -> None:
    assert any(failings(line))


@pytest.mark.parametrize("line", UNEXPLAINED)
def test_a_shortcoming_without_a_reason_stays_unexplained(failings: Callable[[str], list[bool]], line: str) -> None:
    found = failings(line)
    assert found
    assert not any(found)
