"""The pages of a rendered PDF: frames, running lines, marking, notice, and what stands in the margins and foot."""

import io
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph

from sfo_nlp.training.render_looks import ITALIC, Look

NOTICE = "Fictional review"


def canvas(*args: Any, **options: Any) -> Canvas:
    """A canvas that draws the same bytes every time."""
    return Canvas(*args, **{**options, "invariant": 1, "pageCompression": 1})


class Template(BaseDocTemplate):  # type: ignore[misc]
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


class Note(Flowable):  # type: ignore[misc]
    """Puts a footnote on the page that it is drawn on; takes no room."""

    def __init__(self, mark: str, text: str) -> None:
        super().__init__()
        self.mark, self.text = mark, text

    def wrap(self, *_: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        self.canv._doctemplate.notes.append((self.mark, self.text))


class Aside(Flowable):  # type: ignore[misc]
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
