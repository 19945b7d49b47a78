"""A client counselled in another municipality than the home one: only where non-residents are taken."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from sqlalchemy import delete, select

from referrals import handover
from referrals.county import queries as county
from referrals.county.models import ConsentText, Referral
from referrals.moves import MoveRefused, Who
from referrals.municipality.models import Catchment
from referrals.statistics.models import StatisticsEvent
from servicetray.accounts.models import Unit, UnitKind
from servicetray.accounts.permissions import Role
from servicetray.core.db import db, transaction
from tests.client import Client
from tests.factories import people, referrals
from tests.referrals.county.filling import ANSWERS, FORM, fill, form_of, ground, signed_in
from tests.referrals.scenes import locked, user

NOW = dt.datetime(2026, 11, 19, 9, tzinfo=dt.UTC)
EN = "/en" + FORM
SEND, UPDATE = "Send the referral", "Update what the municipality sees"


@pytest.fixture
def place(database) -> Iterator[Catchment]:
    with time_machine.travel(NOW, tick=False):
        people.municipality("142", "Iitti")
        yield ground(people.unit(UnitKind.COUNSELLING, name="Testilän liikuntaneuvonta"))


@pytest.fixture
def open_to_all(place) -> Catchment:
    place_id = place.id
    with transaction():
        db.session.get_one(Catchment, place_id).takes_non_residents = True
    return db.session.get_one(Catchment, place_id)


@pytest.fixture
def professional(place, new_client) -> Client:
    return signed_in(new_client)


def rows() -> list[Referral]:
    return list(db.session.scalars(select(Referral)))


def test_it_is_not_asked_where_nobody_takes_clients_of_others(professional):
    page = professional.read(EN)
    assert "The client is counselled in another municipality" not in page.text
    assert "142" not in {
        each.get("value") for each in page.main.iter("input") if each.get("name") == "municipality"
    }
    crafted = form_of(page).data(button=SEND, **ANSWERS) | {"municipality": "142", "elsewhere": "286"}
    assert professional.post(EN, data=crafted).status_code == 422
    assert rows() == []


def test_the_words_name_the_recipient_before_anything_is_sent(professional, open_to_all):
    chosen = {"municipality": "142", "elsewhere": "286"}
    page = fill(professional, path=EN, button=SEND, status=422, **chosen)
    assert "The words to read aloud have changed" in page.text
    assert "It is Kouvola, and there the referral goes to Testilän liikuntaneuvonta." in page.text
    assert "of your home municipality your name" not in page.text
    assert not form_of(page).data().get("consent_given")
    assert rows() == []
    professional.send(form_of(page), button=SEND, consent_given="y")
    row = rows()[0]
    content = county.content_of(row)
    assert (row.municipality_code, content.home_municipality) == ("286", "142")
    assert row.consent.recipient.startswith("Testilän")
    assert row.consent.text_version == "muu-2026-1"
    assert {each.municipality_code for each in db.session.scalars(select(StatisticsEvent))} == {"286"}
    assert "Iitti" in professional.read(f"/en/lahetteet/{row.id}").text


def test_a_version_from_before_the_variants_is_read_as_it_was_with_the_recipient_named_besides(
    professional, open_to_all
):
    with transaction():
        db.session.execute(delete(ConsentText).where(ConsentText.elsewhere))
    page = fill(professional, path=EN, button=UPDATE, municipality="142", elsewhere="286")
    assert "of your home municipality your name" in page.text
    assert "It goes to another municipality: Kouvola, Testilän liikuntaneuvonta." in page.text
    professional.send(form_of(page), button=SEND, consent_given="y")
    assert rows()[0].consent.text_version == "2026-1"


def test_changing_back_to_the_home_municipality_asks_anew_too(professional, open_to_all):
    page = fill(professional, path=EN, button=UPDATE, municipality="142", elsewhere="286")
    assert "Home municipality: Iitti" in page.text
    page = professional.send(
        form_of(page), button=SEND, status=422, municipality="286", elsewhere="", consent_given="y"
    )
    assert "The words to read aloud have changed" in page.text
    professional.send(form_of(page), button=SEND, consent_given="y")
    assert county.content_of(rows()[0]).home_municipality == ""


def test_a_home_municipality_without_counselling_alone_is_refused(professional, open_to_all):
    page = fill(professional, path=EN, button=SEND, status=422, municipality="142")
    assert "Iitti does not take referrals now." in page.text


def test_the_adviser_sees_the_home_municipality_before_and_after_taking_it(
    professional, open_to_all, new_client
):
    page = fill(professional, path=EN, button=UPDATE, municipality="142", elsewhere="286")
    professional.send(form_of(page), button=SEND, consent_given="y")
    unit = db.session.get_one(Unit, open_to_all.unit_id)
    person = people.user(Role.ADVISER, units=[unit], name="Mikko Neuvoja")
    person_id, referral_id = person.id, rows()[0].id
    adviser = signed_in(new_client, person)
    assert "Home municipality: Iitti" in adviser.read(f"/en/saapuneet/{referral_id}").text
    with transaction():
        case = handover.accept(locked(referral_id), who=Who.ADVISER, actor=user(person_id), now=NOW)
        case_id = case.id
    assert "Home municipality: Iitti" in adviser.read(f"/en/asiakkuudet/{case_id}").text


def test_a_unit_that_takes_its_own_alone_refuses_others_whatever_the_form_showed(place):
    with pytest.raises(MoveRefused):
        referrals.sent(place, now=NOW, home_municipality="142")
    assert rows() == []
