"""Word reviews as read: the accepted text, its headings, numbers, notes, boxes and tables; what is left out and why."""

import io

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from benchmarks.mutants import packed, word_of
from sfo_nlp.document import Document
from sfo_nlp.extract import extract_bytes
from sfo_nlp.settings import Settings

HERE = Settings(isolate=False)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def read(content: bytes) -> Document:
    return extract_bytes(content, "a.docx", HERE)


def body(xml: str) -> Document:
    """A document whose body is `xml`."""
    return read(word_of(xml.encode()))


def saved(document: "docx.document.Document") -> Document:
    target = io.BytesIO()
    document.save(target)
    return read(target.getvalue())


def blocks(document: Document) -> list[tuple[str, str, str]]:
    return [(b.kind, b.marker, document.text[b.span.start : b.span.end]) for b in document.blocks]


def codes(document: Document) -> set[str]:
    """The warnings but the one that these short documents all have."""
    return {warning.code for warning in document.warnings} - {"few_words"}


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_tracked_changes_are_read_as_accepted_and_said() -> None:
    document = body(
        '<w:p><w:r><w:t xml:space="preserve">He was </w:t></w:r>'
        "<w:del><w:r><w:delText>never </w:delText></w:r></w:del>"
        '<w:ins><w:r><w:t xml:space="preserve">rarely </w:t></w:r></w:ins><w:r><w:t>seen.</w:t></w:r></w:p>'
        "<w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom>"
    )
    assert document.text == "He was rarely seen."
    assert codes(document) == {"tracked_changes"}
    assert [item.text for item in document.left_out] == ["never", "gone"]


@pytest.mark.parametrize("mark", ["<w:strike/>", "<w:dstrike/>", '<w:strike w:val="1"/>'])
def test_struck_out_text_is_left_out(mark: str) -> None:
    document = body(f"<w:p><w:r><w:rPr>{mark}</w:rPr><w:t>All steps were taken.</w:t></w:r></w:p>" + paragraph("Kept."))
    assert document.text == "Kept."
    assert codes(document) == {"struck_out"}


def test_strike_that_is_switched_off_is_read() -> None:
    document = body('<w:p><w:r><w:rPr><w:strike w:val="0"/></w:rPr><w:t>All steps were taken.</w:t></w:r></w:p>')
    assert document.text == "All steps were taken."


def test_hidden_text_is_left_out() -> None:
    document = body("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r><w:r><w:t>open</w:t></w:r></w:p>")
    assert document.text == "open"
    assert codes(document) == {"hidden_text"}


def test_comments_are_left_out_with_a_warning() -> None:
    word = docx.Document()
    run = word.add_paragraph("All steps were taken.").runs[0]
    word.add_comment(run, text="Are we sure?", author="A")
    document = saved(word)
    assert document.text == "All steps were taken."
    assert codes(document) == {"comments"}
    assert [item.text for item in document.left_out] == ["Are we sure?"]


def test_headings_by_style_outline_and_weight() -> None:
    word = docx.Document()
    word.add_heading("Review of practice", 0)
    word.add_heading("1. Background", 1)
    own = word.styles.add_style("Our heading", WD_STYLE_TYPE.PARAGRAPH)
    own.base_style = word.styles["Heading 2"]
    word.add_paragraph("1.1 Custody", style="Our heading")
    word.add_paragraph().add_run("A bold line").bold = True
    word.add_paragraph("Text that goes on for a while and ends with a full stop.")
    outlined = word.add_paragraph("By outline")
    level = OxmlElement("w:outlineLvl")
    level.set(qn("w:val"), "2")
    outlined._p.get_or_add_pPr().append(level)
    document = saved(word)
    levels = {document.text[b.span.start : b.span.end]: b.level for b in document.blocks if b.kind == "heading"}
    assert levels == {"Review of practice": 1, "1. Background": 1, "1.1 Custody": 2, "A bold line": 2, "By outline": 3}


def test_a_bold_sentence_is_no_heading() -> None:
    word = docx.Document()
    word.add_paragraph().add_run("The risk of serious harm was not managed.").bold = True
    assert blocks(saved(word)) == [("paragraph", "", "The risk of serious harm was not managed.")]


def test_numbers_typed_and_automatic_are_markers() -> None:
    word = docx.Document()
    word.add_paragraph("4.2\tThe officer was new.")
    word.add_paragraph("7\tThe officer was still new.")
    word.add_paragraph("(a) Nobody rang.")
    word.add_paragraph("One of three", style="List Bullet")
    word.add_paragraph("First of two", style="List Number")
    word.add_paragraph("Second of two", style="List Number")
    assert blocks(saved(word)) == [
        ("paragraph", "4.2", "The officer was new."),
        ("paragraph", "7", "The officer was still new."),
        ("list_item", "(a)", "Nobody rang."),
        ("list_item", "•", "One of three"),
        ("paragraph", "1.", "First of two"),
        ("paragraph", "2.", "Second of two"),
    ]


def test_numbers_on_several_levels_count_as_word_counts() -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, form, text in ((0, "decimal", "%1."), (1, "decimal", "%1.%2"), (2, "lowerRoman", "(%3)"))
    )
    lists = f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
    lists += '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering" Target="numbering.xml"/>'
        "</Relationships>"
    )
    items = "".join(
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{n}"/><w:numId w:val="1"/></w:numPr></w:pPr>'
        f"<w:r><w:t>the item, number {i}.</w:t></w:r></w:p>"
        for i, n in enumerate((0, 1, 1, 2, 2, 0, 1))
    )
    head = f'<w:document xmlns:w="{W}"><w:body>'
    parts = {
        "word/document.xml": f"{head}{items}</w:body></w:document>".encode(),
        "word/numbering.xml": lists.encode(),
        "word/_rels/document.xml.rels": rels.encode(),
    }
    markers = [block.marker for block in read(packed(parts)).blocks]
    assert markers == ["1.", "1.1", "1.2", "(i)", "(ii)", "2.", "2.1"]


def test_tables_are_records_with_headers_and_merged_cells_once() -> None:
    word = docx.Document()
    table = word.add_table(3, 3)
    for row, texts in enumerate(
        (("Finding", "Why", "Action"), ("No call", "No time", "Call"), ("No visit", "No car", "Go"))
    ):
        for cell, text in zip(table.rows[row].cells, texts, strict=True):
            cell.text = text
    table.cell(1, 1).merge(table.cell(2, 1))
    table.cell(2, 2).text = ""
    document = saved(word)
    cells = [(b.cell, document.text[b.span.start : b.span.end]) for b in document.blocks if b.cell]
    assert [(cell.row, cell.column, cell.header, text) for cell, text in cells] == [
        (0, 0, "", "Finding"),
        (0, 1, "", "Why"),
        (0, 2, "", "Action"),
        (1, 0, "Finding", "No call"),
        (1, 1, "Why", "No time"),
        (1, 1, "Why", "No car"),
        (1, 2, "Action", "Call"),
        (2, 0, "Finding", "No visit"),
    ]


def test_spans_keep_the_columns_apart() -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"

    wide = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + paragraph("He was sentenced in May 2022 to two years")
    head = row(paragraph("Date"), paragraph("Event"), paragraph("Source"))
    document = body(f"<w:tbl>{head}{row(wide, paragraph('Court file'))}</w:tbl>")
    assert [(b.cell.row, b.cell.column, b.cell.header) for b in document.blocks if b.cell][3:] == [
        (1, 0, "Date"),
        (1, 2, "Source"),
    ]


def test_text_boxes_once_and_content_controls_in_place() -> None:
    box = "<w:txbxContent>" + paragraph("In the box.") + "</w:txbxContent>"
    both = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    )
    document = body(
        f"<w:p><w:r><w:t>Before.</w:t></w:r><w:r>{both}</w:r></w:p>"
        "<w:sdt><w:sdtContent>" + paragraph("In the control.") + "</w:sdtContent></w:sdt>" + paragraph("After.")
    )
    assert blocks(document) == [
        ("paragraph", "", "Before."),
        ("aside", "", "In the box."),
        ("paragraph", "", "In the control."),
        ("paragraph", "", "After."),
    ]


def test_footnotes_stand_after_their_paragraph() -> None:
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" Target="footnotes.xml"/>'
        "</Relationships>"
    )
    notes = (
        f'<w:footnotes xmlns:w="{W}"><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        '<w:footnote w:id="1">' + paragraph("The log is missing.") + "</w:footnote></w:footnotes>"
    )
    main = (
        f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>He was seen</w:t></w:r><w:r><w:footnoteReference w:id="1"/>'
        "</w:r><w:r><w:t>.</w:t></w:r></w:p>" + paragraph("Next.") + "</w:body></w:document>"
    )
    parts = {
        "word/document.xml": main.encode(),
        "word/footnotes.xml": notes.encode(),
        "word/_rels/document.xml.rels": rels.encode(),
    }
    assert blocks(read(packed(parts))) == [
        ("paragraph", "", "He was seen."),
        ("footnote", "1", "The log is missing."),
        ("paragraph", "", "Next."),
    ]


def test_running_lines_are_facts_and_lines_breaks_part_blocks() -> None:
    word = docx.Document()
    word.sections[0].header.paragraphs[0].text = "OFFICIAL-SENSITIVE"
    word.add_paragraph("Dear Mrs Hale,\nThank you for your letter.").paragraph_format.space_after = Pt(6)
    document = saved(word)
    assert [text for _, _, text in blocks(document)] == ["Dear Mrs Hale,", "Thank you for your letter."]
    assert document.facts == ("running line: OFFICIAL-SENSITIVE",)
    assert document.pages == ()
    assert document.evidence(document.blocks[1].span, source="rule:x").paragraph == 2


def test_headings_without_styles_may_carry_a_number_or_stand_in_a_bar() -> None:
    word = docx.Document()
    word.add_paragraph().add_run("1 What happened").bold = True
    word.add_paragraph("He was seen twice.")
    bar = word.add_table(1, 1).cell(0, 0).paragraphs[0]
    bar.add_run("Part 2. Supervision").bold = True
    box = word.add_table(1, 1).cell(0, 0)
    box.paragraphs[0].text = "No visit was made in May."
    read_blocks = [block for block in blocks(saved(word)) if block[2]]
    assert read_blocks == [
        ("heading", "", "1 What happened"),
        ("paragraph", "", "He was seen twice."),
        ("heading", "", "Part 2. Supervision"),
        ("paragraph", "", "No visit was made in May."),
    ]
