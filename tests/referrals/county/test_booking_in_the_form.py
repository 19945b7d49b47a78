"""A time of the adviser's, chosen while the client is there: booked with the sending, or not at all."""

import datetime as dt
from typing import Never

import pytest
from sqlalchemy import select

from referrals.call_times import operations as call_times
from referrals.call_times import publishing, queries
from referrals.call_times.publishing import Hours
from referrals.county.models import Referral
from referrals.municipality.queries import MeetingForm
from servicetray.accounts import queries as accounts
from servicetray.accounts.permissions import Role
from servicetray.core import clock
from servicetray.core.db import db, transaction
from tests.factories import people, referrals
from tests.referrals.county.filling import ANSWERS, FORM, SEND, fill, form_of, ground, signed_in

pytestmark = pytest.mark.usefixtures("database")


def sent() -> list[Referral]:
    return list(db.session.scalars(select(Referral).order_by(Referral.sent_at)).all())


@pytest.fixture
def catchment_id(database):
    """A municipality whose adviser can be called every weekday from 9 to 11, one client each half-hour."""
    del database
    place = ground()
    place_id, unit_id = place.id, place.unit_id
    adviser_id = people.user(Role.ADVISER, units=[accounts.unit(unit_id)], name="Mikko Neuvoja").id
    now = clock.now()
    with transaction():
        actor = accounts.user(adviser_id)
        assert actor is not None
        for weekday in range(5):
            hours = Hours(
                weekday=weekday,
                from_time=dt.time(9),
                until_time=dt.time(11),
                slot_minutes=30,
                capacity=1,
                form=MeetingForm.PHONE,
                place="",
                valid_from=clock.helsinki_day(now),
                valid_until=None,
            )
            publishing.publish_pattern(unit_id, hours, actor=actor, now=now)
    return place_id


def times(form) -> list[str]:
    return [choice.value for choice in form.choices["call_time"] if choice.value]


def test_the_next_times_are_offered_and_none_is_chosen_beforehand(new_client, catchment_id):
    client = signed_in(new_client)
    page = client.read(FORM)
    form = form_of(page)
    assert len(times(form)) == 6
    assert form.fields["call_time"] == ""
    assert "klo 9.00, puhelu" in page.text
    more = client.send(form, button="Näytä lisää aikoja", **ANSWERS)
    assert len(times(form_of(more))) > 6
    assert form_of(more).fields["last_name"] == ANSWERS["last_name"]


def test_a_time_is_booked_with_the_sending_and_said_on_receipt_and_sheet(new_client, catchment_id):
    client = signed_in(new_client)
    chosen = times(form_of(client.read(FORM)))[1]
    receipt = fill(client, call_time=chosen)
    booked = queries.booked_time(sent()[0].id)
    assert booked is not None
    assert str(booked.id) == chosen
    # Which time is the second depends on the hour at which this runs.
    begins = clock.helsinki(booked.starts_at)
    assert f"klo {begins.hour}.{begins.minute:02}" in receipt.facts["Valittu aika"]
    assert "sovittu aika" in next(receipt.main.iter("textarea")).text
    sheet = client.send(receipt.form("Ohje suomeksi"), button="Ohje suomeksi")
    assert "Valitsit ajan:" in sheet.text
    assert chosen not in times(form_of(client.read(FORM)))


def test_a_time_taken_meanwhile_sends_nothing_and_keeps_everything(new_client, catchment_id, monkeypatch):
    client = signed_in(new_client)
    form = form_of(client.read(FORM))
    chosen = times(form)[0]
    fill(signed_in(new_client), call_time=chosen, first_name="Aila")
    page = client.send(form, button=SEND, status=422, **{**ANSWERS, "call_time": chosen})
    assert set(page.errors) == {"call_time"}
    kept = form_of(page)
    assert (kept.fields["call_time"], kept.fields["last_name"]) == ("", ANSWERS["last_name"])
    assert len(times(kept)) == 6
    assert chosen not in times(kept)
    assert len(sent()) == 1

    # Taken between the look and the press: the database decides, and nothing of the sending stays.
    def gone(*_args: object, **_more: object) -> Never:
        raise call_times.TimeTakenError

    monkeypatch.setattr(call_times, "book", gone)
    page = client.send(kept, button=SEND, status=422, call_time=times(kept)[0])
    assert page.errors["call_time"].startswith("Aika ehdittiin juuri varata")
    assert len(sent()) == 1


def test_a_protected_client_books_nothing_here(new_client, catchment_id):
    client = signed_in(new_client)
    chosen = times(form_of(client.read(FORM)))[0]
    page = fill(client, call_time=chosen, protected="y", status=422)
    assert set(page.errors) == {"call_time"}
    client.send(form_of(page), button=SEND)
    assert queries.booked_time(sent()[0].id) is None


def test_times_of_another_municipality_are_not_for_this_one(new_client, catchment_id):
    people.municipality("285", "Kotka")
    referrals.catchment(municipality_code="285")
    client = signed_in(new_client)
    chosen = times(form_of(client.read(FORM)))[0]
    page = fill(client, municipality="285", call_time=chosen, status=422)
    assert set(page.errors) == {"call_time"}
    assert times(form_of(page)) == []
    client.send(form_of(page), button=SEND)
    assert sent()[0].municipality_code == "285"


def test_where_nobody_publishes_times_the_form_says_nothing_of_them(new_client):
    ground()
    page = signed_in(new_client).read(FORM)
    assert "call_time" not in form_of(page).choices
    assert "aikoja" not in page.text
