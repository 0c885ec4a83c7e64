"""People who stand in a text by their initials alone: beside their name, by kin, by age, or with full stops."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sfo_nlp.checks.acronyms import glossary
from sfo_nlp.checks.name_lists import lists
from sfo_nlp.checks.name_words import Word
from sfo_nlp.document import Span

# "Rachel Imogen Thorne (RT)" and "KB (Kallum Brightmoor".
_BESIDE = re.compile(r"\b([A-Z]{2,3})\b(?=\)| \()")
# "J.M." but neither "e.g." nor the end of "plan B."
_DOTTED = re.compile(r"(?<![\w.’'-])[A-Z]\. ?[A-Z]\.(?: ?[A-Z]\.)?(?! ?[A-Z]\w)")
_GOES_ON = re.compile(r"[,)]|[’']s| [a-z(]")
# "the victim, AB," and "his cousin RT": who somebody is, before the letters.
_WHO_BEFORE = re.compile(r"\b(?:[Vv]ictim|[Dd]eceased|[Cc]omplainant|[Ss]urvivor),? $")
# "(aged 7)", ", a friend of", ", who": who somebody is, after them.
_SET_OFF = re.compile(r"(?:,| \(| who\b| whose\b)")


class Initials(NamedTuple):
    """Letters that stand for somebody: the numbers of their words, their place, and themselves without full stops."""

    words: tuple[int, ...]
    span: Span
    letters: str


def forms_of(given: Iterable[str], surname: str) -> frozenset[str]:
    """How a name may be shortened to capitals: with and without its middle names and the parts of a double surname."""
    names = [*given, surname]
    parts = [part[0].upper() for name in names for part in name.split("-") if part]
    whole = [name[0].upper() for name in names]
    return frozenset({"".join(parts), "".join(whole), whole[0] + whole[-1]})


def beside(text: str, start: int, end: int, forms: frozenset[str]) -> frozenset[str]:
    """Those of the `forms` of a name at `start` to `end` that stand in brackets beside it."""
    return forms & set(_BESIDE.findall(text[max(0, start - 6) : end + 6]))


def initials(
    text: str, words: Sequence[Word], capitalised: Iterable[int], *, known: frozenset[str], given: frozenset[str]
) -> Iterator[Initials]:
    """Letters that are somebody: `given` in brackets beside a name, `known` of a name, or shown to be a person.

    `capitalised` are the numbers of the words with a capital.
    An abbreviation of the glossary is somebody only where it was given beside a name.
    """
    capitals = [index for index in capitalised if len(words[index].text) in (2, 3) and words[index].text.isupper()]
    people = known | {words[index].text for index in capitals if _is_person(text, words, index)}
    for index in capitals:
        letters = words[index].text
        if letters in given or (letters in people and not _abbreviates(letters)):
            yield Initials((index,), Span(words[index].start, words[index].end), letters)
    for match in _DOTTED.finditer(text):
        letters = re.sub(r"[^A-Z]", "", match.group())
        if not _abbreviates(letters):
            first = bisect_left(words, match.start(), key=lambda word: word.start)
            # The last full stop may be the sentence's.
            end = match.end() if _GOES_ON.match(text, match.end()) else match.end() - 1
            yield Initials(tuple(range(first, first + len(letters))), Span(match.start(), end), letters)


def _abbreviates(letters: str) -> bool:
    return glossary().find(letters) is not None or letters in glossary().everyday


def _is_person(text: str, words: Sequence[Word], index: int) -> bool:
    """Whether the words beside two letters say that they are a person's: kin, an age, who they are."""
    known, word = lists(), words[index]
    if len(word.text) > 2 or (word.joined and index and words[index - 1].text.isupper()):
        return False
    before, after = text[max(0, word.start - 40) : word.start], text[word.end : word.end + 60]
    if known.kin_after.match(after) or known.kin_before.search(before) or _WHO_BEFORE.search(before):
        return True
    return bool(_SET_OFF.match(after) and known.beside.match(after))
