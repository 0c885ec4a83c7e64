"""The places on a drawn page of what has to go."""

from collections.abc import Iterator, Sequence

from sfo_nlp.document import Box
from sfo_nlp.extract.sheets import Sheet
from sfo_nlp.redact.finding import Finder


def places(sheet: Sheet, finder: Finder) -> Iterator[tuple[Box, str]]:
    """A box per line for everything that has to go; only the first box of each carries the label."""
    for mark in finder.marks_in_lines(sheet.text):
        indices = [place for place in range(*mark.span) if not sheet.text[place].isspace()]
        for order, line in enumerate(_lines([Box(*box) for box in sheet.boxes[indices].tolist()])):
            yield line, mark.label if order == 0 else ""


def _lines(boxes: Sequence[Box]) -> Iterator[Box]:
    """Boxes of neighbouring characters joined, one box per line."""
    current: Box | None = None
    for box in boxes:
        if current and min(box.bottom, current.bottom) - max(box.top, current.top) > 0.4 * (box.bottom - box.top):
            current = Box(
                min(current.x0, box.x0),
                min(current.top, box.top),
                max(current.x1, box.x1),
                max(current.bottom, box.bottom),
            )
        else:
            if current:
                yield current
            current = box
    if current:
        yield current
