"""Neighbouring sentences packed into windows, so that the encoder reads every word once and in context."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sfo_nlp.language.units import Unit

WIDTH = 256
LONGEST = 120
CLS, SEP, PAD = 101, 102, 0


@dataclass(frozen=True, slots=True)
class Window:
    """Token ids of a run of units. `pieces` holds (unit row, first token, one past the last token)."""

    ids: list[int]
    pieces: list[tuple[int, int, int]]


def encoded_text(unit: Unit) -> str:
    """What the encoder reads of a unit: a table cell with its column's head, everything else as it stands."""
    return f"{unit.header}: {unit.text}" if unit.kind == "cell" and unit.header else unit.text


def section_starts(units: Sequence[Unit]) -> frozenset[int]:
    """The rows where a section starts: its heading, or the first of several headings in a row."""
    return frozenset(
        row
        for row, unit in enumerate(units)
        if unit.kind == "heading" and (row == 0 or units[row - 1].kind != "heading")
    )


def pack(
    rows: Sequence[list[int]], *, width: int = WIDTH, breaks: Callable[[int], bool] = lambda row: False
) -> list[Window]:
    """Windows of at most `width` tokens over `rows` (token ids per unit, no special tokens), in order.

    `breaks(row)` forces a new window before that row.
    """
    windows: list[Window] = []
    ids: list[int] = [CLS]
    pieces: list[tuple[int, int, int]] = []
    for row, tokens in enumerate(rows):
        tokens = tokens[:LONGEST]
        if pieces and (len(ids) + len(tokens) + 1 > width or breaks(row)):
            windows.append(Window(ids, pieces))
            ids, pieces = [CLS], []
        pieces.append((row, len(ids), len(ids) + len(tokens)))
        ids = [*ids, *tokens, SEP]
    if pieces:
        windows.append(Window(ids, pieces))
    return windows


def stack(windows: Sequence[Window], *, step: int = 1) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Ids and attention mask, both (windows, longest rounded up to `step`), padded on the right."""
    longest = -(-max(len(window.ids) for window in windows) // step) * step
    ids = np.full((len(windows), longest), PAD, np.int64)
    mask = np.zeros((len(windows), longest), np.int64)
    for row, window in enumerate(windows):
        ids[row, : len(window.ids)] = window.ids
        mask[row, : len(window.ids)] = 1
    return ids, mask
