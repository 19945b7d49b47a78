"""Referrals sent the way a professional sends them: kinds, catchments, and one referral at a time."""

import datetime as dt
import uuid
from collections.abc import Iterable

from referrals.consent import Contact, Giver, Method
from referrals.county.content import ContactPerson, ReferralContent, SenderCard
from referrals.county.models import Referral
from referrals.county.operations import ConsentGiven, NewReferral, send
from referrals.kinds.operations import load_seed
from referrals.moves import ContactChannel, Priority
from referrals.municipality.models import Absence, Catchment
from referrals.municipality.queries import route
from servicetray.accounts import queries as accounts
from servicetray.accounts.models import Unit, UnitKind, User
from servicetray.accounts.permissions import Role
from servicetray.core import clock
from servicetray.core.db import db, transaction
from tests.factories import people

OPENED = dt.date(2023, 9, 1)
PREFIXES = {"exercise": "LIK", "culture": "KUL"}


def catchment(
    unit: Unit | None = None,
    *,
    kind_code: str = "exercise",
    municipality_code: str = "286",
    opens_on: dt.date = OPENED,
    closes_on: dt.date | None = None,
    languages: Iterable[str] = ("fi",),
) -> Catchment:
    """Make a catchment, with a counselling unit of its own where none is given."""
    unit = unit or people.unit(
        UnitKind.COUNSELLING, name="Testilän liikuntaneuvonta", municipality_code=municipality_code
    )
    unit_id = unit.id
    people.municipality(municipality_code)
    with transaction() as session:
        load_seed()
        made = Catchment(
            unit_id=unit_id,
            municipality_code=municipality_code,
            kind_code=kind_code,
            opens_on=opens_on,
            closes_on=closes_on,
            min_age=0,
            languages=list(languages),
            takes_non_residents=False,
            usual_wait_days=5,
            continued_as_demonstration=False,
        )
        session.add(made)
    return made


def absence(place: Catchment, *, first_day: dt.date, last_day: dt.date) -> Absence:
    """Make a time when nobody stands in."""
    place_id = place.id
    with transaction() as session:
        made = Absence(catchment_id=place_id, first_day=first_day, last_day=last_day)
        session.add(made)
    return made


def professional(name: str = "Laura Lähettäjä") -> User:
    """Make a professional in a sending unit."""
    return people.user(Role.PROFESSIONAL, units=[people.unit(name="Testilän sote-asema")], name=name)


def sent(
    place: Catchment,
    *,
    now: dt.datetime,
    sender: User | None = None,
    first_name: str = "Veikko",
    last_name: str = "Tiainen",
    birth_year: int = 1948,
    phone: str = "040 000 0174",
    reasons: tuple[str, ...] = ("inactivity",),
    language: str = "fi",
    interpreter: str = "",
    best_time: str = "8–12",
    own_wish: str = "",
    what_to_heed: str = "",
    home_municipality: str = "",
    contact_person: ContactPerson | None = None,
    channels: Iterable[ContactChannel] = (ContactChannel.PHONE,),
    feedback: bool = True,
    follow_up: bool = False,
    transfer: bool = False,
    giver: Giver = Giver.CLIENT,
    contact: Contact | None = None,
    guardians_may_be_told: bool | None = None,
    priority: Priority = Priority.NORMAL,
    protected: bool = False,
    practice: bool = False,
    form_key: uuid.UUID | None = None,
) -> Referral:
    """Send a referral to a catchment, in a transaction of its own."""
    sender = sender or professional()
    sender_id, kind_code, code, unit_id = sender.id, place.kind_code, place.municipality_code, place.unit_id
    with transaction():
        actor, receiver = accounts.user(sender_id), accounts.unit(unit_id)
        leads_to = route(kind_code, code, on=clock.helsinki_day(now))
        assert actor is not None
        assert receiver is not None
        assert leads_to is not None
        referral = send(
            NewReferral(
                form_key=form_key or uuid.uuid4(),
                kind_code=kind_code,
                prefix=PREFIXES[kind_code],
                content=ReferralContent(
                    first_name=first_name,
                    last_name=last_name,
                    birth_year=birth_year,
                    phone=phone,
                    contact_person=contact_person,
                    best_time=best_time,
                    language=language,
                    interpreter=interpreter,
                    reasons=reasons,
                    own_wish=own_wish,
                    what_to_heed=what_to_heed,
                    home_municipality=home_municipality,
                    sender=SenderCard(
                        name=actor.name, title=actor.title, unit=actor.unit_name, phone=actor.phone
                    ),
                ),
                consent=ConsentGiven(
                    giver=giver,
                    contact=contact,
                    guardians_may_be_told=guardians_may_be_told,
                    method=Method.ORAL,
                    text_version="2026-1",
                    text_language="fi",
                    feedback=feedback,
                    follow_up=follow_up,
                    transfer=transfer,
                    channels=frozenset(channels),
                ),
                priority=priority,
                protected=protected,
                practice=practice,
            ),
            route=leads_to,
            receiver=receiver,
            actor=actor,
            now=now,
        )
        referral_id = referral.id
    found = db.session.get(Referral, referral_id)
    assert found is not None
    return found
