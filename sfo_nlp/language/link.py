"""Which reason belongs to which failing: from distance, layout and the model's confidence in both."""

from collections.abc import Sequence
from typing import NamedTuple

from sfo_nlp.language.reading import Reading, Sentence

AFTER, BEFORE = 4, 2


class Candidate(NamedTuple):
    """A sentence that may take part in a link and how sure its role is."""

    sentence: Sentence
    confidence: float


def link(reading: Reading, concerns: Sequence[Candidate], reasons: Sequence[Candidate]) -> dict[int, int]:
    """For each explained concern, by sentence index, the index of the reason that explains it."""
    links: dict[int, int] = {}
    by_index = {reason.sentence.index: reason for reason in reasons}
    for concern in concerns:
        scored = [
            (score, index)
            for index in range(concern.sentence.index - BEFORE, concern.sentence.index + AFTER + 1)
            if index in by_index
            for score in [_closeness(concern.sentence, by_index[index].sentence) * by_index[index].confidence]
            if score > 0.2
        ]
        if scored:
            links[concern.sentence.index] = max(scored)[1]
    return links


def _closeness(concern: Sentence, reason: Sentence) -> float:
    """1 in the same sentence, falling with distance, faster backwards and over a heading or another row."""
    distance = reason.index - concern.index
    if distance == 0:
        return 1.0
    if concern.section != reason.section:
        return 0.0
    here, there = concern.block.cell, reason.block.cell
    if here and there:
        return 0.95 if (here.table, here.row) == (there.table, there.row) else 0.0
    same_block = concern.block.number == reason.block.number
    base = 0.9 if same_block else 0.7
    return base / (1 + 0.35 * (distance - 1)) if distance > 0 else 0.6 * base / -distance
