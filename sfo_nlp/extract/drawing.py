"""What is drawn on a PDF page besides text: ruling lines, filled boxes, pictures."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat

import numpy as np
import numpy.typing as npt

from sfo_nlp.extract import pdfium

THIN, SHORT = 2.6, 4.0
# A shape that is no line bounds a cell or shades a box only when a line of text fits into it.
SMALL = 7.0
MOVE = 2
MOST_PATHS, MOST_SEGMENTS, MOST_DEPTH = 4_000, 400, 4
Lines = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Ruling of a page in page space (origin bottom left).

    `rules` (n, 4) are thin lines as left, bottom, right, top; `fills` (m, 4) shaded boxes; `dark` (m,) whether a
    box is dark; `pictures` is the share of the page that pictures cover.
    """

    rules: Lines = field(default_factory=lambda: np.zeros((0, 4), np.float32))
    fills: Lines = field(default_factory=lambda: np.zeros((0, 4), np.float32))
    dark: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    pictures: float = 0.0
    objects: int = 0


def read_drawing(page: int, area: float) -> Drawing:
    """Walk the page's objects. Beyond `MOST_PATHS` paths it is a picture, not ruling, and none is reported."""
    items, types, matrices = _objects(page)
    total = len(items)
    if not items:
        return Drawing(objects=total)
    pictures = [item for item, kind in zip(items, types, strict=True) if kind == pdfium.IMAGE]
    share = 0.0
    if pictures:
        found = pdfium.bounds(pictures)
        share = float(np.abs((found[:, 2] - found[:, 0]) * (found[:, 3] - found[:, 1])).sum() / max(area, 1.0))
    paths = [(item, form) for item, form, kind in zip(items, matrices, types, strict=True) if kind == pdfium.PATH]
    if not 0 < len(paths) <= MOST_PATHS:
        return Drawing(pictures=share, objects=total)
    rules: list[tuple[float, float, float, float]] = []
    fills: list[tuple[float, float, float, float]] = []
    dark: list[bool] = []
    boxes = _placed(paths)
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    lines = np.minimum(wide, high) <= THIN
    ruled = lines & (np.maximum(wide, high) >= SHORT)
    shapes_at = np.flatnonzero(~lines & (np.minimum(wide, high) >= SMALL))
    ruled[shapes_at] = ~pdfium.curved([paths[place][0] for place in shapes_at.tolist()])
    for place in np.flatnonzero(ruled).tolist():
        item, matrix = paths[place]
        left, bottom, right, top = boxes[place].tolist()
        shapes = [(left, bottom, right, top)] if lines[place] else list(_straight(item, matrix))
        if not shapes:
            continue
        filled, stroked, color = pdfium.fill_of(item)
        light = min(color[:3]) >= 250 or color[3] < 8
        if filled and not stroked and light:
            continue
        if lines[place] or stroked:
            rules += shapes
        if filled and not light and not lines[place]:
            fills.append((left, bottom, right, top))
            dark.append(sum(color[:3]) < 330)
    return Drawing(_array(rules), _array(fills), np.array(dark, np.bool_), share, total)


def _placed(paths: Sequence[tuple[int, pdfium.Floats | None]]) -> Lines:
    """The bounds of paths (n, 4) on the page, after the matrix of the form that holds them."""
    boxes = pdfium.bounds([item for item, _ in paths])
    for place, matrix in [(place, matrix) for place, (_, matrix) in enumerate(paths) if matrix is not None]:
        boxes[place] = _moved(boxes[place].tolist(), matrix)
    return boxes


def _objects(page: int) -> tuple[list[int], list[int], list[pdfium.Floats | None]]:
    """The page's objects with those inside form objects, their types, and the matrix of the form that holds each."""
    items = _held(pdfium.page_object, page, pdfium.count_objects(page))
    types = list(map(pdfium.object_type, items))
    matrices: list[pdfium.Floats | None] = [None] * len(items)
    start = 0
    for _ in range(MOST_DEPTH):
        level = [place for place in range(start, len(items)) if types[place] == pdfium.FORM]
        start = len(items)
        for place in level:
            inner = _held(pdfium.form_object, items[place], pdfium.count_form_objects(items[place]))
            items += inner
            types += map(pdfium.object_type, inner)
            matrices += [_product(pdfium.matrix_of(items[place]), matrices[place])] * len(inner)
        if not level or len(items) > 50 * MOST_PATHS:
            break
    return items, types, matrices


def _held(getter: Callable[..., int | None], holder: int, count: int) -> list[int]:
    """The objects of a page or a form; 0 stands for one that cannot be had."""
    return [item or 0 for item in map(getter, repeat(holder), range(max(count, 0)))]


def _product(inner: pdfium.Floats, outer: pdfium.Floats | None) -> pdfium.Floats:
    if outer is None:
        return inner
    a, b, c, d, e, f = inner.tolist()
    g, h, i, j, k, m = outer.tolist()
    return np.array(
        [a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m], np.float32
    )


def _moved(box: Sequence[float], matrix: pdfium.Floats) -> tuple[float, float, float, float]:
    """A box's bounds after `matrix`."""
    left, bottom, right, top = box
    a, b, c, d, e, f = matrix.tolist()
    xs = [a * x + c * y + e for x in (left, right) for y in (bottom, top)]
    ys = [b * x + d * y + f for x in (left, right) for y in (bottom, top)]
    return min(xs), min(ys), max(xs), max(ys)


def _straight(item: int, form: pdfium.Floats | None) -> Iterator[tuple[float, float, float, float]]:
    """The horizontal and vertical strokes of a path, each as a flat box; none of a path that has a curve."""
    points = pdfium.straight_points(item, most=MOST_SEGMENTS)
    if not points:
        return
    a, b, c, d, e, f = _product(pdfium.matrix_of(item), form).tolist()
    shape: list[tuple[float, float]] = []
    for kind, x, y in [*points, (MOVE, 0.0, 0.0)]:
        if kind == MOVE and shape:
            yield from _strokes(shape)
            shape = []
        shape.append((a * x + c * y + e, b * x + d * y + f))


def _strokes(shape: list[tuple[float, float]]) -> Iterator[tuple[float, float, float, float]]:
    # Three lines or more are a closed shape: PDFium reports no segment for the closing one.
    ends = [*shape[1:], shape[0]] if len(shape) > 3 else shape[1:]
    for (x0, y0), (x1, y1) in zip(shape, ends, strict=False):
        if min(abs(x1 - x0), abs(y1 - y0)) <= 1 < max(abs(x1 - x0), abs(y1 - y0)):
            yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _array(boxes: list[tuple[float, float, float, float]]) -> Lines:
    return np.array(boxes, np.float32).reshape(-1, 4)
