"""The street of an address without its number: written alone elsewhere it still says where somebody lives."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from sfo_nlp.checks.personal_data import PersonalData, personal_data
from sfo_nlp.redact.matching import Forms

_NUMBER = re.compile(
    r"^(?:(?:Flat|Apartment|Apt|Unit|Room|Plot)\s+\w{1,4}\s*)?(?:\d{1,4}[A-Za-z]?(?:\s?[-–]\s?\d{1,4})?(?:\s+|$))?"
)
_LEAST_WORDS = 2


def streets(address: str) -> tuple[str, ...]:
    """The street and the named house in an address: each part of two or more words that a number makes an address.

    "The Row" is one word and stands for too much; a town is no address behind a number, so it is left out.
    """
    parts = (_NUMBER.sub("", part.strip()) for part in address.split(","))
    return tuple(part for part in parts if _specific(part) and _is_address(f"1 {part}"))


def alone(text: str, found: Iterable[PersonalData], roads: Sequence[str]) -> Counter[str]:
    """How often each street stands in `text` outside every address and number `found` in it."""
    pieces, position = [], 0
    for _, span in found:
        pieces += [text[position : span.start], " " * (span.end - span.start)]
        position = span.end
    outside = "".join([*pieces, text[position:]])
    return Counter(roads[index] for index, _ in Forms([(road, "address") for road in roads]).find(outside))


def _specific(part: str) -> bool:
    return len([word for word in part.split() if word != "The"]) >= _LEAST_WORDS


def _is_address(text: str) -> bool:
    return any(item.kind == "address" and item.span == (0, len(text)) for item in personal_data(text))
