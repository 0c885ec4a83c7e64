"""Numbers, dates of birth and addresses that single a person out: formats, checksums and the words beside them."""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sfo_nlp.checks.acronyms import glossary
from sfo_nlp.checks.hints import Hint, lines_of
from sfo_nlp.document import Span

KIND_NAMES: Mapping[str, str] = {
    "crn": "case number",
    "date_of_birth": "date of birth",
    "address": "address",
    "postcode": "postcode",
    "phone": "telephone number",
    "email": "e-mail address",
    "nino": "National Insurance number",
    "pnc": "PNC number",
    "nhs": "NHS number",
    "prison_number": "prison number",
    "vehicle": "vehicle registration",
    "reference": "case or crime reference",
}
NEAR = 40
AFTER = 28
_BAD_NINO = frozenset("BG GB KN NK NT TN ZZ".split())
# Full stops that end no sentence: "NHS no. 943 ...", "Tel. no. 01632 ...".
_SHORT = r"\b(?:nos?|ref|tel|ext)\."
# Bounded and never given back: a run of "Aa-Aa-..." would else be tried in every way of parting it.
_NAME = r"[A-ZŴŶÂÊÎÔÛÁÉÍÓÚ](?=[\w’'-]{0,30}[a-zà-ÿŵŷ])[\w’'-]{1,40}+"


class PersonalData(NamedTuple):
    """One item: its kind and half-open place in the text."""

    kind: str
    span: Span


@dataclass(frozen=True, slots=True)
class _Pattern:
    kind: str
    pattern: re.Pattern[str]
    near: re.Pattern[str] | None
    after: re.Pattern[str] | None
    verify: str
    hint: Hint


class Taken:
    """Stretches of a text, none overlapping, kept in order: whether one more fits in is told by its two neighbours."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def add(self, span: Span) -> None:
        """Take a stretch, all of which is free."""
        place = bisect_right(self._starts, span.start)
        self._starts.insert(place, span.start)
        self._ends.insert(place, span.end)

    def free(self, span: Span) -> Span:
        """The part of `span` before anything taken; empty when it starts inside something taken."""
        place = bisect_right(self._starts, span.start)
        if place and span.start < self._ends[place - 1]:
            return Span(span.start, span.start)
        if place < len(self._starts) and self._starts[place] < span.end:
            return Span(span.start, self._starts[place])
        return span


def personal_data(text: str) -> tuple[PersonalData, ...]:
    """Every item in `text`, in order, none overlapping: an earlier pattern of the file wins."""
    found: list[PersonalData] = []
    taken, lines = Taken(), lines_of(text)
    for pattern in _patterns():
        for match in lines.finditer(pattern.pattern, pattern.hint):
            # The cue that a pattern names beside its item is no part of what is found.
            span = _free(Span(*match.span("item" if "item" in match.re.groupindex else 0)), taken, text)
            if span.end > span.start and _fits(pattern, text, span):
                found.append(PersonalData(pattern.kind, span))
                taken.add(span)
    return tuple(sorted(found, key=lambda item: item.span))


def _fits(pattern: _Pattern, text: str, span: Span) -> bool:
    """Whether the words beside a match and its checksum agree with the kind."""
    if pattern.verify and not VERIFIERS[pattern.verify](text[span.start : span.end]):
        return False
    if pattern.near is None:
        return True
    if pattern.near.search(text[max(0, span.start - NEAR) : span.start]):
        return True
    return bool(pattern.after and pattern.after.match(text[span.end : span.end + AFTER]))


def _free(span: Span, taken: Taken, text: str) -> Span:
    """The part of `span` that is free, without the comma or space before what cuts it off."""
    free = taken.free(span)
    return free if free == span else Span(span.start, span.start + len(text[slice(*free)].rstrip(" ,")))


@lru_cache(maxsize=1)
def _patterns() -> tuple[_Pattern, ...]:
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    placeholders = {
        "<date>": data["dates"]["pattern"],
        "<reference>": _reference(data["references"]),
        **_addresses(data["addresses"]),
        **_labelled(data["labels"]),
    }
    hints: dict[str, Hint] = {name: re.compile(pattern) for name, pattern in data["hints"].items()}
    hints |= _road_hints(data["addresses"])
    return tuple(_pattern(entry, placeholders, hints) for entry in data["pattern"])


def _pattern(entry: Mapping[str, object], placeholders: Mapping[str, str], hints: Mapping[str, Hint]) -> _Pattern:
    written = str(entry["pattern"])
    near, after, unless = (entry.get(name) for name in ("near", "after", "unless"))
    # Between cue and match stand no other year and no other event: "born 3 May 1980, was charged on ...".
    barred = rf"\d{{4}}|\b(?:{_any(unless)})\b" if isinstance(unless, list) else r"\d{4}"
    return _Pattern(
        kind=str(entry["kind"]),
        pattern=re.compile(placeholders.get(written, written)),
        near=_compiled(rf"\b(?:{_any(near)})\b(?:\.|{_SHORT}|(?!{barred})[^.!?;\n])*$")
        if isinstance(near, list)
        else None,
        after=_compiled(rf"\W*(?:{_any(after)})") if isinstance(after, list) else None,
        verify=str(entry.get("verify", "")),
        hint=(*near, *(after if isinstance(after, list) else ()))
        if isinstance(near, list)
        else hints[str(entry["hint"])],
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _any(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in words)


def _reference(words: Mapping[str, list[str]]) -> str:
    """The number behind a file's name ("crime report no. 42/12345/23") or behind words that mean nothing else."""
    files, numbers, alone = (_any(words[name]) for name in ("files", "numbers", "alone"))
    cue = rf"(?:(?:{files})(?: (?:{numbers})\b\.?){{1,3}}|(?:{alone})\b\.?(?: (?:{numbers})\b\.?)?)"
    dated = r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}(?:\d\d)?\b|\d{1,2}[.:]\d\d\b|(?:19|20)\d\d\b(?!/)"
    number = rf"(?!{dated})(?=(?:[^\s\d]{{0,8}}\d){{3}})[A-Z0-9](?:[/*.-]{{0,2}}[A-Z0-9]){{2,24}}\b"
    return rf"(?i)\b{cue}(?: is| was)?(?: ?[:#])?\s?\(?(?P<item>{number})"


def _addresses(words: Mapping[str, list[str]]) -> Mapping[str, str]:
    """Flat or house name, number, up to four capitalised words and a road; or a number before a Welsh street name.

    In capitals and in lower case only with words that mean little else than a road. A year is no house number ("In
    2022 Park House") and a day of a month none either ("On 14 March Street wardens").
    """
    roads, plain, welsh, houses = ("|".join(words[name]) for name in ("roads", "plain_roads", "welsh", "houses"))
    months, bodies, never = (_any(words[name]) for name in ("months", "bodies", "never"))
    flat = r"(?:Flat|Apartment|Apt|Unit|Room|Plot)[ \t]+\w{1,4},?[ \t]+"
    dated = rf"(?!(?:19|20)\d\d[ \t])(?:(?<=\b[Aa]t )|(?!\d+[ \t]+(?:{months})[ \t]))"
    number = rf"{dated}\d{{1,4}}[A-Za-z]?(?: ?[-–] ?\d{{1,4}})?,?[ \t]+"
    street = rf"(?!(?:\w+[ \t]+)?(?:{bodies})\b)(?:{_NAME}[ \t]+){{1,4}}(?:{roads})\b"
    heol = rf"(?:{welsh})(?:(?:[ \t]+|-)(?:y|yr|Y|Yr|{_NAME})){{1,4}}"
    house = rf"(?:The[ \t]+)?(?:{_NAME}[ \t]+){{1,3}}?(?:{houses}),[ \t]+"
    named = rf"(?:The[ \t]+)?(?:{_NAME}[ \t]+){{0,3}}{_NAME},[ \t]+"
    town = rf"(?:,[ \t]+{_NAME}(?:[ -](?:on|upon|under|in|by|le|the|{_NAME}))*)?"
    start = rf"(?:{flat}(?:{named})?(?:{number})?|{number}|{house}(?:{number})?)"
    word = rf"(?!(?:{never}|{months})\b)[^\W\d_][\w’'-]{{0,40}}+"
    other = rf"{word}(?:[ \t]+{word}){{0,2}}[ \t]+(?:{plain})\b(?:,[ \t]+[^\W\d_][\w’'-]{{1,40}}+)?"
    return {
        "<address>": rf"\b{start}(?:{street}|{heol}){town}",
        "<address in one case>": rf"(?i)\b(?:flat[ \t]+(?:\d{{1,3}}[a-z]?|[a-z]),?[ \t]+)?{number}{other}",
        "<address after at>": rf"(?:(?<=\bat )|(?<=ddress ))\d{{1,3}}[a-z]?[ \t]+(?!(?:{months})\b)"
        rf"(?:{_NAME}[ \t]+){{0,2}}{_NAME},[ \t]+{_NAME}(?:[ \t]+{_NAME})?",
    }


def _labelled(words: Mapping[str, list[str]]) -> Mapping[str, str]:
    """What stands behind the label of a line or in the cell after it, whatever its form.

    An address is written in capitalised words with a comma or a digit; the label of another field is none.
    """
    births, addresses, small, never = (_any(words[name]) for name in ("births", "addresses", "small", "never"))
    ends = r"[ \t]*(?:\([^()\n]{1,20}\)[ \t]*)?(?::|\||\t|\n)[ \t]*"
    part = rf"(?:(?-i:[A-ZŴŶÂÊÎÔÛÁÉÍÓÚ])[\w’'-]{{0,40}}+|\d{{1,4}}[A-Za-z]?\b|(?:{small})\b)"
    return {
        "<date after a label>": rf"(?im)^[ \t|•*]*(?:{births}){ends}"
        r"(?P<item>(?=\d|[^\W\d_]{3,9} \d)(?:[^\W_]|[ ./-]){3,24}\d{2})(?!\w)",
        "<address after a label>": rf"(?im)^[ \t|•*]*(?:{addresses}){ends}(?![^\n|]*\b(?:{never})\b)"
        rf"(?P<item>(?=[^\n|]*[,\d]){part}(?:,?[ \t]+{part}){{1,14}}+)(?=[ \t.]*(?:[\n|]|$))",
    }


def _road_hints(words: Mapping[str, list[str]]) -> Mapping[str, Hint]:
    """The words for a road, of which every address has one; in one case they mean little else."""
    return {
        "road": re.compile(rf"(?:{'|'.join(words['roads'] + words['welsh'])})\b"),
        "plain_road": tuple(word.lower() for word in words["plain_roads"]),
    }


def _nino(text: str) -> bool:
    """The prefix is one that may be issued; QQ is the one used in examples, which is reported as well."""
    prefix = re.sub(r"[^A-Z]", "", text.upper())[:2]
    return prefix == "QQ" or (prefix not in _BAD_NINO and not set(prefix) & set("DFIQUV") and prefix[1] != "O")


def _nhs(text: str) -> bool:
    """The tenth digit is 11 less the weighted sum of the others, modulus 11."""
    digits = [int(char) for char in text if char.isdigit()]
    check = 11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return len(digits) == 10 and check != 10 and digits[9] == check % 11


def _phone(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    digits = re.sub(r"^(?:00)?440?", "0", digits)
    return len(digits) in (10, 11) and digits[1] in "123578"


def _vehicle(text: str) -> bool:
    """The three letters at the end abbreviate nothing: "FY22 SFO" is a year's reviews."""
    return glossary().find(text[-3:]) is None


VERIFIERS: Mapping[str, Callable[[str], bool]] = {"nino": _nino, "nhs": _nhs, "phone": _phone, "vehicle": _vehicle}


def kinds() -> Iterator[str]:
    """The kinds of personal data that can be found, once each."""
    yield from dict.fromkeys(pattern.kind for pattern in _patterns())
