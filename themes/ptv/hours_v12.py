"""Opening hours of PTV's open API, version 12 (beta). Pure.

Six kinds of hours, told apart by ``type``. Hours of holidays (``holidayServiceHours``) are left out: they name feast
days of every year, the internal model has days of the calendar, and a reading without a clock knows no year.
"""

import datetime as dt
from collections.abc import Iterator

from servicetray.core.db import Texts
from themes.ptv import hours, reading
from themes.ptv.model import HoursKind, ImportedHours, OpenPeriod
from themes.ptv.reading import Json

_WEEKLY = ("WeeklyUntilFurtherNoticeServiceHour", "WeeklyDateRangeServiceHour")
_ALWAYS = ("ContinuousAlwaysValidServiceHour",)
_ACROSS_DAYS = ("ContinuousDateRangeServiceHour", "ContinuousWeekdaysUntilFurtherNoticeServiceHour")
_EXCEPTION = ("ExceptionalDateRangeServiceHour",)

# The model knows weeks alone: every other week is told in words.
_WEEKS: dict[str, Texts] = {
    "OddWeeks": {"fi": "Parittomilla viikoilla", "sv": "Udda veckor", "en": "Odd weeks"},
    "EvenWeeks": {"fi": "Parillisilla viikoilla", "sv": "Jämna veckor", "en": "Even weeks"},
}
_CLOSED = "Closed"
_RESERVED = "OpenOnReservation"


def opening_hours(value: object) -> Iterator[ImportedHours]:
    """Read ``serviceHours``; kinds that are not known give nothing."""
    for row in reading.rows(reading.mapping(value).get("hours")):
        # Compared with tuples, not sets: what is looked for may be a list, in a record that is not as it should be.
        told = row.get("type")
        if told in _WEEKLY:
            yield from _weekly(row, HoursKind.WEEKLY)
        elif told in _EXCEPTION:
            yield from _weekly(row, HoursKind.EXCEPTION)
        elif told in _ALWAYS:
            yield _one(
                row, HoursKind.WEEKLY, always_open=True, by_reservation=row.get("openingStatus") == _RESERVED
            )
        elif told in _ACROSS_DAYS:
            yield from _across_days(row)


def _weekly(row: Json, kind: HoursKind) -> Iterator[ImportedHours]:
    """Give a set for each way of being open: with or without reservation, every or every other week, own words."""
    first, last = _day(row.get("fromDate")), _day(row.get("toDate"))
    # An exception of one day needs no day of the week.
    is_one_day = kind is HoursKind.EXCEPTION and first is not None and first == last
    sets: dict[tuple[bool, tuple[tuple[str, str], ...]], list[OpenPeriod]] = {}
    is_closed = False
    for day, told in _by_day(row.get("weeklyHours")):
        is_closed = is_closed or told.get("openingStatus") == _CLOSED
        opens, closes = hours.time(told.get("start")), hours.time(told.get("end"))
        if told.get("openingStatus") == _CLOSED or not opens or not closes:
            continue
        words = _after(_weeks(told), reading.by_language(told.get("additionalInformation")))
        key = told.get("openingStatus") == _RESERVED, tuple(sorted(words.items()))
        period = OpenPeriod(days=None if is_one_day else (day, day), opens=opens, closes=closes)
        sets.setdefault(key, []).append(period)
    for (by_reservation, words_told), periods in sets.items():
        yield _one(
            row,
            kind,
            by_reservation=by_reservation,
            words=dict(words_told),
            periods=tuple(hours.joined(periods)),
        )
    if is_closed and not sets:
        yield _one(row, kind, closed=True)


def _across_days(row: Json) -> Iterator[ImportedHours]:
    """Give the hours that go from a time of one day to a time of another, open all between."""
    first, last = hours.weekday(row.get("fromDay")), hours.weekday(row.get("toDay"))
    opens, closes = hours.time(row.get("fromTime")), hours.time(row.get("toTime"))
    if first and last and opens and closes:
        yield _one(
            row,
            HoursKind.OVER_MIDNIGHT,
            by_reservation=row.get("openingStatus") == _RESERVED,
            periods=(OpenPeriod(days=(first, last), opens=opens, closes=closes),),
        )


def _one(
    row: Json,
    kind: HoursKind,
    *,
    closed: bool = False,
    always_open: bool = False,
    by_reservation: bool = False,
    words: Texts | None = None,
    periods: tuple[OpenPeriod, ...] = (),
) -> ImportedHours:
    heading = reading.by_language(row.get("heading"))
    info = _after(heading, reading.by_language(row.get("additionalInformation")))
    return ImportedHours(
        kind=kind,
        valid_from=_day(row.get("fromDate")),
        valid_to=_day(row.get("toDate")),
        closed=closed,
        always_open=always_open,
        by_reservation=by_reservation,
        info=_after(info, words or {}),
        periods=periods,
    )


def _by_day(value: object) -> Iterator[tuple[int, Json]]:
    for name, told in reading.mapping(value).items():
        day = hours.weekday(name)
        if day:
            yield from ((day, row) for row in reading.rows(reading.mapping(told).get("hours")))


def _weeks(row: Json) -> Texts:
    told = row.get("repetition")
    return _WEEKS.get(told, {}) if isinstance(told, str) else {}


def _after(texts: Texts, more: Texts) -> Texts:
    """Put more words behind those of the same language."""
    merged = dict(texts)
    for code, content in more.items():
        merged[code] = f"{merged[code]} · {content}" if code in merged else content
    return merged


def _day(value: object) -> dt.date | None:
    """Return the calendar day of ``2026-01-15``."""
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
