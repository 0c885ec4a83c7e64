"""Every answer quotes what supports it, and says it in words that hold: none, all, one of one."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sfo_nlp.assessment.assess import Answer, assess
from sfo_nlp.assessment.faults import FIELDS, MEASURES, kinds
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
MINE = """
[[criterion]]
standard = "learning"
id = "mine"
question = "Is there an action?"
check = "learning"
measure = "actions"
met_from = 2
not_met_below = 1
[criterion.says]
met = "Actions: {value}."
not_met = "No action."
refer = "Actions: only {value}."
none = "No action could be looked for."
"""


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


def policy_of(tmp_path: Path, text: str) -> Policy:
    path = tmp_path / "policy.toml"
    path.write_text(text)
    return read_policy(path)


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ("{value}", "{total}", "mine: says: met: {total} is not one of {value}"),
        ("{value}", "{value:.9q}", "mine: says: met: {value:.9q} is not one of"),
        ("{value}", "{value!r}", "mine: says: met: {value!r} is not one of"),
        ("{value}", "{}", "mine: says: met: {} is not one of"),
        ("{value}", "{value", "mine: says: met: expected '}'"),
        ("{value}", "{part}", "mine: says: met: its words count something; share_of must say what"),
        ('not_met = "No action."', "", "mine: says: missing not_met"),
        ('not_met = "No action."', 'notmet = "No action."', "mine: says: unknown notmet"),
        ('not_met = "No action."', "not_met = 3", "mine: says must be a table of sentences"),
        ("met_from = 2", 'met_from = "0.6"', "mine: met_from must be a number, not '0.6'"),
        ("met_from = 2", "met_from = true", "mine: met_from must be a number, not True"),
        ("met_from = 2", "met_from = nan", "mine: met_from must be a number, not nan"),
        ("met_from = 2", f"met_from = 1{'0' * 400}", "mine: met_from must be a number, not 1000"),
        ("met_from = 2", "met_from = 2\nmet_to = 3", "mine: has both met_from and met_to"),
        ("met_from = 2\nnot_met_below", "met_to = 2\nnot_met_below", "mine: not_met_below does not go with met_to"),
        ("met_from = 2\nnot_met_below = 1", "", "mine: actions is a number: it needs met_from or met_to"),
        ("met_from = 2", "", "mine: actions is a number: it needs met_from or met_to"),
        ("not_met_below = 1", "not_met_below = 3", "mine: not_met_below lies above met_from"),
        ("met_from = 2", "met = true", "mine: actions is a number: it is answered by met_from or met_to, not by met"),
        ('"actions"', '"share_weak"', "mine: met_from must lie from 0 to 1, where 0.5 is half, not at 2"),
        ('"actions"', '"acitons"', "mine: measure 'acitons' is not one of share_owned_and_dated"),
        ('"actions"', '["actions"]', "mine: measure must be text, not ['actions']"),
        ('check = "learning"', 'check = "lerning"', "mine: check 'lerning' is not one of judgement"),
        (
            'standard = "learning"',
            'standard = "lerning"',
            "mine: standard 'lerning' is not one of analysis_of_practice",
        ),
        ('id = "mine"', "id = 3", "3: id must be text, not 3"),
        ('id = "mine"', "", "criterion 1: missing id"),
        ("met_from", "metfrom", "mine: unknown metfrom"),
        ("met_from", 'none = "maybe"\nmet_from', "mine: none 'maybe' is not one of met, not_met, refer, not_run"),
        ("met_from", 'share_of = "acts"\nmet_from', "mine: share_of 'acts' is not one of actions"),
        ("met_from", "unsure_below = 0.5\nmet_from", "mine: unsure_below: the check learning does not say how sure"),
        ("met_from", 'evidence = { sometimes = ["action"] }\nmet_from', "mine: evidence is for met"),
        ("met_from", "evidence = 3\nmet_from", "mine: evidence must be a name"),
        ("met_from", "evidence = [1]\nmet_from", "mine: evidence must be a name"),
        ("met_from", 'evidence = { met = [""] }\nmet_from', "mine: evidence must be a name"),
        (MINE, MINE * 2, "mine: two criteria have this id"),
        ("[[criterion]]", "[criterion]", "every criterion begins with [[criterion]], in two brackets"),
        ("[[criterion]]", "[[criteria]]", "unknown criteria"),
        (MINE, "", "it has no [[criterion]]"),
        ("[[criterion]]", "name = 3\n[[criterion]]", "name must be text"),
        ("[[criterion]]", "explanation = 3\n[[criterion]]", "explanation must be a table"),
        (MINE, f"a = {'[' * 5000}", "maximum recursion depth"),
    ],
)
def test_a_policy_with_a_fault_is_refused_by_name(tmp_path: Path, good: str, bad: str, fault: str) -> None:
    assert good in MINE
    with pytest.raises(PolicyInvalid, match=re.escape(f"policy.toml: {fault}")):
        policy_of(tmp_path, MINE.replace(good, bad, 1))


@pytest.mark.parametrize(
    ("bounds", "fault"),
    [
        ("", "mine: right_level is true or false: it needs met or not_met or refer"),
        ("met = []\nnot_met = []", "mine: right_level is true or false: it needs met or not_met or refer"),
        ("met = true", "mine: met must be a list of which each is true or false, not True"),
        ('met = ["true"]', "mine: met must be a list of which each is true or false, not ['true']"),
        ("met = [true]\nrefer = [true]", "mine: refer holds True a second time"),
        ("met_from = 1", "mine: right_level is true or false: it is answered by lists, not by met_from"),
    ],
)
def test_what_is_no_number_is_answered_by_lists(tmp_path: Path, bounds: str, fault: str) -> None:
    text = MINE.replace('"actions"', '"right_level"').replace("met_from = 2\nnot_met_below = 1", bounds)
    with pytest.raises(PolicyInvalid, match=re.escape(fault)):
        policy_of(tmp_path, text)


@pytest.mark.parametrize(
    ("explanation", "fault"),
    [
        ('explains_why_from = "abc"', "explanation: explains_why_from must be a number, not 'abc'"),
        ("partly_from = 33", "explanation: partly_from must lie from 0 to 1"),
        ("partly_from = 0.9", "explanation: partly_from lies above explains_why_from"),
        ("partly = 0.3", "explanation: unknown partly"),
    ],
)
def test_the_bounds_of_explanation_are_checked(tmp_path: Path, explanation: str, fault: str) -> None:
    with pytest.raises(PolicyInvalid, match=re.escape(fault)):
        policy_of(tmp_path, f"[explanation]\n{explanation}\n{MINE}")


def test_a_policy_is_refused_before_the_document_is_read(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(MINE.replace("{value}", "{total}"))
    with pytest.raises(PolicyInvalid):
        review(tmp_path / "there is no such review.pdf", Settings(policy=path))


def test_every_field_that_a_sentence_may_have_is_filled_in(reading: Reading, tmp_path: Path) -> None:
    fields = " ".join(f"{{{name}}}" for name in FIELDS)
    text = MINE.replace('"actions"', '"share_weak"\nshare_of = "actions"').replace("met_from = 2", "met_from = 0.5")
    policy = policy_of(tmp_path, text.replace("below = 1", "below = 0.2").replace("{value}", fields))
    given = answers(reading, "learning", (), policy, share_weak=0.75, actions=4)
    assert given["mine"].reason == "Actions: 0.8 75% 4 3."


def test_the_measures_that_a_criterion_may_read_are_those_that_the_checks_give(samples: list[Path]) -> None:
    """A measure that is new, gone or of another kind belongs into `sfo_nlp.assessment.faults.MEASURES`."""
    types = {"share": float, "number": int | float, "truth": bool, "word": str}
    for check, result in review(samples[1], Settings(fast=True)).results.items():
        declared = kinds(check) if check in MEASURES else {}
        given = {name for name, value in result.measures.items() if isinstance(value, bool | int | float | str)}
        unknown = {name for name, value in result.measures.items() if value is None}
        assert given <= set(declared) <= given | unknown, check
        for name in given:
            value, kind = result.measures[name], declared[name]
            assert isinstance(value, types[kind]), (check, name)
            assert isinstance(value, bool) == (kind == "truth"), (check, name)
            assert kind != "share" or 0 <= value <= 1, (check, name)


def test_evidence_is_one_name_or_all(reading: Reading, tmp_path: Path) -> None:
    one = MINE.replace("met_from", 'evidence = "action"\nmet_from')
    every = MINE.replace("met_from", 'evidence = ""\nmet_from').replace('"mine"', '"all"')
    found = (finding("learning", "action", "A"), finding("learning", "strength", "B"))
    given = answers(reading, "learning", found, policy_of(tmp_path, one + every), actions=2)
    assert (quotes(given["mine"]), quotes(given["all"])) == (["A"], ["A", "B"])
