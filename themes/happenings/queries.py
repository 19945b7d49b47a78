"""Questions about events and groups: what comes when, and what one is made of."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from servicetray.core.db import Texts, db
from servicetray.core.errors import NotFoundError
from themes.happenings.groups import GroupView, view_of
from themes.happenings.models import DateState as DateState
from themes.happenings.models import Happening as Happening
from themes.happenings.models import HappeningTheme
from themes.happenings.models import Joining as Joining
from themes.happenings.models import Kind as Kind
from themes.happenings.models import Occurrence as Occurrence
from themes.happenings.models import State as State
from themes.happenings.places import taken
from themes.happenings.recurrence import Every

NAMESPACE = uuid.UUID("1b0f2c3e-6a55-5f0e-8f43-2f6f3f6f6b11")
KEPT_BACK = dt.timedelta(days=90)
"""How long a calendar still hears of what is over."""
AHEAD = dt.timedelta(days=365)
"""How far ahead a calendar hears of what comes."""
_SEEN = (DateState.PLANNED, DateState.MOVED, DateState.CANCELLED)
_HELD = (DateState.PLANNED, DateState.MOVED)


@dataclass(frozen=True, kw_only=True)
class Dated:
    """A date, and what takes place on it."""

    date: Occurrence
    happening: Happening

    @property
    def cancelled(self) -> bool:
        """Whether it, or all of what it belongs to, was cancelled."""
        return self.date.state is DateState.CANCELLED or self.happening.cancelled_at is not None


@dataclass(frozen=True, kw_only=True)
class IndexedTexts:
    """What a search may find an event or a group by."""

    id: uuid.UUID
    kind: Kind
    name: Texts
    summary: Texts
    description: Texts
    place: Texts
    municipality_code: str | None
    themes: Sequence[int]


def occurrence_id(happening_id: uuid.UUID, planned_on: dt.date) -> uuid.UUID:
    """Return the id of the date that a rule gives an event or group on a day."""
    return uuid.uuid5(NAMESPACE, f"{happening_id}:{planned_on.isoformat()}")


def exists(happening_id: uuid.UUID) -> bool:
    """Whether there is an event or group of this id, a draft perhaps."""
    return db.session.scalar(select(Happening.id).where(Happening.id == happening_id)) is not None


def required(happening_id: uuid.UUID, *, kind: Kind | None = None, lock: bool = False) -> Happening:
    """Return an event or group, drafts too; raise NotFoundError where there is none of this kind."""
    wanted = select(Happening).where(Happening.id == happening_id)
    found = db.session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if found is None or (kind is not None and found.kind is not kind):
        raise NotFoundError(str(happening_id))
    return found


def published(happening_id: uuid.UUID, *, kind: Kind) -> Happening:
    """Return an event or group that residents see; raise NotFoundError for any other id."""
    found = required(happening_id, kind=kind)
    if found.state is not State.PUBLISHED:
        raise NotFoundError(str(happening_id))
    return found


def date_required(occurrence_id_: uuid.UUID, *, lock: bool = False) -> Dated:
    """Return a date with what takes place on it; raise NotFoundError where there is none."""
    wanted = select(Occurrence).where(Occurrence.id == occurrence_id_)
    found = db.session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if found is None:
        raise NotFoundError(str(occurrence_id_))
    return Dated(date=found, happening=required(found.happening_id))


def dates_between(first: dt.date, last: dt.date, *, theme_id: int | None = None) -> Sequence[Dated]:
    """Return every date to see of the Helsinki days ``first`` to ``last``: events, and groups one may drop into.

    In the order of time. Those cancelled are among them, those left out are not.
    """
    wanted = _dates().where(Occurrence.day.between(first, last), _open_to_all())
    if theme_id is not None:
        wanted = wanted.where(Happening.id.in_(_of_theme(theme_id)))
    rows = db.session.execute(wanted.order_by(Occurrence.day, Occurrence.starts_at, Occurrence.id))
    return tuple(Dated(date=date, happening=happening) for date, happening in rows)


def next_day_of(happening_ids: Collection[uuid.UUID], *, after: dt.date) -> dt.date | None:
    """Return the first day after ``after`` on which any of these takes place, or None."""
    return db.session.scalar(
        select(func.min(Occurrence.day)).where(
            Occurrence.happening_id.in_(happening_ids), Occurrence.day > after, Occurrence.state.in_(_HELD)
        )
    )


def next_days_by_service(today: dt.date) -> Mapping[uuid.UUID, dt.date]:
    """Return the first day from today on that something of a service is held, by service; others are left out."""
    rows = db.session.execute(
        select(Happening.service_id, func.min(Occurrence.day))
        .join(Occurrence, Occurrence.happening_id == Happening.id)
        .where(
            Happening.state == State.PUBLISHED,
            Happening.service_id.is_not(None),
            Occurrence.day >= today,
            Occurrence.state.in_(_HELD),
        )
        .group_by(Happening.service_id)
    )
    return {service_id: day for service_id, day in rows if service_id is not None}


def open_to_all(*, today: dt.date) -> Sequence[Happening]:
    """Return every event, and every group one may drop into, that has a date from today on."""
    coming = select(Occurrence.happening_id).where(Occurrence.day >= today, Occurrence.state.in_(_SEEN))
    return db.session.scalars(
        select(Happening)
        .where(Happening.state == State.PUBLISHED, _open_to_all(), Happening.id.in_(coming))
        .order_by(Happening.id)
    ).all()


def dates_of(happening_id: uuid.UUID, *, first: dt.date, most: int | None = None) -> Sequence[Dated]:
    """Return the dates of one event or group from a Helsinki day on, drafts' too, in the order of time."""
    rows = db.session.execute(
        select(Occurrence, Happening)
        .join(Happening, Happening.id == Occurrence.happening_id)
        .where(Occurrence.happening_id == happening_id, Occurrence.day >= first, Occurrence.state.in_(_SEEN))
        .order_by(Occurrence.starts_at, Occurrence.id)
        .limit(most)
    )
    return tuple(Dated(date=date, happening=happening) for date, happening in rows)


def all_dates_of(happening_id: uuid.UUID, *, first: dt.date, most: int) -> Sequence[Occurrence]:
    """Return the dates of one from a day on as an editor sees them: those left out, too."""
    return db.session.scalars(
        select(Occurrence)
        .where(Occurrence.happening_id == happening_id, Occurrence.planned_on >= first)
        .order_by(Occurrence.starts_at, Occurrence.id)
        .limit(most)
    ).all()


def meetings_of(group_id: uuid.UUID) -> Sequence[Occurrence]:
    """Return every meeting of a group, also those that are over or cancelled, in the order of time."""
    return db.session.scalars(
        select(Occurrence)
        .where(Occurrence.happening_id == group_id, Occurrence.state.in_(_SEEN))
        .order_by(Occurrence.starts_at, Occurrence.id)
    ).all()


def next_of(
    *,
    today: dt.date,
    theme_id: int | None = None,
    service_id: uuid.UUID | None = None,
    municipality: str | None = None,
    happenings: Collection[uuid.UUID] | None = None,
    most: int = 60,
) -> Sequence[Dated]:
    """Return the next date of each event and group of a theme, service or municipality, the nearest first.

    What is for the whole county belongs to every municipality. One question, whatever is asked for.
    """
    nearest = (
        select(Occurrence.happening_id, func.min(Occurrence.starts_at).label("starts_at"))
        .where(Occurrence.day >= today, Occurrence.state.in_(_HELD))
        .group_by(Occurrence.happening_id)
        .subquery()
    )
    wanted = (
        _dates()
        .join(
            nearest,
            and_(
                nearest.c.happening_id == Occurrence.happening_id, nearest.c.starts_at == Occurrence.starts_at
            ),
        )
        .where(
            Happening.cancelled_at.is_(None),
            # A group that can no longer be joined is nobody's next one.
            or_(Happening.closes_on.is_(None), Happening.closes_on >= today),
        )
    )
    if theme_id is not None:
        wanted = wanted.where(Happening.id.in_(_of_theme(theme_id)))
    if service_id is not None:
        wanted = wanted.where(Happening.service_id == service_id)
    if municipality is not None:
        wanted = wanted.where(
            or_(Happening.municipality_code == municipality, Happening.municipality_code.is_(None))
        )
    if happenings is not None:
        wanted = wanted.where(Happening.id.in_(happenings))
    rows = db.session.execute(wanted.order_by(Occurrence.starts_at, Occurrence.id).limit(most))
    return tuple(Dated(date=date, happening=happening) for date, happening in rows)


def theme_ids_of(happening_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[int]]:
    """Return the ids of the themes of each, the main one first."""
    found: dict[uuid.UUID, list[int]] = {}
    for row in db.session.execute(
        select(HappeningTheme.happening_id, HappeningTheme.theme_id)
        .where(HappeningTheme.happening_id.in_(happening_ids))
        .order_by(HappeningTheme.happening_id, HappeningTheme.position, HappeningTheme.theme_id)
    ):
        found.setdefault(row.happening_id, []).append(row.theme_id)
    return found


def group(group_id: uuid.UUID, *, today: dt.date) -> GroupView:
    """Return a group that residents see, with its places; raise NotFoundError for any other id."""
    row = published(group_id, kind=Kind.GROUP)
    return view_of(row, bounds=_bounds([row.id]).get(row.id), taken=taken([row.id])[row.id], today=today)


def groups(*, today: dt.date) -> Sequence[GroupView]:
    """Return every group to see that is not over: those to join first, then by their beginning and name."""
    return [view for view, _ in groups_with_rows(today=today)]


def groups_with_rows(*, today: dt.date) -> Sequence[tuple[GroupView, Happening]]:
    """Return what ``groups`` does, each with everything that is told of it."""
    rows = db.session.scalars(
        select(Happening)
        .where(Happening.kind == Kind.GROUP, Happening.state == State.PUBLISHED)
        .order_by(Happening.id)
    ).all()
    ids = [row.id for row in rows]
    counted, bounds = taken(ids), _bounds(ids)
    views = [
        (view_of(row, bounds=bounds.get(row.id), taken=counted[row.id], today=today), row) for row in rows
    ]
    return sorted((pair for pair in views if not pair[0].is_over), key=lambda pair: pair[0].order)


def groups_open_for(
    *,
    today: dt.date,
    municipality: str | None = None,
    life_stage: str | None = None,
    theme_id: int | None = None,
    service_id: uuid.UUID | None = None,
) -> Sequence[GroupView]:
    """Return the groups that somebody could join today, in the order of ``groups``.

    A group without a life stage is for all; one of the whole county is in every municipality.
    """
    found = groups(today=today)
    themes = theme_ids_of([view.id for view in found]) if theme_id is not None else {}
    return [
        view
        for view in found
        if view.can_join
        and (municipality is None or view.municipality_code in {None, municipality})
        and (life_stage is None or not view.life_stages or life_stage in view.life_stages)
        and (theme_id is None or theme_id in themes.get(view.id, ()))
        and (service_id is None or view.service_id == service_id)
    ]


def for_calendar(
    *, today: dt.date, theme_id: int | None, municipality: str | None, happening_id: uuid.UUID | None = None
) -> Sequence[Dated]:
    """Return the dates that a calendar is told of: 90 days back, a year ahead, cancelled ones too."""
    wanted = _dates().where(Occurrence.day.between(today - KEPT_BACK, today + AHEAD))
    wanted = wanted.where(Happening.id == happening_id if happening_id is not None else _open_to_all())
    if theme_id is not None:
        wanted = wanted.where(Happening.id.in_(_of_theme(theme_id)))
    if municipality is not None:
        wanted = wanted.where(
            or_(Happening.municipality_code == municipality, Happening.municipality_code.is_(None))
        )
    rows = db.session.execute(wanted.order_by(Occurrence.starts_at, Occurrence.id))
    return tuple(Dated(date=date, happening=happening) for date, happening in rows)


def to_extend(horizon: dt.date, *, most: int) -> Sequence[Happening]:
    """Return what repeats and has dates to come before the horizon that are no rows yet; locked."""
    return db.session.scalars(
        select(Happening)
        .where(
            Happening.every != Every.ONCE,
            Happening.dates_until < horizon,
            or_(Happening.last_day.is_(None), Happening.dates_until < Happening.last_day),
        )
        .order_by(Happening.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()


def texts_to_index(ids: Iterable[uuid.UUID] | None = None) -> Sequence[IndexedTexts]:
    """Return the texts of what residents see, for a search; of all or of some, by id."""
    wanted = select(Happening).where(Happening.state == State.PUBLISHED)
    if ids is not None:
        wanted = wanted.where(Happening.id.in_(list(ids)))
    rows = db.session.scalars(wanted.order_by(Happening.id)).all()
    themes = theme_ids_of([row.id for row in rows])
    return [
        IndexedTexts(
            id=row.id,
            kind=row.kind,
            name=row.name,
            summary=row.summary,
            description=row.description,
            place=row.place,
            municipality_code=row.municipality_code,
            themes=themes.get(row.id, ()),
        )
        for row in rows
    ]


def _dates() -> Select[Occurrence, Happening]:
    return (
        select(Occurrence, Happening)
        .join(Happening, Happening.id == Occurrence.happening_id)
        .where(Happening.state == State.PUBLISHED, Occurrence.state.in_(_SEEN))
    )


def _open_to_all() -> ColumnElement[bool]:
    return or_(Happening.kind == Kind.EVENT, Happening.joining == Joining.DROP_IN)


def _of_theme(theme_id: int) -> Select[uuid.UUID]:
    return select(HappeningTheme.happening_id).where(HappeningTheme.theme_id == theme_id)


def _bounds(group_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[dt.date, dt.date]]:
    """Return the days of the first and the last meeting of each group that has any."""
    rows = db.session.execute(
        select(Occurrence.happening_id, func.min(Occurrence.day), func.max(Occurrence.day))
        .where(Occurrence.happening_id.in_(group_ids), Occurrence.state.in_(_HELD))
        .group_by(Occurrence.happening_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}
