"""Working days in England: when a review is due after it was received."""

from datetime import date

import numpy as np

TARGET = 20


def due_date(received: date, *, working_days: int = TARGET) -> date:
    """The day `working_days` working days after `received`, leaving out weekends and the bank holidays of England."""
    day = np.busday_offset(np.datetime64(received, "D"), working_days, roll="backward", holidays=_closed(received))
    return date.fromisoformat(str(day))


def days_left(due: date, today: date) -> int:
    """Working days from `today` to `due`; negative when the day has passed."""
    return int(np.busday_count(np.datetime64(today, "D"), np.datetime64(due, "D"), holidays=_closed(min(due, today))))


def _closed(start: date) -> list[str]:
    from holidays import country_holidays

    years = range(start.year, start.year + 2)
    return [day.isoformat() for day in country_holidays("GB", subdiv="ENG", years=years)]
