"""Numbers, dates of birth and addresses that single a person out: formats, checksums and the words beside them."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sfo_nlp.document import Span

NEAR = 40
AFTER = 28
_BAD_NINO = frozenset("BG GB KN NK NT TN ZZ".split())
_NAME = r"[A-ZŴŶÂÊÎÔÛÁÉÍÓÚ][\w’'-]*"


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


def personal_data(text: str) -> tuple[PersonalData, ...]:
    """Every item in `text`, in order, none overlapping: an earlier pattern of the file wins."""
    found: list[PersonalData] = []
    for pattern in _patterns():
        for match in pattern.pattern.finditer(text):
            span = Span(*match.span())
            if _fits(pattern, text, span) and not any(_overlap(span, item.span) for item in found):
                found.append(PersonalData(pattern.kind, span))
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


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


@lru_cache(maxsize=1)
def _patterns() -> tuple[_Pattern, ...]:
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    placeholders = {"<date>": data["dates"]["pattern"], "<address>": _address(data["addresses"])}
    return tuple(_pattern(entry, placeholders) for entry in data["pattern"])


def _pattern(entry: Mapping[str, object], placeholders: Mapping[str, str]) -> _Pattern:
    written = str(entry["pattern"])
    near, after = entry.get("near"), entry.get("after")
    return _Pattern(
        kind=str(entry["kind"]),
        pattern=re.compile(placeholders.get(written, written)),
        # The cue must stand in the same sentence, with no other year between: "born 3 May 1980, was charged on ...".
        near=re.compile(rf"\b(?:{_any(near)})\b(?:(?!\d{{4}})[^.!?;\n])*$", re.IGNORECASE)
        if isinstance(near, list)
        else None,
        after=re.compile(rf"\W*(?:{_any(after)})", re.IGNORECASE) if isinstance(after, list) else None,
        verify=str(entry.get("verify", "")),
    )


def _any(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in words)


def _address(words: Mapping[str, list[str]]) -> str:
    """Flat, number, up to four capitalised words and a road; or a number before a Welsh street name."""
    flat = r"(?:(?:Flat|Apartment|Apt|Unit|Room|Plot)[ \t]+\w{1,4},?[ \t]+)"
    number = r"\d{1,4}[A-Za-z]?(?: ?[-–] ?\d{1,4})?"
    roads, welsh = "|".join(words["roads"]), "|".join(words["welsh"])
    street = rf"(?:{_NAME}[ \t]+){{1,4}}(?:{roads})\b"
    heol = rf"(?:{welsh})(?:[ \t]+(?:y|yr|Y|Yr|{_NAME})){{1,4}}"
    town = rf"(?:,[ \t]+{_NAME}(?:[ -](?:on|upon|under|in|by|le|the|{_NAME}))*)?"
    return rf"\b(?:{flat}(?:{number},?[ \t]+)?|{number},?[ \t]+)(?:{street}|{heol}){town}"


def _nino(text: str) -> bool:
    """The prefix is one that may be issued; QQ is the one used in examples, which is reported as well."""
    prefix = re.sub(r"[^A-Z]", "", text)[:2]
    return prefix == "QQ" or (prefix not in _BAD_NINO and not set(prefix) & set("DFIQUV") and prefix[1] != "O")


def _nhs(text: str) -> bool:
    """The tenth digit is 11 less the weighted sum of the others, modulus 11."""
    digits = [int(char) for char in text if char.isdigit()]
    check = 11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return len(digits) == 10 and check != 10 and digits[9] == check % 11


def _phone(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    digits = re.sub(r"^440?", "0", digits)
    return len(digits) in (10, 11) and digits[1] in "123578"


VERIFIERS: Mapping[str, Callable[[str], bool]] = {"nino": _nino, "nhs": _nhs, "phone": _phone}


def kinds() -> Iterator[str]:
    """The kinds of personal data that can be found, once each."""
    yield from dict.fromkeys(pattern.kind for pattern in _patterns())
