"""An adviser's published time, chosen while the client is there."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import format_datetime
from flask_babel import lazy_pgettext as _p

from referrals.call_times import operations as call_times
from referrals.call_times import queries
from referrals.call_times.queries import FreeTime, MeetingForm
from referrals.county.models import Referral
from referrals.county.sending.openings import Opening
from servicetray.accounts.queries import User
from servicetray.accounts.sessions import is_practising
from servicetray.core import clock
from servicetray.core.errors import DomainError
from servicetray.core.i18n import current_language
from servicetray.core.pages import Text

FIRST, MANY = 6, 40
"""Times offered at once, and after asking for more."""

FORMS: dict[MeetingForm, Text] = {
    MeetingForm.IN_PERSON: _p("call time", "meeting"),
    MeetingForm.PHONE: _p("call time", "phone call"),
    MeetingForm.REMOTE: _p("call time", "video call"),
}
_PATTERNS = {"fi": "EEE d.M. 'klo' H.mm", "sv": "EEE d.M. 'kl.' H.mm", "en": "EEE d MMM, HH:mm"}


class TakenError(DomainError):
    """That time can't be had any more: somebody has just chosen it, or it has come too near."""


@dataclass(frozen=True, kw_only=True)
class Times:
    """Free times in words, and whether there are more."""

    shown: Sequence[tuple[str, Text]]
    more: bool


def offered(opening: Opening | None, *, now: dt.datetime, more: bool) -> Times:
    """Return the next free times of a municipality, in words; none where it is closed, or to who practises."""
    if opening is None or opening.route is None or not opening.is_open or is_practising():
        return Times(shown=(), more=False)
    most = MANY if more else FIRST
    found = queries.free_times(opening.route.catchment_id, now=now, limit=most + 1)
    return Times(shown=[(str(each.id), words(each)) for each in found[:most]], more=len(found) > most)


def any_published() -> bool:
    """Whether any unit has ever published times: where none has, the form says nothing of them."""
    return bool(queries.units_with_patterns())


def book(time_id: uuid.UUID, *, referral: Referral, actor: User, now: dt.datetime) -> None:
    """Book a time for a referral that is being sent, inside the transaction that sends it.

    Raises:
        TakenError: if the time can't be had any more; nothing is to be committed then.
    """
    try:
        call_times.book(time_id, referral_id=referral.id, actor=actor, now=now)
    except (call_times.TimeTakenError, call_times.TimePastError, call_times.NotBookableError) as error:
        raise TakenError from error


def booked_at(referral: Referral, *, now: dt.datetime) -> dt.datetime | None:
    """Return when the time that a referral has begins, if it is still to come."""
    found = queries.booked_time(referral.id)
    return found.starts_at if found is not None and found.starts_at > now else None


def words(time: FreeTime) -> str:
    """Return a time as it is read out: when, how and where."""
    parts = [said(time.starts_at), str(FORMS[time.form]), time.place]
    return ", ".join(part for part in parts if part)


def said(instant: dt.datetime) -> str:
    """Return a Helsinki day and time in the language of the page."""
    return format_datetime(clock.helsinki(instant), _PATTERNS[current_language()], rebase=False)
