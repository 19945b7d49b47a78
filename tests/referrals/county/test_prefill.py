"""A referral that starts from a wellbeing card, and the look-up for duplicates, held to so many."""

import uuid

import pytest
from sqlalchemy import select

from referrals.county.models import Referral
from referrals.county.sending import form_views
from servicetray.audit.models import AuditRow
from servicetray.core import clock
from servicetray.core.db import db, transaction
from tests.factories import catalogue, referrals
from tests.referrals.county.filling import ANSWERS, FORM, SEND, fill, form_of, ground, signed_in
from themes.wellbeing_card import operations as card_codes
from themes.wellbeing_card.operations import CardIds, make_code

pytestmark = pytest.mark.usefixtures("database")

TAKE = "Hae kortilta"


def card(*services: uuid.UUID, themes: tuple[str, ...] = ()) -> str:
    with transaction():
        return make_code(CardIds(services=services, themes=themes), now=clock.now())


@pytest.fixture
def services(database) -> tuple[uuid.UUID, uuid.UUID]:
    catalogue.foundation()
    today = clock.helsinki_day(clock.now())
    return (
        catalogue.service({"fi": "Vesijumppa", "sv": "Vattengymnastik"}, checked_on=today),
        catalogue.service("Tuolijumppa", checked_on=today),
    )


def test_the_cards_services_go_into_the_wish_in_the_clients_language_and_nothing_is_guessed(
    new_client, services
):
    ground()
    client = signed_in(new_client)
    page = fill(
        client, button=TAKE, card_code=card(*services).lower(), language="sv", own_wish="", reasons=None
    )
    fields = form_of(page).fields
    assert fields["own_wish"] == "Intressanta tjänster: Vattengymnastik, Tuolijumppa"
    assert fields["card_code"] == ""
    assert not fields.get("reasons")
    assert fields["last_name"] == ANSWERS["last_name"]
    assert any("toiveessa" in message for message in page.messages)


def test_what_the_client_wished_for_stays_and_the_limit_holds(new_client, services):
    ground()
    client = signed_in(new_client)
    wish = "Haluaisin uida. " + "x" * 250
    page = fill(client, button=TAKE, card_code=card(*services), own_wish=wish)
    kept = form_of(page).fields["own_wish"]
    assert str(kept).startswith(wish)
    assert len(str(kept)) <= 300
    again = client.send(
        form_of(page), button=TAKE, card_code=card(*services), own_wish="Vesijumppa, Tuolijumppa"
    )
    assert form_of(again).fields["own_wish"] == "Vesijumppa, Tuolijumppa"


def test_a_card_of_culture_alone_leads_to_the_culture_form(new_client, services):
    ground()
    referrals.catchment(kind_code="culture")
    choir = catalogue.service(
        "Kuoro", themes=("taide-ja-kulttuuri",), checked_on=clock.helsinki_day(clock.now())
    )
    client = signed_in(new_client)
    page = fill(client, button=TAKE, card_code=card(choir, themes=("taide-ja-kulttuuri",)), own_wish="")
    assert page.h1 == "Uusi kulttuurilähete"
    assert form_of(page).action == "/lahetteet/uusi/culture"
    assert form_of(page).fields["first_name"] == ANSWERS["first_name"]
    mixed = fill(client, button=TAKE, card_code=card(choir, *services), own_wish="")
    assert mixed.h1 == "Uusi liikuntalähete"


def test_a_link_fills_the_code_in_and_looks_nothing_up(new_client, services):
    ground()
    code = card(*services)
    form = form_of(signed_in(new_client).read(f"{FORM}?kortti={code}"))
    assert form.fields["card_code"] == code
    assert form.fields["own_wish"] == ""


def test_an_unknown_code_and_too_many_tries_are_said(new_client, monkeypatch):
    ground()
    monkeypatch.setattr(card_codes, "TRIES", 1)
    client = signed_in(new_client)
    page = fill(client, button=TAKE, card_code="AAAA2222", status=422)
    assert page.errors == {
        "card_code": "Emme tunne tätä koodia. Tarkista se: kortin koodi on voimassa 90 päivää."
    }
    page = client.send(form_of(page), button=TAKE, status=422)
    assert page.errors["card_code"].startswith("Täältä on kokeiltu liian monta koodia")
    assert form_of(page).fields["last_name"] == ANSWERS["last_name"]


def test_a_code_that_was_never_taken_in_stops_no_sending(new_client):
    ground()
    fill(signed_in(new_client), button=SEND, card_code="AAAA2222")
    assert len(db.session.scalars(select(Referral)).all()) == 1


def test_the_look_up_for_duplicates_is_held_to_so_many_and_sending_goes_on(new_client, monkeypatch):
    ground()
    monkeypatch.setattr(form_views, "MOST_LOOKUPS", 2)
    client = signed_in(new_client)
    fill(client)
    fill(client, status=422)
    fill(client)
    assert len(db.session.scalars(select(Referral)).all()) == 2
    rows = db.session.scalars(select(AuditRow).order_by(AuditRow.id)).all()
    stopped = [row for row in rows if (row.detail or {}).get("stopped")]
    assert [(row.action.value, row.object_type) for row in stopped] == [("duplicate_looked_up", "form")]
