"""Which paragraphs are headings, and how deep: by size, weight, capitals and numbering."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sfo_nlp.extract.markers import marker_of
from sfo_nlp.extract.paragraphs import Paragraph

_CAPTION = re.compile(r"^(Table|Figure|Fig\.|Chart|Diagram|Photo(graph)?) \d+\s*[.:–—-]?\s")
_SENTENCE_END = (".", ";", ",", "!")
LONGEST_WORDS, MOST_LINES = 24, 3


class Style(NamedTuple):
    """How a heading is set, the more prominent the greater."""

    size: float
    bold: bool
    capitals: bool
    upright: bool


def mark_headings(paragraphs: Sequence[Paragraph], *, body: float, bold_body: bool) -> None:
    """Set `kind` and `level` of headings and captions in place."""
    found: list[Paragraph] = []
    for index, paragraph in enumerate(paragraphs):
        following = paragraphs[index + 1] if index + 1 < len(paragraphs) else None
        if paragraph.kind in ("footnote", "aside"):
            continue
        if len(paragraph.lines) > MOST_LINES:
            continue
        if paragraph.first.size <= body + 0.5 and _CAPTION.match(paragraph.first.text):
            paragraph.kind = "caption"
        elif _is_heading(paragraph, following, body=body, bold_body=bold_body):
            paragraph.kind = "heading"
            found.append(paragraph)
    _set_levels(found)


def _is_heading(paragraph: Paragraph, following: Paragraph | None, *, body: float, bold_body: bool) -> bool:
    if sum(len(line.words) for line in paragraph.lines) > LONGEST_WORDS:
        return False
    if paragraph.marker and paragraph.marker.kind in ("bullet", "dash"):
        return False
    text = paragraph.text
    words = text.split()
    letters = [char for char in text if char.isalpha()]
    if len(letters) < 2:
        return False
    first = letters[0]
    size = paragraph.first.size / body
    ended = text.endswith(_SENTENCE_END)
    if size >= 1.12:
        return not ended or size >= 1.25
    if not first.isupper() or ended:
        return False
    if all(line.bold for line in paragraph.lines) and not bold_body and size > 0.93:
        return True
    if len(letters) >= 4 and text.upper() == text and len(words) <= 14 and size > 0.93:
        return True
    return _numbered_title(paragraph, following, words)


def _numbered_title(paragraph: Paragraph, following: Paragraph | None, words: list[str]) -> bool:
    """A short numbered line without a full stop, with more below it: a heading in the body's own type."""
    marker = marker_of(words[0])
    if marker is None or marker.kind != "dotted" or following is None or len(paragraph.lines) > 1:
        return False
    short = paragraph.first.x1 < paragraph.first.left + 0.8 * (paragraph.first.right - paragraph.first.left)
    deeper = following.marker is None or following.marker.depth > marker.depth or following.marker.listed
    return short and len(words) <= 10 and not words[-1].endswith((":", "?")) and deeper and len(following.text) > 40


def style_of(paragraph: Paragraph) -> Style:
    """How the paragraph is set."""
    text = paragraph.text
    first = paragraph.first
    return Style(round(first.size * 2) / 2, first.bold, text.upper() == text, not first.italic)


def _set_levels(headings: Sequence[Paragraph]) -> None:
    """Depth by number where a style carries numbers, else by rank among the styles."""
    depths: defaultdict[Style, Counter[int]] = defaultdict(Counter)
    for heading in headings:
        marker = marker_of(heading.text.split(" ", 1)[0])
        depths[style_of(heading)][marker.depth if marker and marker.kind == "dotted" else 0] += 1
    level, levels = 0, dict[Style, int]()
    for style in sorted(depths, reverse=True):
        numbered = Counter({depth: count for depth, count in depths[style].items() if depth})
        level = numbered.most_common(1)[0][0] if numbered else min(level + 1, 6)
        levels[style] = level
    for heading in headings:
        marker = marker_of(heading.text.split(" ", 1)[0])
        own = marker.depth if marker and marker.kind == "dotted" and len(depths[style_of(heading)]) > 1 else 0
        heading.level = min(own or levels[style_of(heading)], 6)
