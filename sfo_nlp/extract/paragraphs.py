"""Lines become paragraphs: over columns and pages, with their markers, without the hyphens of line ends."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sfo_nlp.document import BlockKind
from sfo_nlp.extract.lines import Line
from sfo_nlp.extract.markers import Marker, marker_of

_CLOSED = (".", "!", "?", ":", ";", ".”", ".’", '."', ".'", ".)", "?”", "!”", '?"')
_OPENERS = "\"'“‘(["


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together. `kind` and `level` are set as more of the document is known."""

    lines: list[Line]
    marker: Marker | None = None
    kind: BlockKind = "paragraph"
    level: int = 0
    gap: float = 0.0
    body: float | None = None

    @property
    def text(self) -> str:
        """All words as written, the marker included; for looking at, not for quoting."""
        return " ".join(line.text for line in self.lines)

    @property
    def first(self) -> Line:
        return self.lines[0]


@dataclass(slots=True)
class Paragraphs:
    """Collects lines in reading order. `leading` is the usual step by type size, `body` that size."""

    leading: dict[float, float]
    body: float = 0.0
    done: list[Paragraph] = field(default_factory=list)

    def add(self, line: Line) -> None:
        """Put `line` at the end of the last paragraph or start a new one with it."""
        current = self.done[-1] if self.done else None
        if current is None:
            self.done.append(_opened(line, None))
            return
        previous = current.lines[-1]
        marker = _marker(line, current)
        if marker is None and self._goes_on(current, previous, line):
            if len(current.lines) == 1:
                current.body = line.x0 - line.left
            current.lines.append(line)
            return
        self.done.append(_opened(line, marker))
        if line.region == previous.region:
            self.done[-1].gap = line.top - previous.bottom

    def _goes_on(self, current: Paragraph, previous: Line, line: Line) -> bool:
        if abs(line.size - previous.size) > 0.07 * previous.size:
            return False
        if previous.text.endswith("-") and previous.text[-2:-1].isalpha() and line.top - previous.top < 3 * line.size:
            return True
        lower = line.text[0].islower()
        closed = previous.text.endswith(_CLOSED)
        if line.bold != previous.bold and not (lower and not closed):
            return False
        if line.region != previous.region:
            return self._goes_over(current, previous, line, lower=lower, closed=closed)
        if line.top - previous.top > 1.2 * self.leading.get(round(line.size), 1.25 * line.size):
            return False
        if self.body and line.size > 1.1 * self.body:
            # A title broken by hand or set in the middle: its lines end early and are one all the same.
            return True
        if not lower and (_ends_early(previous, line, closed=closed) or _set_right(previous, line)):
            return False
        return _aligned(current, line) or (lower and not closed)

    def _goes_over(self, current: Paragraph, previous: Line, line: Line, *, lower: bool, closed: bool) -> bool:
        """Whether a paragraph runs on in the next column or on the next page."""
        if self.body and line.size > 1.1 * self.body:
            below = line.page == previous.page and 0 < line.top - previous.top < 1.6 * line.size
            return below and min(line.x1, previous.x1) > max(line.x0, previous.x0)
        if lower and not closed:
            return True
        offset = line.x0 - line.left
        if current.body is not None and current.body > 6 and abs(offset - current.body) < 4 and current.marker:
            return True
        if _room(previous, line):
            return False
        # The line before is full, and few paragraphs end on a full line: this one goes on, unless it is indented.
        expected = current.body if current.body is not None else current.first.x0 - current.first.left
        return not (current.marker and current.marker.listed and closed) and abs(offset - expected) < max(line.size, 8)


def _opened(line: Line, marker: Marker | None) -> Paragraph:
    marker = marker or _opening_marker(line)
    kind: BlockKind = "list_item" if marker and marker.listed else "paragraph"
    body = line.indent - line.left if marker and line.indent > line.x0 else None
    return Paragraph([line], marker, kind, body=body)


def _opening_marker(line: Line) -> Marker | None:
    """The marker of a line that starts a paragraph anyway; a bare number must stand apart from its text."""
    if len(line.words) < 2:
        return None
    marker = marker_of(line.text.split(" ", 1)[0])
    apart = line.indent - line.x0 > 0.5 * line.size
    return None if marker and marker.kind == "bare" and not apart else marker


def _marker(line: Line, current: Paragraph) -> Marker | None:
    """The marker that makes `line` start a new paragraph, or None."""
    word = line.text.split(" ", 1)[0]
    marker = marker_of(word)
    if marker is None or len(line.words) < 2:
        return None
    previous = current.lines[-1]
    apart = line.indent - line.x0 > 0.5 * line.size
    if marker.kind == "bullet" or (apart and marker.kind != "bare"):
        return marker
    outdented = current.body is not None and line.x0 - line.left < current.body - 5
    level = current.marker is not None and abs(line.x0 - current.first.x0) < 4
    ended = previous.text.endswith(_CLOSED) or _room(previous, line)
    if apart:
        return marker if outdented or (level and ended) or line.region != previous.region else None
    return marker if ended and marker.kind != "bare" and (outdented or level or current.marker is None) else None


def _room(previous: Line, line: Line) -> bool:
    """Whether the first word of `line` would have fitted on the line before: then that line ended by intent."""
    first = line.text.split(" ", 1)[0]
    share = (len(first) + 1) / max(len(line.text), 1)
    return previous.x1 + share * (line.x1 - line.x0) < previous.right - 0.3 * line.size


def _ends_early(previous: Line, line: Line, *, closed: bool) -> bool:
    opener = line.text.lstrip(_OPENERS)[:1]
    starts = opener.isupper() or opener.isdigit()
    short = previous.x1 < previous.right - 0.25 * (previous.right - previous.left)
    return _room(previous, line) and starts and (closed or short)


def _set_right(previous: Line, line: Line) -> bool:
    """Whether both lines are short and set to the right: an address or a date, each line for itself."""
    middle = (line.left + line.right) / 2
    return abs(previous.x1 - line.x1) < 3 and abs(previous.x0 - line.x0) > 6 and min(previous.x0, line.x0) > middle


def _aligned(current: Paragraph, line: Line) -> bool:
    """Whether `line` stands where the paragraph's next line would."""
    offset = line.x0 - line.left
    tolerance = max(5.0, 0.5 * line.size)
    if len(current.lines) > 1 or current.marker:
        expected = current.body if current.body is not None else current.first.x0 - current.first.left
        if abs(offset - expected) <= tolerance:
            return True
        # Set in the middle: neither edge is kept.
        return (
            not current.marker and abs((line.x0 + line.x1) / 2 - (current.first.x0 + current.first.x1) / 2) < tolerance
        )
    return offset - (current.first.x0 - current.first.left) < 3.5 * line.size


def leadings(lines: Iterable[Line]) -> dict[float, float]:
    """The usual distance from line to line, by type size: the smallest that is common."""
    steps: dict[float, dict[float, int]] = {}
    previous: Line | None = None
    for line in lines:
        if previous is not None and previous.region == line.region and abs(previous.size - line.size) < 0.3:
            step = round(line.top - previous.top, 0)
            if 0.9 * line.size < step < 3 * line.size:
                counts = steps.setdefault(round(line.size), {})
                counts[step] = counts.get(step, 0) + 1
        previous = line
    return {size: _usual(counts) for size, counts in steps.items()}


def _usual(counts: dict[float, int]) -> float:
    most = max(counts.values())
    return min(step for step, count in counts.items() if count >= max(0.3 * most, 1))


def body_size(lines: Sequence[Line]) -> float:
    """The type size of most characters."""
    weights: dict[float, int] = {}
    for line in lines:
        size = round(line.size * 2) / 2
        weights[size] = weights.get(size, 0) + len(line.text)
    return max(weights, key=weights.__getitem__) if weights else 10.0
