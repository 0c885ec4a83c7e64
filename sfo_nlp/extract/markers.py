"""What may stand in front of a paragraph: numbers, letters, bullets."""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

BULLETS = "•◦‣⁃∙·▪*–—-"
_NUMBER = re.compile(r"^\(?\d{1,3}(?:\.\d{1,3}){0,4}[.)]?$")
_DOTTED = re.compile(
    r"^\d{1,3}(?:\.\d{1,3})+[.)]?$|^\d{1,3}[A-Z]?[.)]$|^\(\d{1,3}\)$|^[IVX]{1,5}\.\d{1,2}\.?$|^[A-Z]\.?\d{1,2}\.\d{1,2}$"
)
_LETTER = re.compile(r"^\([a-z]{1,2}\)$|^[a-z][.)]$")
_ROMAN = re.compile(r"^\(?[ivx]{1,6}[.)]$")
_CAPITAL = re.compile(r"^\(?[A-Z][.)]$|^[A-Z]\d{1,2}[A-Z]?[.)]?$")


_COUNTED = re.compile(r"^(?P<prefix>[A-Z]?)(?P<number>\d{1,3})[A-Z]?\.?$")


class Marker(NamedTuple):
    """A marker as written. `kind` tells how sure it is from its form alone: only a hanging one is sure when `bare`."""

    text: str
    kind: Literal["bullet", "dash", "dotted", "letter", "bare"]

    @property
    def listed(self) -> bool:
        """Whether it marks a list item and not a numbered paragraph."""
        return self.kind in ("bullet", "dash", "letter")

    @property
    def depth(self) -> int:
        """How deep a number is: 1 for ``4.``, 2 for ``4.2``."""
        return len([part for part in self.text.strip("().").split(".") if part])


def marker_of(word: str) -> Marker | None:
    """The marker that `word` may be, or None."""
    if len(word) == 1 and word in BULLETS:
        return Marker(word, "dash" if word in "–—-*" else "bullet")
    if word == "o":
        return Marker(word, "bare")
    if _DOTTED.match(word):
        return Marker(word, "dotted")
    if _LETTER.match(word) or _ROMAN.match(word):
        return Marker(word, "letter")
    return Marker(word, "bare") if _NUMBER.match(word) or _CAPITAL.match(word) else None


def is_marker(text: str) -> bool:
    """Whether the whole of a stretch of text is one marker."""
    return marker_of(text) is not None


def in_sequence(words: Sequence[str]) -> set[int]:
    """Which of the first words of paragraphs are numbers by their company: three or more that count up by one.

    Takes forms that are too common to be sure of alone: ``7``, ``A1``, ``C19A``.
    """
    found: set[int] = set()
    runs: dict[str, list[tuple[int, int]]] = {}
    for index, word in enumerate(words):
        match = _COUNTED.match(word)
        if match is None:
            continue
        run = runs.setdefault(match["prefix"], [])
        number = int(match["number"])
        if run and number not in (run[-1][1], run[-1][1] + 1):
            run.clear()
        run.append((index, number))
        if len({number for _, number in run}) >= 3:
            found.update(index for index, _ in run)
    return found
