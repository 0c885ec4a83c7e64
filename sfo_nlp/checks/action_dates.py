"""By when an action is to be done: dates in its words, and in a cell that holds nothing else."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from sfo_nlp.checks.data import count, phrases

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
# "2024", and the financial year "2024/25" or "2024-25" whole.
_YEAR = r"\d{4}(?:[/–-]\d{2}(?:\d{2})?)?(?![\d/–-]*\d)"

# The longest of the words before a date, with an article, is no longer.
_BEFORE = 24


class When(NamedTuple):
    """How an action says when: `written` is a date, `loose` a month, season or number of weeks after a preposition."""

    written: re.Pattern[str]
    loose: re.Pattern[str]
    in_cell: re.Pattern[str]
    welsh_in_cell: re.Pattern[str]
    year_in_cell: re.Pattern[str]
    asks: re.Pattern[str]
    ahead: re.Pattern[str]
    also_past: frozenset[str]
    unsettled: re.Pattern[str]


@lru_cache(maxsize=1)
def when() -> When:
    """The patterns of dates; their words stand under ``[dates]`` in ``actions.toml``."""
    words, spaced = phrases("actions", "dates"), phrases("actions", "dates", space=r"\s+")
    season, number = words["seasons"], rf"(?:{words['numbers']}|\d+)"
    dates = (
        rf"\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH}(?:\s+\d{{4}})?|{_MONTH}\s+\d{{4}}"
        r"|\d{1,2}(?P<mark>[/.-])\d{1,2}(?P=mark)(?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}"
        rf"|(?:the\s+)?(?i:end)\s+of\s+(?:{_MONTH}|the\s+(?:year|month|quarter|financial\s+year))(?:\s+\d{{4}})?"
        rf"|(?:Q|(?i:quarter)\s+)[1-4](?:\s+(?:of\s+)?{_YEAR})?"
        rf"|(?i:early|late|mid)[ -](?:{_MONTH}|(?i:{season}))(?:\s+\d{{4}})?|(?i:early|late|mid)[ -]\d{{4}}"
        rf"|(?i:{season})\s+\d{{4}}|{season}"
        rf"|(?:next|this)\s+(?:month|quarter|year|{season})|{words['feasts']}(?:\s+\d{{4}})?"
    )
    return When(
        written=re.compile(rf"\b(?:{dates})\b"),
        loose=re.compile(
            rf"\b{spaced['before']}\s+(?:the\s+)?(?P<date>{_MONTH}|{season}"
            rf"|(?:a\s+|this\s+|one\s+)?(?:month|quarter|week)|{number}\s+(?:weeks|months))\b",
            re.IGNORECASE,
        ),
        # In a cell for dates nothing else stands: no preposition is needed, and no capital.
        in_cell=re.compile(
            rf"\b(?:{dates}|\d{{1,2}}/(?:\d{{4}}|\d{{2}})|{_MONTH}(?:(?:\s+|-)[’']?\d{{2}})?"
            rf"|(?:within\s+)?{number}\s+(?:working\s+)?(?:days?|weeks?|months?))\b",
            re.IGNORECASE,
        ),
        welsh_in_cell=re.compile(rf"\b(?:\d{{1,2}}\s+)?{words['welsh']}(?:\s+\d{{4}})?\b"),
        year_in_cell=re.compile(rf"\b{_YEAR}"),
        asks=re.compile(rf"\b{words['asks']}\b"),
        ahead=re.compile(rf"(?P<word>{spaced.any('ahead', 'also_past')}|[:,])\s*(?:the\s+)?$", re.IGNORECASE),
        also_past=frozenset((*words.words("also_past"), ",")),
        unsettled=re.compile(rf"{words['unsettled']}\b", re.IGNORECASE),
    )


def settled(cell: str) -> bool:
    """Whether a cell says something, and not that it is still to be agreed."""
    plain = cell.strip(" -–—.")
    return bool(plain) and not when().unsettled.match(plain)


def date_beside_owner(text: str) -> re.Match[str] | None:
    """The date in an owner's cell; a month without a figure may be a name, as in "June Carter"."""
    loose = (match for match in when().in_cell.finditer(text) if re.search(r"\d", match.group()))
    return next(loose, None) or when().written.search(text)


def is_date(text: str) -> bool:
    """Whether a cell begins with a date."""
    return when().in_cell.match(text.strip()) is not None


def due_beside(cells: Mapping[str, str]) -> str | None:
    """The date in the cell for dates, as written; with no such cell, the one that stands beside the owner."""
    if "due" not in cells:
        date = date_beside_owner(cells.get("owner", ""))
        return date.group() if date else None
    text = cells["due"]
    patterns = (when().in_cell, when().welsh_in_cell, when().year_in_cell) if settled(text) else ()
    return next((date.group() for pattern in patterns if (date := pattern.search(text))), None)


def due_of(text: str) -> str | None:
    """By when, as written: a date after a preposition of time, else a month, season or number of weeks; or None.

    "On" and "in" name a day that lies ahead only where something is still to be done.
    """
    patterns = when()
    ahead = bool(patterns.asks.search(text)) or len(text.split()) < count("actions", "note_words")
    for match in patterns.written.finditer(text):
        before = patterns.ahead.search(text[max(0, match.start() - _BEFORE) : match.start()])
        if match.start() == 0 or (before and (ahead or before["word"].lower() not in patterns.also_past)):
            return match.group()
    loose = patterns.loose.search(text) if ahead else None
    return loose["date"] if loose else None


def is_when(text: str) -> bool:
    """Whether a text begins with what "by" makes a date of, so that it names nobody."""
    patterns = when()
    return bool(patterns.loose.match(f"by {text}") or patterns.written.match(text))
