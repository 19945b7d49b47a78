"""Choosing a call time where a case may be open already: the case follows what was chosen."""

import datetime as dt
import uuid

from referrals.call_times import operations as call_times
from referrals.call_times import queries as call_time_queries
from referrals.call_times.queries import BookedTime
from referrals.moves import CaseStatus, Who
from referrals.municipality import operations as municipality
from referrals.municipality import queries as municipality_queries
from referrals.municipality.models import Case
from servicetray.accounts.queries import User
from servicetray.core.errors import NotFoundError

CHOOSABLE = frozenset({CaseStatus.CONTACTING, CaseStatus.WAITING})


def book_time(
    referral_id: uuid.UUID, *, time_id: uuid.UUID, actor: User | None, now: dt.datetime
) -> BookedTime:
    """Give an open referral a published time, or another one; an open case is scheduled with it (C2).

    A published time is the adviser's own standing offer, so the move is the adviser's, whoever takes it up;
    ``actor`` is None where the client does. The client has not been reached by it. A case that has an
    appointment, or is in counselling, is for its adviser to change.

    Raises:
        NotBookableError: if the referral is protected, not open, or its case is past choosing.
        TimePastError, TimeTakenError: if the time can't be had any more; nothing is to be committed.
    """
    case = municipality_queries.open_case_of(referral_id, lock=True)
    if not may_choose(case):
        raise call_times.NotBookableError
    booked = call_times.rebook(time_id, referral_id=referral_id, now=now, actor=actor)
    if case is not None:
        municipality.schedule(
            case, at=booked.starts_at, form=booked.form, who=Who.ADVISER, actor=actor, now=now
        )
    return booked


def may_choose(case: Case | None) -> bool:
    """Whether a sender or client may choose a time: nobody has taken the referral, or nothing is agreed yet."""
    return case is None or case.status in CHOOSABLE


def release_time(referral_id: uuid.UUID, *, actor: User | None, now: dt.datetime) -> bool:
    """Give back the time of a referral that nobody has taken yet; return whether it had one.

    Raises:
        NotFoundError: if a case is open: its appointment is moved there, by its adviser.
    """
    if municipality_queries.open_case_of(referral_id, lock=True) is not None:
        raise NotFoundError
    return call_times.release(referral_id, now=now, actor=actor)


def schedule_if_booked(case: Case, *, actor: User, now: dt.datetime) -> None:
    """Let a case that was just made start `scheduled` where its client has a time to come (R2, C2).

    Nobody was reached by the choice: a first contact it is not. A time that passed while the referral waited is
    given back; the client is to be called.
    """
    booked = call_time_queries.booked_time(case.referral_id)
    if booked is None:
        return
    if booked.starts_at <= now:
        call_times.release(case.referral_id, now=now, actor=actor)
        return
    municipality.schedule(case, at=booked.starts_at, form=booked.form, who=Who.ADVISER, actor=actor, now=now)
