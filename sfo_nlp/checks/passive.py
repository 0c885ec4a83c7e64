"""Passive verbs: "be" or "get" with a past participle, found by rules, since no tagger comes with the program.

States and feelings ("was tired", "was married") are no passives, unless "by" names a doer. Adverbs, a pronoun in
a question and a second participle after "and" may stand between.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from sfo_nlp.document import Span

_TOKEN = re.compile(r"['’]\w+|\w+(?:-\w+)*|[^\w\s]")
_AGENT_REACH = 6
_REACH = 5


class Tokens:
    """The words and marks of a sentence in lower case, "'s" and "'t" by themselves; places only when asked for.

    `offset` is where the sentence starts in the document's text.
    """

    def __init__(self, text: str, offset: int = 0) -> None:
        self.words = list(map(str.lower, _TOKEN.findall(text)))
        self._text, self._offset = text, offset

    @cached_property
    def _places(self) -> list[Span]:
        return [Span(*match.span()) for match in _TOKEN.finditer(self._text)]

    def span(self, first: int, last: int) -> Span:
        """From one word to another, both included, in the document's text."""
        return Span(self._offset + self._places[first].start, self._offset + self._places[last].end)


class Passive(NamedTuple):
    """One passive verb: from its auxiliary to its participle; `by` when the text says who did it."""

    span: Span
    participle: str
    by: bool


@dataclass(frozen=True, slots=True)
class _Words:
    irregular: frozenset[str]
    states: frozenset[str]
    nouns: frozenset[str]
    before_to: frozenset[str]
    be: frozenset[str]
    get: frozenset[str]
    auxiliaries: frozenset[str]
    undoing: frozenset[str]
    intransitive: frozenset[str]
    between: frozenset[str]
    pronouns: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    lists = {name: frozenset(values) for name, values in data.items()}
    return _Words(**lists, auxiliaries=lists["be"] | lists["get"])


def passives(tokens: Tokens) -> Iterator[Passive]:
    """The passive verbs of one sentence, in order."""
    words, auxiliaries = tokens.words, _words().auxiliaries
    last = -1
    for index, word in enumerate(words):
        if index <= last or word not in auxiliaries:
            continue
        found = _participle(words, index)
        if found is None:
            continue
        last = found
        yield Passive(tokens.span(index, found), words[found], _has_agent(words, found))
        for second in _coordinated(words, found):
            last = second
            yield Passive(tokens.span(second, second), words[second], _has_agent(words, second))


def _participle(tokens: list[str], start: int) -> int | None:
    """The index of the participle that `start` governs, or None."""
    words = _words()
    first = _after_subject(tokens, start)
    for index in range(first, min(first + 1 + _REACH, len(tokens))):
        word = tokens[index]
        if is_participle(word) and not _is_state(tokens, index):
            return None if _owns(tokens, start) else index
        if word in words.pronouns and index == start + 1:
            continue
        if word not in words.between and not (word.endswith("ly") and len(word) > 4):
            return None
    return None


def _after_subject(tokens: list[str], start: int) -> int:
    """Where to look from: past the subject in a question ("Was the victim ever told?"), else the next word."""
    opens = start == 0 or tokens[start - 1] in _QUESTIONS
    if not opens or start + 1 >= len(tokens) or tokens[start + 1] not in _DETERMINERS or tokens[-1] != "?":
        return start + 1
    words = _words()
    for index in range(start + 2, min(start + 6, len(tokens))):
        if is_participle(tokens[index]) or tokens[index] in words.between:
            return index
    return start + 1


def _coordinated(tokens: list[str], first: int) -> Iterator[int]:
    """Participles joined to the first one: "was assessed and allocated", "was read, signed and sent"."""
    index, reach = first + 1, first + 1 + _JOIN_REACH
    while index < min(reach, len(tokens) - 1):
        word = tokens[index]
        if word in _CLAUSE_EDGES or (word in _words().be and index > first + 1):
            return
        if word not in (",", "and", "or", "nor", "but"):
            index += 1
            continue
        ahead = index + 1
        while ahead < len(tokens) - 1 and (tokens[ahead] in _JOINERS or tokens[ahead].endswith("ly")):
            ahead += 1
        if _goes_on(tokens, ahead):
            yield ahead
            reach = ahead + 1 + _JOIN_REACH
        elif word != ",":
            return
        index = ahead + 1 if ahead > index + 1 else index + 1


def _goes_on(tokens: list[str], index: int) -> bool:
    """Whether a second participle stands at `index`: "seen and asked", but not "seen and asked him"."""
    word = tokens[index]
    following = tokens[index + 1] if index + 1 < len(tokens) else "."
    if not is_participle(word) or word in _words().states or following in _OBJECTS:
        return False
    if word.endswith("ed"):
        return word not in _words().intransitive and following in _ENDS
    return following in _ENDS


_JOIN_REACH = 8
_QUESTIONS = frozenset("why how when where who what and but so".split())
_DETERMINERS = frozenset("the a an his her their its my our your any either that this no mr mrs ms miss".split())
_JOINERS = frozenset("and or not then later never also so".split())
_CLAUSE_EDGES = frozenset("; : . ? ! who which that because although while if when".split())
_OBJECTS = frozenset("him her them it me us the a an his their its my our that whether what how mr mrs ms miss".split())
_ENDS = frozenset(
    ". , ; : ? ! ) by in on at to from and or until before after as when again out up off over down away a "
    "within under for with by sight into".split()
)


def is_participle(word: str) -> bool:
    """Whether a lower-case word can be a past participle."""
    words = _words()
    if word in words.irregular or (word in words.states and not word.endswith("ed")):
        return True
    stem = word.rpartition("-")[2]
    if stem in words.irregular and "-" in word:
        return True
    if word.startswith("un") and word not in words.undoing:
        return False
    return len(word) > 3 and word.endswith("ed") and word not in words.nouns


def _is_state(tokens: list[str], index: int) -> bool:
    """Whether the participle at `index` names a state here."""
    words = _words()
    word = tokens[index]
    following = tokens[index + 1] if index + 1 < len(tokens) else "."
    if word in words.before_to and following == "to":
        return True
    return word in words.states and not _has_agent(tokens, index, reach=2)


def _owns(tokens: list[str], start: int) -> bool:
    """Whether "'s" at `start` marks an owner ("Mr Hale's assessed risk") and not "is" or "has" ("it's been sent")."""
    if tokens[start] not in ("'s", "’s"):
        return False
    return start == 0 or tokens[start - 1] not in _words().pronouns | _SUBJECTS


_SUBJECTS = frozenset("who what there here where".split())


def _has_agent(tokens: list[str], index: int, *, reach: int = _AGENT_REACH) -> bool:
    """Whether "by" and a doer follow; "by 3 May" and "by phone" name none."""
    for at in range(index + 1, min(index + 1 + reach, len(tokens) - 1)):
        if tokens[at] in (".", ";", ":"):
            return False
        if tokens[at] == "by":
            after = tokens[at + 1]
            return not (after[0].isdigit() or after in _NO_DOERS or after.endswith("ing"))
    return False


_NO_DOERS = frozenset(
    "then now which when january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday noon midnight email e-mail telephone phone post "
    "letter hand law mistake chance accident text ".split()
)
