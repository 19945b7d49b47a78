"""What is done to an enrolment, written into the log with the key of whoever it is about."""

import datetime as dt

from referrals.enrolment.models import Enrolment
from servicetray.audit.events import Action
from servicetray.audit.operations import Actor, record, subject_key


def write(
    action: Action, row: Enrolment, *, actor: Actor | None, now: dt.datetime, detail: dict[str, str]
) -> None:
    """Write an audit row about an enrolment; the detail has words of ours alone."""
    record(
        action,
        actor=actor,
        object_type="enrolment",
        object_id=row.id,
        subject=subject_key(row.id),
        now=now,
        detail=detail,
    )
