"""Corpus records as PDF in varied layouts, the same bytes every time. Every page says that the review is fictional."""

import io
from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, FrameBreak, NextPageTemplate, PageBreak, Paragraph, Spacer

from sfo_nlp.training.pieces import Piece
from sfo_nlp.training.render_looks import LOOKS, Look, marked, style_of
from sfo_nlp.training.render_pages import Aside, Note, Template, canvas
from sfo_nlp.training.render_tables import boxed, heading_bar, table_of


def render_pdf(title: str, items: Sequence[Piece], *, layout: str) -> bytes:
    """The PDF of a review in one of `LOOKS`."""
    look = LOOKS[layout]
    pages = 0
    for _ in range(2):
        # Twice, since "Page 1 of 9" needs to know the 9.
        target = io.BytesIO()
        template = Template(target, look, title, pages)
        template.build(_story(title, items, look), canvasmaker=canvas)
        pages = template.page
    return target.getvalue()


def _story(title: str, items: Sequence[Piece], look: Look) -> list[Flowable]:
    style = style_of(look)
    story: list[Flowable] = [NextPageTemplate("later")]
    if look.cover:
        story += [Spacer(1, 180), Paragraph(marked(title, look), style["title"]), PageBreak()]
        story += _contents(items, look, style)
    elif look.letter:
        story += [Paragraph(line, style["right"]) for line in ("Regional Office", "1 March 2024")]
        story += [Spacer(1, 12), Paragraph(marked(title, look), style["title"])]
    else:
        story.append(Paragraph(marked(title, look), style["title"]))
        if look.columns > 1:
            story.append(FrameBreak())
    section: list[Flowable] = []
    for piece in items:
        if piece.kind == "heading" and look.boxed:
            story += boxed(section)
            section = []
            story.append(heading_bar(piece, look, style))
            continue
        made = _flowables(piece, look, style)
        if look.boxed and piece.kind != "table":
            section += made
        else:
            story += boxed(section) + made
            section = []
    return story + boxed(section)


def _flowables(piece: Piece, look: Look, style: dict[str, ParagraphStyle]) -> list[Flowable]:
    text = marked(piece.text, look)
    makers: dict[str, Callable[[], list[Flowable]]] = {
        "heading": lambda: [
            *([Aside("For the panel: see also the plan.", look)] if look.side_notes and piece.depth == 1 else []),
            Paragraph(text, style[f"h{min(piece.depth, 3)}"]),
        ],
        "struck": lambda: [Paragraph(f"<strike>{text}</strike>", style["body"])],
        "footnote": lambda: [Note(piece.marker or "1", piece.text)],
        "table": lambda: table_of(piece, look, style),
    }
    return makers.get(piece.kind, lambda: [_marked_paragraph(piece, text, look, style["body"])])()


def _marked_paragraph(piece: Piece, text: str, look: Look, style: ParagraphStyle) -> Paragraph:
    """A paragraph with its number, letter or bullet hanging in front of it, or standing in its first line."""
    marker = look.bullet if piece.marker in ("-", "*", "•") else piece.marker
    if not marker:
        return Paragraph(text, style)
    if not look.indent_numbers and piece.kind == "paragraph":
        return Paragraph(f"{escape(marker)} {text}", style)
    indent = look.size * (3.1 if piece.kind == "paragraph" else 2.4)
    step = look.size * (1.0 if piece.kind == "list_item" else 0)
    hanging = ParagraphStyle("hanging", style, leftIndent=indent + step, bulletIndent=step)
    return Paragraph(text, hanging, bulletText=marker)


def _contents(items: Sequence[Piece], look: Look, style: dict[str, ParagraphStyle]) -> list[Flowable]:
    story: list[Flowable] = [Paragraph("Contents", style["h1"])]
    for number, piece in enumerate(item for item in items if item.kind == "heading" and item.depth <= 2):
        dots = "." * max(6, 90 - len(piece.text))
        story.append(Paragraph(f"{marked(piece.text, look)} {dots} {3 + number // 4}", style["entry"]))
    return [*story, PageBreak()]
