"""The words of lines as text with offsets: hyphens of line ends resolved, marks of notes left out."""

import re
from collections.abc import Sequence

import numpy as np

from sfo_nlp.extract.build import BlockWords
from sfo_nlp.extract.columns import Line
from sfo_nlp.extract.pages import PageText

_LETTERS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_KEEPS_HYPHEN = frozenset(
    "self non pre post re co multi inter intra anti semi well long short high low ex mid cross part full all over "
    "under half two three four five six seven eight nine ten first second third face follow check hand".split()
)


class Wording:
    """Joins lines of the pages' words. A word's spelling elsewhere decides whether a hyphen at a line end stays."""

    def __init__(self, pages: Sequence[PageText]) -> None:
        self._pages = {page.number: page for page in pages}
        self._known: frozenset[str] | None = None

    def join(self, lines: Sequence[Line], *, skip: int = 0) -> tuple[str, BlockWords]:
        """The text of `lines` without its first `skip` words, and where its words stand."""
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        pages: list[int] = []
        boxes: list[np.ndarray] = []
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
                last = place == len(chosen) - 1
                if (word in page.broken) or (last and text[-1] == "-" and len(text) > 1):
                    following = self._following(lines, index, place, chosen)
                    glued = following is not None
                    if word in page.broken and text[-1] != "-":
                        text += "-" if following is None or self._keeps(text + "-", following) else ""
                    elif following is not None and not self._keeps(text, following):
                        text = text[:-1]
                pieces.append(text)
                starts.append(position)
                position += len(text)
                ends.append(position)
            pages += [line.page] * len(chosen)
            boxes.append(page.boxes[chosen])
        placed = np.concatenate(boxes) if boxes else np.zeros((0, 4), np.float32)
        return "".join(pieces), BlockWords(starts, ends, pages, placed)

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
        left = _LETTERS.findall(head)[-1:] or [head]
        right = _LETTERS.match(tail)
        end = right.group() if right else tail
        joined, hyphened = f"{left[0]}{end}".lower(), f"{left[0]}-{end}".lower()
        known = self._vocabulary()
        if hyphened in known:
            return joined not in known
        return joined not in known and left[0].lower() in _KEEPS_HYPHEN

    def _vocabulary(self) -> frozenset[str]:
        if self._known is None:
            text = " ".join(word for page in self._pages.values() for word in page.words)
            self._known = frozenset(match.lower() for match in _LETTERS.findall(text))
        return self._known
