"""People who stand in a text by their initials alone: beside their name, by kin, by age, or with full stops."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sfo_nlp.checks.acronyms import glossary
from sfo_nlp.checks.name_lists import lists
from sfo_nlp.checks.name_words import Word
from sfo_nlp.document import Span
from sfo_nlp.language.prose import is_word

# "Rachel Imogen Thorne (RT)" and "KB (Kallum Brightmoor".
_BESIDE = re.compile(r"\b([A-Z]{2,3})\b(?=\)| \()")
# "J.M." but neither "e.g." nor the end of "plan B."
_DOTTED = re.compile(r"(?<![\w.’'-])[A-Z]\. ?[A-Z]\.(?: ?[A-Z]\.)?(?! ?[A-Z]\w)")
_GOES_ON = re.compile(r"[,)]|[’']s| [a-z(]")
# "the victim, AB," and "his cousin RT": who somebody is, before the letters.
_WHO_BEFORE = re.compile(r"\b(?:[Vv]ictim|[Dd]eceased|[Cc]omplainant|[Ss]urvivor),? $")
# "(aged 7)", ", a friend of", ", who": who somebody is, after them.
_SET_OFF = re.compile(r"(?:,| \(| who\b| whose\b)")
# "PP" at the start of a line or cell, then the next cell, or what a colon or dash leads to.
_OPENS = re.compile(r"(?:^|[\n|])[ \t•*]*$")
_NEXT = re.compile(r"[ \t]*(?:\n+|\||[:=–—-][ \t])[ \t]*(?P<words>[^\n|]{1,120})")
_PLAIN_WORD = re.compile(r"\b(?!(?:a|an|and|for|in|of|on|or|the|to)\b)[^\W\d_]+")
# "PP1" is a code.
_CODE = re.compile(r"[-/]?\d")


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
    text: str,
    words: Sequence[Word],
    capitalised: Iterable[int],
    *,
    known: frozenset[str],
    given: frozenset[str],
    named: Sequence[Span],
) -> Iterator[Initials]:
    """Letters that are somebody: `given` in brackets beside a name, `known` of a name, or shown to be a person.

    `capitalised` are the numbers of the words with a capital, `named` the places of the names in full.
    An abbreviation of the glossary or of the text's own is somebody only where it was given beside a name.
    """
    capitals = [
        index
        for index in capitalised
        if len(words[index].text) in (2, 3) and words[index].text.isupper() and not _CODE.match(text, words[index].end)
    ]
    people = known | {words[index].text for index in capitals if _is_person(text, words, index)}
    own = {
        words[index].text
        for index in capitals
        if words[index].text in people and _stands_for(text, words[index], named)
    }
    for index in capitals:
        letters = words[index].text
        if letters in given or (letters in people - own and not _abbreviates(letters)):
            yield Initials((index,), Span(words[index].start, words[index].end), letters)
    for match in _DOTTED.finditer(text):
        letters = re.sub(r"[^A-Z]", "", match.group())
        if not _abbreviates(letters):
            first = bisect_left(words, match.start(), key=lambda word: word.start)
            # The last full stop may be the sentence's.
            end = match.end() if _GOES_ON.match(text, match.end()) else match.end() - 1
            yield Initials(tuple(range(first, first + len(letters))), Span(match.start(), end), letters)


def _stands_for(text: str, word: Word, named: Sequence[Span]) -> bool:
    """Whether letters are the initials of the words in the next cell: "PP | Probation practitioner", but no name."""
    following = _NEXT.match(text, word.end)
    if not following or not _OPENS.search(text[max(0, word.start - 6) : word.start]):
        return False
    parts = list(_PLAIN_WORD.finditer(text, following.start("words"), following.end()))[: len(word.text)]
    if "".join(part.group()[0] for part in parts).upper() != word.text:
        return False
    if any(span.start < parts[-1].end() and parts[0].start() < span.end for span in named):
        return False
    plain = [part.group() for part in parts]
    return any(part.islower() for part in plain) or not any(
        part.title() in lists().given or not is_word(part.lower()) for part in plain
    )


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
