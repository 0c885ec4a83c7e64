"""Tables from ruling lines: the lines of a page become grids of cells, spanning cells included.

pdfplumber's finder gives the same cells; ours works on whole arrays (see docs/decisions/0021-ruled-tables.md).
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

import numpy as np
import numpy.typing as npt

SNAP, MOST_LINES, MOST_SLOTS = 3.0, 1_500, 20_000
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
    above = _drawn(flat, ys, xs)
    beside = _drawn(upright, xs, ys).T
    # A table without lines at its sides is closed there all the same.
    beside[:, 0] = beside[:, -1] = True
    above[0] = above[-1] = True
    seen = np.zeros((rows, columns), np.bool_)
    for row in range(rows):
        for column in range(columns):
            if seen[row, column]:
                continue
            right, down = column + 1, row + 1
            while right < columns and not beside[row, right] and not seen[row, right]:
                right += 1
            while down < rows and not above[down, column:right].any() and not seen[down, column:right].any():
                down += 1
            seen[row:down, column:right] = True
            if above[row, column:right].any() or above[down, column:right].any():
                yield (row, column), (xs[column], ys[row], xs[right], ys[down])


def _positions(values: "npt.NDArray[np.float32] | list[float]") -> list[float]:
    """Sorted positions, those nearer than the snap distance taken as one."""
    found: list[float] = []
    for value in sorted(float(value) for value in values):
        if not found or value - found[-1] > SNAP:
            found.append(value)
    return found


def _drawn(lines: Boxes, positions: list[float], stops: list[float]) -> npt.NDArray[np.bool_]:
    """(positions, stops - 1): whether a line at each position covers each stretch between two stops."""
    middles = (np.array(stops[:-1]) + np.array(stops[1:])) / 2
    drawn = np.zeros((len(positions), len(middles)), np.bool_)
    at = np.array(positions)
    for position, start, end in lines.tolist():
        index = int(np.abs(at - position).argmin())
        if abs(at[index] - position) <= 2 * SNAP:
            drawn[index] |= (middles > start) & (middles < end)
    return drawn
