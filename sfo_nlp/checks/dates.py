"""Dates as written in a text, with what can be checked about them without knowing the case."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sfo_nlp.document import Span

_NAMES = "jan january,feb february,mar march,apr april,may,jun june,jul july,aug august,sep sept september,oct october"
MONTHS = {
    name: number
    for number, names in enumerate(f"{_NAMES},nov november,dec december".split(","), start=1)
    for name in names.split()
}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = re.compile(rf"\b({'|'.join(DAYS)}),?\s+$", re.IGNORECASE)
_WRITTEN = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{'|'.join(MONTHS)})\.?,?\s+(?P<year>(?:19|20)\d{{2}})\b",
    re.IGNORECASE,
)
_FIGURES = re.compile(r"\b(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>(?:19|20)\d{2})\b")


class Dated(NamedTuple):
    """A full date: its place, the day it names (None where there is no such day), the weekday written before it."""

    span: Span
    day: date | None
    weekday: str | None


def dates(text: str) -> Iterator[Dated]:
    """Every date with day, month and year, in order."""
    found = []
    for pattern in (_WRITTEN, _FIGURES):
        for match in pattern.finditer(text):
            parts = match.groupdict()
            month = MONTHS.get(parts["month"].lower()) or int(parts["month"] if parts["month"].isdigit() else 0)
            before = _WEEKDAY.search(text, max(0, match.start() - 14), match.start())
            span = Span(before.start() if before else match.start(), match.end())
            weekday = before[1].lower() if before else None
            found.append(Dated(span, _day(int(parts["year"]), month, int(parts["day"])), weekday))
    yield from sorted(found, key=lambda item: item.span)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def age_on(born: date, day: date) -> int:
    """Whole years from birth to `day`."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
