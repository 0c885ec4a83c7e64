"""Footnotes at the foot of a page, and the lines of a table of contents."""

import re
from collections.abc import Sequence

from sfo_nlp.extract.lines import Line
from sfo_nlp.extract.markers import Marker
from sfo_nlp.extract.paragraphs import Paragraph
from sfo_nlp.extract.table_boxes import TableBox

_MARK = re.compile(r"^(\d{1,3}|[*†‡§]{1,3})(?=\s|[A-Z“\"'‘(])")
_LEADER = re.compile(r"(?:\s?[.…·]\s?){3,}\s*\d{1,3}$")
_TITLE = re.compile(r"^(table of )?contents( page)?$", re.IGNORECASE)


def take_footnotes(flow: list[Line | TableBox], body: float) -> list[Line | TableBox]:
    """Remove the footnotes from the end of a page's flow and return them: smaller type that opens with a mark."""
    start = len(flow)
    while start and isinstance(line := flow[start - 1], Line) and line.size <= 0.93 * body:
        start -= 1
    while start < len(flow) and not (isinstance(line := flow[start], Line) and _MARK.match(line.text)):
        start += 1
    notes = flow[start:]
    del flow[start:]
    return notes


def as_notes(items: Sequence[Line | TableBox]) -> list[Paragraph]:
    """One paragraph per footnote, its mark as marker."""
    notes: list[Paragraph] = []
    for line in items:
        if not isinstance(line, Line):
            continue
        mark = _MARK.match(line.text)
        number = int(mark[1]) if mark and mark[1].isdigit() else None
        expected = None if not notes or notes[-1].marker is None else notes[-1].marker.text
        follows = number is None or expected is None or not expected.isdigit() or number == int(expected) + 1
        if mark and follows:
            alone = line.text.split(" ", 1)[0] == mark[1]
            notes.append(Paragraph([line], Marker(mark[1], "bare") if alone else None, "footnote"))
        elif notes:
            notes[-1].lines.append(line)
    return notes


def is_contents(paragraph: Paragraph) -> bool:
    """Whether a paragraph is the title or an entry of a table of contents."""
    last = paragraph.lines[-1].text
    if last[-1].isdigit():
        return bool(_LEADER.search(last))
    return len(paragraph.lines) == 1 and bool(_TITLE.match(last))
