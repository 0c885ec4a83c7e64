"""The words of a text as names are looked for among them; names in capitals are read as what they would be else."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sfo_nlp.checks.acronyms import glossary
from sfo_nlp.checks.name_lists import lists

_WORD = re.compile(r"[^\W\d_]+(?:[’'](?![sS]\b)[^\W\d_]+|-[^\W\d_]+)*")
_EDGE = re.compile(r"[.!?:;\n•|]\s*[“\"‘(]*\s*$|[“\"‘]$")
# "al-Rashid", "ap-Rhys": the particle is small, the name is not.
_PARTICLED = re.compile(r"(?:al|el|ap|ab|bin|ul|ur)-[A-Z]")
# Shorter ones are rather initials or an abbreviation.
_SHORTEST = 3


class Word(NamedTuple):
    """A word of the text; `joined` when only a space, or a full stop and a space, stands before it."""

    text: str
    start: int
    end: int
    joined: bool
    opens: bool


def words(text: str) -> list[Word]:
    """Every word in order. A name in capitals ("Mr THRIPP", "KIERAN THRIPP") has the form of one that is not."""
    found = list(_words(text))
    lower = {word.text for word in found if word.text.islower()}
    named = titled = False
    for index, word in enumerate(found):
        named, titled = named and word.joined, titled and word.joined
        if not named and word.text[0].islower():
            titled = False
            continue
        if word.text.isupper():
            kin = bool(lists().kin_before.search(text[max(0, word.start - 40) : word.start]))
            if _names_somebody(word.text, lower, named=named, titled=titled, kin=kin):
                found[index] = word._replace(text=word.text.title())
        named = found[index] is not word or _goes_on(word, named=named)
        titled = found[index].text in lists().strong_titles
    return found


def _goes_on(word: Word, *, named: bool) -> bool:
    """Whether a surname may follow: after a title or a given name, or after what stands between them and it."""
    known = lists()
    if word.text in known.strong_titles or (word.text in known.given and word.text not in known.ambiguous):
        return True
    return named and can_name(word) and word.text not in known.things


def _names_somebody(word: str, lower: set[str], *, named: bool, titled: bool, kin: bool) -> bool:
    """Whether a word in capitals is a title, a listed given name, or stands where a name goes on or a title ends.

    Beside a word for kin ("a daughter, POPPY") a given name may be one that is a word as well. A word that the text has
    in small letters as well, or that is an abbreviation, is in capitals for another reason.
    """
    known, usual = lists(), word.title()
    if usual in known.strong_titles and not word.startswith(("PC", "DC", "DS", "DI")):
        return True
    if len(word) < _SHORTEST or word.lower() in lower or usual in known.barred or glossary().find(word):
        return False
    listed = usual in known.given and (kin or usual not in known.ambiguous)
    return listed or titled or (named and usual not in known.things)


def in_capitals(found: list[Word], capitals: Iterable[int], known: set[str]) -> Iterator[tuple[int, Word]]:
    """Number and usual form of those of the `capitals` that are one of the `known` names in capitals throughout."""
    usual = {name.upper(): name for name in known if len(name) >= _SHORTEST}
    for index in capitals:
        word = found[index]
        if word.text.isupper() and word.text in usual:
            yield index, word._replace(text=usual[word.text])


def can_name(word: Word) -> bool:
    """Whether a word is written as a name: one capital first, not all capitals unless it is an initial."""
    usual = word.text[0].isupper() and (len(word.text) == 1 or not word.text.isupper() or word.text[1:2] in "’'")
    return usual or bool(_PARTICLED.match(word.text))


def _words(text: str) -> Iterator[Word]:
    end, opens, before = 0, True, ""
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        opens = end == 0 or (gap != " " and bool(_EDGE.search(gap)))
        if gap == ". " and (before in lists().titles or len(before) == 1):
            opens = False
        yield Word(match.group(), match.start(), match.end(), gap == " " or (gap == ". " and not opens), opens)
        end, before = match.end(), match.group()
