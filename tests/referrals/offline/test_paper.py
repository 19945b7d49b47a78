"""Entering a referral from paper: whose it is, from which day it counts, and what cannot be."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from referrals.county import queries as county
from referrals.county.models import Referral
from referrals.county.queries import Origin
from referrals.statistics.models import StatisticsEvent
from servicetray.accounts.models import UnitKind
from servicetray.accounts.permissions import Role
from servicetray.core import clock
from servicetray.core.db import db
from tests.factories import people
from tests.referrals.county.filling import ANSWERS, ground, signed_in

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
