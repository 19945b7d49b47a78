"""A group, and whether one can join it. Pure but for the row it is made from."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from servicetray.core.db import Texts
from themes.happenings.models import Happening, Joining

FAR = dt.date.max


class JoinState(StrEnum):
    """What somebody who wants to join can do today."""

    DROP_IN = "drop_in"
    """Simply come."""
    OPEN = "open"
    """Enrol."""
    FULL = "full"
    """Enrol for the waiting list."""
    OPENS_LATER = "opens_later"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    OVER = "over"


_ORDER = {state: place for place, state in enumerate(JoinState)}
_ORDER[JoinState.DROP_IN] = _ORDER[JoinState.OPEN]


@dataclass(frozen=True, kw_only=True)
class GroupView:
    """A group with its places, as enrolling and the lists need it. Texts are in all their languages."""

    id: uuid.UUID
    name: Texts
    summary: Texts
    place: Texts
    municipality_code: str | None
    """None where it is for the whole county."""
    provider_id: uuid.UUID
    service_id: uuid.UUID | None
    leader_id: uuid.UUID | None
    life_stages: Sequence[str]
    languages: Sequence[str]
    joining: Joining
    opens_on: dt.date | None
    closes_on: dt.date | None
    capacity: int | None
    taken: int
    first_meeting: dt.date | None
    last_meeting: dt.date | None
    """Of the dates that are rows; a group without an end has further ones."""
    endless: bool
    cancelled: bool
    state: JoinState

    @property
    def places_left(self) -> int | None:
        """How many can still be given; None where there is no limit."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    @property
    def needs_enrolment(self) -> bool:
        """Whether one enrols before coming."""
        return self.joining is not Joining.DROP_IN

    @property
    def can_join(self) -> bool:
        """Whether somebody gets a place today, or may simply come."""
        return self.state in {JoinState.DROP_IN, JoinState.OPEN}

    @property
    def can_enrol(self) -> bool:
        """Whether the enrolment form is open today: for a place or for the waiting list."""
        return self.state in {JoinState.OPEN, JoinState.FULL}

    @property
    def is_over(self) -> bool:
        """Whether its last meeting has been."""
        return self.state is JoinState.OVER

    @property
    def order(self) -> tuple[int, dt.date, str, uuid.UUID]:
        """Those to join first, then the nearest beginning, then the name."""
        return (_ORDER[self.state], self.first_meeting or FAR, self.name.get("fi", ""), self.id)


def view_of(
    row: Happening, *, bounds: tuple[dt.date, dt.date] | None, taken: int, today: dt.date
) -> GroupView:
    """Return the view of a group.

    Args:
        row: the group.
        bounds: the days of its first and last meeting that is a row; None where it has none.
        taken: places given.
        today: the Helsinki day.
    """
    first, last = bounds or (None, None)
    fields: dict[str, Any] = {
        name: getattr(row, name)
        for name in (
            *("id", "name", "summary", "place", "municipality_code", "provider_id", "service_id"),
            *("leader_id", "joining", "opens_on", "closes_on", "capacity"),
        )
    }
    endless = row.last_day is None and row.every != "once"
    over = not endless and (last is None or last < today)
    return GroupView(
        **fields,
        life_stages=tuple(row.life_stages),
        languages=tuple(row.languages),
        taken=taken,
        first_meeting=first,
        last_meeting=last,
        endless=endless,
        cancelled=row.cancelled_at is not None,
        state=join_state(
            joining=row.joining,
            opens_on=row.opens_on,
            closes_on=row.closes_on,
            full=row.capacity is not None and taken >= row.capacity,
            cancelled=row.cancelled_at is not None,
            over=over,
            begun=first is not None and first < today,
            today=today,
        ),
    )


def join_state(
    *,
    joining: Joining,
    opens_on: dt.date | None,
    closes_on: dt.date | None,
    full: bool,
    cancelled: bool,
    over: bool,
    begun: bool,
    today: dt.date,
) -> JoinState:
    """Return what somebody who wants to join can do on a Helsinki day.

    A group with a term that has begun without a last day of enrolling is closed; the days of enrolling are
    both included.
    """
    if over:
        return JoinState.OVER
    if cancelled:
        return JoinState.CANCELLED
    if joining is Joining.DROP_IN:
        return JoinState.DROP_IN
    if opens_on is not None and today < opens_on:
        return JoinState.OPENS_LATER
    late = today > closes_on if closes_on is not None else joining is Joining.TERM and begun
    if late:
        return JoinState.CLOSED
    return JoinState.FULL if full else JoinState.OPEN
