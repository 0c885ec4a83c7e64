"""From shortcomings to actions, stages, agencies and the risk of serious harm."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from sfo_nlp.checks import agencies, failings, learning, rosh, stages, themes
from sfo_nlp.checks.action_dates import due_of
from sfo_nlp.checks.action_parts import column_kind, is_action_head, judged_text, owner_of
from sfo_nlp.checks.actions import actions
from sfo_nlp.checks.answering import answered
from sfo_nlp.checks.base import CheckContext, Finding
from sfo_nlp.checks.data import bound
from sfo_nlp.checks.roles import Role, may_have, says_what_went_wrong
from sfo_nlp.pipeline import review
from sfo_nlp.settings import Settings
from sfo_nlp.training.corpus import load_corpus
from sfo_nlp.training.measure_checks import measure_actions

Context = Callable[[str], CheckContext]


def labelled(check: object, context: CheckContext, label: str) -> list[Finding]:
    return [finding for finding in check.run(context).findings if finding.label == label]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("Head of PDU to audit 20 cases by 30 June 2024.", "Head of PDU"),
        ("The regional director will, by 1 May 2024, fund two posts.", "The regional director"),
        ("By 31 May 2024 the head of the delivery unit will agree new terms.", "the head of the delivery unit"),
        (
            "A second supplier to be appointed by the Head of Interventions by 28 February 2023.",
            "the Head of Interventions",
        ),
        ("I recommend that the regional director withdraw one of the two rules.", "the regional director"),
        ("I recommend that the supervisor withdraw one of the two rules.", "the supervisor"),
        ("Mr Hopkin and Ms Rae will count the cases.", "Mr Hopkin and Ms Rae"),
        ("Digital Change Board to be asked to correct the flag.", "Digital Change Board"),
        ("Plan not reviewed → Head of PDU to audit 20 cases by 30 June 2024.", "Head of PDU"),
        ("No home visit -> SPO (Leeds) will dip-sample ten cases a month.", "SPO (Leeds)"),
        ("Staff to be reminded of the rule.", None),
        ("All officers should ask about children.", None),
        ("Learning from this review to be shared.", None),
    ],
)
def test_who_is_to_do_it(text: str, owner: str | None) -> None:
    assert owner_of(text) == owner


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("To be done by 30 June 2024.", "30 June 2024"),
        ("From 31 May 2024 the head of unit will sign each one.", "31 May 2024"),
        ("The rule will be issued by the end of June.", "the end of June"),
        ("It will be in place by autumn 2024.", "autumn 2024"),
        ("It is to begin within four weeks.", "four weeks"),
        ("It will be written by October.", "October"),
        ("The instruction of March 2020 should be withdrawn.", None),
        ("He was visited on 3 May 2023.", None),
    ],
)
def test_by_when(text: str, due: str | None) -> None:
    assert due_of(text) == due


def test_strong_and_weak_actions() -> None:
    strong = judged_text("Head of PDU to audit 20 cases for home visits by 30 June 2024.", {})
    assert strong.measurable
    assert not strong.weak
    assert strong.level == "team"
    weak = judged_text("Mr Bailey to reflect on how he words his entries.", {})
    assert weak.weak
    assert weak.level == "individual"
    assert judged_text("The Ministry of Justice is asked to change the rule by May 2025.", {}).level == "national"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("The practitioner is to be reminded that letters matter.", "individual"),
        ("Officer 3 to reflect on visits.", "individual"),
        ("All practitioners are to be reminded that letters matter.", "team"),
        ("Ms Opie to complete adult safeguarding training by 31 January 2024.", "individual"),
        ("Ms Opie to brief the team on adult safeguarding by 31 January 2024.", "team"),
        ("Head of Sandwick Ferry to fill the housing post by 31 July 2024.", "team"),
        ("Head of Public Protection to issue new guidance by 31 July 2024.", "region"),
    ],
)
def test_how_far_an_action_reaches(text: str, level: str) -> None:
    assert judged_text(text, {}).level == level


def test_owner_and_date_stand_in_their_columns() -> None:
    assert [column_kind(head) for head in ("Owner", "By when", "How we shall know", "Who", "Finding", "Action")] == [
        "owner", "due", "measure", "owner", None, None,
    ]  # fmt: skip
    parts = judged_text(
        "Ring every tenant.", {"owner": "Head of Marl Street", "due": "30 November 2024", "measure": "A count"}
    )
    assert (parts.owner, parts.due, parts.measurable, parts.weak) == (
        "Head of Marl Street",
        "30 November 2024",
        True,
        False,
    )


@pytest.mark.parametrize(
    ("failing", "found"),
    [("He was never visited at home, as the plan required.", 1), ("He was visited at home in May, as planned.", 0)],
)
def test_an_action_beside_every_shortcoming_is_said_to_answer_none(
    context_of: Context, failing: str, found: int
) -> None:
    plan = context_of(
        f"# Findings\n\n{failing}\n\n# Actions\n\n- Head of PDU to replace the office printers by 1 May 2024."
    )
    assert len(labelled(learning.CHECK, plan, "action")) == 1
    assert len(labelled(learning.CHECK, plan, "finding_without_action")) == found
    assert len(labelled(learning.CHECK, plan, "action_without_finding")) == found


def test_actions_on_the_corpus() -> None:
    tally = measure_actions(load_corpus(splits=["train"]))
    for name, least in (("owner", 0.88), ("due", 0.9), ("weak", 0.92), ("measure", 0.8), ("at", 0.75)):
        assert tally.right[name] / (tally.right[name] + tally.missed[name]) >= least, name


def test_a_failing_without_an_action_is_named(context_of: Context) -> None:
    context = context_of(
        "# Findings\n\n- Home visits were never made in nine months, which was inadequate.\n"
        "- The handover from the prison was poor and too late.\n\n"
        "# Actions\n\n- The Head of PDU should ensure that home visits are made, audited by 30 June 2024.\n"
    )
    unanswered = [finding.evidence[0].quote for finding in labelled(learning.CHECK, context, "finding_without_action")]
    assert unanswered == ["The handover from the prison was poor and too late."]
    (action,) = labelled(learning.CHECK, context, "action")
    assert [item.quote for item in action.facts["answers"]] == [
        "Home visits were never made in nine months, which was inadequate."
    ]


def test_a_plan_in_plain_words_is_a_plan(context_of: Context) -> None:
    table = (
        "| What I found | What will be done | By whom | When |\n|---|---|---|---|\n"
        "| Wrong test kits | Each office will hold four weeks' spare kits. | Office manager | 14 April 2025 |\n"
    )
    (action,) = labelled(learning.CHECK, context_of(f"# What comes next\n\n{table}"), "action")
    assert action.evidence[0].quote.startswith("Each office")
    assert (action.facts["owner"], action.facts["due"]) == ("Office manager", "14 April 2025")


def test_what_is_to_be_done_finds_no_fault(context_of: Context) -> None:
    table = (
        "| Finding | What we will do | How we will know | Evidence |\n|---|---|---|---|\n"
        "| The plan was poor. | No case to be poor in planning. | No plan was poor in 2026. | The log was poor. |\n"
    )
    cells = [one for one in context_of(f"# Plan\n\n{table}").sentences if one.block.cell and one.text.endswith(".")]
    assert [may_have(one, "finding_concern") for one in cells] == [True, False, False, True]


def test_what_stands_beside_a_demand_is_no_demand(context_of: Context) -> None:
    table = (
        "| Action | How we shall know |\n|---|---|\n"
        "| The Head of PDU should audit home visits by 30 June 2024. | The manager should review ten cases. |\n"
    )
    (action,) = labelled(learning.CHECK, context_of(f"# Actions\n\n{table}"), "action")
    assert action.evidence[0].quote.startswith("The Head of PDU")
    assert action.facts["measurable"]


def test_owner_and_date_may_stand_behind_the_demand(context_of: Context) -> None:
    text = (
        "# Actions\n\n1. We recommend that the team manager should check all call-outs. By: 1 June 2023.\n"
        "2. We recommend that a course should be bought. Owner: Head of Ashby PDU. By: 1 July 2023.\n"
    )
    found = [finding.facts for finding in labelled(learning.CHECK, context_of(text), "action")]
    assert [(action["owner"], action["due"]) for action in found] == [
        ("the team manager", "1 June 2023"),
        ("Head of Ashby PDU", "1 July 2023"),
    ]


@pytest.mark.parametrize(("as_failing", "failings_found"), [(0.4, 1), (0.9, 2)])
def test_what_is_rather_a_reason_is_no_failing(
    context_of: Context, monkeypatch: pytest.MonkeyPatch, as_failing: float, failings_found: int
) -> None:
    context = context_of("# Findings\n\nNo visit was made. This was because nobody had been told of the move.\n")
    failing, reason = (sentence for sentence in context.sentences if sentence.is_prose)
    roles = {
        "finding_concern": (Role(failing, 0.9, "model:roles"), Role(reason, as_failing, "model:roles")),
        "explanation": (Role(reason, 0.8, "model:roles"),),
    }
    monkeypatch.setattr(failings, "with_role", lambda _, role: roles.get(role, ()))
    assert failings.reasons_given(context)[failing.index].sentence == reason
    assert len(failings.failings(context)) == failings_found


def test_what_a_plan_names_once_more_has_the_reason_that_was_told(tmp_path: Path) -> None:
    told = "The handover from the prison was poor and came three days before release."
    reason = "This was because nobody had told either officer that a handover meeting was required."
    path = tmp_path / "review.md"
    path.write_text(
        f"# Findings\n\n{told} {reason}\n\n# Plan\n\n"
        "| What went wrong | What we will do | By whom | By when |\n|---|---|---|---|\n"
        "| Poor handover | Hold a meeting before every release. | Head of PDU | 1 May 2025 |\n"
        "| Inbox unattended | Name two people for every inbox. | Head of PDU | 1 May 2025 |\n",
        encoding="utf-8",
    )
    found = {
        finding.evidence[0].quote: finding.facts["explanation"]
        for finding in review(path, Settings(fast=True, isolate=False)).findings("explanation")
    }
    assert found["Poor handover"].quote == reason
    assert found["Inbox unattended"] is None


def test_a_cause_may_be_a_theme(context_of: Context) -> None:
    reason = "This was because the alerts went to a shared mailbox."
    context = context_of(f"# Findings\n\nThe police were not asked, which was poor practice. {reason}\n")
    (raised,) = labelled(themes.CHECK, context, "policy_system_culture:concern")
    assert [item.quote for item in raised.evidence] == [reason]


def test_what_stands_under_a_finding_in_a_plan_is_a_shortcoming_where_it_is_no_praise() -> None:
    """The bound `named_in_plan` rests on this."""
    labels = []
    for one in load_corpus(splits=["train"]):
        cells = [unit for unit in one.raw if unit["kind"] == "cell"]
        words = {id(unit): one.record["text"][unit["start"] : unit["end"]] for unit in cells}
        heads = {(unit["table"], unit["column"]): words[id(unit)] for unit in cells if unit["row"] == 0}
        plans = {table for (table, _), head in heads.items() if is_action_head(head)}
        for unit in cells:
            head = heads.get((unit["table"], unit["column"]), "")
            if unit["row"] and unit["table"] in plans and says_what_went_wrong(head):
                labels.append(frozenset(unit["labels"]))
    told = ["finding_concern" in each for each in labels if "finding_strength" not in each]
    assert len(told) > 100
    assert sum(told) / len(told) >= bound("roles", "named_in_plan")


class Alike:
    """Predictions that find the same themes in every sentence."""

    def family(self, name: str) -> tuple[str, ...]:
        return ("checks", "workload")

    def of(self, label: str) -> "np.ndarray[Any, np.dtype[np.float64]]":
        return np.full(100, 0.7)


def test_a_theme_alone_answers_nothing(context_of: Context) -> None:
    """An overall judgement has some of every theme; an action answers what it has a word or a topic in common with."""
    context = context_of(
        "Not all that should have been done was done in this matter. I make no finding about that. "
        "Home visits were missed. The regional lead will audit home visits by 30 June 2024."
    )
    reading = replace(context.reading, predictions=cast(Any, Alike()))
    *failings, action = context.sentences
    found = answered(replace(context, reading=reading), failings, [action])
    assert set(found) == {failings[2].index}


def test_the_action_in_the_row_answers_the_failing_in_the_row(context_of: Context) -> None:
    context = context_of(
        "|Finding|Action|\n|---|---|\n"
        "|The call was not chased, which was poor.|We recommend a numbered sheet at the desk.|\n"
        "|The plan was inadequate.|We recommend a new form for plans.|"
    )
    assert learning.CHECK.run(context).measures["share_with_action"] == 1.0


def test_systemic_causes_need_more_than_an_individual_action(context_of: Context) -> None:
    found = "The enquiry was not chased because her workload was excessive.\n\n"
    alone = learning.CHECK.run(context_of(f"{found}Ms Rae will be reminded to chase enquiries.")).measures
    beyond = learning.CHECK.run(
        context_of(f"{found}We recommend that the regional director fund two posts by 30 June 2024.")
    ).measures
    assert alone["systemic_causes"]
    assert alone["right_level"] is False
    assert beyond["right_level"] is True


def test_without_actions_there_is_nothing_to_share(context_of: Context) -> None:
    measures = learning.CHECK.run(context_of("He was seen at home on Monday.")).measures
    assert measures["actions"] == 0
    assert measures["share_weak"] is None
    assert measures["right_level"] is None


def test_stages_count_where_practice_is_evaluated(context_of: Context) -> None:
    narrated = stages.CHECK.run(context_of("The pre-sentence report was written on 3 May. He was recalled in June."))
    assert narrated.measures["stages_evaluated"] == 0
    judged = stages.CHECK.run(
        context_of("The pre-sentence report was inadequate. The recall was too late, which was poor practice.")
    )
    assert {finding.facts["stage"] for finding in judged.findings} >= {"court_and_allocation", "enforcement"}


def test_an_agency_evaluated_is_to_be_sent_its_findings(context_of: Context) -> None:
    measures = agencies.CHECK.run(
        context_of("The police failed to pass on the log. He was seen at the hospital.")
    ).measures
    assert measures["evaluated"] == ["police"]
    assert measures["to_send"] == ["police"]
    assert "health" in measures["named"]


def test_kinds_and_reasons_of_inaccuracy(context_of: Context) -> None:
    context = context_of(
        "His risk should have been assessed as high, and the assessment was inadequate. "
        "That was because she was newly qualified and the police enquiry was never requested."
    )
    measures = rosh.CHECK.run(context).measures
    assert measures["verdict"] == "inaccurate"
    assert "level_wrong" in measures["kinds"]
    assert {"inexperience", "not_sought"} <= set(measures["reasons"])


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Medium was too low for him: a step below what his history asked for.", "level_wrong"),
        ("He was wrongly assessed: the danger to her neighbours was put at low.", "group_wrong"),
        ("It was an inaccurate assessment, and women were nowhere named in it.", "not_holistic"),
    ],
)
def test_what_is_wrong_in_an_assessment_that_is_called_wrong(context_of: Context, said: str, kind: str) -> None:
    kinds = rosh.CHECK.run(context_of(said)).measures["kinds"]
    assert kind in kinds
    assert "inaccurate_otherwise" not in kinds
    assert "level_wrong" not in kinds or kind == "level_wrong"


def test_every_passage_of_a_kind_is_kept(context_of: Context) -> None:
    said = "\n\n".join(f"On {day} May the risk to children was underestimated." for day in range(1, 8))
    [found] = [one for one in rosh.CHECK.run(context_of(said)).findings if one.facts.get("kind") == "group_wrong"]
    assert len(found.evidence) == found.facts["passages"] == 7


def test_a_level_called_right_beside_facts_against_it_is_referred(context_of: Context) -> None:
    bare = "He was rightly assessed as medium, which was appropriate."
    facts = "In 2019 he threatened to kill his sister. He had broken the restraining order twice."
    assert rosh.CHECK.run(context_of(bare)).measures["verdict"] == "accurate"
    referred = rosh.CHECK.run(context_of(f"{facts} {bare}"))
    assert referred.measures["verdict"] == "refer"
    assert len(referred.findings[-1].evidence) >= 3


def test_a_review_that_says_nothing_of_the_level(context_of: Context) -> None:
    assert rosh.CHECK.run(context_of("He was assessed as medium in May.")).measures["verdict"] == "not_said"


PLAN = (
    "# Action plan\n\n| No | Recommendation | Owner | Target date | Success measure |\n|--|--|--|--|--|\n"
    "| 1 | Ask the police to renew the agreement | Head of Public Protection | End of June 2024 | audit |\n"
    "| 2 | Briefing to all staff. Absences to be logged. | Not yet agreed | Mid-May 2024 | |\n"
    "| 3 | Cover rota | Jane Carter | TBC | form in use |\n"
    "| 4 | n/a | Policy Team | Jan 24 | published |\n"
    "| 5 | | Policy Team | Jan 24 | published |\n"
    "| 6 | As row 1 | Policy Team | Jan 24 | published |\n"
)


def planned(context: CheckContext) -> list[tuple[str, str | None, str | None, bool]]:
    return [(action.role.sentence.text, action.owner, action.due, action.measurable) for action in actions(context)]


def test_each_row_of_an_action_table_is_one_action(context_of: Context) -> None:
    assert planned(context_of(PLAN)) == [
        ("Ask the police to renew the agreement", "Head of Public Protection", "End of June 2024", True),
        ("Briefing to all staff.", None, "Mid-May 2024", False),
        ("Cover rota", "Jane Carter", None, True),
    ]


def test_owner_and_date_make_an_action_table_without_an_action_column(context_of: Context) -> None:
    table = (
        "| Issue | Improvement | Lead | By when |\n|--|--|--|--|\n"
        "| Calls lost | Numbered sheet | Ann Day | 1 May 2024 |\n"
    )
    assert planned(context_of(table)) == [("Numbered sheet", "Ann Day", "1 May 2024", False)]


@pytest.mark.parametrize(
    "heads",
    ["Date | Event | Action", "Date | Who | Action", "When | Who | What happened", "Date | Event | Action taken"],
)
def test_a_chronology_is_no_action_table(context_of: Context, heads: str) -> None:
    table = f"| {heads} |\n|--|--|--|\n| 1 May 2023 | Ann Day | Rang the office |\n"
    assert planned(context_of(table)) == []


def test_columns_win_over_the_words() -> None:
    text = "Ask Northumbria Police to audit the flags by 1 May 2024."
    said = judged_text(text, {"owner": "Not yet agreed", "due": "TBC", "measure": "n/a"})
    assert (said.owner, said.due, said.measurable) == (None, None, False)
    assert judged_text(text, {"owner": "Police liaison SPO"}).owner == "Police liaison SPO"
    assert judged_text("The Quality Manager should check ten files.", {"owner": "As above."}).owner == (
        "The Quality Manager"
    )
    assert judged_text("Open a log.", {"owner": "June Carter, end of June 2024"})[:2] == (
        "June Carter",
        "end of June 2024",
    )


@pytest.mark.parametrize(
    ("cell", "due"),
    [
        ("End of June 2024", "End of June 2024"),
        ("END OF JUNE 2024", "END OF JUNE 2024"),
        ("Mid-May", "Mid-May"),
        ("Quarter 2", "Quarter 2"),
        ("Q3 2024/25", "Q3 2024/25"),
        ("Spring 2024", "Spring 2024"),
        ("By Autumn 2024", "Autumn 2024"),
        ("Early 2024", "Early 2024"),
        ("12/2024", "12/2024"),
        ("Jan 24", "Jan 24"),
        ("30 Mehefin 2024 / 30 June 2024", "30 June 2024"),
        ("30 Mehefin 2024", "30 Mehefin 2024"),
        ("30-09-2024", "30-09-2024"),
        ("30th of June 2024", "30th of June 2024"),
        ("01/24", "01/24"),
        ("Sep-24", "Sep-24"),
        ("One month", "One month"),
        ("Completed December 2023", "December 2023"),
        ("Ongoing", None),
        ("Not yet agreed", None),
    ],
)
def test_a_date_in_its_cell_needs_no_preposition(cell: str, due: str | None) -> None:
    assert judged_text("Open a log.", {"due": cell}).due == due


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("Assigned to", "owner"), ("Action holder", "owner"), ("Complete by", "due"), ("Timeframe", "due"),
        ("How will we measure it?", "measure"), ("Assurance", "measure"), ("Issue", None),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_heads(head: str, kind: str | None) -> None:
    assert column_kind(head) == kind


def test_items_of_a_list_share_what_leads_to_it(context_of: Callable[[str], CheckContext]) -> None:
    items = "- write to the police about the alerts;\n- audit thirty cases for missed enquiries."
    context = context_of(f"# Actions\n\nThe Regional Probation Director should, by 1 March 2025:\n\n{items}")
    actions = labelled(learning.CHECK, context, "action")
    assert [action.facts["owner"] for action in actions] == ["The Regional Probation Director"] * len(actions)
    assert {action.facts["due"] for action in actions} == {"1 March 2025"}
    assert not any(action.evidence[0].quote.endswith(":") for action in actions)


def test_a_quarter_of_a_financial_year_is_read_whole() -> None:
    assert due_of("HMPPS to consider the alert by Q3 2024/25.") == "Q3 2024/25"
    assert due_of("It will be in place by Autumn 2024.") == "Autumn 2024"


def test_heads_in_two_languages(context_of: Context) -> None:
    assert [column_kind(head) for head in ("Cyfrifoldeb / Responsibility", "Dyddiad / Date")] == ["owner", "due"]
    table = (
        "| Cam gweithredu / Action | Cyfrifoldeb / Responsibility | Dyddiad / Date |\n|--|--|--|\n"
        "| Renew the agreement | Pennaeth Uned / Head of PDU | 1 May 2024 |\n"
    )
    assert planned(context_of(table)) == [("Renew the agreement", "Pennaeth Uned / Head of PDU", "1 May 2024", False)]


@pytest.mark.parametrize(
    "label", ["Measure: 100 % completion.", "Success: fewer late visits.", "Evidence: a signed log."]
)
def test_a_measure_may_stand_behind_the_demand(context_of: Context, label: str) -> None:
    ((_, owner, _, measurable),) = planned(
        context_of(f"1. We recommend that the team manager should chase visits. {label}\n")
    )
    assert (owner, measurable) == ("the team manager", True)


@pytest.mark.parametrize(
    ("text", "measurable"),
    [
        ("Officers to be reminded that licence conditions must be monitored.", False),
        ("Officers to be reminded of the rule, and 20 files to be sampled.", True),
        ("Open a log. Measure: none.", False),
        ("Move every leaver's reminders and show us a list.", True),
    ],
)
def test_what_staff_are_reminded_of_measures_nothing(text: str, measurable: bool) -> None:
    assert judged_text(text, {}).measurable is measurable


@pytest.mark.parametrize(
    ("rest", "due"),
    [
        ("To be in force by 1 July 2023.", "1 July 2023"),
        ("This will be done by 30 June 2024 and checked monthly.", "30 June 2024"),
        ("It should be in place by autumn 2024.", "autumn 2024"),
    ],
)
def test_a_sentence_that_only_goes_on_joins_the_action_before_it(context_of: Context, rest: str, due: str) -> None:
    demand = "We recommend that the Head of PDU should set up a register of vacancies."
    found = planned(context_of(f"{demand} {rest}"))
    assert [action[:3] for action in found] == [(demand, "the Head of PDU", due)]


def test_a_partner_that_is_only_named_is_no_finding(context_of: Context) -> None:
    named = agencies.CHECK.run(context_of("She cleaned at the hospital. The police were told of his address."))
    assert named.findings == ()
    assert named.measures["named"]
    assert named.measures["evaluated"] == []


def test_cells_of_a_word_do_not_dilute_what_evaluates(context_of: Context) -> None:
    told = "The plan was inadequate."
    form = "| Question | Answer |\n|---|---|\n" + "| CRN | N |\n" * 30
    alone, beside = (
        stages.CHECK.run(context_of(text)).measures["share_evaluative"] for text in (told, f"{told}\n\n{form}")
    )
    assert alone == beside
