"""How the tray was used in a period."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from servicetray.core.db import db
from servicetray.core.periods import Period as Period
from servicetray.usage.models import SearchedText, UsageDay
from servicetray.usage.models import Use as Use


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Something and how often it was used."""

    key: str
    count: int


def totals(period: Period) -> Mapping[Use, int]:
    """Return how often each kind of use happened; each kind is there."""
    rows = db.session.execute(
        select(UsageDay.use, func.sum(UsageDay.count)).where(_within(period)).group_by(UsageDay.use)
    )
    found = {use: int(count) for use, count in rows}
    return {use: found.get(use, 0) for use in Use}


def by_day(period: Period) -> Mapping[dt.date, Mapping[Use, int]]:
    """Return the same for each day; days and uses without any are left out."""
    rows = db.session.execute(
        select(UsageDay.day, UsageDay.use, func.sum(UsageDay.count))
        .where(_within(period))
        .group_by(UsageDay.day, UsageDay.use)
        .order_by(UsageDay.day, UsageDay.use)
    )
    found: dict[dt.date, dict[Use, int]] = {}
    for day, use, count in rows:
        found.setdefault(day, {})[use] = int(count)
    return found


def most(period: Period, use: Use, *, page: str | None = None, limit: int | None = 20) -> Sequence[Counted]:
    """Return what was used most, the most used first.

    Args:
        period: the days.
        use: what was done.
        page: of views and outbound links: only of this kind of page; keys are then the public ids alone.
        limit: at most so many; None for all.
    """
    count = func.sum(UsageDay.count)
    wanted = select(UsageDay.key, count).where(_within(period), UsageDay.use == use)
    if page is not None:
        wanted = wanted.where(or_(UsageDay.key == page, UsageDay.key.startswith(f"{page}:", autoescape=True)))
    rows = db.session.execute(wanted.group_by(UsageDay.key).order_by(count.desc(), UsageDay.key).limit(limit))
    return tuple(
        Counted(key=key.partition(":")[2] if page is not None else key, count=int(number))
        for key, number in rows
    )


def searches(period: Period, *, found: bool | None = None, limit: int | None = 50) -> Sequence[Counted]:
    """Return what was looked for, where its words may be kept, the most wanted first.

    Args:
        period: the days.
        found: only such as found something (or nothing); None for all.
        limit: at most so many; None for all.
    """
    count = func.sum(SearchedText.count)
    wanted = select(SearchedText.text, count).where(
        SearchedText.day >= period.first, SearchedText.day <= period.last
    )
    if found is not None:
        wanted = wanted.where(SearchedText.found.is_(found))
    rows = db.session.execute(
        wanted.group_by(SearchedText.text).order_by(count.desc(), SearchedText.text).limit(limit)
    )
    return tuple(Counted(key=text, count=int(number)) for text, number in rows)


def empty_searches(period: Period, *, limit: int | None = 50) -> Sequence[Counted]:
    """Return what was looked for in vain, where its words may be kept, the most wanted first."""
    return searches(period, found=False, limit=limit)


def first_day() -> dt.date | None:
    """Return the first day that anything was counted on."""
    return db.session.scalar(select(func.min(UsageDay.day)))


def _within(period: Period) -> ColumnElement[bool]:
    return UsageDay.day.between(period.first, period.last)
