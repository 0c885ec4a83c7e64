"""Names of people in a text: titles, given names, kinship and verbs of speech tell them from other capitalised words.

No trained recogniser comes with the program, so this is rules over ``persons.toml``. It leans towards finding too
much: a name left in a copy for disclosure harms more than a place taken for one, and everything is shown first.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from sfo_nlp.checks.acronyms import glossary
from sfo_nlp.checks.initials import beside, forms_of, initials
from sfo_nlp.checks.name_lists import lists
from sfo_nlp.checks.name_words import Word, can_name, in_capitals, words
from sfo_nlp.document import Span

_LONGEST = 4


class Name(NamedTuple):
    """One mention: its place without the title, the title, given names (or initials) and surname as written."""

    span: Span
    title: str
    given: tuple[str, ...]
    surname: str


@lru_cache(maxsize=4)
def names(text: str) -> tuple[Name, ...]:
    """Every mention of a person by name, in order, none overlapping. Kept for the checks that ask of one text."""
    return tuple(sorted(_Finder(text).find(), key=lambda name: name.span))


class _Finder:
    """One pass for names that show themselves, one for words that those names make known."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = words(text)
        self.lower = {word.text for word in self.words if word.text.islower()}
        self.found: dict[int, Name] = {}
        self.used: set[int] = set()
        self.prisons: set[str] = set()
        self.surnames: set[str] = set()
        self.capitals = [index for index, word in enumerate(self.words) if word.text[0].isupper()]

    def find(self) -> Iterator[Name]:
        for look in (self._titled, self._row):
            for index in self.capitals:
                if index not in self.used:
                    look(index)
        self._recognise_capitals()
        self._singles()
        yield from self.found.values()

    def _recognise_capitals(self) -> None:
        """A name that is known by now is the same name in capitals, in a heading or a form."""
        parts = self.surnames | {part for name in self.found.values() for part in name.given}
        for index, word in in_capitals(self.words, parts):
            if index not in self.used and not glossary().find(self.words[index].text):
                given = [] if word.text in self.surnames else [word.text]
                self._add([index], "", given, "" if given else word.text)

    def _add(self, indices: list[int], title: str, given: list[str], surname: str) -> None:
        span = Span(self.words[indices[0]].start, self.words[indices[-1]].end)
        self.found[indices[0]] = Name(span, title, tuple(given), surname)
        self.used.update(indices)
        if len(surname) > 1:
            self.surnames.add(surname)

    def _titled(self, index: int) -> None:
        """A title and the capitalised words after it."""
        known = lists()
        title = self.words[index].text
        if title not in known.titles:
            return
        after = index + 1
        if after < len(self.words) and self.words[after].text in known.titles and self.words[after].joined:
            self.used.add(index)
            return
        strong = title in known.strong_titles
        particles = []
        while after < len(self.words) and self.words[after].joined and self.words[after].text in known.particles:
            particles.append(after)
            after += 1
        taken = self._take(after, first_is_free=strong)
        if not taken or (not strong and len(self.words[taken[0]].text) == 1):
            return
        texts = [self.words[place].text for place in taken]
        self.used.add(index)
        self._add([*particles, *taken], title, texts[:-1], texts[-1])

    def _take(self, index: int, *, first_is_free: bool = False) -> list[int]:
        """The capitalised words from `index` on that can be one name; a particle counts when a name follows it."""
        known = lists()
        taken: list[int] = []
        while index < len(self.words) and len(taken) < _LONGEST:
            word = self.words[index]
            if not word.joined and (taken or not first_is_free):
                break
            particle = word.text in known.particles and taken
            if particle and index + 1 < len(self.words) and can_name(self.words[index + 1]):
                taken.append(index)
            elif not self._fits(word, free=first_is_free, first=not taken):
                break
            else:
                taken.append(index)
            index += 1
        return taken

    def _fits(self, word: Word, *, free: bool, first: bool) -> bool:
        """Whether a word can be part of a name; after a title ("Mr Marsh") words for things can, too."""
        known = lists()
        if not can_name(word) or (word.text in known.never and not (free and first)):
            return False
        return free or word.text not in known.things

    def _row(self, index: int) -> None:
        """Two or more capitalised words in a row that are somebody's given name and surname."""
        known, word = lists(), self.words[index]
        if not can_name(word) or word.text in known.never or self._after_number(index):
            return
        if word.joined and index and self.words[index - 1].text in _PRISONS:
            self.used.update([index, *self._take(index + 1)])
            self.prisons.add(word.text)
            return
        taken = [index, *self._take(index + 1)]
        follower = self._next(taken[-1])
        if follower and follower.joined and follower.text in known.things:
            self.used.update(taken)
            return
        if word.opens and word.text.lower() in self.lower and word.text not in known.given and len(taken) > 1:
            taken = taken[1:]
        if len(taken) < 2:
            return
        texts = [self.words[place].text for place in taken]
        if len(texts[-1]) < 2:
            return
        listed = texts[0] in known.given and (texts[0] not in known.ambiguous or not self._placed(taken[0]))
        if listed or texts[-1] in self.surnames or self._is_person(taken) or self._has_initial(taken):
            self._add(taken, "", texts[:-1], texts[-1])

    def _has_initial(self, taken: list[int]) -> bool:
        """Whether a row is an initial and a surname ("J Hartley"), not a lettered thing or the words "A" and "I"."""
        first, last = self.words[taken[0]], self.words[taken[-1]]
        leader = self.words[taken[0] - 1] if first.joined and taken[0] else None
        # "C. Appraisal" is a lettered heading.
        if len(taken) != 2 or len(first.text) > 1 or first.text in "AI" or last.start != first.end + 1:
            return False
        return last.text.lower() not in self.lower and len(last.text) > 2 and not (leader and leader.text[0].isupper())

    def _singles(self) -> None:
        """Words that stand alone: given names and surnames that are known by now, names in the lists, kin."""
        known = lists()
        given = {part for name in self.found.values() for part in name.given if len(part) > 1}
        surnames = frozenset(self.surnames)
        alone = [
            index
            for index in self.capitals
            if index not in self.used and self.words[index].text not in self.prisons and self._could_stand_alone(index)
        ]
        shown = Counter(self.words[index].text for index in alone if self._is_person([index]))
        inside = Counter(
            self.words[index].text for index in alone if not self.words[index].opens and not self._placed(index)
        )
        for index in alone:
            word, text = self.words[index], self.words[index].text
            if text in known.months and (self._dated(index) or not self._is_person([index])):
                continue
            doubtful = word.opens and (text.lower() in self.lower or text in known.ambiguous) and not inside[text]
            listed = text in known.given and (text not in known.ambiguous or inside[text] or shown[text])
            if text in surnames and text not in given:
                if not doubtful:
                    self._add([index], "", [], text)
                continue
            known_given = (
                (text in given or listed) and not doubtful and not (self._placed(index) and text in known.ambiguous)
            )
            new = text.lower() not in self.lower and shown[text] and not self._placed(index)
            if known_given or new:
                self._add([index], "", [text], "")
        self._initials()

    def _initials(self) -> None:
        """Capitals that stand for somebody named in full ("NK" for Nabil Kassar) or are shown to be a person."""
        full: set[str] = set()
        given: set[str] = set()
        for name in self.found.values():
            if name.given and name.surname:
                forms = forms_of(name.given, name.surname)
                full |= forms
                given |= beside(self.text, name.span.start, name.span.end, forms)
        for found in initials(self.text, self.words, known=frozenset(full), given=frozenset(given)):
            if self.used.isdisjoint(found.words):
                self.found[found.words[0]] = Name(found.span, "", (), found.letters)
                self.used.update(found.words)

    def _could_stand_alone(self, index: int) -> bool:
        known, word = lists(), self.words[index]
        if not can_name(word) or len(word.text) < 2 or word.text.isupper():
            return False
        if word.text in known.barred or (word.text in known.things and word.text not in self.surnames):
            return False
        follower, leader = self._next(index), self.words[index - 1] if index else None
        if follower and follower.joined and follower.text in known.things:
            return False
        beside = [follower if follower and follower.joined else None, leader if word.joined else None]
        return not self._after_number(index) and not any(
            other
            and can_name(other)
            and len(other.text) > 1
            and other.text not in known.barred
            and not (other is leader and other.opens)
            for other in beside
        )

    def _is_person(self, taken: list[int]) -> bool:
        """Whether the words beside a name say that it is a person's."""
        first, last = self.words[taken[0]], self.words[taken[-1]]
        known, before = lists(), self.text[max(0, first.start - 40) : first.start]
        if known.kin_before.search(before):
            return True
        if self._placed(taken[0]):
            return False
        if first.joined and taken[0] and self.words[taken[0] - 1].text in known.objects_of:
            return True
        after = self.text[last.end : last.end + 60]
        if len(taken) > 1 and known.beside.match(after):
            return True
        follower = self._next(taken[-1])
        plain = follower is not None and follower.joined and follower.text in lists().verbs
        spoke = plain and follower is not None and follower.text not in _WEAK
        return spoke or (len(taken) > 1 and plain)

    def _placed(self, index: int) -> bool:
        """Whether a preposition of place or an article stands before the word."""
        return index > 0 and self.words[index].joined and self.words[index - 1].text.lower() in _PLACING

    def _after_number(self, index: int) -> bool:
        return bool(
            re.search(r"\d[A-Za-z]?,? $", self.text[max(0, self.words[index].start - 6) : self.words[index].start])
        ) and ((follower := self._next(index)) is not None and follower.text in lists().things)

    def _dated(self, index: int) -> bool:
        """Whether a month stands in a date."""
        word = self.words[index]
        return bool(
            re.search(r"\d\s?$", self.text[: word.start][-3:]) or re.match(r"\s\d", self.text[word.end : word.end + 2])
        )

    def _next(self, index: int) -> Word | None:
        return self.words[index + 1] if index + 1 < len(self.words) else None


_PRISONS = frozenset("HMP YOI HMYOI HMPYOI".split())
_PLACING = frozenset("in at near the an a around outside inside across through via towards between into".split())
# Places and bodies do these as well, so alone they prove nothing of a single word.
_WEAK = frozenset(
    "has had was is will would could can should did does made took gave sent kept put got held needed called left "
    "found lost ran brought began started never appeared seemed moved closed stood turned".split()
)
