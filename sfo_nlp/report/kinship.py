"""Whether two texts are drafts of one review, and whether what a passage said still stands in the other one."""

import re
from collections.abc import Sequence
from functools import cached_property

from sfo_nlp.language.lines import sentences_of

RUN = 5
# Any two of thirty reviews of the corpus share at most 5 runs in 1,000; the bound leaves room for a common form.
RELATED = 0.1
REWORDED = 0.5
_SHORT = 3


class Wording:
    """The words of one text: its runs of words, and the words of every two sentences that follow one another."""

    def __init__(self, text: str) -> None:
        self.plain = " ".join(text.lower().split())
        self._text = text

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        """Every `RUN` words in a row."""
        words = re.findall(r"\w+", self.plain)
        return frozenset(zip(*(words[start:] for start in range(RUN)), strict=False))

    @cached_property
    def _pairs(self) -> Sequence[frozenset[str]]:
        sentences = [_content(sentence.text) for sentence in sentences_of(self._text)]
        sentences = [words for words in sentences if words]
        return [one | other for one, other in zip(sentences, [*sentences[1:], frozenset()], strict=True)]

    def holds(self, quote: str) -> bool:
        """Whether at least half of the content words of `quote` stand together, in one sentence or two."""
        wanted = _content(quote)
        if not wanted:
            return " ".join(quote.lower().split()) in self.plain
        return any(len(wanted & pair) >= REWORDED * len(wanted) for pair in self._pairs)


def shared(old: Wording, new: Wording) -> float:
    """How much of the shorter text's wording stands in the other one, 0 to 1; 1 where one is too short to tell."""
    least = min(len(old.runs), len(new.runs))
    return round(len(old.runs & new.runs) / least, 3) if least else 1.0


def _content(text: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"\w+", text.lower()) if len(word) > _SHORT)
