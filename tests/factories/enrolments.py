"""Enrolments, made as the form makes them."""

import datetime as dt
import uuid
from typing import Any

from referrals.enrolment import operations
from referrals.enrolment.content import Participant
from referrals.enrolment.operations import Enrolled
from referrals.enrolment.permission import Permission
from servicetray.audit.operations import subject_key
from servicetray.core import clock
from servicetray.core.db import transaction
from tests.factories import happenings
from themes.happenings.models import Joining
from themes.happenings.queries import meetings_of

PERMISSION = Permission(version="2026-1", language="fi", lines=())


def enrol(
    group_id: uuid.UUID, *, now: dt.datetime, form_key: uuid.UUID | None = None, **about: Any
) -> Enrolled:
    """Enrol somebody in a group, in a transaction of its own."""
    who = Participant(
        **{
            "first_name": "Aune",
            "last_name": "Asukas",
            "phone": f"040 {uuid.uuid4().int % 10**7:07}",
            **about,
        }
    )
    with transaction():
        return operations.enrol(
            group_id, who, form_key=form_key or uuid.uuid4(), permission=PERMISSION, actor=None, now=now
        )


def on_stage(leader_id: uuid.UUID) -> tuple[dict[str, object], dict[str, str]]:
    """Make a group of a leader's with one participant and a meeting that has begun: the objects, and the mark."""
    now = clock.now()
    begun = clock.helsinki_day(now) - dt.timedelta(days=7)
    group_id = happenings.group(
        joining=Joining.CONTINUOUS, leader_id=leader_id, rule=happenings.weekly(begun), capacity=8
    )
    told = enrol(group_id, first_name="Osma", last_name="Zqosallistuja", now=now)
    assert told.enrolment_id is not None
    made = {
        "led_group": group_id,
        "enrolment": told.enrolment_id,
        "group_meeting": meetings_of(group_id)[0].id,
    }
    return dict(made), {"Zqosallistuja": subject_key(told.enrolment_id)}
