"""The sentences of a text alone, where no document with its blocks is at hand: from a store, or in two drafts."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple


class Place(NamedTuple):
    """A sentence's half-open place in a text and its words."""

    start: int
    end: int
    text: str


def sentences_of(text: str) -> Iterator[Place]:
    """The sentences of a review's text, whose lines are its paragraphs, headings and cells."""
    # Many commands read a store and split no text: they need not wait for spaCy.
    from sfo_nlp.language.sentences import boundaries

    start = 0
    for line in text.split("\n"):
        edges = [0, *boundaries(line), len(line)]
        for left, right in pairwise(edges):
            words = line[left:right]
            if words.strip():
                at = start + left + len(words) - len(words.lstrip())
                yield Place(at, at + len(words.strip()), words.strip())
        start += len(line) + 1
