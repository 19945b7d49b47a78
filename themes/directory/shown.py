"""Which services residents see on a day, and which of them have gone unconfirmed."""

import datetime as dt

from sqlalchemy import ColumnElement, or_

from themes.directory.models import Service, ServiceStatus

STALE_MONTHS = 6
"""Unconfirmed for longer than this: the page says so."""
HIDDEN_MONTHS = 18
"""Unconfirmed for this long: no longer shown."""
UNCONFIRMED_MONTHS = 12
"""Unconfirmed for this long: shown as unconfirmed, and after all others."""


def months_before(day: dt.date, months: int) -> dt.date:
    """Return the day so many calendar months earlier (the month's last, where there is no such day)."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return dt.date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")


def is_stale(checked_on: dt.date | None, today: dt.date) -> bool:
    """Whether nobody has confirmed the content for over six months."""
    return checked_on is not None and checked_on < months_before(today, STALE_MONTHS)


def shown(today: dt.date) -> ColumnElement[bool]:
    """Return the condition that residents see a service on this Helsinki day."""
    unconfirmed = Service.checked_on <= months_before(today, HIDDEN_MONTHS)
    return (Service.status == ServiceStatus.PUBLISHED) & or_(Service.checked_on.is_(None), ~unconfirmed)


def is_unconfirmed(checked_on: dt.date | None, today: dt.date) -> bool:
    """Whether nobody has confirmed the content for a year."""
    return checked_on is not None and checked_on < months_before(today, UNCONFIRMED_MONTHS)
