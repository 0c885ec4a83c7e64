"""The words of a PDF page: where they start and end, their boxes, and which of them are struck out or a note's mark."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sfo_nlp.extract import pdfium

_GAP = np.array([chr(code).isspace() for code in range(0x3002)], np.bool_)
Boxes = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]


def word_bounds(text: str) -> tuple[Places, Places]:
    """Where the words of `text` start and end: at white space, and after the hyphen of a line end."""
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)
    solid = ~_GAP[np.minimum(codes, len(_GAP) - 1)] if len(codes) else np.zeros(0, np.bool_)
    # PDFium joins a word hyphenated over a line end with one of these.
    cut = (codes == 0xFFFE) | (codes == 2)
    padded = np.concatenate([[False], solid, [False]])
    after_cut = np.concatenate([[False], cut])[: len(codes)]
    starts = np.flatnonzero(solid & (~padded[:-2] | after_cut))
    ends = np.flatnonzero(solid & (~padded[2:] | cut)) + 1
    return starts, ends


def corners_of(text_page: int, starts: Places, ends: Places) -> Boxes:
    """The loose boxes of every word's first and last characters: (n, 2, 4) as left, top, right, bottom, y up."""
    indices = np.stack([starts, ends - 1], axis=1).ravel().tolist()
    return pdfium.char_boxes(text_page, indices, len(indices)).reshape(-1, 2, 4)


def joined(corners: Boxes) -> Boxes:
    """One box per word from the boxes of its ends, in page space."""
    first, last = corners[:, 0], corners[:, 1]
    return np.concatenate([np.minimum(first, last)[:, [0, 3]], np.maximum(first, last)[:, [2, 1]]], axis=1)


def note_marks(words: Sequence[str], corners: Boxes, boxes: Boxes) -> dict[int, str]:
    """Words that carry or are the raised number of a note, by index, with what is left of them without it."""
    if not len(boxes):
        return {}
    tall = corners[:, :, 1] - corners[:, :, 3]
    raised_end = (tall[:, 1] < 0.85 * tall[:, 0]) & (corners[:, 1, 3] > corners[:, 0, 3] + 0.12 * tall[:, 0])
    ends = np.flatnonzero(raised_end).tolist()
    found = {index: rest for index in ends if (rest := words[index].rstrip("0123456789")) != words[index]}
    height, bottom = boxes[:, 3] - boxes[:, 1], boxes[:, 3]
    small = (height[1:] < 0.8 * height[:-1]) & (bottom[1:] < bottom[:-1] - 0.12 * height[:-1])
    small &= (bottom[1:] > boxes[:-1, 1]) & (np.abs(boxes[1:, 0] - boxes[:-1, 2]) < 0.5 * height[:-1])
    alone = (np.flatnonzero(small) + 1).tolist()
    found |= {index: "" for index in alone if words[index].isdigit() and len(words[index]) < 4}
    return found


def struck_out(boxes: Boxes, rules: Boxes) -> npt.NDArray[np.bool_]:
    """Which words have a thin line through their middle."""
    struck = np.zeros(len(boxes), np.bool_)
    flat = rules[(rules[:, 2] - rules[:, 0]) > 2 * (rules[:, 3] - rules[:, 1])]
    if not len(flat) or not len(boxes):
        return struck
    height = boxes[:, 3] - boxes[:, 1]
    for x0, top, x1, bottom in flat.tolist():
        middle = ((top + bottom) / 2 - boxes[:, 1]) / np.maximum(height, 0.1)
        over = np.minimum(boxes[:, 2], x1) - np.maximum(boxes[:, 0], x0)
        struck |= (middle > 0.35) & (middle < 0.72) & (over > 0.6 * (boxes[:, 2] - boxes[:, 0]))
    return struck


def covered(boxes: Boxes, areas: Boxes) -> npt.NDArray[np.bool_]:
    """Which words have their centre in one of `areas`."""
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    inside = np.zeros(len(boxes), np.bool_)
    for x0, top, x1, bottom in areas.tolist():
        inside |= (x >= x0) & (x <= x1) & (y >= top) & (y <= bottom)
    return inside
