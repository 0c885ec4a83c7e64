"""Where the items of a plan stand in any text of the file, however it is broken into lines."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sfo_nlp.checks.name_lists import lists
from sfo_nlp.checks.names import names
from sfo_nlp.checks.personal_data import Taken, personal_data
from sfo_nlp.document import Span
from sfo_nlp.redact.matching import Forms
from sfo_nlp.redact.planning import KINDS, Item

_HYPHENS = "-\u2010\u2011\u00ad\ufffe\x02"


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
        plain = [(form, item) for form, item in forms if item.kind != "person" or form not in risky]
        self._forms = Forms([(form, item.kind) for form, item in plain])
        self._labels = [item.label for _, item in plain]
        self._risky = {form: item.label for form, item in forms if item.kind == "person" and form in risky}

    def marks(self, text: str) -> list[Mark]:
        """What has to go from `text`, in order, none overlapping."""
        found: list[Mark] = []
        taken = Taken()
        for mark in self._all(text):
            if taken.free(mark.span) == mark.span:
                taken.add(mark.span)
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
        for index, span in sorted(self._forms.find(text)):
            yield Mark(span, self._labels[index])
        if self._risky:
            for name in names(text):
                label = self._risky.get(text[slice(*name.span)], "")
                if label:
                    yield Mark(name.span, label)
        # A number that reading the review did not show, in a header or under a picture, goes as well.
        for item in personal_data(text):
            if " ".join(text[slice(*item.span)].split()).casefold() not in self._kept:
                yield Mark(item.span, f"[{KINDS[item.kind]}]")


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
