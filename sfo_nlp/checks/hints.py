"""Looking for a pattern only in the lines that can hold it: most have one only where a certain word or sign stands.

A pattern that may begin anywhere is tried at every character of a text; a plain word is found many times faster.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from sfo_nlp.document import Span

# Words in lower case, one of which stands in every match or on its line; or a quick pattern that does.
Hint = tuple[str, ...] | re.Pattern[str]


class Lines:
    """One text. What is found lies on the line of a hint or on the one before or after it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._lower = text.lower()
        self._known: dict[Hint, tuple[Span, ...]] = {}

    def finditer(self, pattern: re.Pattern[str], hint: Hint) -> Iterator[re.Match[str]]:
        """The matches of `pattern` in order."""
        for start, end in self.near(hint):
            yield from pattern.finditer(self.text, start, end)

    def search(self, pattern: re.Pattern[str], hint: Hint) -> re.Match[str] | None:
        """The first match of `pattern`."""
        return next(self.finditer(pattern, hint), None)

    def near(self, hint: Hint) -> tuple[Span, ...]:
        """The lines with a hint, each with the one before and after it, joined where they touch."""
        if hint not in self._known:
            self._known[hint] = tuple(self._joined(hint))
        return self._known[hint]

    def _joined(self, hint: Hint) -> Iterator[Span]:
        if len(self._lower) != len(self.text):
            # A letter whose small form is two: offsets do not agree.
            yield Span(0, len(self.text))
            return
        start, line_end, end = 0, -1, -1
        for place in self._places(hint):
            if place <= line_end:
                continue
            line_end = self._end(place)
            first = self._start(max(self._start(place) - 1, 0))
            if first > end >= 0:
                yield Span(start, end)
            if first > end:
                start = first
            end = self._end(min(line_end + 1, len(self.text)))
        if end >= 0:
            yield Span(start, end)

    def _start(self, place: int) -> int:
        return self.text.rfind("\n", 0, place) + 1

    def _end(self, place: int) -> int:
        end = self.text.find("\n", place)
        return end if end >= 0 else len(self.text)

    def _places(self, hint: Hint) -> list[int]:
        if isinstance(hint, re.Pattern):
            return [match.start() for match in hint.finditer(self.text)]
        return sorted(place for word in hint for place in _all(word, self._lower))


@lru_cache(maxsize=2)
def lines_of(text: str) -> Lines:
    """A text's lines, the same for every check that looks through it."""
    return Lines(text)


def _all(word: str, text: str) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + 1)
