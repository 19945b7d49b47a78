"""What a data protection officer decides about a record: restricting, erasing, holding, withdrawing.

Each is asked for a record that the officer may open (``records.record_of``, locked), and leaves its audit row.
"""

import datetime as dt
from enum import StrEnum

from referrals import handover
from referrals.county import erasing as county_erasing
from referrals.county import queries as county
from referrals.handover import hold_cases
from referrals.holds import operations as holds
from referrals.holds.queries import is_held
from referrals.moves import OPEN_CASE, STOCK, ReferralStatus, Who
from referrals.municipality import erasing as municipality_erasing
from referrals.rights.records import Record
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import record as write
from servicetray.audit.operations import subject_key
from servicetray.core.db import db
from servicetray.core.errors import ConflictError, DomainError, NotFoundError


class RestrictionGround(StrEnum):
    """Why the use of data is restricted (GDPR, article 18(1))."""

    ACCURACY = "accuracy"
    UNLAWFUL = "unlawful"
    CLAIMS = "claims"
    OBJECTION = "objection"


class ErasureGround(StrEnum):
    """Why data are erased before their term (GDPR, article 17(1))."""

    NOT_NEEDED = "not_needed"
    WITHDRAWN = "withdrawn"
    OBJECTION = "objection"
    UNLAWFUL = "unlawful"
    OBLIGATION = "obligation"


class AlreadyRestrictedError(ConflictError):
    """The use of this record is restricted already."""


class NotRestrictedError(ConflictError):
    """There is no restriction to lift."""


class AlreadyErasedError(ConflictError):
    """There is no content any more."""


class HeldError(DomainError):
    """The record is on legal hold: nothing of it is erased."""


class StillOpenError(DomainError):
    """Somebody still works by this record: the permission is taken back, or the case closed, first."""


class AwaitsReleaseError(DomainError):
    """What was entered in error is evidence until the officers of both sides have released it."""


def restrict(record: Record, *, ground: RestrictionGround, actor: User, now: dt.datetime) -> None:
    """Restrict the use of a record: its officer alone opens it, nothing is moved and nothing erased.

    Raises:
        AlreadyRestrictedError: if it is.
    """
    if record.restricted_at is not None:
        raise AlreadyRestrictedError
    for row in record.rows:
        row.restricted_at = now
    db.session.flush()
    _write(record, Action.DATA_RESTRICTED, actor=actor, now=now, detail={"ground": ground.value})


def lift_restriction(record: Record, *, actor: User, now: dt.datetime) -> None:
    """Let a record be used as before; a term that has passed meanwhile is over.

    Raises:
        NotRestrictedError: if it is not restricted.
    """
    if record.restricted_at is None:
        raise NotRestrictedError
    for row in record.rows:
        row.restricted_at = None
    db.session.flush()
    _write(record, Action.RESTRICTION_LIFTED, actor=actor, now=now)


def hold(record: Record, *, reason: str, actor: User, now: dt.datetime) -> None:
    """Keep a record from being erased.

    Raises:
        AlreadyErasedError: if nothing is left to hold.
        AlreadyHeldError: if it is held already.
    """
    if not record.has_content:
        raise AlreadyErasedError
    holds.set_hold(record.referral_id, controller=record.controller, reason=reason, actor=actor, now=now)


def lift_hold(record: Record, *, actor: User, now: dt.datetime) -> None:
    """Let a record be erased again.

    Raises:
        NotHeldError: if it is not held.
    """
    holds.lift_hold(record.referral_id, controller=record.controller, actor=actor, now=now)


def erase(record: Record, *, ground: ErasureGround, actor: User, now: dt.datetime) -> None:
    """Erase the content of a record at once; consent, course and log stay as evidence (GDPR, article 17(3)).

    Raises:
        AlreadyErasedError: if nothing is left.
        HeldError: if it is held.
        StillOpenError: if work goes on by it.
        AwaitsReleaseError: if it was entered in error: both officers release that together.
    """
    check_erasable(record)
    if record.referral is not None:
        county_erasing.erase([record.referral], now=now, actor=actor, why=ground.value)
    else:
        left = [case for case in record.cases if case.sealed is not None]
        municipality_erasing.erase(left, now=now, actor=actor, why=ground.value)
    db.session.flush()


def check_erasable(record: Record) -> None:
    """Raise what ``erase`` raises."""
    if not record.has_content:
        raise AlreadyErasedError
    if is_held(record.referral_id, controller=record.controller):
        raise HeldError
    if record.referral is not None:
        status = record.referral.status
        if status in STOCK or status is ReferralStatus.RETURNED:
            raise StillOpenError
        if status is ReferralStatus.ENTERED_IN_ERROR:
            raise AwaitsReleaseError
        return
    if any(case.status in OPEN_CASE for case in record.cases):
        raise StillOpenError
    referral = county.referral(record.referral_id)
    if referral is not None and referral.status is ReferralStatus.ENTERED_IN_ERROR:
        raise AwaitsReleaseError


def may_be_withdrawn(record: Record) -> bool:
    """Whether the client's permission may be taken back now, by the word of this record's officer."""
    if record.referral is not None:
        return handover.may_withdraw(
            record.referral.status, in_force=record.referral.consent.withdrawn_at is None
        )
    return any(handover.case_may_be_withdrawn(case) for case in record.cases)


def withdraw(record: Record, *, actor: User, now: dt.datetime) -> None:
    """Write down that the client takes the permission back (R9, R9b), told to the officer.

    Raises:
        MoveRefused: if it was taken back already, or the referral was cancelled.
    """
    hold_cases(record.referral_id)
    referral = county.referral(record.referral_id, lock=True)
    if referral is None:
        raise NotFoundError
    handover.withdraw(referral, who=Who.CLIENT, actor=actor, now=now)


def _write(
    record: Record, action: Action, *, actor: User, now: dt.datetime, detail: dict[str, str] | None = None
) -> None:
    write(
        action,
        actor=actor,
        object_type=record.object_type,
        object_id=record.object_id,
        subject=subject_key(record.referral_id),
        now=now,
        detail=detail,
    )
