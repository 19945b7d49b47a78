"""Which targets hold when."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select

from referrals.moves import TargetDays, target_days
from referrals.target_times.models import TargetRule
from servicetray.core import clock
from servicetray.core.db import db
from servicetray.core.settings import current_settings


def targets_at(instant: dt.datetime) -> TargetDays:
    """Return the targets of what is sent at an instant: the rule of its day, else the settings'."""
    return targets_on(clock.helsinki_day(instant))


def targets_on(day: dt.date) -> TargetDays:
    """Return the targets of what is sent on a Helsinki day: the rule of that day, else the settings'."""
    rule = db.session.scalars(
        select(TargetRule).where(TargetRule.valid_from <= day).order_by(TargetRule.valid_from.desc()).limit(1)
    ).first()
    if rule is None:
        return target_days(current_settings())
    return TargetDays(claim=rule.claim_days, contact=rule.contact_days, soon=rule.soon_days)


def rules() -> Sequence[TargetRule]:
    """Return every rule, the latest first."""
    return db.session.scalars(select(TargetRule).order_by(TargetRule.valid_from.desc())).all()
