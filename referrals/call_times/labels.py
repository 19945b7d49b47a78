"""The words of the call times page."""

import datetime as dt
from enum import StrEnum

from flask_babel import format_date, format_datetime, get_locale
from flask_babel import lazy_pgettext as _p

from servicetray.core import clock
from servicetray.core.i18n import current_language
from servicetray.core.pages import Text


class Whose(StrEnum):
    """Whose times a time off takes."""

    MINE = "mine"
    EVERYBODY = "everybody"


WHOSE: dict[Whose, Text] = {
    Whose.MINE: _p("time off", "Only mine"),
    Whose.EVERYBODY: _p("time off", "The whole unit’s"),
}


def weekday_name(weekday: int) -> str:
    """Return the name of a weekday (0 is Monday) in the language of the page."""
    locale = get_locale()
    assert locale is not None
    return str(locale.days["stand-alone"]["wide"][weekday]).capitalize()


def hour(instant: dt.datetime) -> str:
    """Return what Helsinki's clocks show at an instant: 9.30."""
    return format_datetime(clock.helsinki(instant), _pattern(), rebase=False)


def wall(time: dt.time) -> str:
    """Return a wall time: 9.30."""
    return time.strftime("%H:%M") if current_language() == "en" else f"{time.hour}.{time.minute:02}"


def span(begins: str, ends: str) -> str:
    """Return from when to when: 9.00–9.30."""
    return f"{begins}–{ends}"


def days(first: dt.date, last: dt.date) -> str:
    """Return one day, or from which to which."""
    told = format_date(first, "EEE d.M.yyyy")
    return told if first == last else f"{told} – {format_date(last, 'EEE d.M.yyyy')}"


def _pattern() -> str:
    return "HH:mm" if current_language() == "en" else "H.mm"
