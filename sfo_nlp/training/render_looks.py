"""The layouts in which corpus records are rendered as PDF: the paragraph styles and quotation marks of each."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle


@dataclass(frozen=True, slots=True)
class Look:
    """What sets one layout apart. Sizes in points, margins in millimetres."""

    name: str
    font: str = "Helvetica"
    size: float = 11.0
    lead: float = 1.3
    page: tuple[float, float] = A4
    margins: tuple[float, float, float, float] = (25, 25, 25, 25)
    columns: int = 1
    justified: bool = False
    hyphens: bool = False
    curly: bool = False
    header: str = ""
    footer: str = "Page {page} of {pages}"
    marking: str = ""
    boxed: bool = False
    side_notes: bool = False
    cover: bool = False
    letter: bool = False
    ruled: bool = True
    bullet: str = "•"
    indent_numbers: bool = True
    scale: tuple[float, float, float] = (1.45, 1.2, 1.08)


LOOKS = {
    look.name: look
    for look in (
        Look("numbered", marking="OFFICIAL-SENSITIVE", header="Serious Further Offence Review"),
        Look(
            "two_columns",
            font="Times-Roman",
            size=10,
            columns=2,
            justified=True,
            hyphens=True,
            curly=True,
            margins=(22, 18, 22, 18),
            header="Review of practice   |   North region",
            footer="{page}",
        ),
        Look(
            "word", font="Times-Roman", size=12, lead=1.2, curly=True, footer="{page} | Page", scale=(1.35, 1.15, 1.0)
        ),
        Look("letter", font="Times-Roman", size=12, lead=1.35, letter=True, footer="- {page} -", curly=True),
        Look(
            "form",
            size=10,
            boxed=True,
            margins=(18, 18, 18, 18),
            marking="OFFICIAL",
            header="Form SFO/4",
            scale=(1.15, 1.05, 1.0),
        ),
        Look(
            "small",
            font="Times-Roman",
            size=9,
            lead=1.22,
            side_notes=True,
            margins=(22, 22, 30, 60),
            curly=True,
            justified=True,
            bullet="–",
            footer="Page {page}",
        ),
        Look("landscape", page=landscape(A4), size=10, margins=(20, 20, 20, 20), header="Findings and actions"),
        Look(
            "report",
            size=11,
            cover=True,
            justified=True,
            ruled=False,
            header="Quality report",
            footer="{page}",
            scale=(1.7, 1.3, 1.1),
        ),
    )
}
BOLD = {"Helvetica": "Helvetica-Bold", "Times-Roman": "Times-Bold"}
ITALIC = {"Helvetica": "Helvetica-Oblique", "Times-Roman": "Times-Italic"}


def style_of(look: Look) -> dict[str, ParagraphStyle]:
    leading = look.size * look.lead
    body = ParagraphStyle(
        "body",
        fontName=look.font,
        fontSize=look.size,
        leading=leading,
        spaceAfter=leading * 0.5,
        alignment=TA_JUSTIFY if look.justified else TA_LEFT,
        hyphenationLang="en_GB" if look.hyphens else "",
        hyphenationMinWordLength=6,
    )
    styles = {
        "body": body,
        "cell": ParagraphStyle(
            "cell", body, fontSize=look.size * 0.92, leading=leading * 0.92, spaceAfter=2, alignment=0
        ),
        "head": ParagraphStyle("head", body, fontName=BOLD[look.font], alignment=0, fontSize=look.size * 0.92),
        "right": ParagraphStyle("right", body, alignment=2, spaceAfter=0),
        "entry": ParagraphStyle("entry", body, spaceAfter=2, alignment=0),
        "title": ParagraphStyle(
            "title",
            body,
            fontName=BOLD[look.font],
            fontSize=look.size * look.scale[0] * 1.15,
            leading=look.size * look.scale[0] * 1.4,
            spaceAfter=12,
            alignment=TA_CENTER if look.columns == 1 and not look.letter else TA_LEFT,
            hyphenationLang="",
        ),
    }
    for depth, scale in enumerate(look.scale, start=1):
        styles[f"h{depth}"] = ParagraphStyle(
            f"h{depth}",
            body,
            fontName=BOLD[look.font],
            fontSize=look.size * scale,
            leading=look.size * scale * 1.25,
            spaceBefore=leading * 0.7,
            spaceAfter=leading * 0.35,
            alignment=TA_LEFT,
            keepWithNext=1,
            hyphenationLang="",
        )
    return styles


def marked(text: str, look: Look) -> str:
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
