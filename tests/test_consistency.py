"""What a family would stumble over."""

from collections.abc import Callable

import pytest

from sfo_nlp.checks.base import CheckContext
from sfo_nlp.checks.consistency import CHECK
from sfo_nlp.checks.spellings import confusable
from sfo_nlp.training.corpus import load_corpus
from sfo_nlp.training.gold import to_document

Context = Callable[[str], CheckContext]


def labels(context: CheckContext) -> list[str]:
    return [finding.label for finding in CHECK.run(context).findings]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("He was seen on Tuesday 3 May 2023.", "wrong_weekday"),
        ("He was seen on 31 June 2023.", "impossible_date"),
        ("He was in custody from 3 May 2023 to 1 April 2023.", "dates_reversed"),
        ("Mr Hale died on 3 May 2023. The court heard that Mr Hale died on 4 May 2023.", "two_dates"),
        ("Mr Hale was born on 3 May 1980. On 4 June 2020 Mr Hale, aged 38, was recalled.", "age"),
        ("John Hale was born on 3 May 1980. Mr Hale, who was born on 4 May 1980, left.", "two_dates"),
        ("Mr Hale died on 3 May 2023. Mrs Hale wept. The court heard that Mr Hale died on 4 May 2023.", "two_dates"),
        ("John Hale, born 3 May 1980, and Mary Hale left. On 4 June 2020 John Hale, aged 38, was recalled.", "age"),
        ("This DRAFT is for comment.", "draft"),
        ("The visit was made on [insert date].", "draft"),
        ("Mr Thripp came. Mr Thripp left. Mr Thripp rang. Mr Thirpp wrote.", "spelling"),
        ("# Annex A: terms\n\nA word.\n\n# Annex B: people\n\nSee Annex D for the letters.", "reference"),
        ("# Annex A: terms\n\nA word.\n\nSee annex b for the letters.", "reference"),
        ("# Annex 10: terms\n\nA word.\n\nSee Annex 1 for the letters.", "reference"),
        ("# Table 4.1: visits\n\nA word.\n\nSee Table 4.2 for the letters.", "reference"),
    ],
)
def test_what_does_not_agree(context_of: Context, text: str, label: str) -> None:
    assert labels(context_of(text)) == [label]


@pytest.mark.parametrize(
    "text",
    [
        "He was seen on Wednesday 3 May 2023.",
        "He was in custody from 1 April 2023 to 3 May 2023.",
        "Mr Hale died on 3 May 2023 and was buried on 19 May 2023.",
        "Mr Hale, born 3 May 1980, was recalled on 4 June 2020, aged 40.",
        "Mr Hale was born on 3 May 1980. On 4 June 2020 Mr Hale, aged 40, was recalled.",
        "John Hale, born on 3 May 1980, was released. His sister Mary Hale, born on 4 June 1982, rang.",
        "Mr Hale died on 3 May 2023. Mrs Hale died on 4 May 2023.",
        "John Hale, born 3 May 1980. On 4 June 2020 his son Peter Hale, aged 12, was seen.",
        "John Hale was born on 3 May 1980. Peter Hale left. On 4 June 2020 Mr Hale, aged 12, was seen.",
        "They drafted a letter in the office.",
        "Mr Tate came. Mr Tate left. Mr Tate rang. Ms Tait wrote.",
        "Carol and Carole met. Carol rang. Carol wrote.",
        "See page 40 of the trial bundle and section 20 of the Act.",
        "# Table 1: visits\n\nA word.\n\nThe plan was put on the table a week before.",
        "# Table 1: visits\n\nA word.\n\nThe plan was put on the table. A week later he left.",
        "# Annex A: terms\n\nA word.\n\nIn the annex I say what was done.",
        "# Annex 10: terms\n\nA word.\n\nSee ANNEX 10 for the letters.",
        "# Annex 1.1: terms\n\nA word.\n\nSee Annex 1 for the letters.",
        "# Annex 1: terms\n\nA word.\n\nSee Annex 1.2 for the letters.",
        "# Timetable of events\n\nA word.\n\n# Table of contents\n\nSee Table 1 for the letters.",
    ],
)
def test_what_agrees_is_left_alone(context_of: Context, text: str) -> None:
    assert labels(context_of(text)) == []


def test_one_slip_apart() -> None:
    assert list(confusable({"Threlkeld": 9, "Threkeld": 1, "Thripp": 8, "Scarth": 4})) == [("Threkeld", "Threlkeld")]
    assert not list(confusable({"Marsh": 9, "Harsh": 1})), "another first letter is another name"
    assert not list(confusable({"Hale": 2, "Hall": 1})), "too few mentions to tell"


def test_few_alarms_on_clean_reviews(context_of: Context) -> None:
    """The writers of the corpus took care over dates and names, so alarms other than draft marks should be rare."""
    alarms = reviews = 0
    for review in load_corpus(splits=["train"]):
        reviews += 1
        found = labels(context_of(to_document(review).text))
        alarms += sum(label != "draft" for label in found)
    assert alarms <= 0.1 * reviews
