"""Kindness and safety: condolence, blame in context, people by name, numbers with their checksums."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from sfo_nlp.assessment.assess import assess
from sfo_nlp.assessment.policy import read_policy
from sfo_nlp.checks.base import CheckContext
from sfo_nlp.checks.names import names
from sfo_nlp.checks.personal_data import personal_data
from sfo_nlp.checks.persons import persons
from sfo_nlp.checks.victims import CHECK
from sfo_nlp.settings import Settings
from sfo_nlp.training.corpus import load_corpus
from sfo_nlp.training.measure_checks import measure_data, measure_names, measure_tone
from sfo_nlp.training.measure_language import lines

Context = Callable[[str], CheckContext]
TONES = ("blaming", "minimising", "evasive")


def labels(context: CheckContext) -> set[str]:
    return {finding.label for finding in CHECK.run(context).findings}


def kinds(text: str) -> list[str]:
    return [item.kind for item in personal_data(text)]


def test_tone_on_own_passages(context_of: Context) -> None:
    """At most one passage in ten is a false alarm, and nine of ten that are meant are found."""
    right = wrong = missed = 0
    for text, label in lines("tone.txt"):
        found, wanted = labels(context_of(text)) & set(TONES), {label} - {""}
        right += len(found & wanted)
        wrong += len(found - wanted)
        missed += len(wanted - found)
    assert right / (right + missed) >= 0.9
    assert wrong / (right + wrong) <= 0.1


def test_quoted_blame_is_not_the_authors(context_of: Context) -> None:
    assert "blaming" in labels(context_of("She put herself at risk by staying."))
    assert "blaming" not in labels(context_of("The log says “put herself at risk”, and that was wrong."))


def test_the_same_words_blame_the_victim_and_not_the_officer(context_of: Context) -> None:
    victim = "Ms Hale was killed on 3 May. She chose to return to the flat."
    officer = "The probation officer, Ms Rae, was off duty. She chose to return to the office."
    assert "blaming" in labels(context_of(victim))
    assert "blaming" not in labels(context_of(officer))


def test_condolence_is_found_and_politeness_is_none(context_of: Context) -> None:
    given = CHECK.run(context_of("We offer our condolences to the family of Mr Orme."))
    assert given.measures["condolence"] is True
    polite = CHECK.run(context_of("I am sorry to report that the file was lost."))
    assert polite.measures["condolence"] is False


def test_the_victim_only_as_the_victim(context_of: Context) -> None:
    measures = CHECK.run(context_of("The victim was attacked at home. The victim survived.")).measures
    assert measures["impersonal_mentions"] == 2
    assert measures["victim_named"] is False


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("CRN X123456 was closed.", "crn"),
        ("His case reference is AB 12345.", "crn"),
        ("PNC 2011/0123456D", "pnc"),
        ("Prison number A1234BC", "prison_number"),
        ("NINO QQ 12 34 56 C", "nino"),
        ("NHS number 943 476 5919", "nhs"),
        ("NHS number 999 104 2231", "nhs"),
        ("Ring 07700 900143 at once.", "phone"),
        ("Ring +44 7700 900143 at once.", "phone"),
        ("Ring 020 7946 0518 at once.", "phone"),
        ("Ring 0044 20 7946 0958 at once.", "phone"),
        ("Ring 00447700900123.", "phone"),
        ("Ring 07700.900.123 at once.", "phone"),
        ("Ring +44.7700.900.123 at once.", "phone"),
        ("Ring (+44) 7700 900123 at once.", "phone"),
        ("Write to k.moss@example.com today.", "email"),
        ("at DE99 4XQ", "postcode"),
        ("He was born on 3 May 1979.", "date_of_birth"),
        ("DOB: 14/02/1986", "date_of_birth"),
        ("14 February 1990 is his birthday.", "date_of_birth"),
        ("He lived at 14b Quay Terrace, Instolford.", "address"),
        ("He lived at Flat 3, 88 Cope Lane, Tipley.", "address"),
        ("He lived at 11 Stryd y Felin.", "address"),
        ("He lived at Rose Cottage, Mill Lane, Harrowgill.", "address"),
        ("HE WAS BORN 3 MAY 1990.", "date_of_birth"),
        ("He was born in 1990 on 3 May.", "date_of_birth"),
        ("14 BRAMBLE STREET, OAKHAM", "address"),
        ("he lived at 14 bramble street", "address"),
        ("flat 3, 14 bramble street", "address"),
        ("at 4 Maes-y-Coed", "address"),
        ("living at 14 Tanner's Rake, Bellingford, with his aunt", "address"),
        ("He saw her at 14 March Street.", "address"),
        ("crn x123456", "crn"),
        ("nino ab123456c", "nino"),
        ("NHS no. 943 476 5918", "nhs"),
        ("PNC ID 03/123", "pnc"),
        ("PNC no. 2003/1234567", "pnc"),
        ("on extension 4521", "phone"),
        ("Tel. no. 4960123", "phone"),
        ("prison number a1234bc", "prison_number"),
        ("His car, AB12 CDE, was seen.", "vehicle"),
        ("a van (reg. bd51smr) stood outside", "vehicle"),
        ("a van with the registration M412 KLP", "vehicle"),
        ("number plate FGH 123D", "vehicle"),
        ("crime reference 42/12345/23", "reference"),
        ("Crime ref. no: CR/2023/0012345", "reference"),
        ("case number T20217123 at the Crown Court", "reference"),
        ("police log 0452 of 12 March", "reference"),
        ("URN 01AB1234522", "reference"),
        ("Our reference: WXY/22/09", "reference"),
        ("Date of birth (dd/mm/yy) | 12 Chwefror 1991", "date_of_birth"),
        ("Dyddiad geni\n12 Chwefror 1991\nNext", "date_of_birth"),
        ("On 3.5.88 she was born in Leeds.", "date_of_birth"),
        ("Home address | The Old Forge, Back Lane, Little Haven", "address"),
        ("Address\nThe Old Forge, Back Lane, Little Haven\nGender", "address"),
        ("Current address: Ty Gwyn, Llanfair", "address"),
    ],
)
def test_a_number_is_told_by_its_form(text: str, kind: str) -> None:
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "The call of 943 476 5918 words was long.",
        "DZ 12 34 56 C is no such prefix.",
        "He was sentenced on 3 May 1979.",
        "born in Leeds, was charged on 9 October 2023",
        "The rule PI 15/2014 applies.",
        "Paragraph 4.3 and page 12 of 40.",
        "Twelve of 40 cases in 2019-2020.",
        "24 April, 12:15, at the Crown Court.",
        "He reported at 09:30 on 3 May 2022.",
        "He was seen from 05.07.2020 08.15 to 07.05.2021.",
        "The score of 0.1234567891 was low.",
        "In 2022 Park House reported two absences.",
        "On 14 March Street wardens attended.",
        "In November 2021 Oakham Magistrates' Court made an order.",
        "He saw 3 Probation Court staff.",
        "He was a MAPPA L2 1DV case.",
        "7 Was Bramble Street looked at?",
        "He ran 3 miles down the road and 12 people were in the street.",
        "The 4 lane road was closed.",
        "There were 2 OFFICERS WHO LIVED CLOSE.",
        "The PNC was checked on 03/12 and on 03/05/2022.",
        "The extension of 2019 was refused.",
        "She was born in 1990 and on 3 May he was charged.",
        "All FY22 SFO reviews were read.",
        "His GP registration on 12 May was late.",
        "The case record 12/03/2021 says so, the custody log 14:35 too.",
        "Case number 2 of the 2021 case file.",
        "The crime report of 300 pages.",
        "Address\nDate of Birth\nOffence, Plea",
        "Home address: No Fixed Abode, Leeds",
        "Address\nThe officer, Leeds, saw him at home twice.",
        "Address: not known, and not asked for in 2021.",
        "Date of birth\nEthnicity\nMan of 34",
        "DOB: not recorded until 2021",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert kinds(text) == []


def test_a_telephone_number_is_found_whole() -> None:
    text = "Tel. 0044 7700 900123, or tel. 0044 (0)20 7946 0958."
    assert [text[slice(*item.span)] for item in personal_data(text)] == ["0044 7700 900123", "0044 (0)20 7946 0958"]


def test_personal_data_on_the_corpus() -> None:
    tally = measure_data(load_corpus(splits=["train"]))
    for kind in tally.right:
        assert tally.right[kind] / (tally.right[kind] + tally.missed[kind]) >= 0.95, kind
        assert tally.right[kind] / (tally.right[kind] + tally.wrong[kind]) >= 0.85, kind


@pytest.mark.parametrize(
    ("text", "outcome", "count"),
    [
        ("He was seen at home.", "met", 0),
        ("He was seen at home. <!-- CRN X123456 --> He left.", "not_met", 1),
        ("He was seen at home. <!-- born on 3 May 1990; k.moss@example.com --> He left.", "not_met", 2),
        ("CRN X123456 was closed. <!-- CRN X123456 --> He left.", "not_met", 0),
    ],
)
def test_personal_data_beside_the_text_is_personal_data(
    context_of: Context, text: str, outcome: str, count: int
) -> None:
    context = context_of(text)
    result = CHECK.run(context)
    found = assess(context.reading, {"victims": result}, read_policy(Settings().policy))
    [answer] = [one for one in found.answers if one.criterion.id == "personal_data_removed"]
    assert (answer.outcome, result.measures["personal_data_left_out"]) == (outcome, count)
    assert result.measures["personal_data"] == count + len(answer.evidence)
    assert outcome == "met" or answer.reason.endswith(f"comments or hidden words: {count}.")


def test_names_on_the_corpus() -> None:
    tally = measure_names(load_corpus(splits=["train"]))
    assert set(tally.right) == {"person_on_probation", "victim", "family", "child", "staff", "third_party"}
    for role in tally.right:
        assert tally.right[role] / (tally.right[role] + tally.missed[role]) >= 0.95, role


def test_tone_on_the_corpus() -> None:
    """By rules alone: blame is rarely found where none was meant; condolence in unusual words is left to the model."""
    reviews = [review for review in load_corpus(splits=["train"]) if not review.is_extract]
    tally = measure_tone(reviews, Settings(models=Path("no-models")))
    assert tally.wrong["blaming"] <= 0.1 * len(reviews)
    assert tally.right["condolence"] / (tally.right["condolence"] + tally.missed["condolence"]) >= 0.75
    assert tally.right["condolence"] / (tally.right["condolence"] + tally.wrong["condolence"]) >= 0.85


def roles(text: str) -> dict[str, str]:
    return {person.name: person.role for person in persons(text)}


@pytest.mark.parametrize(
    "text",
    [
        "On 2 April 2023 he murdered Leanne Furness in Oakham. Ms Furness was twenty-nine. Ms Furness worked at a "
        "nursery. Ms Furness had two sons. Darren Mossop was released from prison on licence.",
        "This review is for the family of Leanne Furness, who died on 14 March 2023. Ms Furness’s parents were told. "
        "Ms Furness was a nurse. Ms Furness sang. Darren Mossop was sentenced to a community order.",
        "Leanne Furness was found dead on 5 May. Ms Furness was 29. Ms Furness taught. Ms Furness ran. "
        "Darren Mossop killed her. Mr Mossop was on licence.",
        "I write about the death of your daughter Leanne Furness. Leanne was kind. Leanne sang. Leanne ran. "
        "Darren Mossop had been released on licence.",
        "Leanne Furness was killed by Darren Mossop. Ms Furness was 29. Ms Furness sang. Ms Furness ran.",
    ],
)
def test_the_victim_is_not_taken_for_the_person_on_probation(text: str) -> None:
    assert roles(text) == {"Leanne Furness": "victim", "Darren Mossop": "person_on_probation"}


def test_who_did_it_stands_before_the_verb() -> None:
    assert roles("Darren Mossop stabbed Leanne Furness. Mr Mossop was on licence.")["Darren Mossop"] != "victim"


def test_roles_on_the_corpus() -> None:
    """Of the victims and of the persons on probation that are named, how many are known as such."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for review in load_corpus(splits=["train"]):
        if review.is_extract:
            continue
        found = {
            form: person.role for person in persons(review.record["text"]) for form in (*person.forms, person.name)
        }
        for person in review.record["persons"]:
            if person["name"] in found:
                total[person["role"]] += 1
                right[person["role"]] += found[person["name"]] == person["role"]
    assert right["victim"] / total["victim"] >= 0.6
    assert right["person_on_probation"] / total["person_on_probation"] >= 0.8


def test_initials_that_have_kin_are_a_name() -> None:
    text = "He was charged with an offence on SB, who is eight. SB's mother rang the office. The PO rang back."
    assert [text[slice(*name.span)] for name in names(text)] == ["SB", "SB"]


def test_people_by_initials_alone_are_people() -> None:
    text = (
        "Mr Daniel Hargreaves (D.H.) was seen weekly. J.M. (aged 7) was known to the school. KT, a friend of the "
        "victim, rang. The victim, AB, had moved. AB told KT that D.H. had come. The PDU, a team of nine, met at 9 "
        "a.m. in the U.K. office. CR Lettings sent a bill. J.M. was not asked."
    )
    forms = [person.forms for person in persons(text)]
    assert forms == [("D.H.", "Daniel Hargreaves"), ("J.M.",), ("KT",), ("AB",)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("| Term | Meaning |\n|---|---|\n| PP | Probation practitioner |\n\nThe PP, who is new, rang.", []),
        ("PP | Probation Practitioner\n\nThe PP, who is new, rang.", []),
        ("PP: Probation practitioner\n\nPeter Parsons came. The PP, who is new, rang.", ["Peter Parsons"]),
        ("RC | Risk and care\n\nThe RC, who is new, rang.", []),
        ("The entry says that PP1, a friend of PP2, rang.", []),
        ("PP | Peter Parsons\n\nPP, who is new, rang.", ["PP", "Peter Parsons", "PP"]),
        ("PP | Probation practitioner\n\nPeter Parsons (PP) came. PP left.", ["PP", "Peter Parsons", "PP", "PP"]),
    ],
)
def test_letters_that_a_row_spells_out_are_nobody(context_of: Context, text: str, found: list[str]) -> None:
    text = context_of(text).document.text
    assert [text[slice(*name.span)] for name in names(text)] == found


@pytest.mark.parametrize(
    "text", ["Smith-J.M. came.", "It was d'A.B. then.", "The x’A.B. form.", "See A.B.C. or D.E.F.G. now."]
)
def test_letters_beside_a_hyphen_or_an_apostrophe_stop_nothing(text: str) -> None:
    assert all(name.span.end <= len(text) for name in names(text))


def test_a_victim_by_dotted_initials_is_not_named(context_of: Context) -> None:
    text = "The victim, A.B., was killed in May. The victim had called the police about the victim's car."
    assert CHECK.run(context_of(text)).measures["victim_named"] is False


@pytest.mark.parametrize(
    ("name", "named"), [("Jo", True), ("J. Hale", True), ("SARAH HALE", True), ("KT", False), ("Ms K.T.", False)]
)
def test_a_short_name_is_a_name_and_capitals_are_initials(context_of: Context, name: str, named: bool) -> None:
    text = f"The victim, {name}, was killed in May by her partner. {name} had called the police about her car."
    assert CHECK.run(context_of(text)).measures["victim_named"] is named


def test_whatever_is_counted_as_blame_is_shown(context_of: Context) -> None:
    """The count, the criterion's evidence and the list of the JSON are the same passages."""
    text = "The attack followed what was just a domestic. Theirs was a volatile relationship. Mr Kay saw his officer."
    result = CHECK.run(context_of(text))
    shown = assess(context_of(text).reading, {"victims": result}, read_policy(Settings().policy)).to_dict()
    [criterion] = [item for item in shown["criteria"] if item["id"] == "no_blaming_language"]  # type: ignore[attr-defined]
    assert result.measures["blaming"] == 2
    assert len(shown["victims"]["blaming_language"]) == len(criterion["evidence"]) == 2  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mr Thripp came late.", ["Thripp"]),
        ("Mr. A. J. Thripp came late.", ["A. J. Thripp"]),
        ("His sister, Shelley Scarth, rang the office.", ["Shelley Scarth"]),
        ("Dr Sunita Rao and PC Lunt met.", ["Sunita Rao", "Lunt"]),
        ("Ms Pryce-Hallam signed it.", ["Pryce-Hallam"]),
        ("Mrs O’Neill signed it.", ["O’Neill"]),
        ("He told Tegwen, who said nothing.", ["Tegwen"]),
        ("The flat in Rose Court was searched.", []),
        ("He was seen at Hale Street in May.", []),
        ("The Parole Board met in Leeds on Monday.", []),
        ("He moved to Marlow House and then to HMP Dunsfleet.", []),
        ("In April he was seen at the Harold Wood clinic.", []),
    ],
)
def test_names_are_told_from_places(text: str, found: list[str]) -> None:
    assert [text[slice(*name.span)] for name in names(text)] == found


def test_forms_of_one_person_are_joined() -> None:
    text = "Maureen Oduya met him. Ms Oduya wrote it up, and Maureen sent it. Mr Oduya, her husband, was out."
    first, second = persons(text)
    assert first.forms == ("Maureen", "Maureen Oduya", "Ms Oduya", "Oduya")
    assert second.forms == ("Mr Oduya", "Oduya")
    assert len(first.spans) == 3
    assert len(second.spans) == 1


def test_names_in_capitals_are_names() -> None:
    text = (
        "DEATH OF SARAH LOWTHER\nMr Kieran THRIPP left HMP DURHAM. MR THRIPP saw Mrs J. HARGREAVES and Dr Ngozi EZE.\n"
        "The RISK OF HARM was high, the PDU was told. THRIPP was charged; the charge was murder. PETER rang."
    )
    assert [text[slice(*name.span)] for name in names(text)] == [
        "SARAH LOWTHER", "Kieran THRIPP", "THRIPP", "J. HARGREAVES", "Ngozi EZE", "THRIPP", "PETER",
    ]  # fmt: skip
    assert [person.name for person in persons(text)] == [
        "SARAH LOWTHER",
        "Kieran THRIPP",
        "J. HARGREAVES",
        "Ngozi EZE",
        "PETER",
    ]


def test_initials_stand_for_the_name_beside_them() -> None:
    text = (
        "Jodie Marchetti-Boyle (JMB) was sentenced. Alistair Penhale Crowe (AC), 27, rang. JMB saw AC twice. "
        "Rachel Imogen Thorne wrote, and RT was told. The AC adaptor was old."
    )
    people = {person.name: person.forms for person in persons(text)}
    assert people == {
        "Jodie Marchetti-Boyle": ("JMB", "Jodie Marchetti-Boyle"),
        "Alistair Penhale Crowe": ("AC", "Alistair Penhale Crowe"),
        "Rachel Imogen Thorne": ("RT", "Rachel Imogen Thorne"),
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He was seen by Mr. al-Rashid. Mr. al-Rashid wrote to Ms de Souza and Mr van Dijk.",
         ["al-Rashid", "al-Rashid", "de Souza", "van Dijk"]),
        ("J Hartley, the SPO, agreed. On B wing he met nobody. I Said no.", ["J Hartley"]),
        ("Mr DELACROIX and Ms WREN have a daughter, POPPY. MR DELACROIX’S mother wrote.",
         ["DELACROIX", "WREN", "POPPY", "DELACROIX"]),
    ],
)  # fmt: skip
def test_particles_initials_and_possessives(text: str, found: list[str]) -> None:
    assert [text[slice(*name.span)] for name in names(text)] == found


@pytest.mark.parametrize(
    ("text", "given", "surname"),
    [
        ("Robert 'Bobby' Tranter was seen weekly.", ("Robert", "Bobby"), "Tranter"),
        ("Jaswinder (Jaz) Sandhu-Oakes came late.", ("Jaswinder", "Jaz"), "Sandhu-Oakes"),
        ("It was heard as R v Sandhu-Oakes in May.", (), "Sandhu-Oakes"),
        ("Yours sincerely,\nSiân Prothero", ("Siân",), "Prothero"),
    ],
)
def test_names_with_a_nickname_an_accent_or_from_a_case_are_found(
    text: str, given: tuple[str, ...], surname: str
) -> None:
    assert [(name.given, name.surname) for name in names(text)] == [(given, surname)]


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("Jasmine 'Jaz' Hallam came. Jaz left.", {"Jasmine 'Jaz' Hallam", "Jaz"}),
        ("Jasmine Hallam (‘Jaz’) came. Jaz left.", {"Jasmine Hallam", "Jaz"}),
        ("Jasmine Hallam, known to her friends as Jaz, came. Ms Hallam left.", {"Jasmine Hallam", "Jaz", "Hallam"}),
        ("Jasmine Hallam came. The Hallams left. Both Hallams’ coats went.", {"Jasmine Hallam", "Hallams"}),
        ("Aled Jones came. The Joneses left.", {"Aled Jones", "Joneses"}),
    ],
)
def test_nicknames_and_families_go_with_their_person(text: str, forms: set[str]) -> None:
    (person,) = persons(text)
    assert set(person.forms) == forms


def test_a_plural_that_is_nobody_s_family_is_none() -> None:
    assert {
        text for person in persons("Mr Park went to the Parks Trust, where Parks are kept.") for text in person.forms
    } == {"Park"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Surname | Blint\nForename(s) | Zorka Ann\n\nBlint left.", ["Blint", "Zorka Ann", "Blint"]),
        ("Surname\nBLINT\nForename(s)\nZorka\nCRN\nZorka Blint left.", ["BLINT", "Zorka", "Zorka Blint"]),
        ("Surname: Blint", ["Blint"]),
        ("Surname\nForename\nAge\nOffence\nThe offence was theft.", []),
        ("Surname: not known\nForename: Withheld", []),
        ("First name\nThe review was late.", []),
    ],
)
def test_a_name_stands_behind_its_label(text: str, found: list[str]) -> None:
    assert [text[slice(*name.span)] for name in names(text)] == found


def test_a_bracket_between_plain_words_is_no_nickname() -> None:
    assert not names("The Plan (Draft) Report was late. The level (High) Risk was kept.")
