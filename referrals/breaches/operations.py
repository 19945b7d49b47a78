"""What happens to the record of a breach: opened by voiding (R11), assessed, told, closed.

The supervisory authority is told within 72 hours of when the breach came to light, unless it is unlikely to
mean a risk to the client (GDPR, article 33(1)); the client too, where the risk is high (article 34(1)).
"""

import datetime as dt
import uuid
from typing import Final

from referrals import notifications
from referrals.breaches import queries
from referrals.breaches.models import Breach, BreachRisk, ErasureRelease
from referrals.county.queries import Referral
from referrals.moves import Side, VoidReason
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import crypto
from servicetray.core.db import db
from servicetray.core.errors import ConflictError, DomainError
from servicetray.core.identity_codes import contains_code

NOTIFY_WITHIN: Final = dt.timedelta(hours=72)
LONGEST: Final = 10_000
"""Characters of an assessment."""


class WrongOfficerError(DomainError):
    """The actor is not the data protection officer of this side."""


class BreachClosedError(ConflictError):
    """A closed breach is only read."""


class AssessmentRefusedError(DomainError):
    """An assessment is empty, too long, or holds a personal identity code."""

    def __init__(self, *, empty: bool, too_long: bool, identity_code: bool) -> None:
        super().__init__()
        self.empty = empty
        self.too_long = too_long
        self.identity_code = identity_code


class BreachNotReadyError(DomainError):
    """What is still to be done before a breach can be closed."""

    def __init__(self, *, unassessed: bool, authority_untold: bool, client_untold: bool) -> None:
        super().__init__()
        self.unassessed = unassessed
        self.authority_untold = authority_untold
        self.client_untold = client_untold


def open_breach(referral: Referral, *, reason: VoidReason, actor: User, now: dt.datetime) -> Breach:
    """Begin the record of a breach, and tell the data protection officers of both sides at once."""
    row = Breach(
        id=uuid.uuid4(),
        referral_id=referral.id,
        reference=referral.reference,
        municipality_code=referral.municipality_code,
        reason=reason,
        opened_at=now,
        opened_by=actor.id,
        notify_by=now + NOTIFY_WITHIN,
    )
    db.session.add(row)
    db.session.flush()
    _record(row, Action.BREACH_OPENED, actor=actor, now=now, detail={"reason": reason.value})
    told = {
        person.id: person
        for side in Side
        for person in queries.officers_of(side, municipality_code=row.municipality_code)
    }
    for person in sorted(told.values(), key=lambda each: each.email):
        notifications.tell_officer_of_breach(
            person, breach_id=row.id, reference=row.reference, by=row.notify_by, now=now
        )
    return row


def assess(row: Breach, *, risk: BreachRisk, text: str, actor: User, now: dt.datetime) -> None:
    """Write down what happened, what it means for the client and what was done (article 33(5)).

    May be written again until the breach is closed: the log tells how often.

    Raises:
        BreachClosedError: if it is closed.
        AssessmentRefusedError: if the text can't be taken.
    """
    _check_open(row)
    text = text.strip()
    empty, too_long, identity_code = not text, len(text) > LONGEST, contains_code(text)
    if empty or too_long or identity_code:
        raise AssessmentRefusedError(empty=empty, too_long=too_long, identity_code=identity_code)
    row.risk, row.assessed_at, row.assessed_by = risk, now, actor.id
    row.sealed = crypto.seal(crypto.COUNTY, text.encode(), f"breach:{row.id}")
    db.session.flush()
    _record(row, Action.BREACH_CHANGED, actor=actor, now=now, detail={"risk": risk.value})


def note_notified(row: Breach, *, at: dt.datetime, actor: User, now: dt.datetime) -> None:
    """Write down when the supervisory authority was told.

    Raises:
        BreachClosedError: if it is closed.
    """
    _check_open(row)
    row.notified_at = at
    db.session.flush()
    _record(row, Action.BREACH_CHANGED, actor=actor, now=now, detail={"told": "authority"})


def note_client_told(row: Breach, *, at: dt.datetime, actor: User, now: dt.datetime) -> None:
    """Write down when the client was told.

    Raises:
        BreachClosedError: if it is closed.
    """
    _check_open(row)
    row.client_told_at = at
    db.session.flush()
    _record(row, Action.BREACH_CHANGED, actor=actor, now=now, detail={"told": "client"})


def close(row: Breach, *, actor: User, now: dt.datetime) -> None:
    """Close a breach once it is assessed and everybody who has to know was told.

    Raises:
        BreachClosedError: if it is closed already.
        BreachNotReadyError: with what is missing.
    """
    _check_open(row)
    missing = BreachNotReadyError(
        unassessed=row.risk is None,
        authority_untold=row.risk in {BreachRisk.RISK, BreachRisk.HIGH} and row.notified_at is None,
        client_untold=row.risk is BreachRisk.HIGH and row.client_told_at is None,
    )
    if missing.unassessed or missing.authority_untold or missing.client_untold:
        raise missing
    row.closed_at, row.closed_by = now, actor.id
    db.session.flush()
    _record(row, Action.BREACH_CHANGED, actor=actor, now=now, detail={"state": "closed"})


def release(referral: Referral, *, side: Side, actor: User, now: dt.datetime) -> None:
    """Write down that a side releases the content of a voided referral; said twice, it counts once.

    ``handover.release_erasure`` calls this and lets the content go.

    Raises:
        WrongOfficerError: if the actor is not the data protection officer of that side.
    """
    if side not in queries.sides_of(actor, municipality_code=referral.municipality_code):
        raise WrongOfficerError
    if side in queries.releases_of(referral.id):
        return
    db.session.add(ErasureRelease(referral_id=referral.id, side=side, released_at=now, released_by=actor.id))
    db.session.flush()
    record(
        Action.ERASURE_RELEASED,
        actor=actor,
        object_type="referral",
        object_id=referral.id,
        subject=subject_key(referral.id),
        now=now,
        detail={"side": side.value},
    )


def _check_open(row: Breach) -> None:
    if row.closed_at is not None:
        raise BreachClosedError


def _record(row: Breach, action: Action, *, actor: User, now: dt.datetime, detail: dict[str, str]) -> None:
    record(
        action,
        actor=actor,
        object_type="breach",
        object_id=row.id,
        subject=subject_key(row.referral_id),
        now=now,
        detail=detail,
    )
