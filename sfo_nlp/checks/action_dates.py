"""By when an action is to be done: dates in its words, and in a cell that holds nothing else."""

import re
from collections.abc import Mapping

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_SEASON = r"(?:spring|summer|autumn|winter)"
# "2024", and the financial year "2024/25" or "2024-25" whole.
_YEAR = r"\d{4}(?:[/–-]\d{2}(?:\d{2})?)?(?![\d/–-]*\d)"
_NUMBER = r"(?:two|three|four|six|eight|nine|twelve|eighteen|\d+)"
_DATES = (
    rf"\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}(?:\s+\d{{4}})?|{_MONTH}\s+\d{{4}}"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{4}-\d{2}-\d{2}"
    rf"|(?:the\s+)?(?i:end)\s+of\s+(?:{_MONTH}|the\s+(?:year|month|quarter|financial\s+year))(?:\s+\d{{4}})?"
    rf"|(?:Q|(?i:quarter)\s+)[1-4](?:\s+(?:of\s+)?{_YEAR})?"
    rf"|(?i:early|late|mid)[ -](?:{_MONTH}|(?i:{_SEASON}))(?:\s+\d{{4}})?|(?i:early|late|mid)[ -]\d{{4}}"
    rf"|(?i:{_SEASON})\s+\d{{4}}|{_SEASON}"
    rf"|(?:next|this)\s+(?:month|quarter|year|{_SEASON})|(?:Easter|Christmas)(?:\s+\d{{4}})?"
)
DATE = re.compile(rf"\b(?:{_DATES})\b")
# In a cell for dates nothing else stands: no preposition is needed, and no capital.
_CELL_DATE = re.compile(
    rf"\b(?:{_DATES}|\d{{1,2}}/\d{{4}}|{_MONTH}(?:\s+[’']?\d{{2}})?"
    rf"|(?:within\s+)?{_NUMBER}\s+(?:working\s+)?(?:days|weeks|months))\b",
    re.IGNORECASE,
)
_CELL_YEAR = re.compile(rf"\b{_YEAR}")
LOOSE = re.compile(
    rf"\b(?:by|in|from|before|until|at|to|within)\s+(?:the\s+)?(?P<date>{_MONTH}|{_SEASON}"
    r"|(?:a\s+|this\s+|one\s+)?(?:month|quarter|week)"
    rf"|{_NUMBER}\s+(?:weeks|months))\b",
    re.IGNORECASE,
)
_LOOKS_AHEAD = re.compile(r"\b(?:to|will|shall|should|must|is asked|are asked|recommend)\b")
_AHEAD = re.compile(
    r"(?P<word>by|before|from|until|starting(?:\s+in)?|beginning(?:\s+in|\s+on)?|as\s+of|in|on|at|to|within|during"
    r"|no\s+later\s+than|not\s+later\s+than|due|decision\s+by|:|after|than|ending|complete[ds]?|,)\s*(?:the\s+)?$",
    re.IGNORECASE,
)
_UNSETTLED = re.compile(
    r"(?:none|n/?a|tb[cda]|to be (?:decided|confirmed|agreed|named|determined|identified|found)"
    r"|(?:not (?:yet )?|un)(?:named|agreed|known|set|decided|assigned|confirmed|applicable))\b",
    re.IGNORECASE,
)


def settled(cell: str) -> bool:
    """Whether a cell says something, and not that it is still to be agreed."""
    plain = cell.strip(" -–—.")
    return bool(plain) and not _UNSETTLED.match(plain)


def date_beside_owner(text: str) -> re.Match[str] | None:
    """The date in an owner's cell; a month without a figure may be a name, as in "June Carter"."""
    loose = (match for match in _CELL_DATE.finditer(text) if re.search(r"\d", match.group()))
    return next(loose, None) or DATE.search(text)


def is_date(text: str) -> bool:
    """Whether a cell begins with a date."""
    return _CELL_DATE.match(text.strip()) is not None


def due_beside(cells: Mapping[str, str]) -> str | None:
    """The date in the cell for dates, as written; with no such cell, the one that stands beside the owner."""
    if "due" not in cells:
        date = date_beside_owner(cells.get("owner", ""))
        return date.group() if date else None
    text = cells["due"]
    date = (_CELL_DATE.search(text) or _CELL_YEAR.search(text)) if settled(text) else None
    return date.group() if date else None


def due_of(text: str) -> str | None:
    """By when, as written: a date after a preposition of time, else a month, season or number of weeks; or None.

    "On" and "in" name a day that lies ahead only where something is still to be done.
    """
    ahead = bool(_LOOKS_AHEAD.search(text)) or len(text.split()) < 4
    for match in DATE.finditer(text):
        before = _AHEAD.search(text[max(0, match.start() - 24) : match.start()])
        if match.start() == 0 or (before and (ahead or before["word"].lower() not in ("on", "in", "at", ",", "of"))):
            return match.group()
    loose = LOOSE.search(text) if ahead else None
    return loose["date"] if loose else None
