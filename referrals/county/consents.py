"""The client's consents of a referral: one is in force, the earlier ones stay as evidence."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from referrals.consent import (
    DISCLOSURE_ITEMS,
    Basis,
    ConsentTerms,
    Contact,
    Disclosure,
    Giver,
    Method,
)
from referrals.county.models import Consent, Referral
from referrals.moves import ContactChannel
from servicetray.accounts.queries import Unit, User
from servicetray.core.db import db


@dataclass(frozen=True, kw_only=True)
class ConsentGiven:
    """What the client agreed to, as the form recorded it."""

    giver: Giver
    basis: Basis | None = None
    contact: Contact | None = None
    guardians_may_be_told: bool | None = None
    method: Method
    text_version: str
    text_language: str
    feedback: bool
    follow_up: bool
    transfer: bool
    channels: frozenset[ContactChannel]
    interpreted_by: str = ""


def give(
    referral: Referral, given: ConsentGiven, *, receiver: Unit, actor: User | None, now: dt.datetime
) -> Consent:
    """Make this the consent that a referral rests on; one that was given earlier stays as evidence.

    The referral has been flushed. ``receiver`` is the unit that the client heard named.
    """
    earlier = db.session.scalars(
        select(Consent).where(Consent.referral_id == referral.id, Consent.replaced_at.is_(None))
    ).first()
    if earlier is not None:
        earlier.replaced_at = now
        # The database allows one in force: the earlier one makes room first.
        db.session.flush()
    consent = Consent(
        referral_id=referral.id,
        giver=given.giver,
        basis=given.basis,
        contact=given.contact,
        guardians_may_be_told=given.guardians_may_be_told,
        method=given.method,
        text_version=given.text_version,
        text_language=given.text_language,
        recipient=receiver.name.get("fi", ""),
        items=[item.value for item in DISCLOSURE_ITEMS[Disclosure.REFERRAL]],
        feedback=given.feedback,
        follow_up=given.follow_up,
        transfer=given.transfer,
        channels=sorted(channel.value for channel in given.channels),
        given_at=now,
        recorded_by=actor.id if actor else None,
        interpreted_by=given.interpreted_by,
    )
    db.session.add(consent)
    db.session.flush()
    db.session.expire(referral, ["consent"])
    return consent


def terms_of(consent: Consent) -> ConsentTerms:
    """Return what a consent covers."""
    return ConsentTerms(
        disclosure=True,
        feedback=consent.feedback,
        follow_up=consent.follow_up,
        transfer=consent.transfer,
        channels=frozenset(ContactChannel(channel) for channel in consent.channels),
        withdrawn=consent.withdrawn_at is not None,
    )


def all_of(referral_id: uuid.UUID) -> Sequence[Consent]:
    """Return every consent of a referral, the earliest first: the one in force, and those that are evidence."""
    return db.session.scalars(
        select(Consent).where(Consent.referral_id == referral_id).order_by(Consent.given_at, Consent.id)
    ).all()
