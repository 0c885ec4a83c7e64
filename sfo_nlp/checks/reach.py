"""How far an action reaches: one person, a team, a region or the whole country, from its owner and its words."""

import re
from functools import lru_cache
from typing import NamedTuple

from sfo_nlp.checks.data import data, phrases


class _Patterns(NamedTuple):
    titled: re.Pattern[str]
    one_person: re.Pattern[str]
    course: re.Pattern[str]
    head_of_place: re.Pattern[str]
    put_to: re.Pattern[str]
    levels: tuple[tuple[str, re.Pattern[str]], ...]


def level_of(text: str, owner: str | None, *, weak: bool) -> str:
    """The level: individual, team, region or national.

    What one person is to bear in mind or to learn reaches that person. Else it is as far as a national body that the
    action is put to, as its owner, or as its words say.
    """
    patterns = _patterns()
    named = patterns.titled.match(owner or text)
    if (named and (weak or patterns.course.search(text))) or (weak and patterns.one_person.match(text)):
        return "individual"
    if patterns.put_to.search(text) and patterns.levels[0][1].search(text):
        return patterns.levels[0][0]
    if owner and patterns.head_of_place.search(owner):
        return "team"
    for source in (owner or "", text):
        for level, pattern in patterns.levels:
            if pattern.search(source):
                return level
    return "team"


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    words, demands = phrases("actions", "reach"), phrases("actions", "demands", space=r"\s+")
    crowd, post = rf"(?:{words['crowds']})\b", rf"{words['posts']}(?: ?\d)?\b"
    return _Patterns(
        titled=re.compile(rf"^{demands['titles']}\.?\s+[A-Z]"),
        # "The second practitioner", "Her manager", "Officer 3", and not "All practitioners".
        one_person=re.compile(rf"\W*(?:{words['opens']} )?(?!{crowd})(?:[\w’'-]+ ){{0,2}}?{post}", re.IGNORECASE),
        course=re.compile(rf"\b{words['takes']}(?: \S+){{0,6}}? {words['courses']}\b", re.IGNORECASE),
        # "Head of Sandwick" leads an office; "Head of Public Protection" has a duty in the whole region.
        head_of_place=re.compile(rf"\b[Hh]ead of (?:the )?(?!{words['duties']}\b)[A-Z][\w’'-]+"),
        put_to=re.compile(rf"\b(?:{demands['puts_to']}|take .{{0,40}} to)\b"),
        levels=tuple((item["level"], re.compile(item["pattern"], re.IGNORECASE)) for item in data("actions")["level"]),
    )
