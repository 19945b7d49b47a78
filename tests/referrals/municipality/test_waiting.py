"""A referral that waits: asking, giving, transferring, and what its client said."""

import uuid

import pytest
from sqlalchemy import select

from referrals import handover
from referrals.client import messages
from referrals.client.models import MessageKind
from referrals.client.operations import make_code
from referrals.county.models import Referral
from referrals.moves import ReferralStatus, Who
from referrals.municipality.models import Case
from servicetray.accounts import queries as accounts
from servicetray.accounts.models import UnitKind, User
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.core import crypto
from servicetray.core.db import db, transaction
from tests.factories import people
from tests.factories.referrals import catchment, sent
from tests.referrals.municipality.test_inbox import audited
from tests.referrals.scenes import locked


@pytest.fixture
def kotka(office):
    """Another municipality's catchment of the same kind, and its adviser."""
    people.municipality("285", "Kotka")
    unit = people.unit(UnitKind.COUNSELLING, name="Kotkan liikuntaneuvonta", municipality_code="285")
    place = catchment(unit, municipality_code="285")
    return place, people.user(Role.ADVISER, units=[unit], name="Kaisa Kotkalainen")


def status_of(referral_id):
    db.session.expire_all()
    return db.session.get_one(Referral, referral_id).status


def offered(referral, office, place, *, now):
    referral_id, actor_id, place_id = referral.id, office.adviser.id, place.id
    with transaction():
        actor = accounts.user(actor_id)
        assert actor is not None
        offer = handover.offer_transfer(
            locked(referral_id), to_catchment_id=place_id, who=Who.ADVISER, actor=actor, now=now
        )
        return offer.id


def test_the_sender_is_asked_and_the_answer_is_read_here(adviser, office, now):
    referral = sent(office.place, now=now)
    referral_id, sender_id = referral.id, referral.sender_id
    assert sender_id is not None
    form = adviser.read(f"/saapuneet/{referral_id}").form("Kysy")
    assert "Kirjoita ensin kysymys." in adviser.send(form, status=422).text
    page = adviser.send(form, question="Saako iltaisin soittaa?")
    assert page.messages == ["Lähettäjältä on kysytty. Määräaika odottaa vastausta."]
    assert "Saako iltaisin soittaa?" in page.text
    # Not offered again while it is open; a window from before is told so, and keeps what was typed.
    assert not page.root.xpath("//textarea[@name='question']")
    again = adviser.send(form, question="Entä aamulla?", status=409)
    assert "Entä aamulla?" in again.root.xpath("string(//textarea)")
    assert "Kysymys avoinna 1" in adviser.read("/saapuneet").text
    with transaction():
        sender = accounts.user(sender_id)
        assert sender is not None
        (question,) = handover.questions_of(referral_id)
        handover.answer(question.id, text="Kyllä saa, klo 20 asti.", actor=sender, now=now)
    assert "Kyllä saa, klo 20 asti." in adviser.read(f"/saapuneet/{referral_id}").text


def test_a_transfer_is_offered_only_where_the_client_allowed_it(adviser, office, kotka, now):
    place, _user = kotka
    without = sent(office.place, now=now)
    assert "Tarjoa siirtoa" not in adviser.read(f"/saapuneet/{without.id}").text
    referral = sent(office.place, now=now, transfer=True, last_name="Siirtyvä")
    page = adviser.read(f"/saapuneet/{referral.id}")
    page = adviser.send(page.form("Tarjoa siirtoa"), to=str(place.id))
    assert "Siirtoa on tarjottu: Kotka" in page.text
    assert status_of(referral.id) is ReferralStatus.SENT


class TestOffers:
    """What another municipality offers."""

    def test_tells_of_nobody_and_is_taken(self, new_client, office, kotka, now):
        place, user = kotka
        referral = sent(office.place, now=now, transfer=True, last_name="Siirtyvä")
        offer_id = offered(referral, office, place, now=now)
        there = people.sign_in(new_client(), user)
        page = there.read("/saapuneet")
        (row,) = page.table("Tarjottu siirrettäväksi, 1")
        assert "Kouvola" in row["Mistä"]
        assert "Siirtyvä" not in page.text
        (seen,) = audited(Action.OFFER_VIEWED)
        assert seen.detail["offers"] == str(offer_id)
        case = there.send(page.form("Ota vastaan: Kouvola, 10.3.2026"))
        assert case.h1 == "Veikko Siirtyvä"
        assert status_of(referral.id) is ReferralStatus.TRANSFERRED
        late = there.post(
            page.form("Ota vastaan: Kouvola, 10.3.2026").action,
            data=page.form("Ota vastaan: Kouvola, 10.3.2026").data(),
        )
        assert late.status_code == 303
        assert "ei enää tarjota" in there.read("/saapuneet").text

    def test_is_declined(self, new_client, office, kotka, now):
        place, user = kotka
        referral = sent(office.place, now=now, transfer=True)
        offered(referral, office, place, now=now)
        there = people.sign_in(new_client(), user)
        page = there.send(there.read("/saapuneet").form("Älä ota: Kouvola, 10.3.2026"))
        assert "Siirtoa ei otettu vastaan." in page.messages[0]
        assert status_of(referral.id) is ReferralStatus.SENT

    def test_is_nobody_else_s(self, adviser, office, kotka, now):
        place, _user = kotka
        referral = sent(office.place, now=now, transfer=True)
        offer_id = offered(referral, office, place, now=now)
        token = adviser.read("/saapuneet").root.xpath("//input[@name='csrf_token']/@value")[0]
        for key in (offer_id, uuid.uuid4()):
            for way in ("ota", "hylkaa"):
                answer = adviser.post(f"/saapuneet/siirrot/{key}/{way}", data={"csrf_token": token})
                assert answer.status_code == 404


def test_a_lead_gives_it_to_an_adviser(new_client, office, now):
    lead = people.sign_in(new_client(), people.user(Role.MUNICIPAL_LEAD, units=[office.unit], name="Jaana J"))
    referral = sent(office.place, now=now)
    page = lead.read(f"/saapuneet/{referral.id}")
    lead.send(page.form("Anna tälle henkilölle"), to=str(office.adviser.id))
    assert db.session.scalars(select(Case.handler_id)).one() == office.adviser.id


def test_a_lead_marks_it_as_entered_in_error_and_an_adviser_can_not(adviser, new_client, office, now):
    referral = sent(office.place, now=now)
    assert "Merkitse vahingossa kirjatuksi" not in adviser.read(f"/saapuneet/{referral.id}").text
    token = adviser.read("/saapuneet").root.xpath("//input[@name='csrf_token']/@value")[0]
    data = {"csrf_token": token, "reason": "sent_twice"}
    assert adviser.post(f"/saapuneet/{referral.id}/virhe", data=data).status_code == 404
    lead = people.sign_in(new_client(), people.user(Role.MUNICIPAL_LEAD, units=[office.unit], name="Jaana J"))
    form = lead.read(f"/saapuneet/{referral.id}").form("Merkitse vahingossa kirjatuksi")
    assert lead.send(form, status=422).errors == {"reason": "Valitse, mikä on vialla."}
    lead.send(form, reason="sent_twice")
    assert status_of(referral.id) is ReferralStatus.ENTERED_IN_ERROR


def test_what_the_client_said_stands_beside_what_is_known(adviser, office, now):
    referral = sent(office.place, now=now)
    with transaction():
        messages.keep(
            referral.id,
            MessageKind.NEW_NUMBER,
            messages.Said(phone="040 000 0199"),
            controller=crypto.COUNTY,
            now=now,
        )
    assert "Asiakas on kirjoittanut" in adviser.read("/saapuneet").table("Vapaat, 1")[0]["Missä mennään"]
    page = adviser.read(f"/saapuneet/{referral.id}")
    assert page.link("040 000 0199") == "tel:0400000199"
    assert page.link("040 000 0174") == "tel:0400000174"
    page = adviser.send(page.form("Merkitse nähdyksi: Kertoo uuden numeron, jota ei ole vielä varmistettu"))
    assert "040 000 0199" not in page.text


def test_the_client_s_code_is_made_anew(adviser, office, now):
    referral = sent(office.place, now=now)
    assert "Tee uusi koodi" not in adviser.read(f"/saapuneet/{referral.id}").text
    referral_id, actor_id = referral.id, office.adviser.id
    with transaction():
        make_code(referral_id, actor=db.session.get_one(User, actor_id), now=now)
    form = adviser.read(f"/saapuneet/{referral_id}").form("Tee uusi koodi")
    answer = adviser.post(form.action, data=form.data())
    assert answer.status_code == 200
    assert "Uusi koodi asiakkaalle" in answer.text


def test_the_same_person_in_another_unit_is_told_by_reference_alone(adviser, office, kotka, now):
    place, _user = kotka
    elsewhere = sent(place, now=now)
    here = sent(office.place, now=now)
    page = adviser.read(f"/saapuneet/{here.id}")
    assert elsewhere.reference in page.text
    assert not [link for link in page.links if str(elsewhere.id) in link.href]
    assert "Kotka" not in page.text
    adviser.read(f"/saapuneet/{elsewhere.id}", status=404)
