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
CONFIRMED, PLACE_GIVEN, GROUP_CANCELLED = (
    "enrolment_confirmed",
    "enrolment_place",
    "enrolment_group_cancelled",
)
CALL: Final = "enrolment_call"
OWN_PATH: Final = "/ryhmat/ilmoittautuminen"


def confirm(row: Enrolment, who: Participant, *, now: dt.datetime) -> bool:
    """Confirm that an enrolment has arrived; return whether there is an address."""
    return _tell(row, who, CONFIRMED, now=now)


def tell_of_place(row: Enrolment, who: Participant, *, now: dt.datetime) -> bool:
    """Tell somebody that they have a place now; return whether there is an address."""
    return _tell(row, who, PLACE_GIVEN, now=now)


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


def _tell(row: Enrolment, who: Participant, template: str, *, now: dt.datetime) -> bool:
    if not who.email:
        return False
    outbox.enqueue(
        address=who.email,
        template=template,
        language=row.language,
        context={"path": OWN_PATH},
        about=f"{ABOUT}{row.id}",
        now=now,
    )
    return True
