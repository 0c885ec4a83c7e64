"""Who is to do it, wherever in the demand the doer is named; and who is only spoken of, is not."""

from time import perf_counter

import pytest

from sfo_nlp.checks.action_parts import judged_text, owner_of


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        (
            "Review the induction pack for new practitioners, Head of Business Services by June 2023.",
            "Head of Business Services",
        ),
        ("Introduce a weekly check of pending referrals (Deputy Head, PDU, by 31 March 2024).", "Deputy Head"),
        ("Run three briefing sessions on coercive control (Quality Manager, by May 2024).", "Quality Manager"),
        (
            "Audit thirty licences each quarter. Owner: Performance and Quality Manager.",
            "Performance and Quality Manager",
        ),
        ("Write to the health board about sharing letters. Lead – Regional Health Lead.", "Regional Health Lead"),
        ("A new duty rota is to be drawn up by the business manager by 1 July 2024.", "the business manager"),
        ("The diary system will be replaced by the team manager in May 2024.", "the team manager"),
        ("Victim liaison manager to write to families within two weeks.", "Victim liaison manager"),
        ("Senior probation officer to countersign each plan by 30 June.", "Senior probation officer"),
        (
            "Dip sample ten cases a month: the Senior Probation Officer at Calder House, from April 2024.",
            "the Senior Probation Officer at Calder House",
        ),
        ("Regional Director: publish the revised allocation policy by September 2024.", "Regional Director"),
        ("Mr Adeyemi (court team manager) will count late reports every month.", "Mr Adeyemi (court team manager)"),
        (
            "Re-issue the recall flowchart; action for the Head of Public Protection by 3 May 2024.",
            "the Head of Public Protection",
        ),
        ("Responsibility for the rota lies with the Deputy Director.", "the Deputy Director"),
        (
            "The Deputy Governor of HMP Marl is asked to reinstate the weekly handover.",
            "The Deputy Governor of HMP Marl",
        ),
        ("Train all court staff in the new form - Training Manager, 30 September 2024.", "Training Manager"),
        ("Assigned to the Head of Operations: a monthly return of overdue reviews.", "the Head of Operations"),
    ],
)
def test_the_doer_is_found_where_it_is_named(text: str, owner: str) -> None:
    assert owner_of(text) == owner


@pytest.mark.parametrize(
    "text",
    [
        "Referrals should be sent by email to the hub by June 2023.",
        "All plans should be signed by the end of June 2024.",
        "Practitioners are to be reminded of the policy, national standards and guidance by June 2023.",
        "Staff should be told by May 2024 that home visits matter.",
        "Home visits should be made, recorded and checked by 30 June 2024.",
        "Officers should read the Domestic Abuse Policy Framework by May 2024.",
        "Learning to be shared across the region by June 2024.",
        "Training should be given on risk, safeguarding, and MAPPA by October 2023.",
        "Supervision should be held monthly, with Home Visits discussed by June 2024.",
        "The form should be replaced by OASys by June 2024.",
        "All officers to complete Domestic Abuse Awareness, Child Safeguarding by June 2023.",
        "Each office should keep a list, by Team, by June 2023.",
        "The guidance issued by the Home Office should be read again.",
        "Reports written by new officers should be read before they go to court.",
        "Tell the Deputy Head, Head of Operations and Head of Interventions by June 2024.",
        "Share with the SPO, Head of PDU.",
        "Guidance used by the court officer should be rewritten by June 2024.",
        "Findings to be discussed with partners, including the Board, by May 2024.",
        "The licence was signed by the duty manager.",
    ],
)
def test_who_is_only_spoken_of_is_no_owner(text: str) -> None:
    assert owner_of(text) is None


def test_an_owner_after_a_comma_makes_an_action_owned_and_dated() -> None:
    parts = judged_text("Review the induction pack for new staff, Head of Business Services by June 2023.", {})
    assert (parts.owner, parts.due, parts.weak) == ("Head of Business Services", "June 2023", False)


def test_a_long_row_of_names_takes_no_time() -> None:
    started = perf_counter()
    owner_of("Tell them, " + "Head Of And For The " * 2000 + "by June 2024.")
    owner_of("Tell them by the " + "very " * 5000)
    assert perf_counter() - started < 1
