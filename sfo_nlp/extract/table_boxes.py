"""Tables where they stand on a page: with ruling lines, or by the common edges of their columns."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sfo_nlp.extract.lines import Line, column_lines
from sfo_nlp.extract.pages import Fragment, PageText


@dataclass(slots=True)
class TableBox:
    """A table where it stands on its page: its lines by (row, column), and the left edges of its columns."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    cells: dict[tuple[int, int], list[Line]] = field(default_factory=dict)
    edges: tuple[float, ...] = ()
    ruled: bool = True


def ruled_tables(page: PageText, pieces: Iterable[Fragment]) -> list[TableBox]:
    """The ruled tables of a page that hold text, with the lines of every cell."""
    tables: dict[int, TableBox] = {}
    for place, box in zip(page.grid.places, page.grid.boxes.tolist(), strict=True):
        table = tables.setdefault(place[0], TableBox(page.number, *box))
        table.x0, table.top = min(table.x0, box[0]), min(table.top, box[1])
        table.x1, table.bottom = max(table.x1, box[2]), max(table.bottom, box[3])
        table.edges = tuple(sorted({*table.edges, round(box[0], 1)}))
    held: dict[int, list[Fragment]] = {}
    for piece in pieces:
        if piece.cell >= 0:
            held.setdefault(piece.cell, []).append(piece)
    for cell, inside in held.items():
        number, row, column = page.grid.places[cell]
        x0, _, x1, _ = page.grid.boxes[cell].tolist()
        tables[number].cells[row, column] = column_lines(page, inside, edges=(x0, x1))
    return [table for table in tables.values() if table.cells]


def text_table(page: PageText, pieces: Sequence[Fragment]) -> TableBox:
    """A table without lines: columns by common left edges, rows by wide gaps or by the first column's entries."""
    edges = _column_edges(pieces)
    column_of = [max(index for index, edge in enumerate(edges) if index == 0 or p.x0 >= edge - 3) for p in pieces]
    rows = _row_tops(pieces, column_of)
    grid: dict[tuple[int, int], list[Fragment]] = {}
    for piece, column in zip(pieces, column_of, strict=True):
        row = sum(piece.top >= top - 2 for top in rows) - 1
        grid.setdefault((max(row, 0), column), []).append(piece)
    x1, bottom = max(piece.x1 for piece in pieces), max(piece.bottom for piece in pieces)
    table = TableBox(page.number, edges[0], min(p.top for p in pieces), x1, bottom, edges=tuple(edges), ruled=False)
    for (row, column), inside in grid.items():
        right = edges[column + 1] - 4 if column + 1 < len(edges) else x1
        table.cells[row, column] = column_lines(page, inside, edges=(edges[column], right))
    return table


def _column_edges(pieces: Sequence[Fragment]) -> list[float]:
    edges: list[float] = []
    for x in sorted(piece.x0 for piece in pieces):
        near = sum(abs(piece.x0 - x) < 4 for piece in pieces)
        crossing = sum(piece.x0 < x - 4 and piece.x1 > x + 1 for piece in pieces)
        if near >= 2 and crossing <= 0.1 * len(pieces) and (not edges or x - edges[-1] > 25):
            edges.append(x)
    return edges or [min(piece.x0 for piece in pieces)]


def _row_tops(pieces: Sequence[Fragment], column_of: Sequence[int]) -> list[float]:
    tops = sorted({round(piece.top, 1) for piece in pieces})
    steps = [b - a for a, b in itertools.pairwise(tops) if b - a > 3]
    usual = min(steps) if steps else 12.0
    wide = [tops[0], *(b for a, b in itertools.pairwise(tops) if b - a > 1.22 * usual)]
    firsts = sorted(
        (piece for piece, column in zip(pieces, column_of, strict=True) if column == 0), key=lambda piece: piece.top
    )
    # A first column that wraps has lines close to each other: only what stands apart opens a row.
    opening = [
        piece.top
        for index, piece in enumerate(firsts)
        if index == 0 or piece.top - firsts[index - 1].bottom > 0.5 * (piece.bottom - piece.top)
    ]
    if len(wide) >= max(2, 0.9 * len(opening)):
        return wide
    return [tops[0], *(top for top in opening if top > tops[0] + 3)]
