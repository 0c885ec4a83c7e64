"""Reading order of a page: one column or several, notes at the side, rows side by side."""

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from sfo_nlp.extract.lines import Line, column_lines
from sfo_nlp.extract.markers import is_marker
from sfo_nlp.extract.pages import Fragment, PageText
from sfo_nlp.extract.table_boxes import TableBox, ruled_tables, text_table

NARROW, FULL = 0.24, 0.5


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


def _lines(page: PageText, pieces: Sequence[Piece]) -> list[Line | TableBox]:
    """Lines and tables from top to bottom."""
    text = [piece for piece in pieces if isinstance(piece, Fragment)]
    tables = [piece for piece in pieces if isinstance(piece, TableBox)]
    items: list[Line | TableBox] = [*(column_lines(page, text) if text else ()), *tables]
    return sorted(items, key=lambda item: (item.top + item.bottom) / 2) if tables else items


def _text(page: PageText, piece: Fragment) -> str:
    return " ".join(page.words[piece.first : piece.last])
