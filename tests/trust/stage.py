"""One county for the whole matrix: everybody in it, signed in, and one of each thing that a route may be about."""

import datetime as dt
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Flask
from werkzeug.test import Cookie

from referrals import handover
from referrals.county.seed import load_consent_texts
from referrals.kinds.operations import load_seed
from referrals.meetings import operations as meetings
from referrals.moves import VoidReason, Who
from referrals.municipality.models import Catchment
from referrals.transfers.models import TransferOffer
from servicetray.accounts import operations as accounts
from servicetray.accounts.models import Unit, UnitKind, User
from servicetray.accounts.permissions import Role
from servicetray.audit.operations import subject_key
from servicetray.core import clock
from servicetray.core.db import db, transaction
from tests.client import Client
from tests.factories import catalogue, enrolments, people
from tests.factories.referrals import catchment, sent
from tests.referrals.log_report.test_log_report import county_officer, town_officer
from tests.referrals.scenes import locked, user
from tests.trust import things

HERE, ELSEWHERE = "286", "285"
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="csrf_token"')


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The county, ready to be asked."""

    cookies: Mapping[str, Mapping[Any, Cookie]]
    """What each person's browser holds."""
    tokens: Mapping[str, str]
    """CSRF tokens by person."""
    values: Mapping[str, object]
    """What stands for each part of an address where the route names no object."""
    objects: Mapping[str, object]
    marks: Mapping[str, str]
    """The surname of each client, which stands nowhere else, and the client's subject key."""
    users: Mapping[str, User] = field(default_factory=dict)


def build(app: Flask) -> Stage:
    """Make everybody and everything, in the test's own database."""
    # First: it fills what is empty, with municipalities too.
    catalogue.foundation()
    sending, sharing = people.unit(), people.unit(name="Jakavan sote-asema")
    here = people.unit(UnitKind.COUNSELLING, name="Testilän liikuntaneuvonta", municipality_code=HERE)
    away = people.unit(UnitKind.COUNSELLING, name="Toisen liikuntaneuvonta", municipality_code=ELSEWHERE)
    with transaction() as session:
        session.get_one(Unit, sharing.id).shared_list = True
    users = _people(sending=sending, sharing=sharing, here=here, away=away)
    to, target = catchment(here, municipality_code=HERE), catchment(away, municipality_code=ELSEWHERE)
    with transaction():
        load_seed()
        load_consent_texts()
    receiving_id, receiving_place_id = here.id, to.id
    objects, marks = _objects(users, to, target)
    objects |= {"receiving_unit": receiving_id, "receiving_catchment": receiving_place_id}
    objects["meeting"] = _meeting(users["coordinator"].id)
    enrolled, mark = enrolments.on_stage(users["adviser"].id)
    objects |= enrolled
    marks |= mark
    objects |= _things(users, objects)
    cookies: dict[str, Mapping[Any, Cookie]] = {"stranger": {}}
    tokens = {"stranger": ""}
    for name, person in users.items():
        cookies[name], tokens[name] = _signed_in(app, person)
    with transaction():
        accounts.deactivate(db.session.get_one(User, users["deactivated"].id), now=clock.now())
    return Stage(
        cookies=cookies,
        tokens=tokens,
        values=_values(objects),
        objects=objects,
        marks=marks,
        users=users,
    )


def _people(*, sending: Unit, sharing: Unit, here: Unit, away: Unit) -> dict[str, User]:
    def officer(code: str | None) -> User:
        return county_officer() if code is None else town_officer(code)

    return {
        "deactivated": people.user(Role.ADVISER, units=[here]),
        "sender": people.user(Role.PROFESSIONAL, units=[sending]),
        "colleague": people.user(Role.PROFESSIONAL, units=[sending]),
        "sharing_sender": people.user(Role.PROFESSIONAL, units=[sharing]),
        "sharing_colleague": people.user(Role.PROFESSIONAL, units=[sharing]),
        "adviser": people.user(Role.ADVISER, units=[here]),
        "adviser_colleague": people.user(Role.ADVISER, units=[here]),
        "lead": people.user(Role.MUNICIPAL_LEAD, units=[here]),
        "adviser_elsewhere": people.user(Role.ADVISER, units=[away]),
        "lead_elsewhere": people.user(Role.MUNICIPAL_LEAD, units=[away]),
        "content_editor": people.user(Role.CONTENT_EDITOR),
        "provider_editor": people.user(Role.PROVIDER_EDITOR),
        "coordinator": people.user(Role.COORDINATOR),
        "network_partner": people.user(Role.NETWORK_PARTNER),
        "administrator": people.user(Role.ADMINISTRATOR),
        "officer_of_county": officer(None),
        "officer_of_municipality": officer(HERE),
        "officer_elsewhere": officer(ELSEWHERE),
    }


def _objects(
    users: Mapping[str, User], to: Catchment, target: Catchment
) -> tuple[dict[str, object], dict[str, str]]:
    now = clock.now()
    made: dict[str, object] = {}
    marks: dict[str, str] = {}
    ids = {name: person.id for name, person in users.items()}
    to_id, target_id = to.id, target.id

    def send(name: str, by: str = "sender", *, protected: bool = False) -> uuid.UUID:
        # None is the beginning of another.
        mark = f"Zq{name.replace('_', '')}zz"
        place, sender = db.session.get_one(Catchment, to_id), db.session.get_one(User, ids[by])
        referral = sent(
            place, now=now, sender=sender, last_name=mark, transfer=True, protected=protected, follow_up=True
        )
        marks[mark] = subject_key(referral.id)
        made[name] = referral.id
        return referral.id

    def accept(referral_id: uuid.UUID) -> uuid.UUID:
        with transaction():
            adviser = user(ids["adviser"])
            return handover.accept(locked(referral_id), who=Who.ADVISER, actor=adviser, now=now).id

    send("waiting")
    send("shared", "sharing_sender")
    send("shared_protected", "sharing_sender", protected=True)
    made["case"] = accept(send("active"))
    made["protected_case"] = accept(send("guarded", protected=True))
    made["withdrawn_case"] = accept(withdrawn := send("taken_back"))
    accept(voided := send("voided"))
    returned, asked, offered = send("returned"), send("asked"), send("offered")
    paper = send("returned_paper")
    with transaction():
        adviser = user(ids["adviser"])
        handover.hold_cases(withdrawn)
        handover.withdraw(locked(withdrawn), who=Who.SENDER, actor=user(ids["sender"]), now=now)
        handover.hold_cases(voided)
        mistake = VoidReason.WRONG_PERSON
        handover.void(locked(voided), reason=mistake, who=Who.SENDER, actor=user(ids["sender"]), now=now)
        handover.give_back(
            locked(returned), reason="contact_details_missing", who=Who.ADVISER, actor=adviser, now=now
        )
        row = locked(paper)
        row.sender_id = row.sending_unit_id = None
        row.entered_unit_id = adviser.unit_id
        handover.give_back(row, reason="contact_details_missing", who=Who.ADVISER, actor=adviser, now=now)
        question = handover.ask(locked(asked), question="Mihin aikaan?", actor=adviser, now=now)
        made["question"] = question.id
    with transaction():
        offer: TransferOffer = handover.offer_transfer(
            locked(offered), to_catchment_id=target_id, who=Who.LEAD, actor=user(ids["lead"]), now=now
        )
        made["offer"] = offer.id
    made |= {"catchment_elsewhere": target_id, "adviser_of_the_unit": ids["adviser_colleague"]}
    return made, marks


def _meeting(coordinator_id: uuid.UUID) -> uuid.UUID:
    now = clock.now()
    with transaction():
        made = meetings.call(
            at=now + dt.timedelta(days=14), place="Etänä", agenda="", actor=user(coordinator_id), now=now
        )
        return made.id


def _things(users: Mapping[str, User], objects: Mapping[str, object]) -> dict[str, object]:
    def known(name: str) -> uuid.UUID:
        found = objects[name]
        assert isinstance(found, uuid.UUID)
        return found

    things.figures()
    return {
        **things.tray(),
        **things.of_provider(users["provider_editor"].id),
        **things.of_accounts(users),
        **things.of_sending(users, known("waiting")),
        **things.of_casework(users, known("case"), known("protected_case"), HERE),
        **things.of_unit(users, known("receiving_unit"), known("receiving_catchment")),
        **things.of_county(users),
        "breach": things.breach_of(known("voided")),
    }


def _values(objects: Mapping[str, object]) -> dict[str, object]:
    """Return what stands for a part of an address wherever the matrix says nothing else."""
    plain = {"kind": "exercise", "kind_code": "exercise", "code": "exercise", "slug": "liikunta"}
    month = {"year": things.MONTH.year, "month": str(things.MONTH), "version": 1}
    return {
        **plain,
        **month,
        "name": "tietosuoja",
        "group_id": objects["tray_group"],
        # A link out that nobody here signed leads nowhere.
        "signed": "unsigned",
        "municipality_code": HERE,
        "service_id": objects["service"],
        "provider_id": objects["provider"],
        "day": objects["coming_day"],
    }


def joined_by(app: Flask, played: Stage, name: str, person: User) -> Stage:
    """Return the stage with one more person on it, signed in."""
    cookies, token = _signed_in(app, person)
    return replace(played, cookies={**played.cookies, name: cookies}, tokens={**played.tokens, name: token})


def _signed_in(app: Flask, person: User) -> tuple[Mapping[Any, Cookie], str]:
    reader = app.test_client()
    assert isinstance(reader, Client)
    page = people.sign_in(reader, person).get("/omat-tiedot/salasana")
    found = _TOKEN.search(page.get_data(as_text=True))
    assert found is not None
    return dict(reader._cookies or {}), found[1] or found[2]
