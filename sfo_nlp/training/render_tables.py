"""What a rendered PDF sets in cells: tables, headings in a bar, sections in a box."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Spacer, Table, TableStyle

from sfo_nlp.training.pieces import Piece
from sfo_nlp.training.render_looks import Look, marked, style_of
from sfo_nlp.training.render_pages import Note


def table_of(piece: Piece, look: Look, style: dict[str, ParagraphStyle]) -> list[Flowable]:
    """A table as wide as its column of the page, no cell narrower than its longest word."""
    _, right, _, left = (margin * mm for margin in look.margins)
    room = (look.page[0] - left - right - (8 * mm) * (look.columns - 1)) / look.columns
    columns = len(piece.rows[0])
    weights = [max(6.0, min(40.0, sum(len(row[i]) for row in piece.rows) / len(piece.rows))) for i in range(columns)]
    least = [13 + _longest(row[i] for row in piece.rows) * look.size * 0.5 for i in range(columns)]
    if sum(least) > room:
        # Too many columns for the room: smaller type, as a typist would do.
        return table_of(piece, replace(look, size=look.size * 0.88), style_of(replace(look, size=look.size * 0.88)))
    free = max(room - sum(least), 0)
    widths = [low + free * weight / sum(weights) for low, weight in zip(least, weights, strict=True)]
    widths = [width * room / sum(widths) for width in widths]
    rows = [
        [Paragraph(marked(cell, look), style["head" if piece.headed and index == 0 else "cell"]) for cell in row]
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


def heading_bar(piece: Piece, look: Look, style: dict[str, ParagraphStyle]) -> Flowable:
    """A heading in a shaded bar."""
    table = Table([[Paragraph(marked(piece.text, look), style[f"h{min(piece.depth, 3)}"])]], ["100%"])
    table.setStyle(
        TableStyle(
            [("BACKGROUND", (0, 0), (-1, -1), colors.HexColor("#cfd8dc")), ("BOX", (0, 0), (-1, -1), 0.7, colors.black)]
        )
    )
    table.keepWithNext = 1
    return table


def boxed(section: list[Flowable]) -> list[Flowable]:
    """Each flowable in a cell of one boxed column, so that boxes may run over pages."""
    if not section:
        return []
    table = Table([[item] for item in section if not isinstance(item, Note)], ["100%"], splitInRow=1)
    lines = [("BOX", (0, 0), (-1, -1), 0.7, colors.black), ("BOTTOMPADDING", (0, 0), (-1, -1), 0)]
    table.setStyle(TableStyle(lines))
    return [table, *(item for item in section if isinstance(item, Note)), Spacer(1, 6)]
