"""The words of lines as text with offsets: hyphens of line ends resolved, marks of notes left out."""

import re
from collections.abc import Sequence
from itertools import accumulate, groupby

import numpy as np
import numpy.typing as npt

from sfo_nlp.extract.build import NO_WORDS, BlockWords
from sfo_nlp.extract.lines import Line
from sfo_nlp.extract.pages import PageText

_LETTERS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_KEEPS_HYPHEN = frozenset(
    "self non well ex half cross high low long short full part multi mid follow check anti semi".split()
)
_CLOSED_HEADS = frozenset("some any every no with out over under up in on an to for him her my your them it".split())
_CLOSED_TAILS = frozenset(
    "body thing things where self selves ever out in less full ness able age ion ions ally".split()
)


class Wording:
    """Joins lines of the pages' words. A word's spelling elsewhere decides whether a hyphen at a line end stays."""

    def __init__(self, pages: Sequence[PageText]) -> None:
        self._pages = {page.number: page for page in pages}
        self._known: frozenset[str] | None = None
        self._breaks: bool | None = None

    def join(self, lines: Sequence[Line], *, skip: int = 0) -> tuple[str, BlockWords]:
        """The text of `lines` without its first `skip` words, and where its words stand."""
        if not any(line.text.endswith("-") for line in lines):
            return self._plain(lines, skip)
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        pages: list[int] = []
        boxes: list[npt.NDArray[np.float32]] = []
        position = 0
        glued = True
        for index, line in enumerate(lines):
            page = self._pages[line.page]
            chosen = line.words[skip:] if index == 0 else line.words
            for place, word in enumerate(chosen):
                text = page.words[word]
                if not glued:
                    pieces.append(" ")
                    position += 1
                glued = False
                if len(text) > 1 and text[-1] == "-" and (word in page.broken or place == len(chosen) - 1):
                    following = self._following(lines, index, place, chosen)
                    glued = following is not None
                    text = text if following is None or self._keeps(text, following) else text[:-1]
                pieces.append(text)
                starts.append(position)
                position += len(text)
                ends.append(position)
            pages += [line.page] * len(chosen)
            boxes.append(page.boxes[chosen])
        placed = np.concatenate(boxes) if boxes else NO_WORDS.boxes
        return "".join(pieces), BlockWords(starts, ends, pages, placed)

    def _plain(self, lines: Sequence[Line], skip: int) -> tuple[str, BlockWords]:
        """`join` where no line ends with a hyphen: the words with a space between them."""
        words: list[str] = []
        pages: list[int] = []
        boxes: list[npt.NDArray[np.float32]] = []
        for number, run in groupby(lines, key=lambda line: line.page):
            page = self._pages[number]
            chosen = [word for line in run for word in (line.words[skip:] if line is lines[0] else line.words)]
            words += [page.words[word] for word in chosen]
            pages += [number] * len(chosen)
            boxes.append(page.boxes[chosen])
        ends = list(accumulate(map(len, words), lambda end, length: end + 1 + length))
        starts = [end - len(word) for end, word in zip(ends, words, strict=True)]
        return " ".join(words), BlockWords(starts, ends, pages, np.concatenate(boxes) if boxes else NO_WORDS.boxes)

    def _following(self, lines: Sequence[Line], index: int, place: int, chosen: Sequence[int]) -> str | None:
        """The word that a broken one goes on with, or None."""
        if place + 1 < len(chosen):
            return self._pages[lines[index].page].words[chosen[place + 1]]
        if index + 1 < len(lines):
            return self._pages[lines[index + 1].page].words[lines[index + 1].words[0]]
        return None

    def _keeps(self, text: str, following: str) -> bool:
        """Whether the hyphen between two parts belongs to the word."""
        head, tail = text.rstrip("-"), following
        if not tail[:1].islower() or not head[-1:].isalpha():
            return True
        left, right = _ends(head, tail)
        known = self._vocabulary()
        joined, hyphened = left + right in known, f"{left}-{right}" in known
        if joined or hyphened:
            return not joined
        if not self._hyphenates():
            return True
        compound = left in _KEEPS_HYPHEN or not (left in _CLOSED_HEADS or right in _CLOSED_TAILS)
        return compound and min(len(left), len(right)) > 2 and left in known and right in known

    def _hyphenates(self) -> bool:
        """Whether the document breaks words at line ends at all: most word processors do not unless told."""
        if self._breaks is None:
            known, whole, parted = self._vocabulary(), 0, 0
            for page in self._pages.values():
                for index in page.broken:
                    if index + 1 < len(page.words):
                        left, right = _ends(page.words[index].rstrip("-"), page.words[index + 1])
                        whole += left + right in known
                        parted += f"{left}-{right}" in known
            self._breaks = whole > parted
        return self._breaks

    def _vocabulary(self) -> frozenset[str]:
        if self._known is None:
            known: set[str] = set()
            for page in self._pages.values():
                parts = {index for broken in page.broken for index in (broken, broken + 1)}
                whole = " ".join(word for index, word in enumerate(page.words) if index not in parts)
                known.update(match.lower() for match in _LETTERS.findall(whole))
            self._known = frozenset(known)
        return self._known


def _ends(head: str, tail: str) -> tuple[str, str]:
    """The letters on both sides of a break, in lower case."""
    left = _LETTERS.findall(head)[-1:] or [head]
    right = _LETTERS.match(tail)
    return left[0].lower(), (right.group() if right else tail).lower()
