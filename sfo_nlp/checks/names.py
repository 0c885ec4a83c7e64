"""Names of people in a text: titles, given names, kinship and verbs of speech tell them from other capitalised words.

No trained recogniser comes with the program, so this is rules over ``persons.toml``. It leans towards finding too
much: a name left in a copy for disclosure harms more than a place taken for one, and everything is shown first.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from sfo_nlp.checks.acronyms import glossary
from sfo_nlp.checks.initials import beside, forms_of, initials
from sfo_nlp.checks.name_lists import is_given, lists
from sfo_nlp.checks.name_signs import Signs
from sfo_nlp.checks.name_words import can_name, in_capitals
from sfo_nlp.document import Span

# Bounded and never given back: a run of "Aa-Aa-..." would else be tried in every way of parting it.
_PART, _SHORT = r"[^\W\d_][\w’-]{1,40}+", r"[^\W\d_][\w-]{1,40}+"
# Robert 'Bobby' Tranter, Jaswinder (Jaz) Sandhu-Oakes: a nickname between given name and surname.
_NICKNAMED = re.compile(
    rf"\b(?P<first>{_PART}) (?:[\"“‘'](?P<quoted>{_SHORT})[\"”’']|\((?P<bracketed>{_SHORT})\)) (?P<last>{_PART})"
)
# Jasmine Hallam ('Jaz'), Jasmine Hallam, known to her friends as Jaz: a nickname behind the name.
_KNOWN_AS = re.compile(
    rf"\b(?P<first>{_PART}) (?P<last>{_PART})(?: \([\"“‘'](?P<quoted>{_SHORT})[\"”’']\)"
    r"|,? \(?(?:who )?(?:was |is )?(?:\w+ )?(?:known|called|referred to)(?: \w+){0,4}? as "
    rf"[\"“‘']?(?P<plain>{_SHORT})(?! [A-Z]))"
)
# The name of a case in court: "R v Sandhu-Oakes".
_PROSECUTED = re.compile(r"\bR v\.? (?P<last>[^\W\d_][\w’-]+)")


class Name(NamedTuple):
    """One mention: its place without the title, the title, given names (or initials), surname and nickname as written.

    The surname of a whole family ("the Hallams") is the one that each of them has.
    """

    span: Span
    title: str
    given: tuple[str, ...]
    surname: str
    nickname: str = ""


@lru_cache(maxsize=4)
def names(text: str) -> tuple[Name, ...]:
    """Every mention of a person by name, in order, none overlapping. Kept for the checks that ask of one text."""
    signs = Signs(text)
    found = _Found(signs)
    # First the names that show themselves, then the words that those names make known.
    for step in (_titled, _nicknamed, _labelled, _rows, _in_capitals, _alone, _initials):
        step(signs, found)
    return tuple(sorted(found.names.values(), key=lambda name: name.span))


class _Found:
    """What the steps have found so far: names by the number of their first word, words that are taken, surnames."""

    def __init__(self, signs: Signs) -> None:
        self.names: dict[int, Name] = {}
        self.used: set[int] = set()
        self.surnames: set[str] = set()
        self.prisons: set[str] = set()
        self._signs = signs

    @property
    def given(self) -> set[str]:
        """The given names and initials of all names so far."""
        return {part for name in self.names.values() for part in name.given}

    def free(self) -> Iterator[int]:
        """The capitalised words that are not taken when their turn comes."""
        return (index for index in self._signs.capitals if index not in self.used)

    def add(
        self,
        indices: Sequence[int],
        *,
        title: str = "",
        given: Sequence[str] = (),
        surname: str = "",
        nickname: str = "",
    ) -> None:
        """Keep a name that stands in these words."""
        words = self._signs.words
        span = Span(words[indices[0]].start, words[indices[-1]].end)
        self.names[indices[0]] = Name(span, title, tuple(given), surname, nickname)
        self.used.update(indices)
        if len(surname) > 1:
            self.surnames.add(surname)


def _titled(signs: Signs, found: _Found) -> None:
    """A title and the capitalised words after it."""
    known = lists()
    for index in found.free():
        title = signs.words[index].text
        if title not in known.titles:
            continue
        follower = signs.next(index)
        if follower and follower.joined and follower.text in known.titles:
            found.used.add(index)
            continue
        particles, taken = signs.after_title(index)
        if taken:
            texts = [signs.words[place].text for place in taken]
            found.used.add(index)
            found.add([*particles, *taken], title=title, given=texts[:-1], surname=texts[-1])


def _nicknamed(signs: Signs, found: _Found) -> None:
    """Names with a nickname inside or behind, and the surname of whoever is prosecuted."""
    number = {word.start: index for index, word in enumerate(signs.words)}
    known = found.given
    for pattern in (_NICKNAMED, _KNOWN_AS):
        for match in pattern.finditer(signs.text):
            kind = next(name for name in ("quoted", "bracketed", "plain") if match.groupdict().get(name))
            places = {part: number.get(match.start(part)) for part in ("first", kind, "last")}
            free = [place for place in places.values() if place is not None and place not in found.used]
            named = match["first"] in known or is_given(match["first"])
            if len(free) < 3 or not named or not all(match[part][0].isupper() for part in (kind, "last")):
                continue
            nickname = match[kind]
            if pattern is _NICKNAMED:
                found.add(free, given=(match["first"], nickname), surname=match["last"], nickname=nickname)
            else:
                found.add([free[0], free[2]], given=[match["first"]], surname=match["last"], nickname=nickname)
                found.add([free[1]], given=[nickname])
    for match in _PROSECUTED.finditer(signs.text):
        place = number.get(match.start("last"))
        if place is not None and place not in found.used and match["last"][0].isupper():
            found.add([place], surname=match["last"])


def _labelled(signs: Signs, found: _Found) -> None:
    """Surnames and given names in the fields of a form, in capitals or not."""
    known = lists()
    for match in known.labelled.finditer(signs.text):
        first, end = (
            bisect_left(signs.words, place, key=lambda word: word.start) for place in match.span(match.lastgroup or 0)
        )
        taken = range(first, end)
        written = [signs.words[index].text for index in taken]
        texts = [text.title() if text.isupper() else text for text in written]
        plain = any(
            text[0].islower() or text.lower() in signs.lower or text in known.barred or glossary().find(text.upper())
            for text in texts
        )
        if not texts or plain or not found.used.isdisjoint(taken):
            continue
        if match.lastgroup == "last":
            found.add(taken, given=texts[:-1], surname=texts[-1])
        else:
            found.add(taken, given=texts)


def _rows(signs: Signs, found: _Found) -> None:
    """Two or more capitalised words in a row that are somebody's given name and surname."""
    known = lists()
    for index in found.free():
        word = signs.words[index]
        if not can_name(word) or word.text in known.never or signs.after_number(index):
            continue
        taken = [index, *signs.run(index + 1)]
        if signs.after_prison(index):
            found.used.update(taken)
            found.prisons.add(word.text)
            continue
        if signs.before_thing(taken[-1]):
            found.used.update(taken)
            continue
        if word.opens and word.text.lower() in signs.lower and not is_given(word.text):
            taken = taken[1:]
        if len(taken) > 1 and _is_name(signs, found, taken):
            texts = [signs.words[place].text for place in taken]
            found.add(taken, given=texts[:-1], surname=texts[-1])


def _is_name(signs: Signs, found: _Found, taken: list[int]) -> bool:
    """Whether a row is somebody's: a listed given name first, a known surname last, or by what stands beside it."""
    known, first, last = lists(), signs.words[taken[0]].text, signs.words[taken[-1]].text
    if len(last) < 2:
        return False
    listed = is_given(first) and (first not in known.ambiguous or not signs.placed(taken[0]))
    return listed or last in found.surnames or signs.is_person(taken) or signs.has_initial(taken)


def _in_capitals(signs: Signs, found: _Found) -> None:
    """A name that is known by now is the same name in capitals, in a heading or a form."""
    for index, word in in_capitals(signs.words, signs.capitals, found.surnames | found.given):
        if index in found.used or glossary().find(signs.words[index].text):
            continue
        if word.text in found.surnames:
            found.add([index], surname=word.text)
        else:
            found.add([index], given=[word.text])


def _alone(signs: Signs, found: _Found) -> None:
    """Words that stand alone: given names and surnames that are known by now, names in the lists, kin."""
    known = lists()
    given = {part for part in found.given if len(part) > 1}
    surnames = frozenset(found.surnames)
    text_of = {index: signs.words[index].text for index in found.free()}
    alone = [i for i, text in text_of.items() if text not in found.prisons and signs.can_stand_alone(i, surnames)]
    shown = Counter(text_of[index] for index in alone if signs.is_person([index]))
    inside = Counter(text_of[index] for index in alone if not signs.words[index].opens and not signs.placed(index))
    for index in alone:
        text, placed = text_of[index], signs.placed(index)
        if text not in surnames and signs.of_family(index):
            text = next((text[:-end] for end in (1, 2) if text[:-end] in surnames), text)
        if text in known.months and (signs.dated(index) or not signs.is_person([index])):
            continue
        ambiguous = text in known.ambiguous
        doubtful = signs.words[index].opens and (ambiguous or text.lower() in signs.lower) and not inside[text]
        listed = is_given(text) and (not ambiguous or inside[text] or shown[text])
        if text in surnames and text not in given:
            if not doubtful:
                found.add([index], surname=text)
            continue
        known_given = (text in given or listed) and not doubtful and not (placed and ambiguous)
        new = text.lower() not in signs.lower and shown[text] and not placed
        if known_given or new:
            found.add([index], given=[text])


def _initials(signs: Signs, found: _Found) -> None:
    """Capitals that stand for somebody named in full ("NK" for Nabil Kassar) or are shown to be a person."""
    full: set[str] = set()
    given: set[str] = set()
    for name in found.names.values():
        if name.given and name.surname:
            forms = forms_of(name.given, name.surname)
            full |= forms
            given |= beside(signs.text, name.span.start, name.span.end, forms)
    spans = [name.span for name in found.names.values()]
    for letters in initials(
        signs.text, signs.words, signs.capitals, known=frozenset(full), given=frozenset(given), named=spans
    ):
        if found.used.isdisjoint(letters.words):
            found.names[letters.words[0]] = Name(letters.span, "", (), letters.letters)
            found.used.update(letters.words)
