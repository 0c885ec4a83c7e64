"""Working days in England: when a review is due after it was received."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import numpy as np

TARGET = 20


def due_date(received: date, *, working_days: int = TARGET) -> date:
    """The day `working_days` working days after `received`, leaving out weekends and the bank holidays of England."""
    calendar = _calendar(received.year, received.year + 1)
    return date.fromisoformat(str(np.busday_offset(_day(received), working_days, roll="backward", busdaycal=calendar)))


def days_left(dues: Sequence[date], today: date) -> list[int]:
    """Working days from `today` to each of `dues`; negative for a day that has passed."""
    if not dues:
        return []
    years = (min(*dues, today).year, max(*dues, today).year)
    days = np.array([_day(due) for due in dues])
    return [int(left) for left in np.busday_count(_day(today), days, busdaycal=_calendar(*years))]


def _day(day: date) -> np.datetime64:
    return np.datetime64(day, "D")


@lru_cache(maxsize=32)
def _calendar(first: int, last: int) -> np.busdaycalendar:
    """Weekends and the bank holidays of England from year `first` to `last`."""
    from holidays import country_holidays

    closed = country_holidays("GB", subdiv="ENG", years=range(first, last + 1))
    return np.busdaycalendar(holidays=[_day(day) for day in closed])
