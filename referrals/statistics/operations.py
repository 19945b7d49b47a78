"""Writing the events that the figures are counted from, in the transaction of their move."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import select, update

from referrals.moves import EventDirection, EventName, Outcome
from referrals.statistics.models import FrozenMonth, StatisticsEvent
from servicetray.core import clock
from servicetray.core.db import db


@dataclass(frozen=True, kw_only=True)
class Dimensions:
    """By what an event is counted."""

    kind_code: str
    municipality_code: str
    service_area: str
    reasons: tuple[str, ...]
    age_group: str
    origin: str


def record_event(
    name: EventName,
    *,
    direction: EventDirection,
    dimensions: Dimensions,
    referral_id: uuid.UUID,
    now: dt.datetime,
    outcome: Outcome | None = None,
    working_days: int | None = None,
    sender_told: bool | None = None,
) -> StatisticsEvent:
    """Append one event; it counts in the Helsinki month of ``now``. Practice referrals never come here.

    ``sender_told`` is for a closing: whether the sender hears of it, None where there is no sender.
    """
    event = StatisticsEvent(
        recorded_at=now,
        name=name,
        direction=direction,
        kind_code=dimensions.kind_code,
        municipality_code=dimensions.municipality_code,
        service_area=dimensions.service_area,
        reasons=list(dimensions.reasons),
        age_group=dimensions.age_group,
        origin=dimensions.origin,
        outcome=outcome,
        working_days=working_days,
        sender_told=sender_told,
        referral_id=referral_id,
    )
    db.session.add(event)
    db.session.flush()
    return event


def dimensions_of(referral_id: uuid.UUID) -> Dimensions | None:
    """Return what the referral was last counted by, or None once the link has been cut.

    A referral that was mended and sent elsewhere (R4) goes out where it came in last.
    """
    last = _last(referral_id)
    if last is None:
        return None
    return Dimensions(
        kind_code=last.kind_code,
        municipality_code=last.municipality_code,
        service_area=last.service_area,
        reasons=tuple(last.reasons),
        age_group=last.age_group,
        origin=last.origin,
    )


def cut_link(referral_id: uuid.UUID) -> None:
    """Let the events of a referral tell no longer of which: they hold reasons, and outlive its content."""
    db.session.execute(
        update(StatisticsEvent).where(StatisticsEvent.referral_id == referral_id).values(referral_id=None)
    )


def cut_old_links(*, frozen_before: dt.datetime) -> int:
    """Cut the links of all events of months that were frozen before an instant; return of how many events."""
    months = db.session.execute(
        select(FrozenMonth.period)
        .where(FrozenMonth.version == 1, FrozenMonth.frozen_at < frozen_before)
        .order_by(FrozenMonth.period)
    ).scalars()
    latest = max(months, default="")
    if not latest:
        return 0
    # Months are frozen in their order, so what is older than the latest of these belongs to it or goes before.
    _, end = clock.month_bounds(int(latest[:4]), int(latest[5:]))
    cut = db.session.execute(
        update(StatisticsEvent)
        .where(StatisticsEvent.recorded_at < end, StatisticsEvent.referral_id.is_not(None))
        .values(referral_id=None)
    )
    return int(getattr(cut, "rowcount", 0))


def working_days_since_sent(sent_at: dt.datetime, *, now: dt.datetime) -> int:
    """Return the working days from sending until now (moves.md, Clock)."""
    return clock.working_days_between(clock.helsinki_day(sent_at), clock.helsinki_day(now))


def _last(referral_id: uuid.UUID) -> StatisticsEvent | None:
    return db.session.scalars(
        select(StatisticsEvent)
        .where(StatisticsEvent.referral_id == referral_id)
        .order_by(StatisticsEvent.id.desc())
        .limit(1)
    ).first()
