"""Lines of a column from the fragments of a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from sfo_nlp.extract.pages import Fragment, PageText


@dataclass(slots=True)
class Line:
    """A line of a column as indices of the page's words, with its type and the column's edges."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    words: list[int]
    text: str
    size: float
    bold: bool
    italic: bool
    indent: float
    left: float = 0.0
    right: float = 0.0
    region: int = 0


def column_lines(page: PageText, pieces: Sequence[Fragment], edges: tuple[float, float] | None = None) -> list[Line]:
    """Join fragments that share a line and tell every line its column's edges."""
    rows: list[list[Fragment]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.top + piece.bottom, piece.x0)):
        if rows:
            last = rows[-1][-1]
            overlap = min(last.bottom, piece.bottom) - max(last.top, piece.top)
            if overlap > 0.55 * min(last.bottom - last.top, piece.bottom - piece.top):
                rows[-1].append(piece)
                continue
        rows.append([piece])
    lines = [_line(page, sorted(row, key=lambda piece: piece.x0)) for row in rows]
    left, right = edges or (min(line.x0 for line in lines), max(line.x1 for line in lines))
    for line in lines:
        line.left, line.right = left, right
    return lines


def _line(page: PageText, row: list[Fragment]) -> Line:
    """The line that a row's fragments make, from the left; most rows are one fragment."""
    first, *others = row
    line = Line(
        page=page.number,
        x0=first.x0,
        top=first.top,
        x1=first.x1,
        bottom=first.bottom,
        words=list(range(first.first, first.last)),
        text=" ".join(page.words[first.first : first.last]),
        size=first.size,
        bold=first.bold,
        italic=first.italic,
        # Where the text starts after a marker that stands apart.
        indent=others[0].x0 if others else first.x0,
    )
    if others:
        widest = max(row, key=lambda piece: piece.x1 - piece.x0)
        line.size, line.italic = widest.size, widest.italic
    for piece in others:
        line.top, line.x1, line.bottom = min(line.top, piece.top), piece.x1, max(line.bottom, piece.bottom)
        line.words += range(piece.first, piece.last)
        line.text += " " + " ".join(page.words[piece.first : piece.last])
        line.bold = line.bold and piece.bold
    return line
