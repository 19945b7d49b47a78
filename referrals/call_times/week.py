"""A week of the times, made ready to be shown."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from referrals.call_times import labels
from referrals.call_times.desk import Desk
from referrals.call_times.labels import Whose
from referrals.call_times.models import CallException, CallPattern
from referrals.call_times.pages import CallTimesPage, DayRow, Holder, OffRow, PatternRow, TimeRow
from referrals.call_times.queries import PublishedTime
from referrals.call_times.slots import FRIDAY
from referrals.county import queries as county
from referrals.municipality import queries as municipality
from referrals.municipality.inbox.labels import MEETING_FORMS
from referrals.municipality.inbox.scope import Scope
from servicetray.core import clock
from servicetray.core.pages import Text

WEEK = dt.timedelta(days=7)
WEEKS_EITHER_WAY = 60


def monday_of(asked: str | None, *, now: dt.datetime) -> dt.date:
    """Return the Monday of the week that an address asks for, else of this one; from a Saturday on the next."""
    today = clock.helsinki_day(now)
    this = today - dt.timedelta(days=today.weekday())
    this = this if today.weekday() <= FRIDAY else this + WEEK
    try:
        day = dt.date.fromisoformat(asked or "")
    except ValueError:
        return this
    return day - dt.timedelta(days=day.weekday()) if abs(day - this) <= WEEKS_EITHER_WAY * WEEK else this


def references(times: Sequence[PublishedTime], *, scope: Scope) -> dict[uuid.UUID, Holder]:
    """Return who has these times, by referral: only those that the reader may open.

    A protected client's time is seen by their own adviser alone; others see that it is taken.
    """
    wanted = list(dict.fromkeys(referral_id for time in times for referral_id in time.referral_ids))
    cases = municipality.open_cases_in(wanted, catchment_ids=scope.catchment_ids, reader_id=scope.user_id)
    waiting = county.waiting_in(wanted, catchment_ids=scope.catchment_ids)
    return {
        referral_id: Holder(
            reference=waiting[referral_id], url=url_for("inbox.referral", referral_id=referral_id)
        )
        for referral_id in waiting
    } | {
        referral_id: Holder(reference=case.reference, url=url_for("inbox.case", case_id=case.id))
        for referral_id, case in cases.items()
    }


def closing_of(times: Sequence[PublishedTime], *, user_id: uuid.UUID) -> Whose | None:
    """Return whose times one press takes off: one's own, the unit's where none is anybody's own, or none."""
    offered = [each for each in times if each.offered]
    if any(each.adviser_id == user_id for each in offered):
        return Whose.MINE
    return Whose.EVERYBODY if any(each.adviser_id is None for each in offered) else None


def week_page(
    desk: Desk,
    *,
    monday: dt.date,
    times: Sequence[PublishedTime],
    conflicts: Sequence[PublishedTime],
    holders: Mapping[uuid.UUID, Holder],
    patterns: Sequence[CallPattern],
    off: Sequence[CallException],
    now: dt.datetime,
) -> CallTimesPage:
    """Return the page of a week."""
    shown = [monday + dt.timedelta(days=n) for n in range(7)]
    by_day = {day: [each for each in times if each.day == day] for day in shown}
    this = monday_of(None, now=now)
    return CallTimesPage(
        title=pgettext("page title", "Call times"),
        days=tuple(
            _day(day, rows, desk, holders, now)
            for day, rows in by_day.items()
            if rows or day.weekday() <= FRIDAY
        ),
        week=monday.isocalendar().week,
        previous_url=_week_url(monday - WEEK, this),
        next_url=_week_url(monday + WEEK, this),
        this_week_url=None if monday == this else url_for("call_times.week"),
        conflicts=tuple(_time(each, desk, holders, now) for each in conflicts),
        weekly=tuple(_pattern(each, desk, now) for each in patterns if not each.once),
        extra=tuple(_pattern(each, desk, now) for each in patterns if each.once),
        off=tuple(_off(each, desk) for each in off),
    )


def _week_url(monday: dt.date, this: dt.date) -> str | None:
    if abs(monday - this) > WEEKS_EITHER_WAY * WEEK:
        return None
    return url_for("call_times.week", viikko=monday.isoformat())


def _day(
    day: dt.date,
    times: Sequence[PublishedTime],
    desk: Desk,
    holders: Mapping[uuid.UUID, Holder],
    now: dt.datetime,
) -> DayRow:
    rows = tuple(_time(each, desk, holders, now) for each in times)
    coming = [each for each in times if each.starts_at > now]
    return DayRow(
        day=day,
        times=rows,
        taken=sum(row.taken for row in rows),
        free=sum(row.free for row in rows if not row.past),
        close=_close_words(coming, desk),
    )


def _close_words(coming: Sequence[PublishedTime], desk: Desk) -> Text | None:
    closing = {
        closing_of([each for each in coming if each.unit_id == unit_id], user_id=desk.user_id)
        for unit_id in desk.unit_ids
    }
    if Whose.MINE in closing:
        return _("Take my times of this day off")
    return _("Take the times of this day off") if Whose.EVERYBODY in closing else None


def _time(time: PublishedTime, desk: Desk, holders: Mapping[uuid.UUID, Holder], now: dt.datetime) -> TimeRow:
    return TimeRow(
        day=time.day,
        hours=labels.span(labels.hour(time.starts_at), labels.hour(time.ends_at)),
        form=MEETING_FORMS[time.form],
        place=time.place,
        adviser=desk.adviser(time.adviser_id),
        holders=tuple(holders[each] for each in time.referral_ids if each in holders),
        taken=time.taken,
        capacity=time.capacity,
        free=time.free,
        offered=time.offered,
        past=time.starts_at <= now,
    )


def _pattern(pattern: CallPattern, desk: Desk, now: dt.datetime) -> PatternRow:
    today = clock.helsinki_day(now)
    catchment = desk.catchments.get(pattern.catchment_id) if pattern.catchment_id else None
    details: list[Text] = [
        ngettext("%(num)s minute", "%(num)s minutes", pattern.slot_minutes),
        MEETING_FORMS[pattern.form],
        pattern.place,
        desk.adviser(pattern.adviser_id) or _("whoever is on duty"),
        catchment[1] if catchment else (desk.units[pattern.unit_id] if len(desk.units) > 1 else ""),
        ngettext("%(num)s client at a time", "%(num)s clients at a time", pattern.capacity)
        if pattern.capacity > 1
        else "",
    ]
    return PatternRow(
        id=pattern.id,
        when=labels.days(pattern.valid_from, pattern.valid_from)
        if pattern.once
        else labels.weekday_name(pattern.weekday),
        hours=labels.span(labels.wall(pattern.from_time), labels.wall(pattern.until_time)),
        details=tuple(each for each in details if each),
        until=None if pattern.once else pattern.valid_until,
        since=pattern.valid_from if pattern.valid_from > today and not pattern.once else None,
        once=pattern.once,
    )


def _off(row: CallException, desk: Desk) -> OffRow:
    when = labels.days(row.first_day, row.last_day)
    if row.from_time is not None and row.until_time is not None:
        when = f"{when} {labels.span(labels.wall(row.from_time), labels.wall(row.until_time))}"
    return OffRow(
        id=row.id,
        when=when,
        whose=desk.adviser(row.adviser_id) if row.adviser_id else desk.units[row.unit_id],
    )
