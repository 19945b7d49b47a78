"""Events as the operations record them, and months of them."""

import datetime as dt
import uuid

from referrals.moves import EventDirection, EventName, Outcome
from referrals.statistics.operations import Dimensions, record_event
from servicetray.core.clock import HELSINKI
from servicetray.core.db import transaction

DIRECTIONS = {
    EventName.SENT: EventDirection.IN,
    EventName.RESENT: EventDirection.IN,
    EventName.REOPENED: EventDirection.IN,
    EventName.RETURNED: EventDirection.OUT,
    EventName.WITHDRAWN: EventDirection.OUT,
    EventName.VOIDED: EventDirection.OUT,
    EventName.CLOSED: EventDirection.OUT,
}
"""Of a referral in stock."""


def helsinki(text: str) -> dt.datetime:
    """Return the instant of a Helsinki wall clock: ``2024-12-31 23:59``."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=HELSINKI).astimezone(dt.UTC)


def event(
    name: EventName,
    at: dt.datetime | str,
    *,
    kind: str = "exercise",
    municipality: str = "286",
    direction: EventDirection | None = None,
    service_area: str = "vastaanottopalvelut",
    reasons: tuple[str, ...] = ("inactivity",),
    age_group: str = "30-64",
    outcome: Outcome | None = None,
    working_days: int | None = None,
) -> None:
    """Record one event, in a transaction of its own."""
    with transaction():
        record_event(
            name,
            direction=direction or DIRECTIONS.get(name, EventDirection.NONE),
            dimensions=Dimensions(
                kind_code=kind,
                municipality_code=municipality,
                service_area=service_area,
                reasons=reasons,
                age_group=age_group,
                origin="professional",
            ),
            referral_id=uuid.uuid4(),
            now=helsinki(at) if isinstance(at, str) else at,
            outcome=outcome,
            working_days=working_days,
        )


def sent(at: dt.datetime | str, *, times: int = 1, kind: str = "exercise", municipality: str = "286") -> None:
    """Record that referrals were sent."""
    for _ in range(times):
        event(EventName.SENT, at, kind=kind, municipality=municipality)
