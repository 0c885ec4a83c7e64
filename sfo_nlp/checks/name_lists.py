"""The word lists of ``persons.toml``: titles, given names, words for places and bodies, kinship, verbs, roles."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Lists:
    """The word lists of ``persons.toml``."""

    strong_titles: frozenset[str]
    plain_titles: frozenset[str]
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
    kin_after: re.Pattern[str]
    roles: dict[str, re.Pattern[str]]
    harmed_before: re.Pattern[str]
    harmed_after: re.Pattern[str]
    did_before: re.Pattern[str]
    did_after: re.Pattern[str]
    titles_m: frozenset[str]
    titles_f: frozenset[str]
    labelled: re.Pattern[str]


def is_given(word: str) -> bool:
    """Whether a word is a listed given name, with or without its accents ("Siân")."""
    given = lists().given
    return word in given or (not word.isascii() and _unaccented(word) in given)


def _unaccented(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", word) if not unicodedata.combining(char))


@lru_cache(maxsize=1)
def lists() -> Lists:
    """Read the word lists once."""
    data = tomllib.loads(Path(__file__).with_name("persons.toml").read_text(encoding="utf-8"))
    titles = frozenset(data["titles_m"] + data["titles_f"] + data["titles_n"])
    kin = data["roles"]["family"] + data["roles"]["child"] + ["called", "named", "friend", "neighbour"]
    strong = frozenset("Mr Mrs Ms Miss Mx Dr Sir Dame Prof Professor PC DC DS DI DCI HHJ Sgt Rev Cllr PCSO".split())
    return Lists(
        strong_titles=strong,
        # They tell a sex; "PC" and "Dr" tell what somebody was to the case.
        plain_titles=frozenset("Mr Mrs Ms Miss Mx Sir Dame Lady Lord Madam".split()),
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
        kin_after=re.compile(rf"[’']s (?:[a-z]+ )?(?:{'|'.join(map(re.escape, data['roles']['family']))})\b"),
        roles={
            role: re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})(?:s|es)?\b")
            for role, words in data["roles"].items()
        },
        **_sides(data["sides"], titles),
        titles_m=frozenset(data["titles_m"]),
        titles_f=frozenset(data["titles_f"]),
        labelled=_labelled(data["labels"]),
    )


def _labelled(words: dict[str, list[str]]) -> re.Pattern[str]:
    """The label of a form and the `last` or `first` name in the next cell, at most four words of it."""
    last, first, others = ("|".join(map(re.escape, words[name])) for name in ("surname", "given", "others"))
    ends = r"[ \t]*(?::|\||\t|\n)[ \t]*"
    part = r"[^\W\d_][\w’'-]{0,40}+"
    name = rf"(?!{last}|{first})(?:(?!(?:{others})\b){part}[ \t]*){{1,4}}+(?=\n|\||$)"
    return re.compile(rf"(?im)^[ \t|•*]*(?:(?:{last}){ends}(?P<last>{name})|(?:{first}){ends}(?P<first>{name}))")


def _sides(words: dict[str, list[str]], titles: frozenset[str]) -> dict[str, re.Pattern[str]]:
    """Who suffered and who did it, by the side of the verb on which a name stands: "he killed X", "X killed him"."""
    verbs, doing, nouns, ends = ("|".join(words[f"harm_{kind}"]) for kind in ("verbs", "doing", "nouns", "ends"))
    title = rf"(?:(?:{'|'.join(map(re.escape, sorted(titles)))})\.? )?"
    # "the death of your son X", "killed his former partner, X"
    whose = r"(?:(?:his|her|their|your|our|my|the|an?)(?: [a-z][\w’'-]*){1,4},? )?"
    aside = r"(?:,? (?:aged [\w-]+|\d\d|an? [^,.]{1,40}),?)?(?:,? who)?(?: (?:had|has|later|sadly|also|then|and|both))*"
    active = rf"\b(?<!was )(?<!were )(?<!been )(?:{verbs}|{doing}) "
    passive = rf"(?:was|were|been|being|is) (?:\w+ )?(?:{verbs}|found dead|found hurt|found injured)\b"
    return {
        "harmed_before": re.compile(
            rf"(?:\b(?:{nouns}) (?:of|on|against) |{active}|\b[Tt]he victim,? (?:was )?){whose}{title}$"
        ),
        "harmed_after": re.compile(
            rf"(?:{aside} (?:{passive}|(?:{ends})\b)|[’']s (?:death|murder|killing|killer|injuries|body)\b)"
        ),
        "did_before": re.compile(rf"\b(?:{verbs}) by {title}$"),
        "did_after": re.compile(rf"(?: (?:had|then|later|also|and))* (?:{verbs})\b(?! by\b)"),
    }
