"""Which action answers which failing: from the row they share, a reference, their words and topics in common."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import log

import numpy as np
import numpy.typing as npt

from sfo_nlp.checks.base import CheckContext
from sfo_nlp.checks.data import bound, count, phrases
from sfo_nlp.language.overlap import Matrix, Rows, numbered, overlap
from sfo_nlp.language.reading import Sentence


def answered(
    context: CheckContext, failings: Sequence[Sentence], wanted: Sequence[Sentence]
) -> Mapping[int, tuple[int, float]]:
    """For each answered failing, by sentence index, the index of the nearest action and how near it is (0 to 1)."""
    if not failings or not wanted:
        return {}
    nearness = _nearness(context, failings, wanted)
    found: dict[int, tuple[int, float]] = {}
    for failing, scores in zip(failings, nearness, strict=True):
        ties = np.flatnonzero(scores == scores.max()).tolist()
        action = min((wanted[place] for place in ties), key=lambda item: abs(item.index - failing.index))
        best = float(scores[ties[0]])
        if best >= bound("learning", "answered"):
            found[failing.index] = (action.index, round(min(best, 1.0), 3))
    return found


def _nearness(context: CheckContext, failings: Sequence[Sentence], wanted: Sequence[Sentence]) -> Matrix:
    """How near each action is to each failing, (failings, actions).

    1 in one row or one sentence, 0 without a word or topic in common, else by words, topics and themes in common.
    """
    predictions = context.reading.predictions
    rows, columns = ([item.index for item in items] for items in (failings, wanted))
    squares = {stem: weight**2 for stem, weight in _weights(context.sentences).items()}
    one, other = ([frozenset(stems(item.text)) for item in items] for items in (failings, wanted))
    lengths = [np.sqrt([sum(squares[stem] for stem in each) or 1.0 for each in sets]) for sets in (one, other)]
    topics = _topics(context)
    about = overlap([topics.get(row, ()) for row in rows], [topics.get(column, ()) for column in columns])
    section = numbered([sentence.section or None for sentence in context.sentences])
    shared = overlap(one, other, squares) / np.outer(*lengths)
    score = shared + bound("learning", "same_topic") * (about > 0)
    score += bound("learning", "same_section") * _equal(section, rows, columns)
    themes = [predictions.of(f"theme:{name}") for name in predictions.family("theme")]
    if themes:
        vectors = np.stack(themes, axis=1)
        vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        score += bound("learning", "same_themes") * (vectors[rows] @ vectors[columns].T)
    # A theme alone links everything to everything: an overall judgement has some of each.
    score = np.where((shared > 0) | (about > 0), score, 0.0)
    cells = [sentence.block.cell for sentence in context.sentences]
    table_row = numbered([(cell.table, cell.row) if cell else None for cell in cells])
    score[_equal(table_row, rows, columns) | np.equal.outer(rows, columns)] = 1.0
    return score


def _equal(numbers: Rows, rows: Sequence[int], columns: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Which sentences have the same number, (rows, columns); -1 equals nothing."""
    one, other = numbers[rows], numbers[columns]
    return np.equal.outer(one, other) & (one >= 0)[:, None]


def _topics(context: CheckContext) -> dict[int, frozenset[str]]:
    """The practice topics whose words stand in each sentence; heading words do not count."""
    found: dict[int, set[str]] = {}
    for hit in context.hits.family("topic:"):
        found.setdefault(hit.sentence, set()).add(hit.label)
    for hit in context.hits.family("theme:"):
        found.setdefault(hit.sentence, set()).add(f"topic:{hit.label.split(':')[1]}")
    return {index: frozenset(topics) for index, topics in found.items()}


def _weights(sentences: Sequence[Sentence]) -> dict[str, float]:
    """The rarer a stem is in this review, the more it says."""
    counts = Counter(stem for sentence in sentences for stem in set(stems(sentence.text)))
    return {stem: log(1 + len(sentences) / number) for stem, number in counts.items()}


@lru_cache(maxsize=8192)
def stems(text: str) -> tuple[str, ...]:
    """The content words of a text, cut to their first letters, so that visit, visits and visiting are one."""
    words, stop, length = re.findall(r"[a-z]{4,}", text.lower()), _everyday(), count("learning", "stem")
    return tuple(word[:length] for word in words if word not in stop)


@lru_cache(maxsize=1)
def _everyday() -> frozenset[str]:
    return frozenset(phrases("learning", "answering").words("everyday"))
