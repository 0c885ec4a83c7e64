"""Questions on practice and the "Yes", "No" or "Partly" that answers them: in a sentence, a line or a cell."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from sfo_nlp.checks.data import Phrases, phrases
from sfo_nlp.checks.verdict import CLEAR
from sfo_nlp.language.reading import Sentence
from sfo_nlp.language.units import is_question

_AROUND = " .:;–-"


class Answer(NamedTuple):
    """A sentence that answers a question on practice.

    `direction` is taken, not_taken or partly where the question asks outright whether practice was good enough; None
    where it asks how practice was, so that only a model can tell. `question` is the sentence that asks, None where a
    column or the line before does.
    """

    sentence: Sentence
    direction: str | None
    question: Sentence | None = None


@dataclass(frozen=True, slots=True)
class _Patterns:
    outright: re.Pattern[str]
    enough: re.Pattern[str]
    practice: re.Pattern[str]
    reply: re.Pattern[str]
    but: re.Pattern[str]
    directions: Mapping[str, str]
    bare: frozenset[str]
    unanswered: frozenset[str]


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    """``replies.toml`` as patterns; `directions` by the whole of a cell in small letters."""
    asks, columns, bare = (phrases("replies", table) for table in ("asks_outright", "columns", "bare"))
    words, letters, marks = (phrases("replies", table) for table in ("words", "letters", "marks"))
    short = {word: direction for direction in CLEAR for word in words.words(direction)}
    short |= {word: direction for direction in ("taken", "not_taken") for word in letters.words(direction)}
    return _Patterns(
        outright=re.compile(
            rf"\b{asks['steps']}\b|\b{asks['all']}\b.{{0,30}}\b{asks['could']}\b.{{0,40}}\b{asks['done']}\b"
            rf"|\b{asks['enough']}\b.{{0,30}}\b{asks['risk']}\b"
            rf"|\b{asks['owed']}\b|\b{asks['managed']}(?: {asks['by']})?\W*$",
            re.IGNORECASE,
        ),
        enough=re.compile(rf"\b{columns['enough']}\b", re.IGNORECASE),
        practice=re.compile(rf"\b{columns['practice']}\b", re.IGNORECASE),
        # "No. 3" is a number.
        reply=re.compile(
            rf"\W*(?:(?:{_by_direction(words, '')})\b(?!\.?\s*\d)"
            rf"(?P<rest>\W*$|\s*[.,;:!(–—-].*|\s+{words['goes_on']}\b.*)"
            rf"|(?:{_by_direction(words, 'said_')})(?P<after>\W*$|\s*[.,;:!–—].*))",
            re.IGNORECASE | re.DOTALL,
        ),
        but=re.compile(rf"\b{words['but']}\b", re.IGNORECASE),
        directions=short | {mark: direction for direction in CLEAR for mark in marks.words(direction)},
        bare=frozenset((*short, *bare.words("others"), *bare.words("unanswered"))),
        unanswered=frozenset(bare.words("unanswered")),
    )


def _by_direction(words: Phrases, prefix: str) -> str:
    """The phrases that answer, each direction a group of its own; "they were not" is tried before "they were"."""
    return "|".join(
        f"(?P<{prefix}{direction}>{words[prefix + direction]})" for direction in ("partly", "not_taken", "taken")
    )


def is_bare(text: str) -> bool:
    """Whether a cell or line is a bare answer ("Yes", "Not met", "n/a"): it shows no practice by itself."""
    return text.strip(_AROUND).lower() in _patterns().bare


def answers(sentences: Sequence[Sentence]) -> Iterator[Answer]:
    """Every sentence that answers a question on practice, asked by the sentence before or by the head of its column."""
    if sentences and (first := _in_brief("", sentences[0])):
        yield first
    for before, sentence in pairwise(sentences):
        if found := _to_question(before, sentence) or _in_brief(before.text, sentence):
            yield found


def _to_question(question: Sentence, sentence: Sentence) -> Answer | None:
    """The answer to a question whether all reasonable steps were taken: "Yes", or "No, because ..."."""
    patterns = _patterns()
    if not is_question(question.text) or not patterns.outright.search(question.text):
        return None
    match = patterns.reply.match(sentence.text)
    if match is None:
        return None
    direction = next(name for name in CLEAR if match[name] or match[f"said_{name}"])
    halved = direction == "taken" and patterns.but.search(match["rest"] or match["after"] or "")
    return Answer(sentence, "partly" if halved else direction, question)


def _in_brief(before: str, sentence: Sentence) -> Answer | None:
    """A cell or line that is nothing but an answer, to the head of its column or to the text `before` it."""
    patterns = _patterns()
    said = sentence.text.strip(_AROUND).lower()
    head = cell.header if (cell := sentence.block.cell) else ""
    direction = patterns.directions.get(said)
    if direction and patterns.enough.search(head):
        return Answer(sentence, direction)
    given = said in patterns.bare and said not in patterns.unanswered
    asked = given and patterns.practice.search(head or before)
    return Answer(sentence, None) if asked else None
