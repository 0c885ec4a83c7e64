"""The text of a review without pages, in sheets that are shown one at a time with their passages marked."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sfo_nlp.report.safe import visible
from sfo_nlp.report.view import Item, View

LONG = 3_500


@dataclass(frozen=True, slots=True)
class Sheet:
    """A stretch of the text, half-open offsets; `number` from 1."""

    number: int
    start: int
    end: int


def sheets_of(view: View) -> tuple[Sheet, ...]:
    """Cut the text at paragraph ends into sheets of about a printed page; a heading never ends one."""
    heads = {section["start"] for section in view.wire["document"]["sections"]}
    cuts, start = [0], 0
    for place in _line_starts(view.text):
        far = place - start
        if far > LONG or (far > 0.7 * LONG and place in heads):
            cuts.append(place)
            start = place
    ends = [*cuts[1:], len(view.text)]
    return tuple(Sheet(number, *span) for number, span in enumerate(zip(cuts, ends, strict=True), start=1))


def sheet_at(sheets: Sequence[Sheet], offset: int) -> Sheet:
    """The sheet that holds the character at `offset`."""
    return sheets[max(bisect_right(sheets, offset, key=lambda sheet: sheet.start) - 1, 0)]


def blocks_of(view: View, sheet: Sheet, items: Iterable[Item]) -> list[dict[str, Any]]:
    """The sheet's lines as ``{"kind", "runs": [{"text", "keys"}]}``; `keys` name the items a run belongs to."""
    heads = {section["start"]: section["level"] for section in view.wire["document"]["sections"]}
    spans = [
        (passage.start, passage.end, item.key)
        for item in items
        for passage in item.passages
        if passage.start < sheet.end and passage.end > sheet.start
    ]
    blocks = []
    for start, end in _lines(view.text, sheet):
        kind = f"h{min(heads[start] + 2, 6)}" if start in heads else "p"
        blocks.append({"kind": kind, "runs": list(_runs(view.text, start, end, spans))})
    return blocks


def _runs(text: str, start: int, end: int, spans: Sequence[tuple[int, int, str]]) -> Iterable[dict[str, Any]]:
    here = [(max(left, start), min(right, end), key) for left, right, key in spans if left < end and right > start]
    edges = sorted({start, end, *(left for left, _, _ in here), *(right for _, right, _ in here)})
    for left, right in pairwise(edges):
        keys = [key for first, last, key in here if first <= left and last >= right]
        yield {"text": visible(text[left:right]), "keys": keys}


def _lines(text: str, sheet: Sheet) -> Iterable[tuple[int, int]]:
    start = sheet.start
    while start < sheet.end:
        end = text.find("\n", start, sheet.end)
        end = sheet.end if end < 0 else end
        if text[start:end].strip():
            yield start, end
        start = end + 1


def _line_starts(text: str) -> Iterable[int]:
    place = text.find("\n")
    while place >= 0:
        yield place + 1
        place = text.find("\n", place + 1)
