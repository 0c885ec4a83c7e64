"""Corpus records as PDF in varied layouts, the same bytes every time. Every page says that the review is fictional."""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from sfo_nlp.training.pieces import Piece
from sfo_nlp.training.render_looks import ITALIC, LOOKS, Look, style_of

NOTICE = "Fictional review"


def render_pdf(title: str, items: Sequence[Piece], *, layout: str) -> bytes:
    """The PDF of a review in one of `LOOKS`."""
    look = LOOKS[layout]
    pages = 0
    for _ in range(2):
        # Twice, since "Page 1 of 9" needs to know the 9.
        target = io.BytesIO()
        template = _Template(target, look, title, pages)
        template.build(_story(title, items, look), canvasmaker=_canvas)
        pages = template.page
    return target.getvalue()


def _canvas(*args: Any, **options: Any) -> Canvas:
    return Canvas(*args, **{**options, "invariant": 1, "pageCompression": 1})


class _Template(BaseDocTemplate):  # type: ignore[misc]
    """Pages with running lines, marking, notice, footnotes at the foot."""

    def __init__(self, target: io.BytesIO, look: Look, title: str, pages: int) -> None:
        top, right, bottom, left = (margin * mm for margin in look.margins)
        super().__init__(target, pagesize=look.page, title=title, author="Fictional", invariant=1)
        self.look, self.pages, self.notes = look, pages, list[tuple[str, str]]()
        width, height = look.page
        gap = 8 * mm
        room = (width - left - right - gap * (look.columns - 1)) / look.columns
        frames = [
            Frame(left + i * (room + gap), bottom, room, height - top - bottom, 0, 0, 0, 0) for i in range(look.columns)
        ]
        head = 60.0
        first = [
            Frame(left, height - top - head, width - left - right, head, 0, 0, 0, 0),
            *(
                Frame(left + i * (room + gap), bottom, room, height - top - bottom - head - 6, 0, 0, 0, 0)
                for i in range(look.columns)
            ),
        ]
        templates = [PageTemplate("first", first if look.columns > 1 else frames, onPageEnd=self._furniture)]
        self.addPageTemplates([*templates, PageTemplate("later", frames, onPageEnd=self._furniture)])

    def _furniture(self, canvas: Canvas, _: object) -> None:
        look, (width, height) = self.look, self.look.page
        _, right, bottom, left = (margin * mm for margin in look.margins)
        canvas.setFont(look.font, 8.5)
        if look.marking:
            canvas.drawCentredString(width / 2, height - 8 * mm, look.marking)
            canvas.drawCentredString(width / 2, 6 * mm, look.marking)
        if look.header and not (look.cover and canvas.getPageNumber() == 1):
            canvas.drawString(left, height - 12 * mm, look.header)
        canvas.drawRightString(width - right, height - 12 * mm, NOTICE)
        text = look.footer.format(page=canvas.getPageNumber(), pages=self.pages)
        canvas.drawCentredString(width / 2, 11 * mm, text)
        y = bottom - 12
        if self.notes:
            canvas.line(left, bottom - 2, left + 120, bottom - 2)
        for mark, note in self.notes:
            style = ParagraphStyle("note", fontName=look.font, fontSize=look.size * 0.8, leading=look.size)
            paragraph = Paragraph(f"<super>{escape(mark)}</super> {escape(note)}", style)
            _, used = paragraph.wrap(width - left - right, 100)
            paragraph.drawOn(canvas, left, y - used + 8)
            y -= used + 2
        self.notes.clear()


class _Note(Flowable):  # type: ignore[misc]
    """Puts a footnote on the page that it is drawn on; takes no room."""

    def __init__(self, mark: str, text: str) -> None:
        super().__init__()
        self.mark, self.text = mark, text

    def wrap(self, *_: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        self.canv._doctemplate.notes.append((self.mark, self.text))


class _Aside(Flowable):  # type: ignore[misc]
    """A note in the left margin, beside what comes next."""

    def __init__(self, text: str, look: Look) -> None:
        super().__init__()
        style = ParagraphStyle(
            "side", fontName=ITALIC[look.font], fontSize=look.size * 0.85, leading=look.size, alignment=TA_LEFT
        )
        self.paragraph = Paragraph(escape(text), style)

    def wrap(self, *_: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        _, used = self.paragraph.wrap(38 * mm, 200)
        self.paragraph.drawOn(self.canv, -44 * mm, -used)


def _story(title: str, items: Sequence[Piece], look: Look) -> list[Flowable]:
    style = style_of(look)
    story: list[Flowable] = [NextPageTemplate("later")]
    if look.cover:
        story += [Spacer(1, 180), Paragraph(_marked(title, look), style["title"]), PageBreak()]
        story += _contents(items, look, style)
    elif look.letter:
        story += [Paragraph(line, style["right"]) for line in ("Regional Office", "1 March 2024")]
        story += [Spacer(1, 12), Paragraph(_marked(title, look), style["title"])]
    else:
        story.append(Paragraph(_marked(title, look), style["title"]))
        if look.columns > 1:
            story.append(FrameBreak())
    section: list[Flowable] = []
    for piece in items:
        if piece.kind == "heading" and look.boxed:
            story += _box(section)
            section = []
            story.append(_bar(piece, look, style))
            continue
        made = _flowables(piece, look, style)
        if look.boxed and piece.kind != "table":
            section += made
        else:
            story += _box(section) + made
            section = []
    return story + _box(section)


def _flowables(piece: Piece, look: Look, style: dict[str, ParagraphStyle]) -> list[Flowable]:
    text = _marked(piece.text, look)
    makers: dict[str, Callable[[], list[Flowable]]] = {
        "heading": lambda: [
            *([_Aside("For the panel: see also the plan.", look)] if look.side_notes and piece.depth == 1 else []),
            Paragraph(text, style[f"h{min(piece.depth, 3)}"]),
        ],
        "struck": lambda: [Paragraph(f"<strike>{text}</strike>", style["body"])],
        "footnote": lambda: [_Note(piece.marker or "1", piece.text)],
        "table": lambda: _table(piece, look, style),
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


def _table(piece: Piece, look: Look, style: dict[str, ParagraphStyle]) -> list[Flowable]:
    _, right, _, left = (margin * mm for margin in look.margins)
    room = (look.page[0] - left - right - (8 * mm) * (look.columns - 1)) / look.columns
    columns = len(piece.rows[0])
    weights = [max(6.0, min(40.0, sum(len(row[i]) for row in piece.rows) / len(piece.rows))) for i in range(columns)]
    least = [13 + _longest(row[i] for row in piece.rows) * look.size * 0.5 for i in range(columns)]
    if sum(least) > room:
        # Too many columns for the room: smaller type, as a typist would do.
        return _table(piece, replace(look, size=look.size * 0.88), style_of(replace(look, size=look.size * 0.88)))
    free = max(room - sum(least), 0)
    widths = [low + free * weight / sum(weights) for low, weight in zip(least, weights, strict=True)]
    widths = [width * room / sum(widths) for width in widths]
    rows = [
        [Paragraph(_marked(cell, look), style["head" if piece.headed and index == 0 else "cell"]) for cell in row]
        for index, row in enumerate(piece.rows)
    ]
    table = Table(rows, widths, repeatRows=1 if piece.headed else 0, splitByRow=1, splitInRow=0)
    commands: list[tuple[Any, ...]] = [("VALIGN", (0, 0), (-1, -1), "TOP")]
    if look.ruled:
        commands.append(("GRID", (0, 0), (-1, -1), 0.5, colors.black))
    else:
        commands += [
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.grey),
            ("LINEABOVE", (0, 0), (-1, 0), 0.8, colors.black),
        ]
    if piece.headed:
        commands.append(("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#d9e2ec")))
    table.setStyle(TableStyle(commands))
    return [Spacer(1, 4), table, Spacer(1, 10)]


def _longest(texts: Iterable[str]) -> int:
    """The length of the longest word, so that no column is too narrow for it."""
    return max((len(word) for text in texts for word in text.split()), default=1)


def _bar(piece: Piece, look: Look, style: dict[str, ParagraphStyle]) -> Flowable:
    """A heading in a shaded bar."""
    table = Table([[Paragraph(_marked(piece.text, look), style[f"h{min(piece.depth, 3)}"])]], ["100%"])
    table.setStyle(
        TableStyle(
            [("BACKGROUND", (0, 0), (-1, -1), colors.HexColor("#cfd8dc")), ("BOX", (0, 0), (-1, -1), 0.7, colors.black)]
        )
    )
    table.keepWithNext = 1
    return table


def _box(section: list[Flowable]) -> list[Flowable]:
    """Each flowable in a cell of one boxed column, so that boxes may run over pages."""
    if not section:
        return []
    table = Table([[item] for item in section if not isinstance(item, _Note)], ["100%"], splitInRow=1)
    lines = [("BOX", (0, 0), (-1, -1), 0.7, colors.black), ("BOTTOMPADDING", (0, 0), (-1, -1), 0)]
    table.setStyle(TableStyle(lines))
    return [table, *(item for item in section if isinstance(item, _Note)), Spacer(1, 6)]


def _contents(items: Sequence[Piece], look: Look, style: dict[str, ParagraphStyle]) -> list[Flowable]:
    story: list[Flowable] = [Paragraph("Contents", style["h1"])]
    for number, piece in enumerate(item for item in items if item.kind == "heading" and item.depth <= 2):
        dots = "." * max(6, 90 - len(piece.text))
        story.append(Paragraph(f"{_marked(piece.text, look)} {dots} {3 + number // 4}", style["entry"]))
    return [*story, PageBreak()]


def _marked(text: str, look: Look) -> str:
    """`text` for reportlab's paragraphs, with typographic quotation marks where the layout has them."""
    return escape(curled(text) if look.curly else text)


def curled(text: str) -> str:
    """Straight quotation marks made typographic: opening after a space or at the start, else closing."""
    made: list[str] = []
    for index, char in enumerate(text):
        opens = index == 0 or text[index - 1] in " ([—–-"
        if char == '"':
            char = "“" if opens else "”"
        elif char == "'":
            char = "‘" if opens else "’"
        made.append(char)
    return "".join(made)
