"""Reports answer first and quote after, hold nothing from outside, and treat foreign text as text."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
from conftest import NO_MODELS
from docx import Document
from wires import SENTENCES, pdf_of, wire

from sfo_nlp import review
from sfo_nlp.checks.registry import CHECKS
from sfo_nlp.report import render_report, write_report
from sfo_nlp.report.errors import FormUnsuitable
from sfo_nlp.report.mending import tasks_of
from sfo_nlp.report.safe import cell, file_name, visible
from sfo_nlp.report.viewing import view_of
from sfo_nlp.report.words import TITLES
from sfo_nlp.settings import Settings
from sfo_nlp.store.decision import Decision

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def decided(given: dict[str, Any], kind: str = "disagree", reason: str = "It was asked for.") -> Decision:
    """A word on the finding about the call-out history."""
    finding = next(one for one in given["findings"] if one["label"] == "explained")
    return Decision(
        document=given["document"]["id"], finding=finding["id"], kind=kind, who="Ada", at=NOON, version="0.1.0",
        check="explanation", label="explained", quote=finding["evidence"][0]["quote"], reason=reason,
    )  # fmt: skip


class Structure(HTMLParser):
    """What an HTML text refers to and whether its elements close."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.references: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.references += [str(value) for name, value in attrs if name in ("src", "href", "action")]
        self.scripts += tag == "script" or any(name.startswith("on") for name, _ in attrs)
        if tag not in ("meta", "br", "link", "img", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def html_of(given: dict[str, Any], *decisions: Decision) -> str:
    return render_report(given, form="html", decisions=decisions).decode()


def test_html_stands_alone_and_is_well_formed() -> None:
    text = html_of(wire())
    structure = Structure()
    structure.feed(text)
    assert structure.open == []
    assert structure.scripts == 0
    assert all(reference.startswith("#") for reference in structure.references)
    assert not re.search(r"https?://|@import|url\(", text)
    anchors = {reference[1:] for reference in structure.references}
    assert anchors <= set(re.findall(r'id="([^"]+)"', text))


def test_the_answer_stands_before_its_quotations() -> None:
    text = html_of(wire())
    question = text.index("Is reasonable steps judgement so?", text.index("Appendix"))
    assert question < text.index("For a person to decide.", question) < text.index(SENTENCES[6], question)


def test_the_first_page_answers_and_the_appendix_follows() -> None:
    text = html_of(wire())
    first = text[text.index("At a glance") : text.index("Appendix: the evidence")]
    for answer in view_of(wire()).answers:
        assert answer.id == "criteria" or answer.answer in first
    assert f"“{SENTENCES[6]}”" in first, "the words of the verdict"
    assert f"“{SENTENCES[4]}”" in first, "the shortcoming without a reason"
    assert SENTENCES[2] not in first, "the one with a reason"
    assert "Is condolence given so?" in first
    assert "1 not met (of 1 question)." in first
    assert "J: judgement" not in first


def test_without_a_verdict_the_first_page_quotes_what_comes_nearest() -> None:
    text = html_of(wire(verdict="absent", leave_out=frozenset({"unclear"})))
    first = text[text.index("At a glance") : text.index("Appendix: the evidence")]
    assert first.index("Nearest sentences, for a person to judge:") < first.index(SENTENCES[6])


def test_of_many_shortcomings_the_first_page_quotes_five_and_says_where_the_others_are() -> None:
    given = wire()
    one = next(finding for finding in given["findings"] if finding["label"] == "unexplained")
    given["findings"] += [{**one, "id": f"more-{number}"} for number in range(8)]
    text = html_of(given)
    first = text[text.index("At a glance") : text.index("Appendix: the evidence")]
    assert first.count(f"“{SENTENCES[4]}”") == 5
    assert "and 4 more; see question 1.1" in first


def test_a_passage_stands_in_full_under_one_question_only() -> None:
    given = wire()
    given["criteria"][3] |= {"evidence": given["criteria"][2]["evidence"], "check": "learning", "label": "weak_action"}
    text = html_of(given)
    second = text.index("Is condolence given so?", text.index('id="q-condolence_given"'))
    assert text.count(SENTENCES[7]) == 1
    assert text.index(
        'Also 1 passage (paragraph 8), quoted under <a href="#q-actions_not_weak">question 3.1</a>.', second
    )


def test_a_review_with_many_findings_has_one_row_a_passage_and_sentences_as_a_count() -> None:
    given = wire()
    one = given["findings"][0]
    given["findings"] += [
        {**one, "id": f"passive-{number}", "check": "readability", "label": "passive", "facts": {}}
        for number in range(14)
    ]
    word = Document(io.BytesIO(render_report(given, form="docx")))
    cells = [[cell.text for cell in row.cells] for table in word.tables for row in table.rows]
    assert [TITLES["readability", "passive"], "14"] in cells
    assert html_of(given).count(TITLES["readability", "passive"]) == 1
    row = next(cells for cells in cells if "Home visits: concern" in cells or SENTENCES[5] in cells)
    assert row[0] == "T"
    assert "lists every finding in full" in "\n".join(paragraph.text for paragraph in word.paragraphs)


def test_what_people_said_of_a_finding_is_in_the_report_even_where_its_passage_stands_above() -> None:
    given = wire()
    other = next(finding for finding in given["findings"] if finding["label"] == "home_visits:concern")
    decision = replace(decided(given), finding=other["id"], check="themes", label="home_visits:concern")
    assert "Ada disagrees: It was asked for. [2 March 2026]" in html_of(given, decision)


def test_every_quotation_of_the_evidence_is_in_the_report() -> None:
    given = wire()
    text = html_of(given)
    for finding in given["findings"]:
        for passage in finding["evidence"]:
            assert passage["quote"] in text
    assert "The reason beside it" in text


def test_decisions_and_notes_stand_beside_the_finding() -> None:
    given = wire()
    text = html_of(given, decided(given), decided(given, "note", "Ask <the author> & see"))
    assert "Ada disagrees: It was asked for. [2 March 2026]" in text
    assert "Ada notes: Ask &lt;the author&gt; &amp; see" in text


def test_foreign_markup_stays_text() -> None:
    given = wire(name="<script>alert(1)</script>.pdf", sentences=(*SENTENCES, "He said <b>no</b>."))
    given["criteria"][0]["reason"] = "<img src=x onerror=alert(1)>"
    text = html_of(given)
    assert "<script>" not in text
    assert "<img" not in text
    assert "&lt;script&gt;" in text


def test_word_says_the_same_in_the_same_order() -> None:
    given = wire()
    document = Document(io.BytesIO(render_report(given, form="docx", decisions=[decided(given)])))
    lines = [paragraph.text for paragraph in document.paragraphs]
    text = "\n".join(lines)
    assert f"“{SENTENCES[6]}”" in text
    assert (
        text.index("At a glance")
        < text.index(f"“{SENTENCES[6]}”")
        < text.index("Is reasonable steps judgement so?")
        < (appendix := text.index("Appendix: the evidence"))
        < (asked := text.index("Is reasonable steps judgement so?", appendix))
        < text.index("For a person to decide", asked)
        < text.index(f"“{SENTENCES[6]}”", asked)
    )
    assert "Ada disagrees: It was asked for. [2 March 2026]" in text
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 1"][2:6] == [
        "1. Analysis of practice", "2. Overall judgements", "3. Learning", "4. Victims and their families",
    ]  # fmt: skip
    rows = [[cell.text for cell in row.cells] for row in document.tables[-1].rows]
    assert [row[2] for row in rows[1:]] == [SENTENCES[5], "X123456"], "what stands under no question"


def test_word_takes_characters_that_xml_cannot_hold() -> None:
    given = wire(sentences=(*SENTENCES, "A\x00B\x1f\ufffe end."))
    given["criteria"][0]["reason"] = "bad \x00 \x08 \ud800 end"
    assert render_report(given, form="docx")[:2] == b"PK"


def test_marked_pdf_has_one_annotation_a_place_with_its_comment() -> None:
    content = pdf_of(SENTENCES)
    given = wire(paged=True, content=content, name="thripp.pdf")
    marked = render_report(given, form="pdf", content=content, decisions=[decided(given)])
    found = annotations(marked)
    places = {(passage["start"], passage["end"]) for finding in given["findings"] for passage in finding["evidence"]}
    assert len(found) == len(places)
    assert any("Ada disagrees: It was asked for." in one["comment"] for one in found)
    assert {one["kind"] for one in found} > {raw.FPDF_ANNOT_HIGHLIGHT}
    page = pdfium.PdfDocument(marked)[0]
    text = page.get_textpage()
    for one in found:
        left, bottom, right, top = one["rect"]
        assert text.get_text_bounded(left, bottom, right, top).strip()


def annotations(content: bytes) -> list[dict[str, Any]]:
    """Kind, comment and rectangle of every annotation on the first page."""
    import ctypes

    page = pdfium.PdfDocument(content)[0]
    found = []
    for index in range(raw.FPDFPage_GetAnnotCount(page.raw)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, index)
        size = raw.FPDFAnnot_GetStringValue(annotation, b"Contents", None, 0)
        buffer = ctypes.create_string_buffer(size)
        raw.FPDFAnnot_GetStringValue(
            annotation, b"Contents", ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size
        )
        rect = raw.FS_RECTF()
        raw.FPDFAnnot_GetRect(annotation, rect)
        found.append(
            {
                "kind": raw.FPDFAnnot_GetSubtype(annotation),
                "comment": buffer.raw.decode("utf-16-le").rstrip("\0"),
                "rect": (rect.left, rect.bottom, rect.right, rect.top),
            }
        )
    return found


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_marks_lie_on_the_words_of_a_turned_page(rotation: int) -> None:
    document = pdfium.PdfDocument(pdf_of(SENTENCES))
    document[0].set_rotation(rotation)
    out = io.BytesIO()
    document.save(out)
    given = wire(paged=True, content=out.getvalue(), name="turned.pdf")
    page = pdfium.PdfDocument(out.getvalue())[0]
    width, height = page.get_size()
    for finding in given["findings"]:
        for passage in finding["evidence"]:
            passage["boxes"] = [turned(tuple(box), rotation, width, height) for box in passage["boxes"]]
    found = annotations(render_report(given, form="pdf", content=out.getvalue()))
    sheet = page.get_textpage()
    words = {re.sub(r"\W", "", sheet.get_text_bounded(*one["rect"])) for one in found}
    assert any(word and word[:12] in re.sub(r"\W", "", SENTENCES[2]) for word in words)


def turned(box: tuple[float, ...], rotation: int, width: float, height: float) -> list[float]:
    """Where a box of the upright page lies once the page is shown turned; `width` and `height` as shown."""
    x0, top, x1, bottom = box
    if rotation == 90:
        return [width - bottom, x0, width - top, x1]
    if rotation == 180:
        return [width - x1, height - bottom, width - x0, height - top]
    return [top, height - x1, bottom, height - x0]


def test_a_text_file_cannot_be_marked_and_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "thripp.txt"
    path.write_text("\n".join(SENTENCES))
    with pytest.raises(FormUnsuitable) as caught:
        write_report(wire(), path, form="pdf", folder=tmp_path)
    assert "docx" in caught.value.remedy


def test_a_pdf_that_is_not_kept_cannot_be_marked_and_is_not_called_something_else() -> None:
    with pytest.raises(FormUnsuitable, match="not kept in the store") as caught:
        render_report(wire(paged=True, name="thripp.pdf"), form="pdf")
    assert "again" in caught.value.remedy


def test_a_file_is_marked_by_what_it_is_and_not_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "review.docx"
    path.write_bytes(pdf_of(SENTENCES))
    given = review(path, Settings(fast=True)).to_dict()
    assert given["document"]["format"] == "pdf"
    assert write_report(given, path, form="pdf", folder=tmp_path).read_bytes().startswith(b"%PDF")
    named = wire(name="thripp.pdf")
    named["document"]["format"] = "txt"
    with pytest.raises(FormUnsuitable, match="only a PDF"):
        render_report(named, form="pdf", content=b"text")


def test_findings_table_has_a_row_a_passage_and_no_formula() -> None:
    sentences = (*SENTENCES[:4], "=HYPERLINK(1) He was never seen.", *SENTENCES[5:])
    given = wire(name="=cmd.pdf", sentences=sentences)
    rows = list(csv.DictReader(io.StringIO(render_report(given, form="csv").decode("utf-8-sig"))))
    assert len(rows) == sum(len(finding["evidence"]) for finding in given["findings"])
    assert {row["name"] for row in rows} == {"'=cmd.pdf"}
    text = given["document"]["text"]
    assert all(text[int(row["start"]) : int(row["end"])] == row["quote"] for row in rows)


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "\n=1"])
def test_formulas_are_neutralised(value: str) -> None:
    assert str(cell(value)).startswith("'")


def test_hidden_and_turning_characters_are_shown() -> None:
    assert visible("a\u202eb\x07c\u200b") == "a⟨U+202E⟩b⟨U+0007⟩c⟨U+200B⟩"
    assert visible("naïve – “café”\n") == "naïve – “café”\n"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd.html"),
        ("C:\\x\\review.PDF", "review.html"),
        ("a<b>:\x00c.docx", "a_b_c.html"),
        ("con.pdf", "_con.html"),
        (".pdf", "review.html"),
        ("x" * 300 + ".pdf", "x" * 80 + ".html"),
    ],
)
def test_file_names_are_safe(name: str, expected: str) -> None:
    assert file_name(name, suffix=".html") == expected


@pytest.mark.parametrize("form", ["html", "docx", "csv"])
def test_a_report_is_written_beside_others(tmp_path: Path, form: str) -> None:
    path = tmp_path / "thripp.txt"
    path.write_text("x")
    written = write_report(wire(), path, form=form, folder=tmp_path)
    assert written.parent == tmp_path
    assert written.stat().st_size > 500


def test_the_view_loses_no_finding_and_keys_are_unique() -> None:
    given = wire()
    given["findings"].append(dict(given["findings"][0]))
    view = view_of(given)
    assert len(view.items) == len(given["findings"])
    assert len({item.key for item in view.items}) == len(view.items)
    assert [item.passage.start for item in view.items] == sorted(item.passage.start for item in view.items)


@pytest.mark.parametrize(
    ("verdict", "reasoned", "expected"),
    [
        ("taken", True, ("The review says: all reasonable steps were taken", "with its grounds", "neutral")),
        (
            "not_taken",
            False,
            ("The review says: not all reasonable steps were taken", "without grounds beside it", "neutral"),
        ),
        ("contradictory", True, ("Two statements cannot both stand", "", "refer")),
        ("absent", None, ("The review states no judgement of its own", "", "refer")),
    ],
)
def test_a_verdict_is_the_reviews_and_has_no_colour_of_its_own(
    verdict: str, reasoned: bool | None, expected: tuple[str, str, str]
) -> None:
    given = wire(verdict=verdict)
    given["judgement"]["reasoned"] = reasoned
    answer = view_of(given).answer("judgement")
    assert (answer.answer, answer.detail, answer.tone) == expected


def test_the_reading_age_is_told_to_one_decimal_everywhere() -> None:
    given = wire()
    assert view_of(given).answer("readability").answer == "Reading age about 14.6"
    assert "14.6 years" in html_of(given)


def test_every_label_of_a_check_has_a_title(samples: list[Path]) -> None:
    found = {(one["check"], one["label"]) for path in samples for one in review(path, NO_MODELS).to_dict()["findings"]}
    listed = re.compile(r"Findings: (\w+(?:,\s+\w+)+)\.")  # what the samples lack, a check's docstring lists
    for check in CHECKS:
        names = listed.search(check.run.__doc__ or "")
        found |= {(check.id, label) for label in re.split(r",\s+", names[1])} if names else set()
    assert {
        ("victims", "minimising"),
        ("consistency", "age"),
        ("readability", "spelling"),
        ("stages", "stage"),
    } <= found
    assert {one for one in found if one[0] != "themes"} - set(TITLES) == set()


def test_a_clash_of_judgements_is_one_task_that_quotes_both_sides() -> None:
    given = wire()
    sides = [
        {**given["findings"][0], "id": f"side-{n}", "check": "judgement", "label": label, "evidence": [place]}
        for n, (label, place) in enumerate(
            zip(
                ("taken", "taken", "taken", "not_taken"),
                [one["evidence"][0] for one in given["findings"]],
                strict=False,
            )
        )
    ]
    given["findings"] += sides
    clash = {
        **given["criteria"][0],
        "id": "judgement_consistent",
        "outcome": "not_met",
        "evidence": [],
        "findings": [one["id"] for one in sides],
    }
    given["criteria"] = [{**one, "outcome": "refer"} for one in given["criteria"]] + [clash]
    tasks = {task.advice.id: task for task in tasks_of(view_of(given))}
    assert "judgement_missing" not in tasks
    quoted = [passage.quote for passage in tasks["judgements_clash"].near]
    assert {sides[0]["evidence"][0]["quote"], sides[3]["evidence"][0]["quote"]} <= set(quoted)


def test_a_check_that_broke_is_said_in_the_report() -> None:
    given = wire()
    given["criteria"][0] |= {"outcome": "not_run", "reason": "This check could not run: it broke.", "evidence": []}
    assert "Could not be checked." in html_of(given)
    assert "This check could not run: it broke." in html_of(given)
