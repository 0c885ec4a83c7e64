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
    options: re.Pattern[str]
    marked_before: re.Pattern[str]
    marked_behind: re.Pattern[str]
    mark: re.Pattern[str]
    marked: re.Pattern[str]
    field: re.Pattern[str]


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    """``replies.toml`` as patterns; `directions` by the whole of a cell in small letters."""
    asks, columns, bare = (phrases("replies", table) for table in ("asks_outright", "columns", "bare"))
    words, letters, marks = (phrases("replies", table) for table in ("words", "letters", "marks"))
    options, fields = (phrases("replies", table) for table in ("options", "fields"))
    on = rf"(?:{options['on']}|[\[(] ?{options['crosses']} ?[\])])"
    mark = rf"(?:{on}|{options['off']}|\[ ?\]|\( ?\)|_{{2,}})"
    given = words.any(*CLEAR)
    listed = rf"(?:{mark}\s*{given}\b|{given}\b\s*{mark}|{given}\b)"
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
        options=re.compile(
            rf"\W*?{listed}(?:[\s/|,]*(?:or )?{listed})*[\s(]*(?:{options['advice']})?[\s.)]*", re.IGNORECASE
        ),
        marked_before=re.compile(rf"(?P<mark>{mark})?\s*(?P<word>{given})\b", re.IGNORECASE),
        marked_behind=re.compile(rf"(?P<word>{given})\b\s*(?P<mark>{mark})?", re.IGNORECASE),
        mark=re.compile(rf"\s*{mark}", re.IGNORECASE),
        marked=re.compile(on, re.IGNORECASE),
        field=re.compile(
            rf"\W*{fields['heads']}\b[^:–—.]{{0,60}}[:–—]\s*(?:{_by_direction(fields, '')})\W*", re.IGNORECASE
        ),
    )


def _by_direction(words: Phrases, prefix: str) -> str:
    """The phrases that answer, each direction a group of its own; "they were not" is tried before "they were"."""
    return "|".join(
        f"(?P<{prefix}{direction}>{words[prefix + direction]})" for direction in ("partly", "not_taken", "taken")
    )


def is_bare(text: str) -> bool:
    """Whether a cell or line is a bare answer ("Yes", "Not met", "n/a"): it shows no practice by itself."""
    return text.strip(_AROUND).lower() in _patterns().bare or chosen(text) is not None


def chosen(text: str) -> str | None:
    """The one of several answers that is marked ("☐ Yes ☒ No"), "" where none or more are; None for any other text."""
    patterns = _patterns()
    if not patterns.options.fullmatch(text):
        return None
    # Where a mark opens the list, each stands before its answer.
    side = patterns.marked_before if patterns.mark.match(text) else patterns.marked_behind
    found = [(match["word"], match["mark"] or "") for match in side.finditer(text)]
    if len(found) == 1 and not found[0][1]:
        return None
    picked = [word for word, mark in found if patterns.marked.fullmatch(mark)]
    return picked[0] if len(picked) == 1 else ""


def answers(sentences: Sequence[Sentence]) -> Iterator[Answer]:
    """Every sentence that answers a question on practice, asked by the sentence before or by the head of its column."""
    fields = list(_in_fields(sentences))
    yield from fields if len(fields) > 1 else (found._replace(question=found.sentence) for found in fields)
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
    picked = chosen(sentence.text)
    match = patterns.reply.match(sentence.text if picked is None else picked)
    if match is None:
        return None
    direction = next(name for name in CLEAR if match[name] or match[f"said_{name}"])
    halved = direction == "taken" and patterns.but.search(match["rest"] or match["after"] or "")
    return Answer(sentence, "partly" if halved else direction, question)


def _in_fields(sentences: Sequence[Sentence]) -> Iterator[Answer]:
    """The lines that are a field and its answer ("Judgement: Sufficient"); several are of one stage each."""
    for sentence in sentences:
        if match := _patterns().field.fullmatch(sentence.text):
            yield Answer(sentence, next(name for name in CLEAR if match[name]))


def _in_brief(before: str, sentence: Sentence) -> Answer | None:
    """A cell or line that is nothing but an answer, to the head of its column or to the text `before` it."""
    patterns = _patterns()
    said = (chosen(sentence.text) or sentence.text).strip(_AROUND).lower()
    head = cell.header if (cell := sentence.block.cell) else ""
    direction = patterns.directions.get(said)
    if direction and patterns.enough.search(head):
        return Answer(sentence, direction)
    given = said in patterns.bare and said not in patterns.unanswered
    asked = given and patterns.practice.search(head or before)
    return Answer(sentence, None) if asked else None
