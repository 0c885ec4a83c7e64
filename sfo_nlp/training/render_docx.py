"""Corpus records as DOCX in varied layouts, the same bytes every time, marked as fictional on every page."""

import datetime
import io
import zipfile
from collections.abc import Sequence

import docx
from docx.document import Document as Word
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from sfo_nlp.training.pieces import Piece
from sfo_nlp.training.render_looks import curled
from sfo_nlp.training.render_pages import NOTICE

LAYOUTS = ("docx_plain", "docx_tables", "docx_draft")
_WHEN = datetime.datetime(2024, 3, 1, 9, 0, tzinfo=datetime.UTC)


def render_docx(title: str, items: Sequence[Piece], *, layout: str, comments: Sequence[str] = ()) -> bytes:
    """The DOCX of a review: styles of Word throughout, or bold lines as headings in ``docx_draft``."""
    word = docx.Document()
    word.core_properties.author = "Fictional"
    word.core_properties.created = word.core_properties.modified = _WHEN
    word.core_properties.title = title
    _running_lines(word, marking="OFFICIAL-SENSITIVE" if layout != "docx_draft" else "DRAFT - not for disclosure")
    if layout == "docx_draft":
        word.styles["Normal"].font.name = "Times New Roman"
        _bold(word.add_paragraph(), title, 16)
    else:
        word.add_heading(title, 0)
    waiting = list(comments)
    for piece in items:
        paragraph = _add(word, piece, layout)
        if waiting and piece.kind == "struck" and paragraph is not None:
            _comment(word, paragraph, waiting.pop(0))
    return _fixed(word)


def _running_lines(word: Word, *, marking: str) -> None:
    section = word.sections[0]
    section.header.paragraphs[0].text = f"{marking}\t\t{NOTICE}"
    section.footer.paragraphs[0].text = marking


def _add(word: Word, piece: Piece, layout: str) -> Paragraph | None:
    if piece.kind == "table":
        _table(word, piece, layout)
        return None
    text = curled(piece.text) if layout == "docx_tables" else piece.text
    if piece.kind == "heading":
        if layout == "docx_draft":
            paragraph = word.add_paragraph()
            _bold(paragraph, text, 13 if piece.depth == 1 else 11)
            return paragraph
        heading: Paragraph = word.add_heading(text, min(piece.depth, 3))
        return heading
    if piece.kind == "list_item" and piece.marker in ("-", "*", "•"):
        bullet: Paragraph = word.add_paragraph(text, style="List Bullet")
        return bullet
    paragraph = word.add_paragraph()
    if piece.marker and piece.kind != "footnote":
        paragraph.add_run(f"{piece.marker}\t")
        paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Pt(36), Pt(-36)
    run = paragraph.add_run(text)
    run.font.strike = True if piece.kind == "struck" else None
    return paragraph


def _bold(paragraph: Paragraph, text: str, size: float) -> None:
    run = paragraph.add_run(text)
    run.bold, run.font.size = True, Pt(size)


def _table(word: Word, piece: Piece, layout: str) -> None:
    table = word.add_table(rows=len(piece.rows), cols=len(piece.rows[0]))
    table.style = "Normal Table" if layout == "docx_draft" else "Table Grid"
    for index, row in enumerate(piece.rows):
        for cell, text in zip(table.rows[index].cells, row, strict=True):
            run = cell.paragraphs[0].add_run(curled(text) if layout == "docx_tables" else text)
            run.bold = True if piece.headed and index == 0 else None
    word.add_paragraph()


def _comment(word: Word, paragraph: Paragraph, text: str) -> None:
    comment = word.add_comment(paragraph.runs, text=text, author="Reviewer", initials="R")
    comment._comment_elm.set(qn("w:date"), _WHEN.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _fixed(word: Word) -> bytes:
    """The package's bytes with one fixed time for all its parts."""
    made, fixed = io.BytesIO(), io.BytesIO()
    word.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            item = zipfile.ZipInfo(name, (2024, 3, 1, 9, 0, 0))
            item.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(item, source.read(name))
    return fixed.getvalue()
