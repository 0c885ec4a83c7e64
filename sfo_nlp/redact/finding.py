"""Where the items of a plan stand in any text of the file, however it is broken into lines."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sfo_nlp.checks.name_lists import lists
from sfo_nlp.checks.names import names
from sfo_nlp.checks.personal_data import personal_data
from sfo_nlp.document import Span
from sfo_nlp.redact.planning import KINDS, Item

_LETTERS = "A-Za-zÀ-ÖØ-öø-ÿŴŵŶŷ"
_SPACE = r"[\s\u00a0]+"
_HYPHENS = "-\u2010\u2011\u00ad\ufffe\x02"
_LEAST_CAPITALS = 4


class Mark(NamedTuple):
    """A stretch of a text that has to go, and the label that takes its place."""

    span: Span
    label: str


class Finder:
    """Finds the removed items of a plan in texts. Built once per plan."""

    def __init__(self, items: Iterable[Item]) -> None:
        items = list(items)
        self._kept = {form.casefold() for item in items if item.kept for form in item.forms}
        removed = [item for item in items if not item.kept]
        # Longest first, so that a full name goes as one and not piece by piece.
        forms = sorted(((form, item) for item in removed for form in item.forms), key=lambda pair: -len(pair[0]))
        risky = lists().ambiguous | lists().months
        self._patterns = [
            (_pattern(form, item.kind), item.label)
            for form, item in forms
            if item.kind != "person" or form not in risky
        ]
        self._risky = {form: item.label for form, item in forms if item.kind == "person" and form in risky}

    def marks(self, text: str) -> list[Mark]:
        """What has to go from `text`, in order, none overlapping."""
        found: list[Mark] = []
        for mark in self._all(text):
            if not any(mark.span.start < other.span.end and other.span.start < mark.span.end for other in found):
                found.append(mark)
        return sorted(found, key=lambda mark: mark.span)

    def marks_in_lines(self, text: str) -> list[Mark]:
        """As `marks`, in a text whose words may be broken over lines with or without a hyphen."""
        found: dict[Span, Mark] = {mark.span: mark for mark in self.marks(text)}
        for keep_hyphen in (True, False):
            flat, places = _unbroken(text, keep_hyphen=keep_hyphen)
            for mark in self.marks(flat):
                span = Span(places[mark.span.start], places[mark.span.end - 1] + 1)
                found.setdefault(span, Mark(span, mark.label))
        return sorted(found.values(), key=lambda mark: mark.span)

    def _all(self, text: str) -> Iterator[Mark]:
        for pattern, label in self._patterns:
            for match in pattern.finditer(text):
                yield Mark(Span(*match.span()), label)
        if self._risky:
            for name in names(text):
                label = self._risky.get(text[slice(*name.span)], "")
                if label:
                    yield Mark(name.span, label)
        # A number that reading the review did not show, in a header or under a picture, goes as well.
        for item in personal_data(text):
            if " ".join(text[slice(*item.span)].split()).casefold() not in self._kept:
                yield Mark(item.span, f"[{KINDS[item.kind]}]")


def _pattern(form: str, kind: str) -> re.Pattern[str]:
    """A form as it may stand anywhere: spaces of any kind, a title before a person, a full or all-capital name."""
    known = lists()
    body = _SPACE.join(re.escape(word) + r"\.?" * (word in known.titles) for word in form.split()) or r"(?!)"
    if kind != "person":
        return re.compile(rf"(?<!\w){body}(?!\w)", re.IGNORECASE)
    if len(form) >= _LEAST_CAPITALS:
        body = f"{body}|{_SPACE.join(re.escape(word) for word in form.upper().split())}"
    titles = "|".join(sorted(known.plain_titles))
    return re.compile(rf"(?<![{_LETTERS}])(?:(?:{titles})\.?{_SPACE})?(?:{body})(?![{_LETTERS}])")


def _unbroken(text: str, *, keep_hyphen: bool) -> tuple[str, list[int]]:
    """The text with line breaks inside words undone, and for each of its characters the place in `text`."""
    pieces: list[str] = []
    places: list[int] = []
    for match in re.finditer(rf"[{_HYPHENS}]?[\r\n]+|[\s\S]", text):
        piece = match.group()
        if piece[-1] in "\r\n":
            broken = piece[0] in _HYPHENS
            piece = ("-" if keep_hyphen else "") if broken else " "
        if piece:
            pieces.append(piece)
            places.append(match.start())
    return "".join(pieces), places
