"""What the words of a text say of each other where somebody may be named: what belongs together, what stands beside."""

import re

from sfo_nlp.checks.name_lists import lists
from sfo_nlp.checks.name_words import Word, can_name, words

_LONGEST = 4
_PRISONS = frozenset("HMP YOI HMYOI HMPYOI".split())
_PLACING = frozenset("in at near the an a around outside inside across through via towards between into".split())
_SEVERAL = frozenset("the both two three all other".split())
# Places and bodies do these as well, so alone they prove nothing of a single word.
_WEAK = frozenset(
    "has had was is will would could can should did does made took gave sent kept put got held needed called left "
    "found lost ran brought began started never appeared seemed moved closed stood turned".split()
)


class Signs:
    """The words of a text and what can be asked of them, by their numbers in `words`. It never changes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = words(text)
        self.lower = frozenset(word.text for word in self.words if word.text.islower())
        self.capitals = [index for index, word in enumerate(self.words) if word.text[0].isupper()]

    def next(self, index: int) -> Word | None:
        """The word after this one."""
        return self.words[index + 1] if index + 1 < len(self.words) else None

    def run(self, index: int, *, free: bool = False) -> list[int]:
        """The capitalised words from `index` on that can be one name; a particle counts when a name follows it.

        With `free`, after a title, words for things count as well ("Mr Marsh").
        """
        known = lists()
        taken: list[int] = []
        while index < len(self.words) and len(taken) < _LONGEST:
            word, follower = self.words[index], self.next(index)
            if not word.joined and (taken or not free):
                break
            particle = taken and word.text in known.particles and follower is not None and can_name(follower)
            if not particle and not self._fits(word, free=free, first=not taken):
                break
            taken.append(index)
            index += 1
        return taken

    def _fits(self, word: Word, *, free: bool, first: bool) -> bool:
        known = lists()
        if not can_name(word) or (word.text in known.never and not (free and first)):
            return False
        return free or word.text not in known.things

    def after_title(self, index: int) -> tuple[list[int], list[int]]:
        """The particles after a title ("Mr van") and the words of the name after them, both empty without a name."""
        known, after = lists(), index + 1
        strong = self.words[index].text in known.strong_titles
        particles = []
        while after < len(self.words) and self.words[after].joined and self.words[after].text in known.particles:
            particles.append(after)
            after += 1
        taken = self.run(after, free=strong)
        if not taken or (not strong and len(self.words[taken[0]].text) == 1):
            return [], []
        return particles, taken

    def has_initial(self, taken: list[int]) -> bool:
        """Whether a row is an initial and a surname ("J Hartley"), not a lettered thing or the words "A" and "I"."""
        first, last = self.words[taken[0]], self.words[taken[-1]]
        leader = self.words[taken[0] - 1] if first.joined and taken[0] else None
        # "C. Appraisal" is a lettered heading.
        if len(taken) != 2 or len(first.text) > 1 or first.text in "AI" or last.start != first.end + 1:
            return False
        return last.text.lower() not in self.lower and len(last.text) > 2 and not (leader and leader.text[0].isupper())

    def can_stand_alone(self, index: int, surnames: frozenset[str]) -> bool:
        """Whether a word can be a name by itself: none that is barred, none beside another word written as a name."""
        known, word = lists(), self.words[index]
        if not can_name(word) or len(word.text) < 2 or word.text.isupper():
            return False
        if word.text in known.barred or (word.text in known.things and word.text not in surnames):
            return False
        if self.before_thing(index) or self.after_number(index):
            return False
        follower, leader = self.next(index), self.words[index - 1] if index else None
        beside = [follower if follower and follower.joined else None, leader if word.joined else None]
        return not any(
            other
            and can_name(other)
            and len(other.text) > 1
            and other.text not in known.barred
            and not (other is leader and other.opens)
            for other in beside
        )

    def is_person(self, taken: list[int]) -> bool:
        """Whether the words beside a name say that it is a person's."""
        first, last = self.words[taken[0]], self.words[taken[-1]]
        known, before = lists(), self.text[max(0, first.start - 40) : first.start]
        if known.kin_before.search(before):
            return True
        if self.placed(taken[0]):
            return False
        if first.joined and taken[0] and self.words[taken[0] - 1].text in known.objects_of:
            return True
        after = self.text[last.end : last.end + 60]
        if len(taken) > 1 and known.beside.match(after):
            return True
        follower = self.next(taken[-1])
        if follower is None or not follower.joined or follower.text not in known.verbs:
            return False
        return follower.text not in _WEAK or len(taken) > 1

    def placed(self, index: int) -> bool:
        """Whether a preposition of place or an article stands before the word."""
        return index > 0 and self.words[index].joined and self.words[index - 1].text.lower() in _PLACING

    def after_prison(self, index: int) -> bool:
        """Whether the word is a prison's name ("HMP Ashmoor")."""
        return index > 0 and self.words[index].joined and self.words[index - 1].text in _PRISONS

    def of_family(self, index: int) -> bool:
        """Whether a word is written as several people of one name ("the Hallams", "both Joneses")."""
        word, leader = self.words[index], self.words[index - 1].text.lower() if index else ""
        return word.joined and word.text.endswith("s") and leader in _SEVERAL

    def before_thing(self, index: int) -> bool:
        """Whether the word names a thing, a place or a body: one of their words follows."""
        follower = self.next(index)
        return follower is not None and follower.joined and follower.text in lists().things

    def after_number(self, index: int) -> bool:
        """Whether the word is a street's in an address ("14 Alma Road")."""
        start, follower = self.words[index].start, self.next(index)
        numbered = re.search(r"\d[A-Za-z]?,? $", self.text[max(0, start - 6) : start])
        return bool(numbered) and follower is not None and follower.text in lists().things

    def dated(self, index: int) -> bool:
        """Whether a month stands in a date."""
        word = self.words[index]
        return bool(
            re.search(r"\d\s?$", self.text[: word.start][-3:]) or re.match(r"\s\d", self.text[word.end : word.end + 2])
        )
