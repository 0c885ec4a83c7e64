"""Text files: wrapped lines are joined, and only what was wrapped; what holds no words is refused."""

import textwrap
from pathlib import Path

import pytest

from sfo_nlp.errors import FileEmpty, FileUnreadable, NotEnglish
from sfo_nlp.extract import extract_bytes, load
from sfo_nlp.extract.plain import read_plain
from sfo_nlp.settings import Settings
from sfo_nlp.training.corpus import load_corpus

HERE = Settings(isolate=False)
SENTENCE = (
    "We find, with regret and after long thought, that not all reasonable steps were taken to manage the risk of "
    "serious harm that Mr Kestle posed, and both families have been told so by the head of the region."
)
WRAPPED = textwrap.fill(SENTENCE, 72)


def texts(text: str, *, markdown: bool = False) -> list[str]:
    return [block.text for block in read_plain(text, markdown=markdown).blocks]


def kinds(text: str, *, markdown: bool = False) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in read_plain(text, markdown=markdown).blocks]


@pytest.mark.parametrize("width", [40, 50, 60, 72, 80, 100, 120, 160])
@pytest.mark.parametrize("markdown", [False, True])
def test_a_wrapped_sentence_is_one(width: int, markdown: bool) -> None:
    assert texts(textwrap.fill(SENTENCE, width), markdown=markdown) == [SENTENCE]


@pytest.mark.parametrize("markdown", [False, True])
@pytest.mark.parametrize("above", ["Conclusion", "Findings and practice", "What we conclude", "**Conclusion**"])
def test_a_heading_right_above_does_not_stop_the_joining(above: str, markdown: bool) -> None:
    assert kinds(f"{above}\n{WRAPPED}", markdown=markdown) == [("heading", above.strip("*")), ("paragraph", SENTENCE)]


def test_lines_of_any_length_are_joined() -> None:
    assert texts(SENTENCE.replace("not all", "not\nall")) == [SENTENCE]
    assert texts(f"{SENTENCE * 3}\nand so on.") == [f"{SENTENCE * 3} and so on."]


@pytest.mark.parametrize("last", ["not", "that", "Mr", "the"])
def test_a_short_line_that_leads_on_goes_on(last: str) -> None:
    assert texts(f"We find {last}\nAll of it was late, and nobody asked the police or the prison why.") == [
        f"We find {last} All of it was late, and nobody asked the police or the prison why."
    ]


def test_quotation_marks_of_mail_are_taken_off() -> None:
    assert texts("\n".join(f"> {line}" for line in WRAPPED.split("\n"))) == [SENTENCE]
    assert texts("> One thing was late.\n>\n> Another was not done.") == [
        "One thing was late.",
        "Another was not done.",
    ]


def test_a_blank_line_after_every_line_parts_no_sentence() -> None:
    assert texts(WRAPPED.replace("\n", "\n\n")) == [SENTENCE]


def test_a_page_break_parts_no_sentence() -> None:
    assert texts(SENTENCE.replace("not all", "not\n\x0call")) == [SENTENCE]


@pytest.mark.parametrize("markdown", [False, True])
def test_list_items_are_joined_within_and_kept_apart(markdown: bool) -> None:
    item = textwrap.fill(SENTENCE, 60, subsequent_indent="  ")
    listed = kinds(
        f"The steps are:\n- {item}\n- Visit him.\n(b) Ask the police.\n1. Read it.\n2. Sign it.", markdown=markdown
    )
    assert listed == [
        ("paragraph", "The steps are:"),
        ("list_item", SENTENCE),
        ("list_item", "Visit him."),
        ("list_item", "Ask the police."),
        ("paragraph", "Read it."),
        ("paragraph", "Sign it."),
    ]


def test_numbered_paragraphs_are_kept_apart() -> None:
    assert texts(f"2.1 {WRAPPED}\n2.2 {WRAPPED}") == [SENTENCE, SENTENCE]


def test_a_numbered_line_directly_above_its_text_is_a_heading() -> None:
    text = (
        f"1. Introduction\n1.1 {WRAPPED}\n2. Findings\n2.1 Assessment\n{WRAPPED}\n2.2 Supervision\nHe was not visited."
    )
    blocks = read_plain(text, markdown=False).blocks
    assert [(block.kind, block.level, block.text) for block in blocks] == [
        ("heading", 1, "1. Introduction"),
        ("paragraph", 0, SENTENCE),
        ("heading", 1, "2. Findings"),
        ("heading", 2, "2.1 Assessment"),
        ("paragraph", 0, SENTENCE),
        ("heading", 2, "2.2 Supervision"),
        ("paragraph", 0, "He was not visited."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "1. Fetch the file\n2. Read it\n3. Sign it\nIt was then sent to the head of the unit.",
        "Actions\n1. Head of unit to audit ten cases\nOwner: Ms Rae. By: May 2024.",
        "The steps are:\n1. Fetch the file\nIt was then sent to the head of the unit.",
        "1. Visit him\n1.1 At home\n1.2 At work\n2. Ask the police\n2.1 About call-outs",
        "1. Introduction\n2. Findings\n2.1 Assessment\n2.2 Supervision\n3. Conclusion",
        "09.15 Call to Mr Thripp\nHe did not answer and no message was left.",
        "2.1 He was not visited.\n2.2 The plan was late.",
    ],
)
def test_lists_with_numbers_stay_lists(text: str) -> None:
    assert "heading" not in [kind for kind, _ in kinds(text)]


def test_numbers_that_go_ever_deeper_are_read() -> None:
    lines = [".".join("1" * depth) + ". Title" for depth in range(1, 1200)]
    assert len(kinds("\n".join(lines))) == len(lines)


def test_a_number_at_the_start_of_a_wrapped_line_is_no_list() -> None:
    assert texts("The prison had sent it to the team on the morning of Monday, number\n14. Nobody opened it.") == [
        "The prison had sent it to the team on the morning of Monday, number 14. Nobody opened it."
    ]


def test_short_lines_are_not_run_together() -> None:
    lines = ["Region: Kelder Valley", "Grade: PSO", "Written by: Ms Rae", "Yours sincerely"]
    assert texts("\n".join(lines)) == lines


def test_paragraphs_of_one_line_each_stay_paragraphs() -> None:
    lines = [SENTENCE, "The officer was on leave for the whole of May and nobody covered for her.", SENTENCE]
    assert texts("\n".join(lines)) == lines


@pytest.mark.parametrize("markdown", [False, True])
def test_a_heading_stands_alone(markdown: bool) -> None:
    assert kinds(f"# Conclusion\n{WRAPPED}", markdown=markdown) == [("heading", "Conclusion"), ("paragraph", SENTENCE)]
    assert kinds(f"Conclusion\n==========\n{WRAPPED}", markdown=markdown) == [
        ("heading", "Conclusion"),
        ("paragraph", SENTENCE),
    ]
    assert kinds(f"Conclusion\n\n{SENTENCE}", markdown=markdown)[0] == ("heading", "Conclusion")


def test_tables_are_kept_whole_beside_prose() -> None:
    table = "| No | Action |\n|---|---|\n| 1 | Visit him |"
    assert kinds(f"Actions\n{table}\n\n{WRAPPED}") == [
        ("paragraph", "Actions"),
        ("cell", "No"),
        ("cell", "Action"),
        ("cell", "1"),
        ("cell", "Visit him"),
        ("paragraph", SENTENCE),
    ]
    assert [kind for kind, _ in kinds("No | Action\n---|---\n1 | Visit him", markdown=True)] == ["cell"] * 4


@pytest.mark.parametrize("gap", ["\t", "     "])
def test_columns_are_not_run_together(gap: str) -> None:
    lines = [f"Officer{gap}was absent on the day of the meeting", f"Manager{gap}was absent on the day of the meeting"]
    assert len(texts("\n".join(lines))) == 2


def test_pictures_and_addresses_of_markdown_are_no_text() -> None:
    written = f'Seen ![the plan](data:image/png;base64,{"A" * 5000}) and [the log](https://example.org/x "Log").'
    assert texts(written, markdown=True) == ["Seen the plan and the log."]


NOTES = (
    "Assessment late. Plan missing. Police not asked. Officer untrained. Manager absent. Recall delayed. Visit "
    "cancelled. Notes absent. Licence breached thrice. Review overdue. Home visit missed. Enquiries nil. Alcohol "
    "misuse disclosed. Absences accepted without letters. Caseload sixty. Training cancelled twice. Handover lost."
)
TABLE = "| No | Issue | Cause | Action | Owner |\n|---|---|---|---|---|\n" + "\n".join(
    f"| {number} | Police checks missing | Officer untrained | Train new officers | Head of unit |"
    for number in range(5)
)
FRENCH = (
    "Le surveillant n'a pas demandé à la police si l'homme avait été violent envers sa compagne. La maison était vide "
    "quand on est venu. Nous pensons que toutes les mesures raisonnables n'ont pas été prises pour gérer le risque, et "
    "le service doit former ses agents avant la fin du mois."
)
WELSH = (
    "Ni ofynnodd y swyddog prawf i'r heddlu am gam-drin domestig cyn iddo gael ei ryddhau. Nid oedd y tîm wedi cymryd "
    "pob cam rhesymol i reoli'r risg o niwed difrifol. Roedd y rheolwr yn absennol ac ni ddarllenodd neb y nodiadau am "
    "dair wythnos. Bydd y pennaeth yn hyfforddi staff newydd."
)
GERMAN = (
    "Der Bewährungshelfer hat die Polizei nicht gefragt, ob der Mann gegen seine Partnerin gewalttätig war. Wir finden "
    "dass nicht alle vernünftigen Schritte unternommen wurden, um das Risiko zu verringern. Die Leiterin war in dieser "
    "Woche krank und niemand hat die Post gelesen. Das Team wird das im Mai ändern."
)
DUTCH = (
    "De reclasseringswerker heeft de politie niet gevraagd of de man gewelddadig was tegen zijn partner. Niet alle "
    "redelijke stappen zijn genomen om het risico te beheersen. De manager was die week ziek en niemand las de post. "
    "Het team is in mei begonnen om zijn mensen op te leiden, was in de brief te lezen."
)
# Every longer word of it is in an English dictionary.
SMALL = "le chat est sur la table et il ne fait rien du tout " * 10


@pytest.mark.parametrize("text", [NOTES, NOTES.upper(), TABLE], ids=["notes", "capitals", "table"])
def test_english_without_sentences_is_read(text: str) -> None:
    assert extract_bytes(text.encode(), "a.md", HERE).word_count >= 40


@pytest.mark.parametrize(
    "text", [FRENCH, WELSH, GERMAN, DUTCH, SMALL, "lorem ipsum dolor sit amet " * 20], ids=lambda t: t[:9]
)
@pytest.mark.parametrize("settings", [HERE, Settings()], ids=["here", "child"])
def test_other_languages_are_refused(text: str, settings: Settings) -> None:
    with pytest.raises(NotEnglish):
        extract_bytes(text.encode(), "a.txt", settings)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("\u200b\u200b".encode(), "a.txt"),
        (b"\xef\xbb\xbf", "a.txt"),
        (b"\xff\xfe", "a.txt"),
        (b"a", "a.txt"),
        (b"... !!! ???", "a.txt"),
        (b"12 34 56\n" * 60, "a.txt"),
        (b"\x01\x02\x03", "a.txt"),
        (b"#", "a.md"),
        (b"---", "a.md"),
        (b"| |\n|---|\n| |\n", "a.md"),
        (b"|---|---|\n|---|---|\n", "a.md"),
    ],
)
@pytest.mark.parametrize("settings", [HERE, Settings()], ids=["here", "child"])
def test_a_file_without_words_is_empty(content: bytes, name: str, settings: Settings) -> None:
    with pytest.raises(FileEmpty):
        extract_bytes(content, name, settings)


def test_few_words_are_warned_of() -> None:
    few = extract_bytes(b"All reasonable steps were taken to manage the risk.", "a.txt", HERE)
    assert [warning.code for warning in few.warnings] == ["few_words"]
    assert "9 words" in few.warnings[0].message
    assert not extract_bytes(SENTENCE.encode() * 3, "a.txt", HERE).warnings


def test_what_cannot_be_looked_at_has_a_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileUnreadable):
        load(tmp_path / ("x" * 300 + ".txt"), HERE)

    def refuse(self: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", refuse)
    with pytest.raises(FileUnreadable, match="Permission denied"):
        load(tmp_path / "locked" / "a.txt", HERE)


def test_a_document_of_another_kind_is_warned_of() -> None:
    bread = "Knead the dough on a floured board until it is smooth, and leave it in a warm place for an hour. "
    codes = [warning.code for warning in extract_bytes((bread * 12).encode(), "bread.txt", HERE).warnings]
    assert codes == ["another_kind"]


def test_a_short_homely_text_about_a_killing_is_no_other_kind() -> None:
    homely = (
        "Those who knew Mr Lacey for a year saw a man with a new job and a clean shirt, and wrote that down each week. "
        "He killed a man he hardly knew behind a bingo hall in March. The course he was meant to do never began, since "
        "both of the people who ran it had left. The coroner has said what she thinks. Up to the change of team there "
        "was nothing to find fault with, and after it there was a good deal."
    )
    assert extract_bytes(homely.encode(), "note.txt", HERE).warnings == ()


def test_no_review_of_the_corpus_is_taken_for_another_kind() -> None:
    from sfo_nlp.extract.english import speaks_of_supervision

    # Two writers wrote as coroners do of deaths in any service: roads, schools, hospitals.
    of_supervision = (review for review in load_corpus() if review.writer not in ("w61", "w62"))
    assert [review.id for review in of_supervision if not speaks_of_supervision(review.record["text"])] == []


@pytest.mark.parametrize(
    "struck", ["~~We took every step.~~", "<del>We took every step.</del>", "<s>We took every step.</s>"]
)
def test_what_markdown_strikes_out_is_left_out_and_said(struck: str) -> None:
    read = read_plain(
        f"He was seen weekly. {struck}\n\nThe visit was late ~ by a week.<!-- check\nthis -->", markdown=True
    )
    assert [block.text for block in read.blocks] == ["He was seen weekly.", "The visit was late ~ by a week."]
    assert [(item.reason, item.text) for item in read.left_out] == [
        ("struck_out", "We took every step."),
        ("comment", "check this"),
    ]
    assert [warning.code for warning in read.warnings] == ["struck_out"]


def test_comments_that_never_end_cost_no_time() -> None:
    # Each opening once looked for its end through all that follows: minutes for this text.
    assert texts("He came. " + "<!-- " * 40_000, markdown=True)


def test_tildes_in_plain_text_are_kept() -> None:
    assert texts("It cost ~~5~~ pounds.") == ["It cost ~~5~~ pounds."]
