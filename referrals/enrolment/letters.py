"""Letters about enrolments: that something has happened to one, never to whom or in which group.

The name of a group can tell of a person's health, so no letter has it. The address of a resident is taken out of
the outbox as soon as the letter has left (``keeping``).
"""

import datetime as dt
from typing import Final

from referrals.enrolment.content import Participant
from referrals.enrolment.models import Enrolment
from referrals.erasures import operations as erasures
from referrals.erasures.operations import Erased
from referrals.recipients import to_person
from servicetray.accounts import queries as accounts
from servicetray.core import outbox
from themes.happenings.queries import Happening

ABOUT: Final = "enrolment:"
CONFIRMED, PLACE_GIVEN, PASSED_ON, GROUP_CANCELLED, MEETING = (
    "enrolment_confirmed",
    "enrolment_place",
    "enrolment_passed_on",
    "enrolment_group_cancelled",
    "enrolment_meeting",
)
CALL: Final = "enrolment_call"
OWN_PATH: Final = "/ryhmat/ilmoittautuminen"


def confirm(row: Enrolment, who: Participant, *, now: dt.datetime) -> bool:
    """Confirm that an enrolment has arrived; return whether there is an address."""
    return _tell(row, who, CONFIRMED, now=now)


def tell_of_place(row: Enrolment, who: Participant, *, last_day: dt.date, now: dt.datetime) -> bool:
    """Tell somebody that a place is theirs if they take it by a Helsinki day; return whether there is an address."""
    due = f"{last_day.day}.{last_day.month}.{last_day.year}"
    return _tell(row, who, PLACE_GIVEN, now=now, due=due)


def tell_of_passing_on(row: Enrolment, who: Participant, *, now: dt.datetime) -> bool:
    """Tell somebody that their place went on to the next one; return whether there is an address."""
    return _tell(row, who, PASSED_ON, now=now)


def tell_of_meeting(row: Enrolment, who: Participant, *, now: dt.datetime) -> bool:
    """Tell somebody that meetings of their group have changed; return whether there is an address."""
    return _tell(row, who, MEETING, now=now)


def tell_of_cancelling(row: Enrolment, who: Participant, *, now: dt.datetime) -> bool:
    """Tell somebody that their group is cancelled; return whether there is an address."""
    return _tell(row, who, GROUP_CANCELLED, now=now)


def tell_leader(group: Happening, *, now: dt.datetime) -> None:
    """Tell the leader that there is news among the participants, and perhaps somebody to call."""
    leader = accounts.user(group.leader_id) if group.leader_id else None
    to_person(
        leader, template=CALL, context={"path": f"/ryhmani/{group.id}"}, about=f"group:{group.id}", now=now
    )


def forget(row: Enrolment) -> None:
    """Stop letters about an enrolment that have not left, and forget the address of those that have."""
    outbox.forget(about=f"{ABOUT}{row.id}")


def note_erased(row: Enrolment, *, now: dt.datetime) -> None:
    """Note the erasing outside the database, so that a restored backup does not undo it."""
    erasures.note(Erased.ENROLMENT, [row.id], now=now)


def _tell(row: Enrolment, who: Participant, template: str, *, now: dt.datetime, **more: str) -> bool:
    if not who.email:
        return False
    outbox.enqueue(
        address=who.email,
        template=template,
        language=row.language,
        context={"path": OWN_PATH, **more},
        about=f"{ABOUT}{row.id}",
        now=now,
    )
    return True
