"""Passive verbs: "be" or "get" with a past participle, found by rules, since no tagger comes with the program.

States and feelings ("was tired", "was married") are no passives, unless "by" names a doer. Adverbs, a pronoun in
a question and a second participle after "and" may stand between.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sfo_nlp.document import Span

_AGENT_REACH = 6
_REACH = 5


class Token(NamedTuple):
    """A word as the detector sees it: lower-cased, with its half-open place in the text."""

    text: str
    span: Span


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
    between: frozenset[str]
    pronouns: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return _Words(**{name: frozenset(values) for name, values in data.items()})


def passives(tokens: list[Token]) -> Iterator[Passive]:
    """The passive verbs of one sentence, in order."""
    words = _words()
    last = -1
    for index, token in enumerate(tokens):
        if index <= last or token.text not in words.be | words.get:
            continue
        found = _participle(tokens, index)
        if found is None:
            continue
        last = found
        by = _has_agent(tokens, found)
        yield Passive(Span(token.span.start, tokens[found].span.end), tokens[found].text, by)
        for second in _coordinated(tokens, found):
            last = second
            yield Passive(tokens[second].span, tokens[second].text, _has_agent(tokens, second))


def _participle(tokens: list[Token], start: int) -> int | None:
    """The index of the participle that `start` governs, or None."""
    words = _words()
    for index in range(start + 1, min(start + 2 + _REACH, len(tokens))):
        word = tokens[index].text
        if is_participle(word) and not _is_state(tokens, index):
            return None if _owns(tokens, start) else index
        if word in words.pronouns and index == start + 1:
            continue
        if word not in words.between and not (word.endswith("ly") and len(word) > 4):
            return None
    return None


def _coordinated(tokens: list[Token], first: int) -> Iterator[int]:
    """Participles joined to the first one: "was assessed and allocated", "was read, signed and sent"."""
    index = first + 1
    while index < len(tokens) - 1:
        joiner = tokens[index].text
        if joiner not in (",", "and", "or", "nor", "but"):
            return
        ahead = index + 1
        while ahead < len(tokens) - 1 and (
            tokens[ahead].text in ("and", "or", "not", "then", "later", "never", "also")
            or tokens[ahead].text.endswith("ly")
        ):
            ahead += 1
        word = tokens[ahead].text
        following = tokens[ahead + 1].text if ahead + 1 < len(tokens) else "."
        # "was seen and asked him" goes on actively; "was seen and asked" does not.
        if not is_participle(word) or word in _words().states or following in _OBJECTS:
            return
        if not word.endswith("ed") and following not in _ENDS:
            return
        yield ahead
        index = ahead + 1


_OBJECTS = frozenset("him her them it me us the a an his their its my our that whether what how mr mrs ms miss".split())
_ENDS = frozenset(". , ; : ? ! ) by in on at to for with from and or until before after as when".split())


def is_participle(word: str) -> bool:
    """Whether a lower-case word can be a past participle."""
    words = _words()
    if word in words.irregular or (word in words.states and not word.endswith("ed")):
        return True
    stem = word.rpartition("-")[2]
    if stem in words.irregular and "-" in word:
        return True
    return len(word) > 3 and word.endswith("ed") and word not in words.nouns


def _is_state(tokens: list[Token], index: int) -> bool:
    """Whether the participle at `index` names a state here."""
    words = _words()
    word = tokens[index].text
    following = tokens[index + 1].text if index + 1 < len(tokens) else "."
    if word in words.before_to and following == "to":
        return True
    return word in words.states and following != "by"


def _owns(tokens: list[Token], start: int) -> bool:
    """Whether "'s" at `start` marks an owner ("Mr Hale's assessed risk") and not "is" or "has" ("it's been sent")."""
    if tokens[start].text not in ("'s", "’s"):
        return False
    return start == 0 or tokens[start - 1].text not in _words().pronouns | _SUBJECTS


_SUBJECTS = frozenset("who what there here where".split())


def _has_agent(tokens: list[Token], index: int) -> bool:
    """Whether "by" and a doer follow; "by 3 May" and "by phone" name none."""
    for at in range(index + 1, min(index + 1 + _AGENT_REACH, len(tokens) - 1)):
        if tokens[at].text in (".", ";", ":"):
            return False
        if tokens[at].text == "by":
            after = tokens[at + 1].text
            return not (after[0].isdigit() or after in _NO_DOERS or after.endswith("ing"))
    return False


_NO_DOERS = frozenset(
    "then now which when january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday noon midnight email e-mail telephone phone post "
    "letter hand law mistake chance accident text ".split()
)
