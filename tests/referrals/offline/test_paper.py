"""Entering a referral from paper: whose it is, from which day it counts, and what cannot be."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from referrals import handover
from referrals.county import queries as county
from referrals.county.models import Consent, ConsentText, Referral
from referrals.county.papers import put_away
from referrals.county.queries import Origin
from referrals.moves import MoveCode, MoveRefused, ReferralStatus, SenderKind, Who, offered_case_moves
from referrals.municipality.facts import facts_of
from referrals.municipality.models import Case
from referrals.statistics.models import StatisticsEvent
from servicetray.accounts.models import UnitKind
from servicetray.accounts.permissions import Role
from servicetray.core import clock
from servicetray.core.db import db, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.outbox import OutboxMessage
from tests.factories import people
from tests.factories.referrals import catchment
from tests.reading import NotOnPage
from tests.referrals import scenes
from tests.referrals.county.filling import ANSWERS, ground, signed_in

RETURNED = "/saapuneet/paperit"
PAPER, ENTER = "/lahetteet/paperi/exercise", "Kirjaa lähete"
SENDER = {
    "sender_name": "Saara Hoitaja, sairaanhoitaja",
    "sender_unit": "Keksitty asema",
    "sender_phone": "040 000 0199",
}


@pytest.fixture
def unit(database):
    made = people.unit(UnitKind.COUNSELLING, name="Testilän liikuntaneuvonta")
    ground(made)
    return made


@pytest.fixture
def adviser(new_client, unit):
    return people.sign_in(new_client(), people.user(Role.ADVISER, units=[unit], name="Mikko Neuvoja"))


def today() -> dt.date:
    return clock.helsinki_day(clock.now())


def enter(client, *, status=200, **changes: Any):
    written = clock.helsinki_day(clock.now()) - dt.timedelta(days=7)
    form = client.read(PAPER).form(ENTER)
    return client.send(
        form, button=ENTER, status=status, **{**ANSWERS, "paper_date": written.isoformat(), **changes}
    )


def only() -> Referral:
    (row,) = db.session.scalars(select(Referral)).all()
    return row


def test_a_professionals_own_paper_is_theirs_and_counts_from_its_day(new_client, unit):
    enter(signed_in(new_client))
    row = only()
    written = clock.helsinki_day(clock.now()) - dt.timedelta(days=7)
    assert row.origin is Origin.PAPER
    assert row.sender_id is not None
    # Targets and permission from the paper; figures from the day on which it was entered.
    assert clock.helsinki_day(row.clock_from) == written
    assert clock.helsinki_day(row.consent.given_at) == written
    assert row.claim_due_on < clock.add_working_days(clock.helsinki_day(row.sent_at), 3)
    (event,) = db.session.scalars(select(StatisticsEvent)).all()
    assert clock.helsinki_day(event.recorded_at) == clock.helsinki_day(row.sent_at)


def test_an_advisers_has_no_sender_with_an_account_but_says_who_wrote_it(adviser):
    page = enter(adviser, **SENDER)
    row = only()
    assert (row.sender_id, row.sending_unit_id) == (None, None)
    assert row.consent.recorded_by is not None
    card = county.content_of(row).sender
    assert (card.name, card.phone) == (SENDER["sender_name"], SENDER["sender_phone"])
    assert row.reference in page.text
    assert SENDER["sender_name"] in page.text


@pytest.mark.parametrize(
    ("days", "said"), [(-1, "vasta tulossa"), (61, "yli 60 päivää"), (None, "Kirjoita paperissa oleva")]
)
def test_a_day_that_cannot_be_is_said_and_the_rest_is_kept(adviser, days, said):
    day = "" if days is None else (clock.helsinki_day(clock.now()) - dt.timedelta(days=days)).isoformat()
    page = enter(adviser, status=422, **SENDER, paper_date=day)
    assert said in page.text
    assert page.form(ENTER).fields["last_name"] == ANSWERS["last_name"]
    assert db.session.scalars(select(Referral)).all() == []


def test_who_wrote_it_has_to_be_said(adviser):
    page = enter(adviser, status=422)
    assert "Kirjoita, kuka täytti paperin." in page.text


def test_the_same_form_twice_is_one_referral(adviser):
    form = adviser.read(PAPER).form(ENTER)
    day = clock.helsinki_day(clock.now()).isoformat()
    for _again in range(2):
        adviser.send(form, button=ENTER, **{**ANSWERS, **SENDER, "paper_date": day})
    only()


def test_an_adviser_enters_papers_of_their_own_municipalities_alone(new_client, unit):
    elsewhere = people.unit(UnitKind.COUNSELLING, name="Toinen neuvonta")
    stranger = people.sign_in(new_client(), people.user(Role.ADVISER, units=[elsewhere]))
    assert stranger.get(PAPER).status_code == 404
    assert people.sign_in(new_client(), people.user(Role.COORDINATOR)).get(PAPER).status_code == 404


def test_the_text_of_the_papers_day_is_named_unless_another_version_stands_on_it(adviser):
    with transaction():
        for version, days in (("early", 40), ("late", 3)):
            db.session.add_all(
                ConsentText(
                    kind_code="exercise",
                    language=language,
                    version=version,
                    body="Saanko lähettää?",
                    valid_from=today() - dt.timedelta(days=days),
                )
                for language in ("fi", "sv", "en")
            )
    page = adviser.read(PAPER)
    assert "Se, joka oli voimassa paperin päivänä" in page.text
    assert f"late, luettu {today() - dt.timedelta(days=3):%-d.%-m.%Y} alkaen" in page.text
    page = enter(adviser, status=422, **SENDER, text_on_paper="late")
    assert "Tämä teksti luetaan vasta" in page.text
    assert "Se, joka oli voimassa paperin päivänä: early" in page.text
    adviser.send(page.form(ENTER), button=ENTER, text_on_paper="")
    enter(adviser, **SENDER, last_name="Toinen", text_on_paper="2026-1")
    read = select(Consent.text_version).order_by(Consent.id)
    assert db.session.scalars(read).all() == ["early", "2026-1"]


def test_a_paper_that_another_unit_returns_comes_back_to_the_unit_that_entered_it(adviser, new_client, unit):
    person = people.user(Role.MUNICIPAL_LEAD, units=[unit], name="Leena Johtaja")
    other = people.unit(UnitKind.COUNSELLING, name="Toinen neuvonta", municipality_code="285")
    taker = people.user(Role.ADVISER, units=[other], name="Toini Toinen")
    other_id = other.id
    there, taker_id = catchment(other, municipality_code="285").id, taker.id
    enter(adviser, **SENDER, transfer="yes")
    row_id, now = only().id, clock.now()
    assert "Takaisin tulleet paperit" not in adviser.read("/saapuneet").text
    with transaction():
        lead = scenes.user(person.id)
        offer = handover.offer_transfer(
            scenes.locked(row_id), to_catchment_id=there, who=Who.LEAD, actor=lead, now=now
        )
        offer_id = offer.id
    with transaction():
        taken = handover.accept_offer(offer_id, who=Who.ADVISER, actor=scenes.user(taker_id), now=now).id
    with transaction():
        handover.give_back_case(
            db.session.get_one(Case, taken, with_for_update=True),
            reason="contact_details_missing",
            who=Who.ADVISER,
            actor=scenes.user(taker_id),
            now=now,
        )
    is_back = select(Referral.id).where(Referral.status == ReferralStatus.RETURNED)
    returned_id = db.session.scalars(is_back).one()
    told = select(OutboxMessage.address).where(OutboxMessage.template == "paper_returned")
    assert db.session.scalars(told).all() == [person.email]
    assert "Takaisin tulleet paperit" in adviser.read("/saapuneet").text
    page = adviser.read(RETURNED)
    for said in ("Veikko Tiainen", "Yhteystiedot puuttuvat", "Toinen neuvonta", SENDER["sender_phone"]):
        assert said in page.text
    stranger = people.sign_in(new_client(), scenes.user(taker_id))
    assert "Veikko" not in stranger.read(RETURNED).text
    press = page.form_to("/kuittaa")
    with pytest.raises(NotFoundError), transaction():
        put_away(returned_id, unit_ids={other_id}, actor=scenes.user(taker_id), now=now)
    assert people.sign_in(new_client(), people.user(Role.COORDINATOR)).get(RETURNED).status_code == 404
    assert "Yhtään paperia ei ole tullut takaisin" in adviser.send(press).text


def test_the_unit_that_returns_its_own_paper_sees_it_and_needs_no_letter(adviser, unit):
    enter(adviser, **SENDER, protected="y")
    row_id, handler = only().id, people.user(Role.ADVISER, units=[unit]).id
    with transaction():
        actor = scenes.user(handler)
        row = scenes.locked(row_id)
        handover.give_back(row, reason="duplicate", who=Who.ADVISER, actor=actor, now=clock.now())
    assert (
        db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == "paper_returned")).all()
        == []
    )
    page = adviser.read(RETURNED).text
    assert "Turvakielto" in page or "Suojattu asiakas" in page
    assert "Tiainen" not in page


def test_whose_writer_has_no_account_is_called_not_asked_and_comes_back_to_the_unit(adviser, unit):
    """A question that nobody can answer would let the clock stand still for nothing."""
    enter(adviser, **SENDER)
    row_id = only().id
    page = adviser.read(f"/saapuneet/{row_id}")
    assert "Soita hänelle" in page.text
    assert SENDER["sender_phone"] in page.text
    assert "paperilta" in page.text
    assert "Paperin kirjannut yksikkö näkee syyn" in page.text
    with pytest.raises(NotOnPage):
        page.form_to("/kysy")
    actor_id = people.user(Role.ADVISER, units=[unit]).id
    with transaction(), pytest.raises(MoveRefused, match="sender_answers"):
        handover.ask(
            scenes.locked(row_id), question="Mihin aikaan?", actor=scenes.user(actor_id), now=clock.now()
        )
    with transaction():
        case = handover.accept(
            scenes.locked(row_id), who=Who.ADVISER, actor=scenes.user(actor_id), now=clock.now()
        )
        assert case.sender_kind is SenderKind.PAPER
        assert handover.may_be_given_back(case, who=Who.ADVISER)
        assert MoveCode.C11 not in {
            row.code
            for row in offered_case_moves(
                status=case.status, who=Who.ADVISER, facts=facts_of(case, actor=None, now=clock.now())
            )
        }
