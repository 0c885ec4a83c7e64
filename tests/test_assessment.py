"""Every answer quotes what supports it, and says it in words that hold: none, all, one of one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sfo_nlp.assessment.assess import Answer, assess
from sfo_nlp.assessment.policy import Policy, read_policy
from sfo_nlp.assessment.wire import to_wire
from sfo_nlp.checks.base import CheckResult, Finding
from sfo_nlp.document import Evidence, Span
from sfo_nlp.errors import PolicyInvalid
from sfo_nlp.language.reading import Reading
from sfo_nlp.pipeline import review
from sfo_nlp.report.viewing import view_of
from sfo_nlp.settings import Settings

POLICY = read_policy(Settings().policy)


def finding(check: str, label: str, quote: str, **facts: Any) -> Finding:
    passage = Evidence(quote, Span(0, len(quote)), None, 1, (), "rule:test", 1.0)
    return Finding(check, label, (passage,), facts=facts)


def answers(
    reading: Reading, check: str, findings: tuple[Finding, ...], policy: Policy = POLICY, **measures: Any
) -> Mapping[str, Answer]:
    """The answers of one check's criteria, given what it found and measured."""
    assessment = assess(reading, {check: CheckResult(check, findings, measures)}, policy)
    return {one.criterion.id: one for one in assessment.answers if one.criterion.check == check}


@pytest.fixture(scope="module")
def reading(read: Any) -> Reading:
    found: Reading = read("He was seen at home.")
    return found


def quotes(answer: Answer) -> list[str]:
    return [item.quote for item in answer.evidence]


def test_a_victim_named_does_not_rest_on_personal_data(reading: Reading) -> None:
    found = (finding("victims", "personal_data", "X123456"), finding("victims", "minimising", "a domestic"))
    given = answers(reading, "victims", found, victim_named=True, personal_data=1, blaming=1)
    assert given["victim_as_person"].evidence == ()
    assert quotes(given["personal_data_removed"]) == ["X123456"]
    assert quotes(given["no_blaming_language"]) == ["a domestic"]


def test_a_judgement_rests_on_what_decides_and_a_missing_one_on_what_comes_nearest(reading: Reading) -> None:
    found = (
        finding("judgement", "unclear", "On balance.", scope="overall", decides=False),
        finding("judgement", "taken", "All steps were taken.", scope="overall", decides=True),
        finding("judgement", "taken", "The plan was sound.", scope="stage", decides=False),
    )
    given = answers(reading, "judgement", found, verdict="taken", reasoned=True, consistent=True, stage_judgements=1)
    assert quotes(given["reasonable_steps_judgement"]) == ["All steps were taken."]
    assert quotes(given["judgement_reasoned"]) == ["All steps were taken."]
    assert quotes(given["judgement_by_stage"]) == ["The plan was sound."]
    hedged = answers(reading, "judgement", found, verdict="unclear", reasoned=None)
    assert hedged["judgement_reasoned"].evidence == ()
    near = finding("judgement", "", "It was not foreseeable.").evidence
    missing = answers(reading, "judgement", (), verdict="absent", near_misses=near, stage_judgements=0)
    assert quotes(missing["reasonable_steps_judgement"]) == ["It was not foreseeable."]
    assert quotes(missing["judgement_by_stage"]) == quotes(missing["judgement_reasoned"]) == []


def test_actions_that_lack_something_are_the_ones_quoted(reading: Reading) -> None:
    found = (
        finding("learning", "action", "A", owner="Head of PDU", due="May", measurable=True, weak=False, answers=[1]),
        finding("learning", "action", "B", owner="Head of PDU", due=None, measurable=False, weak=True, answers=[]),
        finding("learning", "weak_action", "B", level="team"),
        finding("learning", "finding_without_action", "C"),
    )
    measures: dict[str, Any] = {"actions": 2, "concerns": 2}
    shares = {"share_owned_and_dated": 0.5, "share_measurable": 0.5, "share_weak": 0.5, "share_with_action": 0.5}
    half = answers(reading, "learning", found, **measures, **shares)
    assert quotes(half["actions_owned_and_dated"]) == ["B"]
    assert quotes(half["actions_measurable"]) == ["B"]
    assert quotes(half["findings_lead_to_actions"]) == ["C"]
    whole = answers(reading, "learning", found, **measures, **dict.fromkeys(shares, 1.0))
    assert quotes(whole["actions_measurable"]) == ["A"]
    assert quotes(whole["findings_lead_to_actions"]) == ["A", "C"]


@pytest.mark.parametrize(
    ("share", "count", "said"),
    [
        (0.0, 5, "Shortcomings that an action answers: none of 5 found."),
        (0.2, 5, "Shortcomings that an action answers: only 1 of 5 found."),
        (1.0, 1, "Shortcomings that an action answers: all of 1 found."),
    ],
)
def test_none_and_all_are_said_as_words(reading: Reading, share: float, count: int, said: str) -> None:
    given = answers(reading, "learning", (), share_with_action=share, concerns=count, actions=1)
    assert given["findings_lead_to_actions"].reason == said


@pytest.mark.parametrize(("share", "said"), [(0.0, "None of"), (0.004, "Only under 1%"), (0.996, "over 99%")])
def test_a_share_is_not_rounded_to_none_or_all(reading: Reading, share: float, said: str) -> None:
    assert answers(reading, "stages", (), share_evaluative=share)["evaluates_practice"].reason.startswith(said)


def test_no_sentence_of_the_policy_promises_a_list() -> None:
    for criterion in POLICY.criteria:
        assert criterion.evidence is not None, criterion.id
        for sentence in criterion.says.values():
            assert not {"listed", "see", "offered", "below"} & set(sentence.strip(".").split()), criterion.id


def test_every_quotation_in_the_json_is_of_a_finding_that_the_answer_names(samples: list[Path]) -> None:
    wire = to_wire(review(samples[1], Settings(fast=True)))
    passages = {one["id"]: one["evidence"][0] for one in wire["findings"]}
    near = wire["judgement"]["near_misses"]
    view = view_of(wire)
    for criterion in wire["criteria"]:
        resting = [passages[identity] for identity in criterion["findings"]]
        assert all(passage in (*resting, *near) for passage in criterion["evidence"]), criterion["id"]
        shown = view.criterion(criterion["id"])
        assert shown is not None
        assert {item.id for item in shown.items} == set(criterion["findings"])
    assert any(criterion["findings"] for criterion in wire["criteria"])


@pytest.mark.parametrize("evidence", ['{ sometimes = ["action"] }', "3", "[1]", '{ met = [""] }'])
def test_evidence_that_cannot_be_read_names_the_criterion(tmp_path: Path, evidence: str) -> None:
    entry = 'standard = "learning"\nid = "mine"\nquestion = "?"\ncheck = "learning"\nmeasure = "actions"\nsays = {}\n'
    path = tmp_path / "policy.toml"
    path.write_text(f"[[criterion]]\n{entry}evidence = {evidence}\n")
    with pytest.raises(PolicyInvalid, match="mine: evidence"):
        read_policy(path)


def test_a_policy_of_the_old_form_still_reads(reading: Reading, tmp_path: Path) -> None:
    entry = '[[criterion]]\nstandard = "learning"\nquestion = "?"\ncheck = "learning"\nmeasure = "actions"\nsays = {}\n'
    path = tmp_path / "policy.toml"
    path.write_text(f'{entry}id = "one"\nevidence = "action"\n{entry}id = "all"\nevidence = ""\n')
    found = (finding("learning", "action", "A"), finding("learning", "strength", "B"))
    given = answers(reading, "learning", found, read_policy(path), actions=1)
    assert (quotes(given["one"]), quotes(given["all"])) == (["A"], ["A", "B"])
