"""Questions of the editors' lists of events and groups."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from servicetray.core.db import Texts, db
from themes.happenings.models import Happening, Kind, Occurrence, State


@dataclass(frozen=True, kw_only=True)
class DeskRow:
    """What the list of editors narrows an event or group by."""

    id: uuid.UUID
    name: Texts
    state: State
    cancelled: bool
    last: dt.date | None
    """The day of its last date that is a row."""


def for_desk(kind: Kind, *, providers: Collection[uuid.UUID] | None) -> Sequence[DeskRow]:
    """Return every event or group of these providers (None: of all) as an editor's list narrows it, latest first."""
    last = (
        select(Occurrence.happening_id, func.max(Occurrence.day).label("last"))
        .group_by(Occurrence.happening_id)
        .subquery()
    )
    wanted = (
        select(
            *(Happening.id, Happening.name, Happening.state),
            *(Happening.cancelled_at.is_not(None).label("cancelled"), last.c.last),
        )
        .outerjoin(last, last.c.happening_id == Happening.id)
        .where(Happening.kind == kind)
        .order_by(Happening.first_day.desc(), Happening.id)
    )
    if providers is not None:
        wanted = wanted.where(Happening.provider_id.in_(providers))
    return [
        DeskRow(id=row.id, name=row.name, state=row.state, cancelled=bool(row.cancelled), last=row.last)
        for row in db.session.execute(wanted)
    ]


def by_id(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Happening]:
    """Return these events and groups, drafts too."""
    rows = db.session.scalars(select(Happening).where(Happening.id.in_(ids)).order_by(Happening.id))
    return {row.id: row for row in rows}
