"""Whose judgement it is, whether it is one, and what it rests on."""

from collections.abc import Callable

import pytest

from sfo_nlp.checks.base import CheckContext
from sfo_nlp.checks.judgement import CHECK, is_halved
from sfo_nlp.checks.replies import answers, is_bare
from sfo_nlp.checks.roles import finds_none, is_conduct, is_elsewhere
from sfo_nlp.checks.speakers import found_no_fault, is_due, of_another, only_asks, only_foresees
from sfo_nlp.checks.verdict import Statement, decide

FILLING = "He attended each week. The officer wrote a plan in June. On 3 October he moved to a flat in Oakham."


@pytest.mark.parametrize(
    "text",
    [
        "HMIP found that not all reasonable steps were taken.",
        "NHS England's own investigation found that all reasonable steps were taken.",
        "The coroner has since concluded that the service did enough.",
        "The previous review of 2019 concluded that not all reasonable steps were taken.",
        "All reasonable steps were taken by the police.",
        "His mother, whom we met, felt that all reasonable steps had been taken to manage the risk.",
        "Members felt that all reasonable steps had been taken.",
        "Harrowdene Police looked at their own part in it and concluded that all reasonable steps had been taken.",
        "The MAPPA serious case review panel decided that the agencies together had not done enough.",
        "The safeguarding adults board has stated that agencies did not take all reasonable steps.",
        "The police professional standards department, which saw its officers' notes, concluded that enough was done.",
        "The MARAC steering group's own audit says that the risk was managed to a high standard by all.",
        "The trial judge remarked that nobody could have done more.",
        "In the coroner's view, not enough was done to manage his risk.",
        "According to the ombudsman, everything that could be done was done.",
        "The family do not accept that all reasonable steps were taken.",
        "It was the view of the parole board that he had been well managed.",
    ],
)
def test_what_another_body_says_is_known(text: str) -> None:
    assert of_another(text)


def test_a_search_in_vain_and_a_foresight_are_known() -> None:
    assert found_no_fault("I looked for a thing that ought to have been done and was not, and I have not found it.")
    assert not found_no_fault("We looked for a record of the call and did not find it.")
    assert only_foresees("On what was known, the attack could not have been predicted.")
    assert not only_foresees("It could not have been prevented, though more should have been done to manage the risk.")


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("I am left with nothing of substance that the officer ought to have done and did not.", True),
        ("Nothing that it would have been reasonable to require of the team was left undone that summer.", True),
        ("They could not name a thing of consequence that they would have done and that was not done.", True),
        ("No step within their reach was left untaken.", True),
        ("There was no sensible precaution against him that we hadn't put in place.", True),
        ("The call led to nothing, and I find that the team did not act on it.", False),
        ("Nothing was done about the calls, which should have been logged and were not.", False),
        ("I cannot say that nothing was left undone.", False),
        ("Nothing in the file shows who should have rung and did not.", False),
        ("Nothing followed, and much was left undone.", False),
        ("There were ordinary steps, well within our reach, and we left too many of them untaken.", False),
    ],
)
def test_nothing_left_undone_is_told_from_something(text: str, nothing: bool) -> None:
    assert found_no_fault(text) == nothing


def test_what_is_due_and_what_happened_elsewhere_judge_nothing() -> None:
    assert is_due("All reasonable steps must be taken to protect it.")
    assert is_due("In a separate case all reasonable steps were taken.")
    assert is_due("It was our job to supervise him.")
    assert is_due("It was for the community team to manage the risk from then on.")
    assert is_due("Protecting her and her neighbours was our job.")
    assert not is_due("It was our job to supervise him, and we did so with care.")
    assert not is_due("It is for the panel to say whether enough was done.")
    assert not is_due("All reasonable steps should have been taken.")
    assert not is_due("All reasonable steps were taken.")


def test_a_question_that_the_sentence_answers_is_not_only_asked() -> None:
    assert only_asks("I am asked whether all reasonable steps were taken.")
    assert only_asks("The question is whether his risk was managed, and how far the police were told of it.")
    assert not only_asks("I am asked whether all reasonable steps were taken, and they were not.")
    assert not only_asks("This section asks whether the risk was managed: it was.")


@pytest.mark.parametrize(
    "text",
    [
        "I find that not all reasonable steps were taken, and I have told the family so.",
        "Police information was not sought, and I found the planning insufficient.",
        "We conclude that the management of this case was sufficient.",
        "The reviewing officer considered that all reasonable steps were taken.",
        "The officer believed that he was settled, and I find that not all reasonable steps were taken.",
        "Despite what the police said, we are satisfied that all reasonable steps were taken.",
        "The coroner found, and I agree, that not all reasonable steps were taken.",
        "Having read the coroner's findings, I conclude that not all reasonable steps were taken.",
        "The panel concludes that all reasonable steps were taken.",
    ],
)
def test_the_authors_own_words_stay_the_authors(text: str) -> None:
    assert not of_another(text)


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("All reasonable steps were taken to manage the risk.", "taken"),
        ("All reasonable steps were taken, with one exception: the police were never asked.", "partly"),
        ("We doubt that all reasonable steps were taken.", "unclear"),
        ("All reasonable steps were taken. I have read that sentence and cannot put my name to it.", "absent"),
        ("As to whether every reasonable step was taken, this review makes no finding.", "absent"),
        ("The review will consider if all reasonable steps were taken.", "absent"),
        ("Nobody could claim that all reasonable steps were taken.", "absent"),
        (
            "All reasonable steps were taken to manage his risk, except that the police were not asked.",
            "partly",
        ),
        ("Apart from the enquiry to the police, all reasonable steps were taken.", "partly"),
        ("Were all reasonable steps taken to manage the risk of serious harm? Yes.", "taken"),
        ("Were all reasonable steps taken to manage the risk of serious harm? No, they were not.", "not_taken"),
        ("Did we do what we should have done? Some of it.", "partly"),
        ("Was he properly looked after by probation? He was not, and we are sorry.", "not_taken"),
        ("Did you do your job? We did.", "taken"),
        ("Did the police do their job? They did.", "absent"),
        ("Did we do enough? It was a cold winter.", "absent"),
        ("Were all reasonable steps taken to manage the risk of serious harm? ☐ Yes ☒ No", "not_taken"),
        ("Were all reasonable steps taken to manage the risk of serious harm? Yes [X] No [ ]", "taken"),
        (
            "Were all reasonable steps taken to manage the risk of serious harm? Yes / No (delete as appropriate)",
            "absent",
        ),
        ("Overall judgement: insufficient", "not_taken"),
        ("It would be wrong to say that all reasonable steps were taken to manage his risk.", "not_taken"),
        ("The claim that all reasonable steps were taken to manage his risk cannot be sustained.", "not_taken"),
        ("The SPO told the reviewer that all reasonable steps were taken to manage the risk.", "absent"),
        ("If the recall had been made, all reasonable steps were taken to manage the risk.", "absent"),
        ("“All reasonable steps were taken to manage his risk,” the officer said.", "absent"),
        ("All reasonable steps were taken to contact the family about this review.", "absent"),
        ("It is plain to us that all reasonable steps were taken to manage his risk.", "taken"),
        ("All reasonable steps were taken up to the release; thereafter they were not.", "partly"),
        ("The practitioner took all reasonable steps to manage the risk; the organisation did not.", "partly"),
        ("Were all reasonable steps taken to manage the risk of serious harm? Yes, but not at the start.", "partly"),
        ("Were all reasonable steps taken to manage the risk of serious harm?", "absent"),
        ("Was he seen that week? Yes.", "absent"),
        ("The Trust's management of the risk was inadequate.", "absent"),
        ("Up to September 2022 all reasonable steps were taken to manage the risk.", "unclear"),
        ("Was management oversight sufficient to manage the risk? No.", "absent"),
        ("Were all reasonable steps taken to manage the risk of serious harm? NO was sentenced in May.", "absent"),
        (
            "This review considers, for each of four stages, whether practice was sufficient to manage his risk.",
            "absent",
        ),
        ("Were all reasonable steps taken at this stage to manage the risk? Yes.", "unclear"),
        ("HMIP found that not all reasonable steps were taken.", "absent"),
    ],
)
def test_the_rules_alone_know_condition_doubt_and_speaker(
    context_of: Callable[[str], CheckContext], sentence: str, verdict: str
) -> None:
    assert CHECK.run(context_of(f"{FILLING}\n\n{sentence}\n\n{FILLING}")).measures["verdict"] == verdict


@pytest.mark.parametrize(
    ("text", "conduct"),
    [
        ("The victim did not tell the police where she lived.", True),
        ("The offender failed to comply with his curfew and lied to his officer.", True),
        ("Failed to attend.", True),
        ("The offender failed to attend, and nobody wrote to him.", False),
        ("The offender failed to attend and no action was taken.", False),
        ("The victim did not receive a letter.", False),
        ("The officer failed to report it.", False),
    ],
)
def test_what_a_victim_or_offender_did_not_do_is_no_failing(text: str, conduct: bool) -> None:
    assert is_conduct(text) == conduct


@pytest.mark.parametrize(
    ("sentence", "halved"),
    [
        ("Some of what a careful team would do was done, and a good deal of it was not.", True),
        ("Several of the steps open to the service were taken, and others were left.", True),
        ("The service took some of the steps and missed others.", True),
        ("Release was properly planned, but the winter was not properly watched.", True),
        ("Only part of what was owed to the family was done.", True),
        ("We did what could be asked while he was inside, and from the day he left we did not.", True),
        ("The answer is mixed.", True),
        ("The management of his risk was not sufficient.", False),
        ("Much was asked of the team that winter, and it gave it.", False),
    ],
)
def test_a_sentence_of_two_sides_is_known(sentence: str, halved: bool) -> None:
    assert is_halved(sentence) == halved


def test_grounds_in_the_judging_sentence_are_grounds(context_of: Callable[[str], CheckContext]) -> None:
    text = "We are satisfied that all reasonable steps were taken to manage the risk, because checks were made."
    assert CHECK.run(context_of(f"{FILLING}\n\n{text}\n\n{FILLING}")).measures["reasoned"] is True


def test_stages_alone_decide_only_where_the_whole_case_is_covered(context_of: Callable[[str], CheckContext]) -> None:
    sentences = context_of("At court it was poor.\n\nIn custody too.\n\nOn licence it failed.").sentences
    stages = [Statement(sentence, "not_taken", "stage", 0.9, "model:judgement") for sentence in sentences]
    assert decide(stages)[0] == "not_taken"
    assert decide(stages[:2])[0] == "unclear"
    assert decide([*stages[:2], Statement(sentences[2], "taken", "stage", 0.9, "model:judgement")])[0] == "partly"


def test_stages_that_surely_differ_outweigh_a_doubtful_sentence_on_the_whole(
    context_of: Callable[[str], CheckContext],
) -> None:
    sentences = context_of(
        "To March it was good.\n\nFrom April it was poor.\n\nI do not say he would be alive."
    ).sentences
    stages = [
        Statement(sentences[0], "taken", "stage", 0.9, "model:judgement"),
        Statement(sentences[1], "not_taken", "stage", 0.9, "model:judgement"),
    ]
    for confidence, verdict in ((0.5, "partly"), (0.9, "not_taken")):
        whole = Statement(sentences[2], "not_taken", "overall", confidence, "model:judgement")
        assert decide([*stages, whole])[0] == verdict


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ([("taken", "overall", 0.95), ("partly", "overall", 0.55)], "taken"),
        ([("taken", "overall", 0.95), ("partly", "overall", 0.9)], "partly"),
        ([("taken", "stage", 0.9), ("not_taken", "stage", 0.9), ("not_taken", "overall", 0.92)], "not_taken"),
        ([("taken", "stage", 0.9), ("not_taken", "stage", 0.9), ("not_taken", "overall", 0.85)], "partly"),
        (
            [
                ("taken", "stage", 0.9),
                ("not_taken", "stage", 0.9),
                ("taken", "overall", 0.6),
                ("not_taken", "overall", 0.85),
            ],
            "partly",
        ),
        ([("taken", "stage", 0.45)], "absent"),
        ([("taken", "stage", 0.55)], "unclear"),
    ],
)
def test_doubtful_sentences_decide_little(
    context_of: Callable[[str], CheckContext], said: list[tuple[str, str, float]], verdict: str
) -> None:
    sentences = context_of("\n\n".join("It is said here." for _ in said)).sentences
    assert (
        decide([Statement(one, *of, "model:judgement") for one, of in zip(sentences, said, strict=True)])[0] == verdict
    )


@pytest.mark.parametrize(
    ("text", "none"),
    [
        ("No concerns were found about allocation.", True),
        ("There was no failure to share information.", True),
        ("The assessment was not inaccurate.", True),
        ("No deficiencies in management oversight were identified.", True),
        ("No concerns were found at first, but the plan was never read.", False),
        ("No referral was made.", False),
        ("There was no home visit.", False),
        ("The reviewer found no evidence that the enquiries were missed.", True),
        ("There is no evidence that the enquiries were made.", False),
        ("The complaint that the visits were missed is not borne out: all six took place.", True),
        ("It is not accepted that the officer was over-optimistic.", True),
        ("Nor was there any failure to make a referral.", True),
        ("It was not the case that the plan was reviewed.", False),
    ],
)
def test_finding_no_fault_is_no_fault(text: str, none: bool) -> None:
    assert finds_none(text) is none


@pytest.mark.parametrize(
    "chapter", ["Appendix B: extract from the national guidance", "12. Terms", "Geirfa", "Some words explained"]
)
def test_glossaries_and_guidance_hold_no_findings(context_of: Callable[[str], CheckContext], chapter: str) -> None:
    line = "The plan was inadequate and the risk was underestimated."
    context = context_of(f"# Terms of the licence\n\n{line}\n\n# {chapter}\n\n{line}")
    assert [is_elsewhere(one) for one in context.sentences if one.is_prose] == [False, True]


@pytest.mark.parametrize(
    ("head", "verdict"), [("Was practice sufficient? (Y/N)", "partly"), ("Was he at home? (Y/N)", "absent")]
)
def test_letters_in_a_column_answer_its_question(
    context_of: Callable[[str], CheckContext], head: str, verdict: str
) -> None:
    table = f"| Stage | {head} |\n|---|---|\n| Court | Y |\n| Planning | N |\n| Release | Y |"
    assert CHECK.run(context_of(f"{FILLING}\n\n{table}")).measures["verdict"] == verdict


def test_a_turn_parts_the_case(context_of: Callable[[str], CheckContext]) -> None:
    said = "For Jaden all reasonable steps were taken. {turn} Not all reasonable steps were taken there."
    for turn, verdict in (("He was 19.", "contradictory"), ("Of his brother I cannot say the same.", "partly")):
        assert CHECK.run(context_of(said.format(turn=turn))).measures["verdict"] == verdict


@pytest.mark.parametrize(("said", "answering"), [("Not completed", False), ("n/a", False), ("Met", True)])
def test_an_empty_field_is_no_answer(context_of: Callable[[str], CheckContext], said: str, answering: bool) -> None:
    table = f"| Stage | Was practice sufficient? |\n|---|---|\n| Court | {said} |"
    sentences = context_of(f"{FILLING}\n\n{table}").sentences
    assert is_bare(said)
    assert [answer.sentence.text for answer in answers(sentences)] == [said] * answering


def test_a_limit_to_one_side_of_the_work_makes_no_whole(context_of: Callable[[str], CheckContext]) -> None:
    done = "all reasonable steps were taken."
    for opening, verdict in (("As regards his drinking, ", "unclear"), ("As regards his risk, ", "taken")):
        assert CHECK.run(context_of(f"{FILLING}\n\n{opening}{done}")).measures["verdict"] == verdict
