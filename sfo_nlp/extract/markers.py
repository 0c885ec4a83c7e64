"""What may stand in front of a paragraph: numbers, letters, bullets."""

import re
from typing import Literal, NamedTuple

BULLETS = "•◦‣⁃∙·▪*–—-"
_NUMBER = re.compile(r"^\(?\d{1,3}(?:\.\d{1,3}){0,4}[.)]?$")
_DOTTED = re.compile(
    r"^\d{1,3}(?:\.\d{1,3})+[.)]?$|^\d{1,3}[A-Z]?[.)]$|^\(\d{1,3}\)$|^[IVX]{1,5}\.\d{1,2}\.?$|^[A-Z]\.?\d{1,2}\.\d{1,2}$"
)
_LETTER = re.compile(r"^\([a-z]{1,2}\)$|^[a-z][.)]$")
_ROMAN = re.compile(r"^\(?[ivx]{1,6}[.)]$")
_CAPITAL = re.compile(r"^\(?[A-Z][.)]$|^[A-Z]\d{1,2}[A-Z]?[.)]?$")


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
