"""People of a review: the mentions that are one person, and what that person is to the case.

A role is a guess from the words beside the name. It only helps a reader to choose; nothing is kept back or removed
on the strength of it without being shown.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sfo_nlp.checks.name_lists import lists
from sfo_nlp.checks.names import Name, names
from sfo_nlp.document import Span

ROLES = ("person_on_probation", "victim", "family", "child", "staff", "third_party")
OPENING, OFTEN, HARM = 400, 4, 10
_BEFORE, _AFTER, _CLOSE = 60, 90, 34
_NUMBERED = re.compile(r"\s*[(,]\s*(?:CRN|PNC|[A-Z]\d{4}[A-Z]{2}\b|[A-Z]\d{6}\b)")
_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Person:
    """One person: `number` from 1 in order of first mention, the fullest form of the name, all forms, all places.

    A form that two people share ("Tate") stands with its title as well ("Mrs Tate").
    """

    number: int
    name: str
    role: str
    forms: tuple[str, ...]
    spans: tuple[Span, ...]


@dataclass(slots=True)
class _Group:
    """Mentions that are taken to be one person, while they are being joined."""

    given: str = ""
    surname: str = ""
    nickname: str = ""
    gender: str = ""
    mentions: list[Name] = field(default_factory=list)

    def takes(self, name: Name) -> None:
        self.mentions.append(name)
        self.gender = self.gender or _gender(name)
        self.surname = self.surname or name.surname
        self.nickname = self.nickname or name.nickname
        if name.given and len(name.given[0]) > 1:
            self.given = self.given or name.given[0]

    def marks(self) -> Iterator[_Key]:
        """By what a further mention may be known to be this person."""
        yield "surname", self.surname
        yield "given", self.given
        yield "given", self.nickname
        yield from (("initials", letters) for letters in self.initials())

    def initials(self) -> frozenset[str]:
        """First and last letter of the name in capitals; of a double surname, either part's."""
        if not self.given or not self.surname:
            return frozenset(filter(None, [_letters(self.given, self.surname)]))
        return frozenset(self.given[0] + part[0].upper() for part in self.surname.split("-") if part)


def persons(text: str) -> tuple[Person, ...]:
    """Everybody named in `text`, in order of first mention."""
    groups = sorted(_joined(names(text)), key=lambda group: min(name.span for name in group.mentions))
    scores = [_role_scores(group, text) for group in groups]
    bare = Counter(form for group in groups for form in {text[slice(*name.span)] for name in group.mentions})
    eligible = [index for index, group in enumerate(groups) if _may_be_main(scores[index], len(group.mentions))]
    main = max(eligible, key=lambda index: scores[index]["person_on_probation"], default=-1)
    return tuple(
        Person(
            number=index + 1,
            name=max((_shown(name, text) for name in group.mentions), key=len),
            role=_role(scores[index], is_main=index == main),
            forms=tuple(sorted(_forms(group, text, bare))),
            spans=tuple(sorted(name.span for name in group.mentions)),
        )
        for index, group in enumerate(groups)
    )


def _forms(group: _Group, text: str, bare: Counter[str]) -> set[str]:
    """Every form of a person's name; `bare` says how many people have each."""
    written = {(name.title, text[slice(*name.span)]) for name in group.mentions}
    return {form for _, form in written} | {f"{title} {form}" for title, form in written if title and bare[form] > 1}


def _may_be_main(scores: Counter[str], mentions: int) -> bool:
    """Whether somebody can be who the review is about: by the words beside the name, else by being named often."""
    if scores["harmed"] > scores["cues"]:
        return False
    return bool(scores["cues"]) or (mentions >= OFTEN and scores["staff"] <= mentions)


def _shown(name: Name, text: str) -> str:
    """A mention as a person would say it, with its title where it has no given name."""
    plain = text[slice(*name.span)]
    return plain if name.given or not name.title else f"{name.title} {plain}"


def _joined(found: Iterable[Name]) -> list[_Group]:
    """Group mentions: full names first, then titles with surnames, then single names, so that each finds its person."""
    groups: list[_Group] = []
    known: dict[_Key, set[int]] = defaultdict(set)
    for name in sorted(found, key=lambda item: (not (item.given and item.surname), not item.title, item.span)):
        candidates = [number for number in sorted(known[_key(name)]) if _may_be(groups[number], name)]
        if not candidates:
            candidates = [len(groups)]
            groups.append(_Group())
        number = max(candidates, key=lambda number: (_same_title(groups[number], name), len(groups[number].mentions)))
        groups[number].takes(name)
        for key in groups[number].marks():
            known[key].add(number)
    return groups


def _letters(given: str, surname: str) -> str:
    """First and last letter of a name that is initials alone, else nothing."""
    return surname[0] + surname[-1] if not given and surname.isupper() and len(surname) in (2, 3) else ""


def _key(name: Name) -> _Key:
    """What a mention and its person must have in common: initials, the surname or the given name."""
    letters = _letters("".join(name.given), name.surname)
    if letters:
        return "initials", letters
    return ("surname", name.surname) if name.surname else ("given", name.given[0] if name.given else "")


def _may_be(group: _Group, name: Name) -> bool:
    """Whether a mention can belong to a person: no given name, surname or gender contradicts it."""
    letters = _letters("".join(name.given), name.surname)
    if letters:
        return letters in group.initials()
    if name.surname and group.surname and name.surname != group.surname:
        return False
    given = name.given[0] if name.given else ""
    by_nickname = bool(given) and given == group.nickname
    gender = _gender(name)
    if gender and group.gender and gender != group.gender and not by_nickname:
        return False
    if given and group.given and len(given) > 1 and given != group.given and not by_nickname:
        return False
    if name.surname:
        return name.surname == group.surname
    return by_nickname or given == group.given


def _same_title(group: _Group, name: Name) -> bool:
    return bool(name.title) and any(other.title == name.title for other in group.mentions)


def _gender(name: Name) -> str:
    """ "m" or "f" from the title, else from the given name where only one list has it; empty when unknown."""
    known = lists()
    if name.title in known.titles_m | known.titles_f:
        return "m" if name.title in known.titles_m else "f"
    given = name.given[0] if name.given else ""
    if (given in known.male) == (given in known.female):
        return ""
    return "m" if given in known.male else "f"


def _role_scores(group: _Group, text: str) -> Counter[str]:
    """How often the words of each role stand beside the name; words right beside it count three times."""
    scores: Counter[str] = Counter()
    for name in group.mentions:
        before = _within(text[max(0, name.span.start - _BEFORE) : name.span.start], last=True).lower()
        after = _within(text[name.span.end : name.span.end + _AFTER], last=False).lower()
        for role, pattern in lists().roles.items():
            close = len(pattern.findall(before[-_CLOSE:])) + len(pattern.findall(after[:_CLOSE]))
            scores[role] += 2 * close + len(pattern.findall(before)) + len(pattern.findall(after))
    for name in group.mentions:
        scores.update(_sides(name, text))
    # Victims and staff have no case number.
    scores["person_on_probation"] += HARM * sum(bool(_NUMBERED.match(text, name.span.end)) for name in group.mentions)
    scores["victim"] += scores["harmed"]
    scores["cues"] = scores["person_on_probation"]
    # Whom a review is about is named at its head.
    opening = sum(name.span.start < OPENING for name in group.mentions)
    scores["person_on_probation"] = 2 * (scores["person_on_probation"] + 4 * opening)
    scores["person_on_probation"] += len(group.mentions)
    return scores


def _sides(name: Name, text: str) -> Counter[str]:
    """Who did it and who suffered it stand beside the same words; on which side of them tells the two apart."""
    known = lists()
    before = text[max(0, name.span.start - _BEFORE) : name.span.start]
    after = text[name.span.end : name.span.end + _AFTER]
    harmed = bool(known.harmed_before.search(before) or known.harmed_after.match(after))
    did = bool(known.did_before.search(before) or known.did_after.match(after))
    return Counter(harmed=HARM * harmed, person_on_probation=HARM * did)


def _within(text: str, *, last: bool) -> str:
    """The part of a window that belongs to the sentence of the name."""
    parts = text.replace("\n", ". ").split(". ")
    return parts[-1] if last else parts[0]


def _role(scores: Counter[str], *, is_main: bool) -> str:
    if is_main:
        return "person_on_probation"
    others = {role: scores[role] for role in ROLES if role not in ("person_on_probation", "third_party")}
    best = max(others, key=others.__getitem__)
    return best if others[best] >= 2 else "third_party"
