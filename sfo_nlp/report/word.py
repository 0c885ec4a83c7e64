"""The feedback report as a Word document, in the same order and words as the HTML."""

import io
from collections.abc import Iterable
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from sfo_nlp.report import words
from sfo_nlp.report.outline import outline_of
from sfo_nlp.report.parts import Glance, Grid, Lead, Outline, Part, Quote, Section
from sfo_nlp.report.safe import quoted, xml_safe
from sfo_nlp.report.view import View

COLOURS = {"met": "1E6B3A", "not_met": "A3290F", "refer": "7A4D00", "not_run": "5B3A8C"}
WIDTH = 16.6
SOFT = RGBColor.from_string("4F5B69")


def render_word(view: View) -> bytes:
    """The report as the bytes of a DOCX file."""
    outline = outline_of(view)
    document = Document()
    _styles(document, outline)
    document.add_paragraph("Feedback on a serious further offence review", style="Subtitle")
    document.add_heading(xml_safe(outline.title), level=0)
    document.add_paragraph(" · ".join(outline.facts))
    _small(document, outline.purpose)
    for warning in outline.warnings:
        document.add_paragraph(xml_safe(f"About the file: {warning}"))
    _glance(document, outline.glance)
    document.add_heading("Appendix: the evidence", level=1).paragraph_format.page_break_before = True
    _small(document, f"The letter before a quotation says what it is. {outline.letters}.")
    for section in outline.sections:
        _section(document, section)
    document.add_heading("How this report was made", level=1)
    for name, value in outline.made_by:
        _small(document, f"{name}: {value}")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _styles(document: Any, outline: Outline) -> None:
    document.core_properties.title = xml_safe(f"Feedback on {outline.title}")
    document.core_properties.author = "sfo-nlp"
    document.core_properties.language = "en-GB"
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin = page.bottom_margin = Cm(1.6)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(10)
    normal.paragraph_format.space_after = Pt(4)
    for name, size in (("Title", 17), ("Heading 1", 14), ("Heading 2", 11.5)):
        style = document.styles[name]
        style.font.name, style.font.size = "Arial", Pt(size)
        style.font.color.rgb = RGBColor.from_string("1D2530")
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(kind), None)


def _glance(document: Any, glance: Glance) -> None:
    """The first page; what follows begins on the next."""
    document.add_heading("At a glance", level=1).paragraph_format.space_before = Pt(6)
    for lead in glance.leads:
        _lead(document, lead)
    for standard in glance.standards:
        head = _tight(document.add_paragraph())
        head.paragraph_format.space_before = Pt(5)
        head.paragraph_format.keep_with_next = bool(standard.parts)
        head.add_run(f"{standard.title}: ").bold = True
        head.add_run(standard.intro).font.color.rgb = SOFT
        for part in standard.parts:
            _open(document, part)


def _open(document: Any, part: Part) -> None:
    line = _tight(document.add_paragraph())
    line.paragraph_format.left_indent = Cm(0.6)
    said = line.add_run(f"{part.sign} {part.said}: ")
    said.bold, said.font.size = True, Pt(9)
    said.font.color.rgb = RGBColor.from_string(COLOURS[part.outcome])
    reason = part.reason if part.outcome != "refer" else ""
    line.add_run(xml_safe(f"{part.number} {part.question} {reason}".strip())).font.size = Pt(9)


def _lead(document: Any, lead: Lead) -> None:
    line = _tight(document.add_paragraph())
    line.add_run(f"{lead.question}: ").font.color.rgb = SOFT
    line.add_run(xml_safe(lead.answer)).bold = True
    line.add_run(xml_safe(f"  {lead.detail}")).font.color.rgb = SOFT
    line.paragraph_format.space_before = Pt(3)
    if lead.caption:
        _tight(_small(document, lead.caption))
    for quote in lead.quotes:
        said = f"{quoted(quote.text)}  {quote.where}"
        _tight(_small(document, " ".join((said, *quote.people)))).paragraph_format.left_indent = Cm(0.6)
    if lead.more:
        _tight(_small(document, lead.more))


def _tight(paragraph: Any) -> Any:
    paragraph.paragraph_format.space_after = Pt(1)
    return paragraph


def _section(document: Any, section: Section) -> None:
    document.add_heading(f"{section.number}. {section.title}", level=1)
    _small(document, section.intro)
    for part in section.parts:
        _part(document, part)
    for grid in section.grids:
        _grid(document, grid)


def _part(document: Any, part: Part) -> None:
    document.add_heading(xml_safe(f"{part.number}  {part.question}"), level=2)
    line = document.add_paragraph()
    run = line.add_run(f"{part.sign} {part.said}. ")
    run.bold = True
    run.font.color.rgb = RGBColor.from_string(COLOURS[part.outcome])
    line.add_run(xml_safe(part.reason))
    line.paragraph_format.keep_with_next = bool(part.quotes or part.again)
    for quote in part.quotes:
        _quote(document, quote)
    for again in part.again:
        _small(document, f"Also {again.places}, quoted under question {again.number}.")
    if part.more > 0:
        _small(document, f"and {part.more:,} more, {words.LISTED}")


def _quote(document: Any, quote: Quote) -> None:
    label = _small(document, f"{quote.letter}  {quote.title}, {quote.where}".strip())
    label.paragraph_format.keep_with_next = True
    label.paragraph_format.space_after = Pt(1)
    words = document.add_paragraph(xml_safe(quoted(quote.text)))
    words.paragraph_format.left_indent = Cm(0.6)
    if quote.beside:
        beside = document.add_paragraph(xml_safe(f"The reason beside it, {quote.beside_where}: {quoted(quote.beside)}"))
        beside.paragraph_format.left_indent = Cm(1.2)
    for extra in (*filter(None, (quote.note,)), *quote.people):
        _small(document, extra).paragraph_format.left_indent = Cm(0.6)


def _small(document: Any, text: str) -> Any:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(xml_safe(text))
    run.font.size, run.font.color.rgb = Pt(9), SOFT
    return paragraph


def _grid(document: Any, grid: Grid) -> None:
    caption = document.add_paragraph()
    caption.add_run(grid.caption).bold = True
    caption.paragraph_format.keep_with_next = True
    if not grid.rows:
        _small(document, "None.")
        return
    table = document.add_table(rows=1, cols=len(grid.head), style="Table Grid")
    table.autofit = False
    shares = grid.widths or (1 / len(grid.head),) * len(grid.head)
    for column, share in zip(table.columns, shares, strict=True):
        column.width = Cm(WIDTH * share / sum(shares))
    _fill(table.rows[0].cells, grid.head, bold=True)
    _repeat_head(table.rows[0])
    for row in grid.rows:
        _fill(table.add_row().cells, row)
    for column in table.columns:
        for cell in column.cells:
            cell.width = column.width
    _small(document, grid.note)


def _fill(cells: Iterable[Any], texts: Iterable[str], *, bold: bool = False) -> None:
    for cell, text in zip(cells, texts, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        run = paragraph.add_run(xml_safe(text))
        run.bold, run.font.size = bold, Pt(8.5)


def _repeat_head(row: Any) -> None:
    """The heading row stands again on every page, and is told to screen readers as such."""
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(head)
