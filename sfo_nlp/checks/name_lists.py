"""The word lists of ``persons.toml``: titles, given names, words for places and bodies, kinship, verbs, roles."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Lists:
    """The word lists of ``persons.toml``."""

    strong_titles: frozenset[str]
    titles: frozenset[str]
    given: frozenset[str]
    barred: frozenset[str]
    male: frozenset[str]
    female: frozenset[str]
    ambiguous: frozenset[str]
    things: frozenset[str]
    never: frozenset[str]
    particles: frozenset[str]
    verbs: frozenset[str]
    kin: frozenset[str]
    months: frozenset[str]
    objects_of: frozenset[str]
    beside: re.Pattern[str]
    kin_before: re.Pattern[str]
    roles: dict[str, re.Pattern[str]]
    titles_m: frozenset[str]
    titles_f: frozenset[str]


@lru_cache(maxsize=1)
def lists() -> Lists:
    """Read the word lists once."""
    data = tomllib.loads(Path(__file__).with_name("persons.toml").read_text(encoding="utf-8"))
    titles = frozenset(data["titles_m"] + data["titles_f"] + data["titles_n"])
    kin = data["roles"]["family"] + data["roles"]["child"] + ["called", "named", "friend", "neighbour"]
    strong = frozenset("Mr Mrs Ms Miss Mx Dr Sir Dame Prof Professor PC DC DS DI DCI HHJ Sgt Rev Cllr PCSO".split())
    return Lists(
        strong_titles=strong,
        titles=titles,
        given=frozenset(data["male"].split() + data["female"].split()),
        barred=titles | frozenset(data["never"]),
        male=frozenset(data["male"].split()),
        female=frozenset(data["female"].split()),
        ambiguous=frozenset(data["ambiguous"]),
        things=frozenset(data["things"]),
        never=frozenset(data["never"]),
        particles=frozenset(data["particles"]),
        verbs=frozenset(data["person_verbs"]),
        kin=frozenset(kin),
        months=frozenset(data["months"]),
        objects_of=frozenset(data["objects_of"]),
        beside=re.compile(
            r",? (?:\(?aged\b|\(\d\d\)|who\b|whose\b)"
            r"|,? (?:(?:an?|the|his|her|their|my|our|then|now|whose)\s+)?(?:[a-z-]+ ){0,3}"
            rf"(?:{'|'.join(map(re.escape, kin + data['roles']['staff'] + data['appositives']))})\b"
        ),
        kin_before=re.compile(rf"\b(?:{'|'.join(map(re.escape, kin + data['appositives']))}),? (?:[a-z]+,? )?$"),
        roles={
            role: re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})(?:s|es)?\b", re.IGNORECASE)
            for role, words in data["roles"].items()
        },
        titles_m=frozenset(data["titles_m"]),
        titles_f=frozenset(data["titles_f"]),
    )
