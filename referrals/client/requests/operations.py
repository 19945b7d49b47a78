"""Taking in a resident's own request: a referral without a sender, in the same inbox, counted apart."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import select

from referrals.client import codes, operations
from referrals.client.messages import Said
from referrals.client.models import MessageKind
from referrals.client.requests.forms import YES, RequestForm
from referrals.consent import Basis, Contact, Giver, Method, is_minor
from referrals.county import content as contents
from referrals.county import operations as county
from referrals.county.content import ContactPerson, ReferralContent, SenderCard
from referrals.county.operations import ConsentGiven, NewReferral
from referrals.county.queries import Origin, Referral
from referrals.kinds import queries as kinds
from referrals.kinds.queries import Kind
from referrals.moves import STOCK, ContactChannel, Priority
from referrals.municipality.queries import Route
from servicetray.accounts.queries import Unit
from servicetray.core import clock, walls
from servicetray.core.db import db

TEXT_VERSION = "oma-2026-1"
"""Of the permission as ``templates/referrals/contact_me/permission.html`` words it: a change is a new version."""
HIMSELF = SenderCard(name="Asukas itse", title="", unit="", phone="")
GUARDIAN = "huoltaja"


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What is shown once the request is in."""

    reference: str
    code: str
    """Empty where there is none, or it has been shown before."""


def request_contact(
    form: RequestForm,
    *,
    kind: Kind,
    route: Route,
    receiver: Unit,
    form_key: uuid.UUID,
    language: str,
    with_code: bool,
    now: dt.datetime,
) -> Receipt:
    """Send a valid form to the counselling, once; the code opens the client's own page.

    Somebody who is waiting already, or in counselling, is not entered again: what is told is told alike to
    everyone, and the adviser hears that they asked for a call.
    """
    walls.enter_as_client()
    earlier = _sent_before(form_key)
    if earlier is not None:
        return Receipt(reference=earlier.reference, code="")
    content = _content(form, kind)
    known = _open_of_same_person(content, kind)
    if known is not None:
        walls.enter_as_client(known.id)
        if not known.protected:
            operations.say(known.id, MessageKind.CALL_AGAIN, Said(best_time=content.best_time), now=now)
        # Nobody who types another's name may learn that they are a client: the answer looks like any other.
        return Receipt(reference=county.new_reference(kind.prefix), code=codes.decoy() if with_code else "")
    referral = county.send(
        NewReferral(
            form_key=form_key,
            kind_code=kind.code,
            prefix=kind.prefix,
            content=content,
            consent=_consent(form, language=language, today=clock.helsinki_day(now)),
            priority=Priority.NORMAL,
            origin=Origin.RESIDENT,
        ),
        route=route,
        receiver=receiver,
        actor=None,
        now=now,
    )
    code = codes.make_code(referral.id, actor=None, now=now) if with_code else ""
    return Receipt(reference=referral.reference, code=code)


def _sent_before(form_key: uuid.UUID) -> Referral | None:
    this = select(Referral).where(Referral.form_key == form_key, Referral.origin == Origin.RESIDENT)
    with walls.everywhere():
        return db.session.scalars(this).first()


def _open_of_same_person(content: ReferralContent, kind: Kind) -> Referral | None:
    index = contents.person_index(
        first_name=content.first_name, last_name=content.last_name, birth_year=content.birth_year
    )
    statement = (
        select(Referral)
        .where(Referral.person_index == index, Referral.kind_code == kind.code, Referral.status.in_(STOCK))
        .order_by(Referral.sent_at.desc(), Referral.id)
        .limit(1)
    )
    with walls.everywhere():
        return db.session.scalars(statement).first()


def _content(form: RequestForm, kind: Kind) -> ReferralContent:
    person = None
    if form.is_for_child:
        person = ContactPerson(
            name=form.guardian_name.data or "", relation=GUARDIAN, phone=form.phone.data or ""
        )
    return ReferralContent(
        first_name=form.first_name.data or "",
        last_name=form.last_name.data or "",
        birth_year=form.year,
        phone="" if person else form.phone.data or "",
        email=form.email.data or "",
        address=form.address.data or "",
        contact_person=person,
        best_time=form.best_time.data or "",
        language=form.language.data or "fi",
        # Reasons are about health as often as not: none is asked, and the figures say "not specified".
        reasons=tuple(each.code for each in kinds.reasons(kind.code) if each.unspecified),
        interests=tuple(form.interests.data or ()),
        own_wish=form.own_wish.data or "",
        sender=HIMSELF,
    )


def _consent(form: RequestForm, *, language: str, today: dt.date) -> ConsentGiven:
    channels, giver = form.allowed, Giver.CLIENT
    basis: Basis | None = None
    contact: Contact | None = None
    told: bool | None = None
    if form.is_for_child:
        giver, basis, contact, told = Giver.GUARDIAN, Basis.CUSTODY, Contact.GUARDIAN, True
        by_phone = {ContactChannel.PHONE, ContactChannel.TEXT_MESSAGE}
        channels = (channels - by_phone) | {ContactChannel.CONTACT_PERSON}
    elif is_minor(form.year, today=today):
        basis, contact = Basis.UNDERSTANDS, Contact.CLIENT
        told = form.guardians_may_be_told.data == YES
    return ConsentGiven(
        giver=giver,
        basis=basis,
        contact=contact,
        guardians_may_be_told=told,
        method=Method.WRITTEN,
        text_version=TEXT_VERSION,
        text_language=language,
        feedback=False,
        follow_up=form.follow_up.data == YES,
        transfer=False,
        channels=channels,
    )
