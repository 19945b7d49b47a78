"""Practice: marked everywhere, apart from real clients both ways, never counted, gone in a week."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from sqlalchemy import func, select

from referrals import handover
from referrals.client import operations as client_operations
from referrals.county import queries as county
from referrals.county.models import Referral
from referrals.moves import MoveRefused, Who
from referrals.municipality.models import Attempt, Case, Catchment
from referrals.practice import wiping
from referrals.statistics.models import StatisticsEvent
from servicetray.accounts.models import Unit, UnitKind, User
from servicetray.accounts.permissions import Role
from servicetray.core.db import Model, db, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.outbox import OutboxMessage
from tests.client import Client
from tests.factories import people, referrals
from tests.reading import Reading
from tests.referrals.county.filling import FORM, fill, form_of, ground, signed_in
from tests.referrals.scenes import locked, scene, user

NOW = dt.datetime(2026, 11, 19, 9, tzinfo=dt.UTC)
EN = "/en" + FORM


@pytest.fixture
def place(database) -> Iterator[Catchment]:
    with time_machine.travel(NOW, tick=False):
        unit = people.unit(UnitKind.COUNSELLING, name="Testilän liikuntaneuvonta", mailbox="box@example.org")
        yield ground(unit)


@pytest.fixture
def sender(place) -> User:
    return referrals.professional()


@pytest.fixture
def professional(sender, new_client) -> Client:
    return signed_in(new_client, sender)


@pytest.fixture
def adviser(place, new_client) -> Client:
    unit = db.session.get_one(Unit, place.unit_id)
    return signed_in(new_client, people.user(Role.ADVISER, units=[unit], name="Mikko Neuvoja"))


def practises(page: Reading) -> bool:
    """Whether the band is on a page."""
    return "You practise." in " ".join(page.root.itertext())


def begin(client: Client) -> None:
    client.send(client.read("/en/harjoittelu").form("Begin to practise"), button="Begin to practise")


def send_invented(client: Client) -> Referral:
    """Fill in with an invented client and send."""
    page = client.send(form_of(client.read(EN)), button="Fill in with an invented client")
    page = client.send(form_of(page), button="Send the referral", consent_given="y")
    assert practises(page)
    return db.session.scalars(select(Referral)).one()


def test_practice_is_on_until_it_is_ended(professional):
    assert not practises(professional.read("/en/lahetteet"))
    begin(professional)
    page = professional.read("/en/lahetteet")
    assert practises(page)
    professional.send(page.form("End the practice"), button="End the practice")
    assert not practises(professional.read("/en/lahetteet"))


def test_another_sign_in_of_the_same_person_does_not_practise(sender, professional, new_client):
    begin(professional)
    other = signed_in(new_client, db.session.get_one(User, sender.id))
    assert not practises(other.read("/en/lahetteet"))


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COORDINATOR])
def test_who_has_no_clients_has_no_practice(place, new_client, role):
    assert signed_in(new_client, people.user(role)).get("/harjoittelu").status_code == 404


def test_an_invented_client_is_sent_with_a_few_presses_and_nothing_else_happens(professional):
    begin(professional)
    row = send_invented(professional)
    assert row.practice
    assert db.session.scalar(select(func.count()).select_from(StatisticsEvent)) == 0
    assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 0
    with pytest.raises(NotFoundError), transaction():
        client_operations.make_code(row.id, actor=None, now=NOW)


def test_without_saying_that_it_is_invented_nothing_is_sent(professional):
    begin(professional)
    page = fill(professional, path=EN, button="Send the referral", status=422)
    assert "A real client is never sent in practice." in page.text
    assert db.session.scalars(select(Referral)).all() == []


@pytest.mark.parametrize("begins", [True, False])
def test_a_form_of_the_other_mode_is_not_sent_and_keeps_what_was_typed(professional, begins):
    if not begins:
        begin(professional)
    form = form_of(professional.read(EN))
    token = professional.read("/en/lahetteet").form("Sign out").data()["csrf_token"]
    professional.post("/en/harjoittelu", data={"csrf_token": token, "practice": "on" if begins else "off"})
    page = professional.send(
        form, button="Send the referral", status=422, first_name="Veikko", consent_given="y"
    )
    assert "Practice was switched on or off" in page.text
    assert form_of(page).data()["first_name"] == "Veikko"
    assert not form_of(page).data().get("consent_given")
    assert db.session.scalars(select(Referral)).all() == []


def test_the_inbox_of_practice_and_the_true_one_are_apart(adviser, place, professional):
    real = referrals.sent(place, now=NOW, last_name="Oikea")
    real_id = real.id
    invented_id = referrals.sent(place, now=NOW, last_name="Keksitty", practice=True).id
    shown = adviser.read("/en/saapuneet").text
    assert "Oikea" in shown
    assert "Keksitty" not in shown
    begin(adviser)
    shown = adviser.read("/en/saapuneet").text
    assert "Keksitty" in shown
    assert "Oikea" not in shown
    assert adviser.get(f"/en/saapuneet/{real_id}").status_code == 404
    assert adviser.read(f"/en/saapuneet/{invented_id}").h1


def test_the_senders_lists_are_apart(professional, sender, place):
    sender_id = sender.id
    referrals.sent(place, now=NOW, sender=db.session.get_one(User, sender_id), last_name="Oikea")
    referrals.sent(
        place, now=NOW, sender=db.session.get_one(User, sender_id), last_name="Keksitty", practice=True
    )
    assert "Keksitty" not in professional.read("/en/lahetteet").text
    begin(professional)
    shown = professional.read("/en/lahetteet").text
    assert "Keksitty" in shown
    assert "Oikea" not in shown


def test_practice_is_never_offered_to_another_municipality(place):
    adviser = people.user(Role.ADVISER, units=[db.session.get_one(Unit, place.unit_id)])
    adviser_id = adviser.id
    elsewhere_id = referrals.catchment(municipality_code="142").id
    referral_id = referrals.sent(place, now=NOW, transfer=True, practice=True).id
    with pytest.raises(MoveRefused), transaction():
        handover.offer_transfer(
            locked(referral_id),
            to_catchment_id=elsewhere_id,
            who=Who.ADVISER,
            actor=user(adviser_id),
            now=NOW,
        )


def test_after_a_week_nothing_is_left_of_it_and_real_ones_stay(database):
    unit_scene = scene("closed", now=NOW)
    case_id = unit_scene.case_id
    with transaction():
        row = db.session.get_one(Referral, unit_scene.referral_id)
        row.practice = True
        case = db.session.get_one(Case, case_id)
        case.practice = True
    real = scene("active", now=NOW)
    assert wiping.wipe_old(NOW + dt.timedelta(days=7)) == 0
    assert wiping.wipe_old(NOW + dt.timedelta(days=7, seconds=1)) == 1
    db.session.expire_all()
    assert county.referral(unit_scene.referral_id) is None
    assert db.session.scalars(select(Referral.id)).all() == [real.referral_id]
    assert set(db.session.scalars(select(Case.id)).all()) == {real.case_id}
    assert set(db.session.scalars(select(Attempt.case_id)).all()) == {real.case_id}
    for table in Model.metadata.sorted_tables:
        for name, gone in (("referral_id", unit_scene.referral_id), ("case_id", case_id)):
            if name in table.columns and table.name != StatisticsEvent.__tablename__:
                found = db.session.execute(select(table).where(table.c[name] == gone)).all()
                assert found == [], table.name


def test_outside_practice_an_invented_client_is_not_there_for_either_side(
    adviser, professional, sender, place
):
    sender_id = sender.id
    row = referrals.sent(place, now=NOW, sender=db.session.get_one(User, sender_id), practice=True)
    sent, waits = f"/en/lahetteet/{row.id}", f"/en/saapuneet/{row.id}"
    for client, path in ((professional, sent), (adviser, waits)):
        assert client.get(path).status_code == 404
        begin(client)
        assert practises(client.read(path))
