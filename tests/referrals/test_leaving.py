"""Off-boarding: what a leaver and a closing unit leave in the queue, as numbers, and who is told."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select

from referrals.leaving.checks import held_by_person, left_in_unit
from servicetray.accounts.administration import operations
from servicetray.accounts.models import Unit, UnitKind
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core.db import db, transaction
from servicetray.core.outbox import OutboxMessage
from tests.client import Client
from tests.factories import people
from tests.factories.referrals import catchment, professional, sent
from tests.referrals import scenes

pytestmark = pytest.mark.usefixtures("database")

MARKERS = ("Tiainen", "Veikko", "040 000 0174", "LIK-")
"""A client's names, number and reference: none of them is the administrator's to see."""


def test_a_leavers_open_cases_are_counted_and_their_leads_told(client: Client, now: dt.datetime):
    it = scenes.scene("active", now=now, mailbox="neuvonta@example.org")
    lead = people.user(Role.MUNICIPAL_LEAD, units=[it.unit], name="Leena Johtaja")
    admin = people.user(Role.ADMINISTRATOR)
    here = f"/hallinta/ihmiset/{it.adviser.id}/lahtija"
    page = people.sign_in(client, admin).read(here)
    assert "yksi avoin asiakkuus" in page.text
    assert "Leena Johtaja" in page.text
    assert it.referral().reference not in page.text
    client.send(page.form_to("/lahtija"))
    told = db.session.execute(
        select(OutboxMessage.address, OutboxMessage.context).where(OutboxMessage.template == "cases_left")
    ).all()
    assert [(row.address, row.context["clients"]) for row in told] == [(lead.email, "1")]


def test_where_no_lead_is_left_the_box_is_told(now: dt.datetime):
    it = scenes.scene("active", now=now, mailbox="neuvonta@example.org")
    actor = people.user(Role.ADMINISTRATOR)
    with transaction():
        operations.close_account(operations.account(it.adviser.id), actor=scenes.user(actor.id), now=now)
    addresses = db.session.scalars(
        select(OutboxMessage.address).where(OutboxMessage.template == "cases_left")
    ).all()
    assert addresses == ["neuvonta@example.org"]


def test_the_command_line_tells_the_leads_as_the_page_does(app, now: dt.datetime):
    it = scenes.scene("active", now=now)
    lead = people.user(Role.MUNICIPAL_LEAD, units=[it.unit], name="Leena Johtaja")
    answer = app.test_cli_runner().invoke(args=["user", "deactivate", "--email", it.adviser.email])
    assert answer.exit_code == 0, answer.output
    told = db.session.scalars(
        select(OutboxMessage.address).where(OutboxMessage.template == "cases_left")
    ).all()
    assert told == [lead.email]


@pytest.mark.parametrize(("state", "left"), [("sent", 2), ("active", 2), ("closed", 1)])
def test_a_unit_is_kept_open_by_catchments_referrals_and_cases(
    app, client: Client, now: dt.datetime, state: str, left: int
):
    it = scenes.scene(state, now=now)
    with app.test_request_context("/"):
        assert len(left_in_unit(it.unit.id, now)) == left
        assert not held_by_person(people.user(Role.COORDINATOR).id, now)
    admin = people.sign_in(client, people.user(Role.ADMINISTRATOR))
    page = admin.send(admin.read(f"/hallinta/yksikot/{it.unit.id}").form_to("/sulje"), status=422)
    assert "vastuualue on avoinna" in page.text


def test_a_returned_referral_waits_for_its_leaving_sender(app, now: dt.datetime):
    it = scenes.scene("returned", now=now)
    with app.test_request_context("/"):
        assert len(held_by_person(it.sender.id, now)) == 1


def test_a_leavers_referral_of_a_protected_client_is_handed_to_a_named_colleague(
    client: Client, new_client: Callable[[], Client], now: dt.datetime
):
    sender = professional()
    unit = db.session.get_one(Unit, sender.grants[0].unit_id)
    colleague = people.user(Role.PROFESSIONAL, units=[unit], name="Kaisa Kollega")
    counselling = people.unit(UnitKind.COUNSELLING, name="Testilän liikuntaneuvonta")
    row = sent(catchment(counselling), now=now, sender=sender, protected=True)
    row_id, sender_id, colleague_id = row.id, sender.id, colleague.id
    markers = (*MARKERS, row.reference)
    admin = people.sign_in(client, people.user(Role.ADMINISTRATOR))
    here = f"/hallinta/ihmiset/{sender_id}/suojatut"
    theirs = people.sign_in(new_client(), scenes.user(colleague_id))
    assert admin.get(here).location == f"/hallinta/ihmiset/{sender_id}"
    admin.send(admin.read(f"/hallinta/ihmiset/{sender_id}/lahtija").form_to("/lahtija"))
    assert theirs.get(f"/lahetteet/{row_id}").status_code == 404
    assert "Valitse, kenelle nämä siirtyvät" in admin.read(f"/hallinta/ihmiset/{sender_id}").text
    page = admin.read(here)
    assert not any(marker in page.text for marker in markers)
    assert "Valitse" in admin.send(page.form_to("/suojatut"), status=422).text
    stranger = people.user(Role.PROFESSIONAL, units=[people.unit(name="Muu asema")])
    crafted = page.form_to("/suojatut").data() | {"to": f"{unit.id.hex}{stranger.id.hex}"}
    assert admin.post(here, data=crafted).status_code == 422
    done = admin.send(page.form_to("/suojatut"), to=f"{unit.id.hex}{colleague_id.hex}")
    assert "Kaisa Kollega" in done.text
    assert "suojattu" not in done.text.lower()
    assert not any(marker in done.text for marker in markers)
    assert "Veikko" in theirs.read(f"/lahetteet/{row_id}").text
    told = select(OutboxMessage.address).where(OutboxMessage.template == "referral_handed_on")
    assert db.session.scalars(told).all() == [scenes.user(colleague_id).email]
    logged = select(AuditRow.object_id).where(AuditRow.action == Action.DISCLOSED)
    assert db.session.scalars(logged).all() == [str(row_id)]
    assert theirs.get(here).status_code == 404


def test_no_page_of_the_administration_shows_a_client(
    app, client: Client, new_client: Callable[[], Client], now: dt.datetime
):
    it = scenes.scene("active", now=now)
    reference = it.referral().reference
    admin = people.sign_in(client, people.user(Role.ADMINISTRATOR))
    values = {"user_id": it.adviser.id, "unit_id": it.unit.id, "organisation_id": it.unit.organisation_id}
    seen = 0
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/hallinta") or "GET" not in (rule.methods or ()):
            continue
        if not rule.arguments <= set(values):
            continue
        path = rule.rule
        for name, value in values.items():
            path = path.replace(f"<uuid:{name}>", str(value))
        answer = admin.get(path, follow_redirects=True)
        assert answer.status_code in {200, 404}, path
        text = answer.get_data(as_text=True)
        seen += answer.status_code == 200
        assert reference not in text, path
        assert not any(marker in text for marker in MARKERS), path
    assert seen > 8
