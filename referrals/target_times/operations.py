"""Setting target times, for days to come alone."""

import datetime as dt

from referrals.changes import Facts, changed
from referrals.moves import TargetDays
from referrals.target_times.models import TargetRule
from servicetray.audit.operations import Actor
from servicetray.core import clock
from servicetray.core.db import db
from servicetray.core.errors import ConflictError, DomainError, NotFoundError


class NotToComeError(DomainError):
    """A rule begins tomorrow at the earliest: what was sent today has its due day already."""

    def __init__(self, earliest: dt.date) -> None:
        super().__init__(earliest)
        self.earliest = earliest


class DayTakenError(ConflictError):
    """Another rule begins on that day."""


def add_rule(days: TargetDays, *, valid_from: dt.date, actor: Actor, now: dt.datetime) -> None:
    """Let other targets hold from a day on; what has been sent before keeps its due days.

    Raises:
        NotToComeError: if the day is today or earlier.
        DayTakenError: if a rule begins on that day.
    """
    tomorrow = clock.helsinki_day(now) + dt.timedelta(days=1)
    if valid_from < tomorrow:
        raise NotToComeError(tomorrow)
    if db.session.get(TargetRule, valid_from) is not None:
        raise DayTakenError
    made = TargetRule(
        valid_from=valid_from, claim_days=days.claim, contact_days=days.contact, soon_days=days.soon
    )
    db.session.add(made)
    db.session.flush()
    changed("target_rule", valid_from, {}, _facts(made), actor=actor, now=now)


def take_back_rule(valid_from: dt.date, *, actor: Actor, now: dt.datetime) -> None:
    """Take away a rule that does not hold yet.

    Raises:
        NotFoundError: if there is none, or it holds already: due days rest on it.
    """
    row = db.session.get(TargetRule, valid_from, with_for_update=True)
    if row is None or row.valid_from <= clock.helsinki_day(now):
        raise NotFoundError
    before = _facts(row)
    db.session.delete(row)
    db.session.flush()
    changed("target_rule", valid_from, before, {}, actor=actor, now=now)


def _facts(row: TargetRule) -> Facts:
    return {"claim": str(row.claim_days), "contact": str(row.contact_days), "soon": str(row.soon_days)}
