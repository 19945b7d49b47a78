"""Words for events and groups."""

import datetime as dt
from collections.abc import Sequence

from babel.dates import format_date as format_day
from flask_babel import gettext as _
from flask_babel import lazy_pgettext as _lp
from flask_babel import pgettext as _p

from servicetray.core import clock
from servicetray.core.pages import Text
from themes.happenings.groups import GroupView, JoinState
from themes.happenings.models import DateState, Joining, State
from themes.happenings.recurrence import Every, Rule

WEEKDAYS: Sequence[Text] = (
    _lp("recurring", "on Mondays"),
    _lp("recurring", "on Tuesdays"),
    _lp("recurring", "on Wednesdays"),
    _lp("recurring", "on Thursdays"),
    _lp("recurring", "on Fridays"),
    _lp("recurring", "on Saturdays"),
    _lp("recurring", "on Sundays"),
)
EVERY: dict[Every, Text] = {
    Every.ONCE: _lp("recurring", "Once"),
    Every.WEEK: _lp("recurring", "Every week"),
    Every.TWO_WEEKS: _lp("recurring", "Every other week"),
    Every.MONTH: _lp("recurring", "Every month, on the same weekday"),
}
JOININGS: dict[Joining, Text] = {
    Joining.DROP_IN: _lp("group", "One comes without enrolling"),
    Joining.TERM: _lp("group", "One enrols before the group begins"),
    Joining.CONTINUOUS: _lp("group", "One may enrol at any time"),
}
STATES: dict[State, Text] = {
    State.DRAFT: _lp("content", "Draft"),
    State.PUBLISHED: _lp("content", "Published"),
}
DATE_STATES: dict[DateState, Text] = {
    DateState.PLANNED: _lp("date", "As planned"),
    DateState.MOVED: _lp("date", "Moved"),
    DateState.CANCELLED: _lp("date", "Cancelled"),
    DateState.LEFT_OUT: _lp("date", "Left out"),
}
JOIN_COLOURS = {
    JoinState.DROP_IN: "success",
    JoinState.OPEN: "success",
    JoinState.FULL: "warning",
    JoinState.OPENS_LATER: "info",
    JoinState.CLOSED: "neutral",
    JoinState.CANCELLED: "danger",
    JoinState.OVER: "neutral",
}


def clock_time(time: dt.time) -> str:
    """Return a time as it is said: 10, 10.30."""
    return f"{time.hour}.{time.minute:02}" if time.minute else str(time.hour)


def span(starts_at: dt.datetime, ends_at: dt.datetime) -> str:
    """Return from when to when in words: at 10–11.30."""
    begins, ends = clock.helsinki(starts_at), clock.helsinki(ends_at)
    return _("at %(start)s–%(end)s", start=clock_time(begins.time()), end=clock_time(ends.time()))


def day_words(day: dt.date, language: str) -> str:
    """Return a day in words: maanantai 23.11.2026."""
    return format_day(day, "cccc d.M.yyyy", locale=language)


def short_day(day: dt.date, language: str) -> str:
    """Return a day in short words: ma 23.11."""
    return format_day(day, "ccc d.M.", locale=language)


def when(rule: Rule, language: str) -> str:
    """Return a rule in words: tiistaisin klo 10–11.30, 15.12.2026 asti."""
    end = dt.datetime.combine(rule.first_day, rule.starts) + dt.timedelta(minutes=rule.minutes)
    times = _("at %(start)s–%(end)s", start=clock_time(rule.starts), end=clock_time(end.time()))
    if rule.every is Every.ONCE:
        return f"{short_day(rule.first_day, language)} {times}"
    names = [str(WEEKDAYS[day - 1]) for day in sorted(set(rule.weekdays) or {rule.first_day.isoweekday()})]
    which = ", ".join(names)
    if rule.every is Every.MONTH:
        which = _("once a month %(weekday)s", weekday=str(WEEKDAYS[rule.first_day.weekday()]))
    elif rule.every is Every.TWO_WEEKS:
        which = _("every other week %(weekdays)s", weekdays=which)
    said = f"{which} {times}"
    if rule.last_day is not None:
        said = _(
            "%(when)s, until %(day)s", when=said, day=format_day(rule.last_day, "d.M.yyyy", locale=language)
        )
    return said[:1].upper() + said[1:]


def joining(view: GroupView, language: str) -> str:
    """Return what somebody who wants to join can do, in a few words."""
    day = "d.M.yyyy"
    if view.state is JoinState.OPENS_LATER and view.opens_on is not None:
        return _("Enrolling begins on %(day)s", day=format_day(view.opens_on, day, locale=language))
    if view.state is JoinState.OPEN and view.places_left is not None:
        return _("Places left: %(num)s", num=view.places_left)
    return {
        JoinState.DROP_IN: _p("group", "Come without enrolling"),
        JoinState.OPEN: _p("group", "You can enrol"),
        JoinState.FULL: _p("group", "Full, there is a waiting list"),
        JoinState.CLOSED: _p("group", "Enrolling has ended"),
        JoinState.CANCELLED: _p("group", "Cancelled"),
        JoinState.OVER: _p("group", "Over"),
    }.get(view.state, "")


def month(day: dt.date, language: str) -> str:
    """Return a day's month in short: marras, nov."""
    return format_day(day, "LLL", locale=language).rstrip(".")
