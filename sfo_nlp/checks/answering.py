"""Which action answers which failing: from the row they share, a reference, their words and topics in common."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import log, sqrt

import numpy as np

from sfo_nlp.checks.base import CheckContext
from sfo_nlp.language.reading import Sentence

# Chosen on six training reviews whose pairs were put together by hand (tests/data/answers.json).
TOPIC, THEME, SECTION = 0.1, 0.3, 0.02
THRESHOLD, THRESHOLD_BY_RULE = 0.14, 0.11
_STEM = 6
_STOP = frozenset(
    "about above after again against also another because been before being between both could does doing done down "
    "during each every from further have having here himself herself into itself more most must never only other "
    "over same should some such than that their them then there these they this those through under until very were "
    "what when where which while whom will with would your officer officers probation service review case cases "
    "team manager head unit action ensure made make taken take given give asked ask risk serious harm person people "
    "practice staff report will shall must region regional director month months week weeks year years january "
    "february march april june july august september october november december finding findings said told ".split()
)


def answered(
    context: CheckContext, failings: Sequence[Sentence], wanted: Sequence[Sentence]
) -> Mapping[int, tuple[int, float]]:
    """For each answered failing, by sentence index, the index of the nearest action and how near it is (0 to 1)."""
    if not failings or not wanted:
        return {}
    near = _Nearness(context, [*failings, *wanted])
    found: dict[int, tuple[int, float]] = {}
    for failing in failings:
        scored = [(near.of(failing, action), -abs(action.index - failing.index), action.index) for action in wanted]
        best, _, index = max(scored)
        if best >= near.threshold:
            found[failing.index] = (index, round(min(best, 1.0), 3))
    return found


class _Nearness:
    """How near an action is to a failing: by the row they share, else by words, topics and themes in common."""

    def __init__(self, context: CheckContext, sentences: Sequence[Sentence]) -> None:
        predictions = context.reading.predictions
        self._weights = _weights(context.sentences)
        self._stems = {item.index: frozenset(_stems(item.text)) for item in sentences}
        self._lengths = {index: sqrt(self._squares(stems)) or 1.0 for index, stems in self._stems.items()}
        self._topics = _topics(context)
        columns = [predictions.of(f"theme:{name}") for name in predictions.family("theme")]
        themes = np.stack(columns, axis=1) if columns else np.zeros((len(context.sentences), 0), np.float32)
        self._themes = themes / np.maximum(np.linalg.norm(themes, axis=1, keepdims=True), 1e-9)
        self.threshold = THRESHOLD if columns else THRESHOLD_BY_RULE

    def of(self, failing: Sentence, action: Sentence) -> float:
        """1 in one row or one sentence, else a score from 0 up."""
        here, there = failing.block.cell, action.block.cell
        if failing.index == action.index or (here and there and (here.table, here.row) == (there.table, there.row)):
            return 1.0
        nothing: frozenset[str] = frozenset()
        common = self._stems[failing.index] & self._stems[action.index]
        score = self._squares(common) / (self._lengths[failing.index] * self._lengths[action.index])
        score += TOPIC * bool(self._topics.get(failing.index, nothing) & self._topics.get(action.index, nothing))
        score += SECTION * (bool(failing.section) and failing.section == action.section)
        return score + THEME * float(self._themes[failing.index] @ self._themes[action.index])

    def _squares(self, stems: Iterable[str]) -> float:
        return sum(self._weights.get(stem, 0.0) ** 2 for stem in stems)


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
    counts = Counter(stem for sentence in sentences for stem in set(_stems(sentence.text)))
    return {stem: log(1 + len(sentences) / number) for stem, number in counts.items()}


@lru_cache(maxsize=8192)
def _stems(text: str) -> tuple[str, ...]:
    """The content words of a text, cut to their first letters, so that visit, visits and visiting are one."""
    words = re.findall(r"[a-z]{4,}", text.lower())
    return tuple(word[:_STEM] for word in words if word not in _STOP)
