"""Reading order of a page: one column or several, notes at the side, tables without ruling lines."""

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Literal

from sfo_nlp.extract.markers import is_marker
from sfo_nlp.extract.pages import Fragment, PageText

NARROW, FULL = 0.24, 0.5


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
    pitch: float = 0.0


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


@dataclass(slots=True)
class Region:
    """A column's worth of lines and tables in reading order; an aside stands beside the text."""

    items: list[Line | TableBox]
    kind: Literal["flow", "aside"] = "flow"


Piece = Fragment | TableBox


def regions(page: PageText, dropped: frozenset[int] = frozenset()) -> list[Region]:
    """The page's text in reading order. `dropped` are indices of fragments to pass over (running headers, ...)."""
    kept = [piece for index, piece in enumerate(page.fragments) if index not in dropped]
    free = [piece for piece in kept if piece.cell < 0]
    beside = _margin_notes(page, free)
    free = [piece for piece in free if id(piece) not in beside]
    found = _split(page, [*free, *ruled_tables(page, kept)], depth=0)
    flow = [region for region in found if region.kind == "flow"]
    notes = [piece for piece in kept if id(piece) in beside]
    asides = [region for region in found if region.kind == "aside"]
    return [*flow, *asides, *([Region(_lines(page, notes), "aside")] if notes else [])]


def _margin_notes(page: PageText, pieces: Sequence[Fragment]) -> set[int]:
    """Pieces beside the text in smaller or slanted type, by identity."""
    weight: Counter[tuple[float, bool]] = Counter()
    starts: Counter[int] = Counter()
    for piece in pieces:
        weight[round(piece.size, 1), piece.italic] += piece.last - piece.first
    if len(weight) < 2:
        return set()
    size, italic = max(weight, key=weight.__getitem__)
    text = [piece for piece in pieces if abs(piece.size - size) < 0.2 and piece.italic == italic]
    for piece in text:
        starts[round(piece.x0 / 4)] += piece.last - piece.first
    left = 4.0 * min(start for start, count in starts.items() if count >= 0.15 * starts.total())
    right = max(piece.x1 for piece in text)
    return {
        id(piece)
        for piece in pieces
        if (piece.x1 < left - 3 or piece.x0 > right + 3)
        and (piece.size < 0.93 * size or piece.italic != italic)
        and not is_marker(_text(page, piece))
    }


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
        tables[number].cells[row, column] = _column(page, inside, edges=(x0, x1))
    return [table for table in tables.values() if table.cells]


def _split(page: PageText, pieces: Sequence[Piece], *, depth: int) -> list[Region]:
    """Cut `pieces` at gutters, first the bands between lines that cross the gutter, then left before right."""
    gutter = _gutter(pieces) if depth < 4 else None
    if gutter is None:
        return [Region(_lines(page, pieces))] if pieces else []
    found: list[Region] = []
    plain: list[Piece] = []
    for across, left, right in _bands(pieces, gutter):
        kind = _kind(page, left, right) if left and right else "rows"
        if kind == "rows":
            plain += [*left, *right]
        else:
            if plain:
                found += _split(page, plain, depth=depth + 1)
                plain = []
            found += _place(page, kind, left, right, depth)
        plain += across
    return found + (_split(page, plain, depth=depth + 1) if plain else [])


def _place(page: PageText, kind: str, left: list[Piece], right: list[Piece], depth: int) -> list[Region]:
    if kind == "table":
        table = text_table(page, [piece for piece in [*left, *right] if isinstance(piece, Fragment)])
        return [Region([table])]
    if kind in ("left_note", "right_note"):
        note, text = (left, right) if kind == "left_note" else (right, left)
        return [*_split(page, text, depth=depth + 1), Region(_lines(page, note), "aside")]
    return [*_split(page, left, depth=depth + 1), *_split(page, right, depth=depth + 1)]


def _gutter(pieces: Sequence[Piece]) -> float | None:
    """The left edge of a second column, or None: an x at which several pieces start beside others."""
    if len(pieces) < 4:
        return None
    low, high = min(piece.x0 for piece in pieces), max(piece.x1 for piece in pieces)
    starts: Counter[int] = Counter()
    for piece in pieces:
        if low + 40 < piece.x0 < high - 30:
            starts[int(piece.x0 // 4)] += _rows(piece)
    best, best_score = None, 3
    for bin_ in sorted(starts):
        if starts[bin_] + starts.get(bin_ + 1, 0) < 2:
            continue
        edge = min(piece.x0 for piece in pieces if int(piece.x0 // 4) == bin_)
        score = sum(
            sum(map(_rows, [*left, *right]))
            for _, left, right in _bands(pieces, edge)
            if _least(left, right) >= 2 and _beside(left, right)
        )
        if score > best_score * 1.15:
            best, best_score = edge, score
    if best is None:
        return None
    # Headings of the second column may stand further left than the lists below them.
    reach = max((piece.x1 for piece in pieces if piece.x1 <= best - 2), default=low)
    return min(piece.x0 for piece in pieces if piece.x0 > reach + 2)


def _bands(pieces: Sequence[Piece], edge: float) -> list[tuple[list[Piece], list[Piece], list[Piece]]]:
    """(crossing, left, right) from top to bottom: each band holds what stands above the crossing lines after it."""
    bands: list[tuple[list[Piece], list[Piece], list[Piece]]] = [([], [], [])]
    for piece in sorted(pieces, key=lambda piece: (piece.top + piece.bottom) / 2):
        if piece.x1 <= edge - 2:
            side = 1
        elif piece.x0 >= edge - 3:
            side = 2
        else:
            side = 0
        if side == 0:
            bands.append(([], [], []))
            bands[-2][0].append(piece)
        else:
            bands[-1][side].append(piece)
    return bands


def _rows(piece: Piece) -> int:
    """How many lines a piece weighs: a table as many as it is tall."""
    return max(1, int((piece.bottom - piece.top) / 14)) if isinstance(piece, TableBox) else 1


def _least(left: Sequence[Piece], right: Sequence[Piece]) -> int:
    return min(sum(map(_rows, left)), sum(map(_rows, right)))


def _beside(left: Sequence[Piece], right: Sequence[Piece]) -> bool:
    """Whether the two sides stand beside each other and not one above the other."""
    top = max(min(piece.top for piece in left), min(piece.top for piece in right))
    bottom = min(max(piece.bottom for piece in left), max(piece.bottom for piece in right))
    return bottom > top


def _kind(page: PageText, left: Sequence[Piece], right: Sequence[Piece]) -> str:
    """What two sides of a gutter are: columns, rows of one column, a table, a note at either side."""
    if _least(left, right) < 2 or not _beside(left, right):
        return "rows"
    texts = [_text(page, piece) for piece in left if isinstance(piece, Fragment)]
    if texts and sum(map(is_marker, texts)) >= 0.6 * len(texts):
        return "rows"
    if any(isinstance(piece, TableBox) for piece in [*left, *right]):
        return "columns"
    width = page.width or 595.0
    sides = [_measure(left), _measure(right)]
    (left_width, left_fill, left_size), (right_width, right_fill, right_size) = sides
    if left_width < NARROW * width and left_size < 0.93 * right_size and len(right) >= len(left):
        return "left_note"
    if right_width < NARROW * width and right_size < 0.93 * left_size and len(left) >= len(right):
        return "right_note"
    enough = min(len(left), len(right)) >= 3 and min(left_width, right_width) >= NARROW * width
    if enough and min(left_fill, right_fill) >= FULL and not _paired(left, right):
        return "columns"
    tops = [piece.top for piece in right]
    aligned = sum(any(abs(piece.top - top) < 3 for top in tops) for piece in left)
    if aligned >= 0.6 * len(left) and len(left) >= 3:
        return "table"
    return "columns" if enough and min(left_fill, right_fill) >= 0.35 else "rows"


def _paired(left: Sequence[Piece], right: Sequence[Piece]) -> bool:
    """Whether the sides are records: gaps between their rows fall on the same heights on both sides."""
    gaps = []
    for side in (left, right):
        ordered = sorted(side, key=lambda piece: piece.top)
        steps = [b.top - a.top for a, b in itertools.pairwise(ordered) if b.top - a.top > 2]
        usual = median(steps) if steps else 12.0
        gaps.append([b.top for a, b in itertools.pairwise(ordered) if b.top - a.top > 1.25 * usual])
    if min(map(len, gaps)) < 2:
        return False
    shared = sum(any(abs(here - there) < 3 for there in gaps[1]) for here in gaps[0])
    return shared >= 0.7 * len(gaps[0])


def _measure(pieces: Sequence[Piece]) -> tuple[float, float, float]:
    """Width of a side, the share of it that its usual line fills, and its usual type size."""
    low, high = min(piece.x0 for piece in pieces), max(piece.x1 for piece in pieces)
    rows: dict[int, list[float]] = {}
    for piece in pieces:
        edges = rows.setdefault(round((piece.top + piece.bottom) / 10), [piece.x0, piece.x1])
        edges[0], edges[1] = min(edges[0], piece.x0), max(edges[1], piece.x1)
    fill = median((end - start) / max(high - low, 1.0) for start, end in rows.values())
    sizes = [piece.size for piece in pieces if isinstance(piece, Fragment)]
    return high - low, fill, median(sizes) if sizes else 10.0


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
        table.cells[row, column] = _column(page, inside, edges=(edges[column], right))
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


def _lines(page: PageText, pieces: Sequence[Piece]) -> list[Line | TableBox]:
    """Lines and tables from top to bottom."""
    text = [piece for piece in pieces if isinstance(piece, Fragment)]
    tables = [piece for piece in pieces if isinstance(piece, TableBox)]
    items: list[Line | TableBox] = [*(_column(page, text) if text else ()), *tables]
    return sorted(items, key=lambda item: (item.top + item.bottom) / 2) if tables else items


def _column(page: PageText, pieces: Sequence[Fragment], edges: tuple[float, float] | None = None) -> list[Line]:
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
    words = [index for piece in row for index in range(piece.first, piece.last)]
    widest = max(row, key=lambda piece: piece.x1 - piece.x0)
    return Line(
        page=page.number,
        x0=row[0].x0,
        top=min(piece.top for piece in row),
        x1=row[-1].x1,
        bottom=max(piece.bottom for piece in row),
        words=words,
        text=" ".join([page.words[index] for index in words]),
        size=widest.size,
        bold=all(piece.bold for piece in row),
        italic=widest.italic,
        # Where the text starts after a marker that stands apart.
        indent=row[1].x0 if len(row) > 1 else row[0].x0,
    )


def _text(page: PageText, piece: Fragment) -> str:
    return " ".join(page.words[piece.first : piece.last])
