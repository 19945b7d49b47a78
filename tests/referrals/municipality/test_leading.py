"""What a lead does in the inbox: giving work out, and moving all that somebody has."""

import uuid

import pytest
from sqlalchemy import select

from referrals.municipality.models import Case
from servicetray.accounts.models import UnitKind
from servicetray.accounts.permissions import Role
from servicetray.core.db import db
from tests.factories import people
from tests.factories.referrals import catchment, sent
from tests.referrals.municipality.test_inbox import taken


@pytest.fixture
def lead(new_client, office):
    """The lead of the office, signed in."""
    return people.sign_in(
        new_client(), people.user(Role.MUNICIPAL_LEAD, units=[office.unit], name="Jaana Johtaja")
    )


def handlers():
    db.session.expire_all()
    return {
        row.reference: row.handler_id for row in db.session.scalars(select(Case).order_by(Case.reference))
    }


def token(client):
    return client.read("/saapuneet").root.xpath("//input[@name='csrf_token']/@value")[0]


def test_several_rows_are_given_at_once(lead, office, now):
    waiting = sent(office.place, now=now)
    theirs = taken(sent(office.place, now=now, last_name="Toinen"), office.adviser, now=now)
    colleague = people.user(Role.ADVISER, units=[office.unit], name="Liisa Toinen")
    answer = lead.post(
        "/saapuneet/anna",
        data={
            "csrf_token": token(lead),
            "rivi": [f"lahete:{waiting.id}", f"asiakkuus:{theirs}"],
            "kenelle": str(colleague.id),
        },
    )
    assert answer.status_code == 303
    assert set(handlers().values()) == {colleague.id}
    assert len(handlers()) == 2


def test_what_moved_on_stays_and_is_told_and_the_others_go(lead, adviser, office, now):
    waiting = sent(office.place, now=now)
    theirs = taken(sent(office.place, now=now, last_name="Toinen"), office.adviser, now=now)
    colleague = people.user(Role.ADVISER, units=[office.unit], name="Liisa Toinen")
    data = {
        "csrf_token": token(lead),
        "rivi": [f"lahete:{waiting.id}", f"asiakkuus:{theirs}"],
        "kenelle": str(colleague.id),
    }
    taken(waiting, office.adviser, now=now)
    answer = lead.post("/saapuneet/anna", data=data)
    assert answer.status_code == 409
    assert "Kaikkia ei voitu antaa" in answer.text
    held = handlers()
    assert sorted(map(str, held.values())) == sorted([str(colleague.id), str(office.adviser.id)])


def test_everything_of_somebody_goes_to_another_and_none_is_lost(lead, office, now):
    for number in range(4):
        taken(
            sent(office.place, now=now, last_name=f"Asiakas{number}", protected=number == 0),
            office.adviser,
            now=now,
        )
    colleague = people.user(Role.ADVISER, units=[office.unit], name="Liisa Toinen")
    page = lead.read(f"/saapuneet/siirra-vastuu?kenelta={office.adviser.id}")
    assert len(page.table("Mikko Neuvoja, 4")) == 4
    assert "Asiakas" not in " ".join(row["Asiakkuus"] for row in page.table("Mikko Neuvoja, 4")).replace(
        "Suojattu asiakas", ""
    )
    ids = page.root.xpath("//input[@name='rivi'][@checked]/@value")
    assert len(ids) == 4
    data = {"csrf_token": token(lead), "rivi": ids, "kenelle": str(colleague.id), "sivu": "vastuu"}
    assert lead.post("/saapuneet/anna", data=data).status_code == 303
    assert set(handlers().values()) == {colleague.id}


def test_nothing_chosen_changes_nothing(lead, office, now):
    taken(sent(office.place, now=now), office.adviser, now=now)
    data = {"csrf_token": token(lead), "sivu": "vastuu", "kenelta": str(office.adviser.id)}
    answer = lead.post("/saapuneet/anna", data=data)
    assert answer.status_code == 422
    assert "Valitse ainakin yksi rivi." in answer.text
    assert set(handlers().values()) == {office.adviser.id}


def test_a_lead_of_elsewhere_gives_nothing_away(new_client, office, now):
    theirs = taken(sent(office.place, now=now), office.adviser, now=now)
    unit = people.unit(UnitKind.COUNSELLING, name="Toinen neuvonta", municipality_code="285")
    catchment(unit, municipality_code="285")
    stranger_user = people.user(Role.MUNICIPAL_LEAD, units=[unit], name="Outi Outo")
    stranger = people.sign_in(new_client(), stranger_user)
    data = {"csrf_token": token(stranger), "rivi": f"asiakkuus:{theirs}", "kenelle": str(stranger_user.id)}
    assert stranger.post("/saapuneet/anna", data=data).status_code == 409
    assert set(handlers().values()) == {office.adviser.id}


def test_only_leads_hand_over(adviser):
    adviser.read("/saapuneet/siirra-vastuu", status=404)
    data = {"csrf_token": token(adviser), "rivi": f"asiakkuus:{uuid.uuid4()}"}
    assert adviser.post("/saapuneet/anna", data=data).status_code == 404
