"""Writing events and groups, and keeping their dates as rows.

The past is never changed: what was held was held. From today on the rule gives the dates; what an editor has
done to a single one (cancelled, moved, left out) stays for as long as the rule has it.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select

from servicetray.audit.events import Action
from servicetray.audit.operations import Actor, record
from servicetray.core import clock
from servicetray.core.db import Texts, db, transaction
from servicetray.core.errors import DomainError
from themes.directory.operations import UnknownThemeError
from themes.happenings import queries, recurrence
from themes.happenings.models import DateState, Happening, HappeningTheme, Occurrence
from themes.happenings.records import HappeningRecord
from themes.happenings.recurrence import Every, Rule
from themes.topics.queries import theme_ids

__all__ = [
    "HORIZON",
    "OverError",
    "cancel",
    "cancel_date",
    "draft_of",
    "extend_dates",
    "leave_out",
    "move_date",
    "restore",
    "restore_date",
    "save",
]

HORIZON = dt.timedelta(days=400)
"""How far ahead dates are rows."""
_BATCH = 50

_TOLD_TO_CALENDARS = ("name", "summary", "place", "street", "postal_code", "municipality_code", "url")
_PLAIN = (
    *("kind", "source", "state", "provider_id", "service_id", "municipality_code", "name", "summary"),
    *("description", "instructions", "place", "street", "postal_code", "price", "price_details"),
    *("kaikukortti", "phone", "email", "url", "joining", "opens_on", "closes_on", "capacity", "leader_id"),
)
_LISTS = ("life_stages", "forms", "accessibility", "languages")
_RULE = ("first_day", "starts", "minutes", "every", "last_day")


class OverError(DomainError):
    """The date is over; what was held is not changed."""


def save(
    record_: HappeningRecord,
    *,
    actor: Actor | None,
    now: dt.datetime,
    happening: Happening | None = None,
    happening_id: uuid.UUID | None = None,
) -> Happening:
    """Make an event or group, or change one; its dates follow in the same transaction.

    Args:
        record_: how it shall be from now on.
        actor: who does it; None for a loader, whose work leaves no audit row.
        now: the instant.
        happening: the one to change; None makes a new one.
        happening_id: of a new one, where its source gives ids.

    Raises:
        UnknownThemeError: if a theme does not exist.
    """
    ids = theme_ids(record_.themes)
    for slug in record_.themes:
        if slug not in ids:
            raise UnknownThemeError(slug)
    values = _values(record_)
    if happening is None:
        happening = Happening(
            id=happening_id or uuid.uuid4(),
            **values,
            dates_until=record_.rule.first_day - dt.timedelta(days=1),
            cancelled_reason={},
            sequence=0,
            created_at=now,
            updated_at=now,
        )
        db.session.add(happening)
        db.session.flush()
        changed = {"what": "added"}
        _set_themes(happening.id, [ids[slug] for slug in record_.themes])
        _keep_dates(happening, now=now, anew=True)
    else:
        names = [name for name, value in values.items() if getattr(happening, name) != value]
        for name in names:
            setattr(happening, name, values[name])
        if _set_themes(happening.id, [ids[slug] for slug in record_.themes]):
            names.append("themes")
        if not names:
            return happening
        if set(names) & {*_TOLD_TO_CALENDARS, *_RULE, "weekdays"}:
            happening.sequence += 1
        happening.updated_at = now
        changed = {"what": "changed", "fields": " ".join(names)}
        _keep_dates(happening, now=now, anew=True)
    db.session.flush()
    _written(happening, changed, actor=actor, now=now)
    return happening


def draft_of(record_: HappeningRecord) -> Happening:
    """Return the event or group that a record would make, for a preview; it is kept nowhere."""
    return Happening(id=uuid.uuid4(), **_values(record_), cancelled_at=None, cancelled_reason={}, sequence=0)


def cancel(happening: Happening, *, reason: Texts, actor: Actor, now: dt.datetime) -> None:
    """Cancel all of it; its page and dates stay, marked."""
    happening.cancelled_at, happening.cancelled_reason = now, reason
    _touch(happening, now)
    _written(happening, {"what": "cancelled"}, actor=actor, now=now)


def restore(happening: Happening, *, actor: Actor, now: dt.datetime) -> None:
    """Take back that it was cancelled."""
    happening.cancelled_at, happening.cancelled_reason = None, {}
    _touch(happening, now)
    _written(happening, {"what": "restored"}, actor=actor, now=now)


def cancel_date(date: Occurrence, *, reason: Texts, actor: Actor, now: dt.datetime) -> None:
    """Cancel one date; it stays in the lists, with a line through it.

    Raises:
        OverError: if it is over.
    """
    _change_date(date, DateState.CANCELLED, reason, actor=actor, now=now)


def leave_out(date: Occurrence, *, actor: Actor, now: dt.datetime) -> None:
    """Leave one date out, such as a holiday's: it is no longer shown anywhere.

    Raises:
        OverError: if it is over.
    """
    _change_date(date, DateState.LEFT_OUT, {}, actor=actor, now=now)


def move_date(
    date: Occurrence, *, day: dt.date, starts: dt.time, reason: Texts, actor: Actor, now: dt.datetime
) -> None:
    """Move one date to another day or time of Helsinki; it lasts as long as before.

    Raises:
        OverError: if it is over, or the new time is.
    """
    minutes = int((date.ends_at - date.starts_at).total_seconds() // 60)
    begins, ends = recurrence.instants(day, starts, minutes)
    if begins <= now:
        raise OverError
    _change_date(date, DateState.MOVED, reason, actor=actor, now=now)
    date.day, date.starts_at, date.ends_at = day, begins, ends
    db.session.flush()


def restore_date(date: Occurrence, *, actor: Actor, now: dt.datetime) -> None:
    """Let one date be as the rule has it again.

    Raises:
        OverError: if it is over, or would be.
    """
    happening = queries.required(date.happening_id)
    begins, ends = recurrence.instants(date.planned_on, happening.starts, happening.minutes)
    if begins <= now:
        raise OverError
    _change_date(date, DateState.PLANNED, {}, actor=actor, now=now)
    date.day, date.starts_at, date.ends_at = date.planned_on, begins, ends
    db.session.flush()


def extend_dates(now: dt.datetime) -> int:
    """Make the dates that have come within the horizon; return of how many events and groups.

    May run at any time, and at the same time twice: a date's id follows from its event and day.
    """
    horizon = clock.helsinki_day(now) + HORIZON
    extended = 0
    while True:
        with transaction():
            rows = queries.to_extend(horizon, most=_BATCH)
            for row in rows:
                _keep_dates(row, now=now)
            db.session.flush()
        extended += len(rows)
        if len(rows) < _BATCH:
            return extended


def rule_of(happening: Happening) -> Rule:
    """Return the rule of an event or group."""
    return Rule(
        first_day=happening.first_day,
        starts=happening.starts,
        minutes=happening.minutes,
        every=happening.every,
        weekdays=tuple(happening.weekdays),
        last_day=happening.last_day,
    )


def _keep_dates(happening: Happening, *, now: dt.datetime, anew: bool = False) -> None:
    """Bring the rows from today to the horizon into agreement with the rule, or add those that have come nearer."""
    today, rule = clock.helsinki_day(now), rule_of(happening)
    horizon = today + HORIZON
    is_first = happening.dates_until < happening.first_day
    start = today if anew and not is_first else happening.dates_until + dt.timedelta(days=1)
    # One that is entered late still has its past; a rule of years ago needs no more than is told of it.
    start = max(start, today - queries.KEPT_BACK)
    if rule.every is Every.ONCE:
        horizon = max(horizon, rule.first_day)
    wanted = {
        day: recurrence.instants(day, rule.starts, rule.minutes)
        for day in recurrence.days(rule, start, horizon)
    }
    known = {
        row.planned_on: row
        for row in db.session.scalars(
            select(Occurrence).where(Occurrence.happening_id == happening.id, Occurrence.planned_on >= start)
        )
    }
    for day, row in known.items():
        if day not in wanted:
            if row.starts_at > now:
                db.session.delete(row)
        elif row.state is not DateState.MOVED and row.starts_at > now and _times(row) != wanted[day]:
            (row.starts_at, row.ends_at), row.changed_at = wanted[day], now
            row.sequence += 1
    for day in sorted(wanted.keys() - known.keys()):
        begins, ends = wanted[day]
        db.session.add(
            Occurrence(
                id=queries.occurrence_id(happening.id, day),
                happening_id=happening.id,
                planned_on=day,
                day=day,
                starts_at=begins,
                ends_at=ends,
                state=DateState.PLANNED,
                reason={},
                sequence=0,
                changed_at=now,
            )
        )
    happening.dates_until = horizon
    db.session.flush()


def _times(row: Occurrence) -> tuple[dt.datetime, dt.datetime]:
    return row.starts_at, row.ends_at


def _change_date(
    date: Occurrence, state: DateState, reason: Texts, *, actor: Actor, now: dt.datetime
) -> None:
    if date.ends_at <= now:
        raise OverError
    date.state, date.reason, date.changed_at = state, reason, now
    date.sequence += 1
    db.session.flush()
    record(
        Action.CONTENT_CHANGED,
        actor=actor,
        object_type="occurrence",
        object_id=date.id,
        now=now,
        detail={"what": state.value, "happening": str(date.happening_id)},
    )


def _touch(happening: Happening, now: dt.datetime) -> None:
    happening.sequence += 1
    happening.updated_at = now
    db.session.flush()


def _written(
    happening: Happening, detail: Mapping[str, str], *, actor: Actor | None, now: dt.datetime
) -> None:
    if actor is None:
        return
    record(
        Action.CONTENT_CHANGED,
        actor=actor,
        object_type="happening",
        object_id=happening.id,
        now=now,
        detail=detail,
    )


def _values(record_: HappeningRecord) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(record_, name) for name in _PLAIN}
    values |= {name: list(getattr(record_, name)) for name in _LISTS}
    values |= {name: getattr(record_.rule, name) for name in _RULE}
    values["weekdays"] = sorted(set(record_.rule.weekdays))
    return values


def _set_themes(happening_id: uuid.UUID, theme_ids_: Sequence[int]) -> bool:
    wanted = list(dict.fromkeys(theme_ids_))
    of_it = HappeningTheme.happening_id == happening_id
    known = db.session.scalars(
        select(HappeningTheme.theme_id)
        .where(of_it)
        .order_by(HappeningTheme.position, HappeningTheme.theme_id)
    ).all()
    if list(known) == wanted:
        return False
    db.session.execute(delete(HappeningTheme).where(of_it))
    db.session.add_all(
        HappeningTheme(happening_id=happening_id, theme_id=theme_id, position=position)
        for position, theme_id in enumerate(wanted)
    )
    db.session.flush()
    return True
