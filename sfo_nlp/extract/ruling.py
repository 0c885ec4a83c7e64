"""Tables from ruling lines: the lines of a page become grids of cells, spanning cells included.

The lines are PDFium's, joined and closed here; the cells are pdfplumber's (see docs/decisions/0021-ruled-tables.md).
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

import numpy as np
import numpy.typing as npt
from pdfplumber.table import edges_to_intersections, intersections_to_cells

SNAP, MOST_LINES, MOST_SLOTS = 3.0, 1_500, 2_500
Boxes = npt.NDArray[np.float32]
Slot = tuple[tuple[int, int], tuple[float, float, float, float]]


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of all ruled tables of a page: `boxes` (n, 4), `places` (table of the page, row, column) of each."""

    boxes: Boxes = field(default_factory=lambda: np.zeros((0, 4), np.float32))
    places: tuple[tuple[int, int, int], ...] = ()


def find_cells(rules: Boxes) -> Grid:
    """Cells of every network of crossing lines that has at least two columns."""
    wide, high = rules[:, 2] - rules[:, 0], rules[:, 3] - rules[:, 1]
    flat = _joined(rules[(wide >= high) & (wide > 8)], along=0)
    upright = _joined(rules[(high > wide) & (high > 5)], along=1)
    if not (0 < len(flat) <= MOST_LINES and 0 < len(upright) <= MOST_LINES):
        return Grid()
    boxes: list[tuple[float, float, float, float]] = []
    places: list[tuple[int, int, int]] = []
    tables = 0
    for h, v in _networks(flat, upright):
        cells = _without_title(list(_cells(flat[h], upright[v])))
        if len({row for (row, _), _ in cells}) < len(cells) and len(cells) > 1:
            boxes += [box for _, box in cells]
            places += [(tables, row, column) for (row, column), _ in cells]
            tables += 1
    return Grid(np.array(boxes, np.float32).reshape(-1, 4), tuple(places))


def _without_title(cells: list[Slot]) -> list[Slot]:
    """The cells below any rows that are one cell over the whole width: those are titles, not records."""
    if not cells:
        return cells
    right = max(box[2] for _, box in cells)
    for row in sorted({place[0] for place, _ in cells}):
        held = [box for place, box in cells if place[0] == row]
        if len(held) > 1 or held[0][2] < right - SNAP:
            return [((place[0] - row, place[1]), box) for place, box in cells if place[0] >= row]
    return []


def open_cells(rules: Boxes, words: Boxes, grid: Grid) -> Grid:
    """`grid` and the cells of tables that have lines between their rows only: columns are where no word stands."""
    wide, high = rules[:, 2] - rules[:, 0], rules[:, 3] - rules[:, 1]
    flat = _joined(rules[(wide >= high) & (wide > 60)], along=0)
    if len(flat) < 3 or len(flat) > MOST_LINES or not len(words):
        return grid
    boxes, places = grid.boxes.tolist(), list(grid.places)
    for lines in _stacks(flat):
        ys = [line[0] for line in lines]
        left, right = min(line[1] for line in lines), max(line[2] for line in lines)
        x, y = (words[:, 0] + words[:, 2]) / 2, (words[:, 1] + words[:, 3]) / 2
        inside = words[(x > left) & (x < right) & (y > ys[0]) & (y < ys[-1])]
        taken = any(ys[0] - SNAP < box[3] and box[1] < ys[-1] + SNAP for box in boxes)
        edges = _gaps(inside, left, right)
        rows = [row for row in itertools.pairwise(ys) if ((inside[:, 1] < row[1]) & (inside[:, 3] > row[0])).any()]
        if taken or len(edges) < 3 or len(rows) < 2:
            continue
        table = 1 + max((place[0] for place in places), default=-1)
        for row, (top, bottom) in enumerate(rows):
            for column, (x0, x1) in enumerate(itertools.pairwise(edges)):
                boxes.append((x0, top, x1, bottom))
                places.append((table, row, column))
    return Grid(np.array(boxes, np.float32).reshape(-1, 4), tuple(places))


def _stacks(flat: Boxes) -> list[list[tuple[float, float, float]]]:
    """Groups of three lines or more that start and end at the same places, one below the other."""
    groups: list[list[tuple[float, float, float]]] = []
    for y, x0, x1 in flat.tolist():
        for group in groups:
            if abs(group[-1][1] - x0) < SNAP and abs(group[-1][2] - x1) < SNAP:
                group.append((y, x0, x1))
                break
        else:
            groups.append([(y, x0, x1)])
    return [group for group in groups if len(group) > 2]


def _gaps(words: Boxes, left: float, right: float) -> list[float]:
    """The edges of columns: `left`, the middles of upright stretches free of words, `right`."""
    if not len(words):
        return []
    edges, reach = [left], float(words[:, 0].min())
    for x0, _, x1, _ in words[np.argsort(words[:, 0])].tolist():
        if x0 - reach > 7:
            edges.append(x0 - 2)
        reach = max(reach, x1)
    return [*edges, right]


def _joined(lines: Boxes, *, along: int) -> Boxes:
    """Lines as (position, start, end), those on one position that touch joined; `along` is the axis they run on."""
    across = 1 - along
    rows = sorted(
        zip(
            ((lines[:, across] + lines[:, across + 2]) / 2).tolist(),
            lines[:, along].tolist(),
            lines[:, along + 2].tolist(),
            strict=True,
        )
    )
    groups: list[list[tuple[float, float, float]]] = []
    for row in rows:
        if groups and row[0] - groups[-1][0][0] <= SNAP:
            groups[-1].append(row)
        else:
            groups.append([row])
    joined: list[tuple[float, float, float]] = []
    for group in groups:
        position = sum(row[0] for row in group) / len(group)
        _, start, end = min(group, key=lambda row: row[1])
        for _, low, top in sorted(group, key=lambda row: row[1]):
            if low > end + SNAP:
                joined.append((position, start, end))
                start, end = low, top
            end = max(end, top)
        joined.append((position, start, end))
    return np.array(joined, np.float32).reshape(-1, 3)


def _networks(flat: Boxes, upright: Boxes) -> Iterator[tuple[list[int], list[int]]]:
    """Groups of lines that cross or touch, as indices into both arrays."""
    y, x = flat[:, :1], upright[:, 0]
    touch = (x >= flat[:, 1:2] - SNAP) & (x <= flat[:, 2:3] + SNAP)
    touch &= (y >= upright[:, 1] - SNAP) & (y <= upright[:, 2] + SNAP)
    unseen = set(range(len(flat)))
    while unseen:
        h, v, edge = set[int](), set[int](), {unseen.pop()}
        while edge:
            h |= edge
            crossing = set(np.flatnonzero(touch[list(edge)].any(axis=0)).tolist()) - v
            v |= crossing
            edge = set(np.flatnonzero(touch[:, list(crossing)].any(axis=1)).tolist()) - h if crossing else set()
        unseen -= h
        if v and (len(h) > 1 or len(v) > 2):
            yield sorted(h), sorted(v)


def _cells(flat: Boxes, upright: Boxes) -> Iterator[Slot]:
    """((row, column), box) of every cell: slots of the full grid, joined where no line parts them."""
    # A row that goes on over the page has no line at its end: the upright ones tell how far it reaches.
    # (`statistics`, since numpy's median loads a module when first called, which the bound reader cannot.)
    ends = [median(upright[:, 1].tolist()), median(upright[:, 2].tolist())] if len(upright) > 2 else []
    ys = _positions([*flat[:, 0].tolist(), *(y for y in ends if not flat[:, 0].min() - 8 <= y <= flat[:, 0].max() + 8)])
    xs = _positions([*upright[:, 0].tolist(), float(flat[:, 1].min()), float(flat[:, 2].max())])
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 2 or rows * columns > MOST_SLOTS:
        return
    found = intersections_to_cells(edges_to_intersections(_edges(flat, upright, xs, ys)))
    yield from sorted(((ys.index(box[1]), xs.index(box[0])), box) for box in found)


def _edges(flat: Boxes, upright: Boxes, xs: list[float], ys: list[float]) -> list[dict[str, object]]:
    """The lines as pdfplumber's edges, moved to the grid's positions, with the outline drawn if it was not."""
    lines = [("h", x0, y, x1, y) for y, x0, x1 in flat.tolist()]
    lines += [("v", x, y0, x, y1) for x, y0, y1 in upright.tolist()]
    lines += [("h", xs[0], y, xs[-1], y) for y in (ys[0], ys[-1])]
    lines += [("v", x, ys[0], x, ys[-1]) for x in (xs[0], xs[-1])]
    return [
        _edge(way, _nearest(x0, xs), _nearest(y0, ys), _nearest(x1, xs), _nearest(y1, ys))
        for way, x0, y0, x1, y1 in lines
    ]


def _edge(orientation: str, x0: float, top: float, x1: float, bottom: float) -> dict[str, object]:
    return {"orientation": orientation, "x0": x0, "top": top, "x1": x1, "bottom": bottom}


def _nearest(value: float, positions: list[float]) -> float:
    return min(positions, key=lambda position: abs(position - value))


def _positions(values: "npt.NDArray[np.float32] | list[float]") -> list[float]:
    """Sorted positions, those nearer than the snap distance taken as one."""
    found: list[float] = []
    for value in sorted(float(value) for value in values):
        if not found or value - found[-1] > SNAP:
            found.append(value)
    return found
