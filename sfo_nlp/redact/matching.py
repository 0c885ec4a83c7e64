"""Finds any number of forms in a text in one walk over its words: time grows with the text, not with both."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sfo_nlp.checks.name_lists import lists
from sfo_nlp.document import Span

_LETTERS = "A-Za-zÀ-ÖØ-öø-ÿŴŵŶŷ"
_LEAST_CAPITALS = 4
_TITLE_ROOM = 40
# A name ends where its letters end ("Thripp2"); a number or an address where the whole word does.
_NAME, _WORD = re.compile(rf"[{_LETTERS}]+"), re.compile(r"\w+")


class _Word(NamedTuple):
    """A word's place, and what it is compared by: what stands between it and the one before, and the word."""

    start: int
    end: int
    key: tuple[str, str]


class _End(NamedTuple):
    """A form that ends at a node: its place in the list, and the signs that stand before and behind its words."""

    place: int
    before: str
    behind: str


@dataclass(slots=True)
class _Node:
    """What forms go on with after the words so far, and the forms that end with them."""

    after: "dict[tuple[str, str], _Node]" = field(default_factory=dict)
    ends: list[_End] = field(default_factory=list)


class Forms:
    """Forms to look for, each with its kind of item. Built once, then used on any text.

    A form is found with spaces of any kind, whatever its case; a person's name as written or all in capitals, with or
    without a full stop after a title in it, and never inside a longer word.
    """

    def __init__(self, forms: Sequence[tuple[str, str]]) -> None:
        self._people = [kind == "person" for _, kind in forms]
        self._names, self._others = _Node(), _Node()
        self._signs: list[tuple[int, re.Pattern[str]]] = []
        for index, (form, _) in enumerate(forms):
            written = " ".join(form.split())
            capitals = self._people[index] and len(form) >= _LEAST_CAPITALS
            for spelling in dict.fromkeys([written, written.upper()] if capitals else [written]):
                self._plant(index, spelling)
        titles = "|".join(sorted(lists().plain_titles))
        self._title = re.compile(rf"(?<![{_LETTERS}])(?:{titles})\.?\s+\Z")

    def find(self, text: str) -> Iterator[tuple[int, Span]]:
        """Every place of every form, as the form's place in the list and a span; they may overlap.

        A plain title before a person ("Mr") is part of the span.
        """
        for index, span in _walk(self._names, text, people=True):
            yield index, self._with_title(span, text)
        yield from _walk(self._others, text, people=False)
        for index, pattern in self._signs:
            yield from ((index, Span(*match.span())) for match in pattern.finditer(text))

    def _plant(self, index: int, spelling: str) -> None:
        """Put a form where the walk will meet it; one with signs that stand apart from its words is no row of words."""
        words = _words(spelling, people=self._people[index])
        before, behind = (spelling[: words[0].start], spelling[words[-1].end :]) if words else (spelling, "")
        if not words or " " in before + behind:
            if spelling:
                body = r"\s+".join(map(re.escape, spelling.split()))
                self._signs.append((index, re.compile(rf"(?<!\w){body}(?!\w)", re.IGNORECASE)))
            return
        node = self._names if self._people[index] else self._others
        for place, word in enumerate(words):
            node = node.after.setdefault(word.key if place else ("", word.key[1]), _Node())
        node.ends.append(_End(index, before, behind))

    def _with_title(self, span: Span, text: str) -> Span:
        if not text[max(span.start - 1, 0) : span.start].isspace():
            return span
        title = self._title.search(text, max(span.start - _TITLE_ROOM, 0), span.start)
        return Span(title.start(), span.end) if title else span


def _words(text: str, *, people: bool) -> list[_Word]:
    """The words of a text; between two, spaces of any kind are one, and a full stop after a title is none."""
    titles = lists().titles
    words: list[_Word] = []
    end, last = 0, ""
    for match in (_NAME if people else _WORD).finditer(text):
        gap, word = text[end : match.start()], match.group()
        if gap != " ":
            gap = re.sub(r"\s+", " ", gap)
            gap = " " if gap == ". " and last in titles else gap
        words.append(_Word(*match.span(), (gap, word if people else alike(word))))
        end, last = match.end(), word
    return words


def _walk(root: _Node, text: str, *, people: bool) -> Iterator[tuple[int, Span]]:
    """The forms below `root` that stand in `text`."""
    words = _words(text, people=people) if root.after else []
    for first, word in enumerate(words):
        node, place = root.after.get(("", word.key[1])), first
        while node:
            for end in node.ends:
                span = Span(word.start - len(end.before), words[place].end + len(end.behind))
                if _stands(end, span, text, people=people):
                    yield end.place, span
            place += 1
            node = node.after.get(words[place].key) if place < len(words) else None


def _stands(end: _End, span: Span, text: str, *, people: bool) -> bool:
    """Whether the signs before and behind a row of words are the form's, and the form is not part of a longer one."""
    if not end.before and not end.behind:
        return True
    inside = _NAME if people else _WORD
    return (
        span.start >= 0
        and text.startswith(end.before, span.start)
        and text.endswith(end.behind, 0, span.end)
        and not (end.before and span.start and inside.match(text, span.start - 1, span.start))
        and not (end.behind and inside.match(text, span.end))
    )


def alike(word: str) -> str:
    """One key for all words that are the same but for case, as regular expressions see it: for them "ı" is an "i"."""
    return word.casefold().replace("\u0307", "").replace("ı", "i")
