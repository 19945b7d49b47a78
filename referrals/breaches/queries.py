"""Questions about breaches, about who looks after them, and about what awaits its release."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from referrals.breaches.models import Breach as Breach
from referrals.breaches.models import BreachRisk as BreachRisk
from referrals.breaches.models import ErasureRelease
from referrals.county.queries import Referral
from referrals.moves import ReferralStatus, Side
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import UnitKind, User
from servicetray.core import crypto
from servicetray.core.access import Permission
from servicetray.core.db import db


@dataclass(frozen=True, kw_only=True)
class AwaitingRelease:
    """A voided referral whose content one side has not released yet: nothing in it tells of whom."""

    referral_id: uuid.UUID
    reference: str
    municipality_code: str
    voided_at: dt.datetime
    released_by: frozenset[Side]
    """The sides that have."""


def breach(breach_id: uuid.UUID, *, lock: bool = False) -> Breach | None:
    """Return a breach, or None."""
    return db.session.get(Breach, breach_id, with_for_update=lock or None)


def breach_of(referral_id: uuid.UUID) -> Breach | None:
    """Return the breach that the voiding of a referral opened, or None."""
    return db.session.scalars(select(Breach).where(Breach.referral_id == referral_id)).first()


def open_breaches(*, municipality_code: str | None = None) -> Sequence[Breach]:
    """Return the breaches that are not closed, soonest deadline first: all, or one municipality's."""
    statement = select(Breach).where(Breach.closed_at.is_(None))
    if municipality_code is not None:
        statement = statement.where(Breach.municipality_code == municipality_code)
    return db.session.scalars(statement.order_by(Breach.notify_by, Breach.id)).all()


def closed_breaches(*, municipality_code: str | None = None, limit: int = 200) -> Sequence[Breach]:
    """Return the breaches that are closed, the latest first: all, or one municipality's."""
    statement = select(Breach).where(Breach.closed_at.is_not(None))
    if municipality_code is not None:
        statement = statement.where(Breach.municipality_code == municipality_code)
    return db.session.scalars(statement.order_by(Breach.closed_at.desc(), Breach.id).limit(limit)).all()


def assessment_of(row: Breach) -> str:
    """Return what was written about a breach; empty while nothing is."""
    if row.sealed is None:
        return ""
    return crypto.unseal(crypto.COUNTY, row.sealed, f"breach:{row.id}").decode()


def releases_of(referral_id: uuid.UUID) -> Mapping[Side, ErasureRelease]:
    """Return which sides have released the content of a voided referral, and when."""
    rows = db.session.scalars(
        select(ErasureRelease)
        .where(ErasureRelease.referral_id == referral_id)
        .order_by(ErasureRelease.released_at, ErasureRelease.side)
    ).all()
    return {row.side: row for row in rows}


def awaiting_release(side: Side, *, municipality_code: str | None = None) -> Sequence[AwaitingRelease]:
    """Return the voided referrals whose content one side has still to release, oldest first.

    ``municipality_code`` names the municipality; None, the county's view, means all of them.
    """
    released = select(ErasureRelease.referral_id).where(ErasureRelease.side == side)
    statement = select(Referral).where(
        Referral.status == ReferralStatus.ENTERED_IN_ERROR,
        Referral.sealed.is_not(None),
        Referral.id.not_in(released),
    )
    if municipality_code is not None:
        statement = statement.where(Referral.municipality_code == municipality_code)
    rows = db.session.scalars(statement.order_by(Referral.status_changed_at, Referral.id)).all()
    others: dict[uuid.UUID, set[Side]] = {}
    for given in db.session.scalars(
        select(ErasureRelease)
        .where(ErasureRelease.referral_id.in_([row.id for row in rows]))
        .order_by(ErasureRelease.referral_id, ErasureRelease.side)
    ):
        others.setdefault(given.referral_id, set()).add(given.side)
    return tuple(
        AwaitingRelease(
            referral_id=row.id,
            reference=row.reference,
            municipality_code=row.municipality_code,
            voided_at=row.status_changed_at,
            released_by=frozenset(others.get(row.id, ())),
        )
        for row in rows
    )


def officers_of(side: Side, *, municipality_code: str) -> Sequence[User]:
    """Return the data protection officers of the county, or of a municipality, by address."""
    home = municipality_code if side is Side.MUNICIPALITY else None
    found = {
        person.id: person
        for unit in accounts.all_units()
        if unit.kind is UnitKind.OFFICE and unit.municipality_code == home
        for person in accounts.workers_of(unit.id, Permission.RIGHTS_MANAGE)
    }
    return sorted(found.values(), key=lambda person: person.email)


def sides_of(person: User, *, municipality_code: str) -> frozenset[Side]:
    """Return for which sides of a municipality's referrals somebody is the data protection officer."""
    homes = {
        unit.municipality_code
        for unit in accounts.units(person.units_for(Permission.RIGHTS_MANAGE))
        if unit.kind is UnitKind.OFFICE
    }
    held = {Side.COUNTY: None in homes, Side.MUNICIPALITY: municipality_code in homes}
    return frozenset(side for side, is_held in held.items() if is_held)
