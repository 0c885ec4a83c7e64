"""Tables from ruling lines: the lines of a page become grids of cells, spanning cells included.

pdfplumber's finder gives the same cells; ours works on whole arrays (see docs/decisions/0021-ruled-tables.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

SNAP, MOST_LINES, MOST_SLOTS = 3.0, 1_500, 20_000
Boxes = npt.NDArray[np.float32]


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
    if not (1 < len(flat) <= MOST_LINES and 0 < len(upright) <= MOST_LINES):
        return Grid()
    boxes: list[tuple[float, float, float, float]] = []
    places: list[tuple[int, int, int]] = []
    tables = 0
    for h, v in _networks(flat, upright):
        cells = list(_cells(flat[h], upright[v]))
        if len({row for (row, _), _ in cells}) < len(cells) and len(cells) > 1:
            boxes += [box for _, box in cells]
            places += [(tables, row, column) for (row, column), _ in cells]
            tables += 1
    return Grid(np.array(boxes, np.float32).reshape(-1, 4), tuple(places))


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
        if len(h) > 1 and v:
            yield sorted(h), sorted(v)


def _cells(flat: Boxes, upright: Boxes) -> Iterator[tuple[tuple[int, int], tuple[float, float, float, float]]]:
    """((row, column), box) of every cell: slots of the full grid, joined where no line parts them."""
    ys = _positions(flat[:, 0])
    xs = _positions([*upright[:, 0].tolist(), float(flat[:, 1].min()), float(flat[:, 2].max())])
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 2 or rows * columns > MOST_SLOTS:
        return
    above = _drawn(flat, ys, xs)
    beside = _drawn(upright, xs, ys).T
    # A table without lines at its sides is closed there all the same.
    beside[:, 0] = beside[:, -1] = True
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
