"""Messages that have not left: whose lead sees them, and sending one again."""

import datetime as dt

import pytest
from sqlalchemy import select

from referrals.notifications import about_id
from servicetray.accounts.models import Unit, UnitKind
from servicetray.accounts.permissions import Role
from servicetray.core import clock, outbox
from servicetray.core.db import db, transaction
from servicetray.core.outbox import MessageState, OutboxMessage
from tests.client import Client
from tests.factories import people, referrals

pytestmark = pytest.mark.usefixtures("database")

BOX = "neuvonta@example.org"


def failed(address: str, *, about: str = "other:1", problem: str = "SMTPRecipientsRefused") -> int:
    """Put a message into the outbox that was given up."""
    now = clock.now() - dt.timedelta(days=1)
    with transaction():
        message = outbox.enqueue(
            address=address,
            template="referral_arrived",
            language="fi",
            context={"reference": "LIK-4F7K2M", "path": "/saapuneet/1"},
            about=about,
            now=now,
        )
        message.state, message.last_problem = MessageState.FAILED, problem
        return message.id


def led(name: str = "Testilän liikuntaneuvonta", mailbox: str = BOX) -> Unit:
    return people.unit(UnitKind.COUNSELLING, name=name, mailbox=mailbox)


def as_lead(client: Client, unit: Unit) -> Client:
    return people.sign_in(client, people.user(Role.MUNICIPAL_LEAD, units=[unit], name="Leena Johtaja"))


def test_lead_sees_what_did_not_reach_the_box_and_sends_it_again(client):
    message_id = failed(BOX)
    page = as_lead(client, led()).read("/viestit")
    assert "Uusi lähete LIK-4F7K2M" in page.text
    assert "Testilän liikuntaneuvonta" in page.text
    assert "Tarkista osoite" in page.text
    form = page.form("Lähetä uudelleen")
    assert str(message_id) in form.action
    assert client.post(form.action, data=form.data()).status_code == 303
    db.session.expire_all()
    row = db.session.get_one(OutboxMessage, message_id)
    assert (row.state, row.attempts) == (MessageState.WAITING, 0)
    sent: list[object] = []
    outbox.deliver_due(now=clock.now(), send=sent.append)
    assert len(sent) == 1
    assert "Kaikki viestit ovat lähteneet" in client.read("/viestit").text


def test_lead_sees_what_was_not_told_of_the_units_referrals(client, now):
    unit = led(mailbox="")
    referral_id = referrals.sent(referrals.catchment(unit), now=now).id
    failed("laura@example.org", about=about_id(referral_id), problem="TimeoutError")
    assert "laura@example.org" in as_lead(client, unit).read("/viestit").text


def test_lead_sees_the_morning_letter_that_holds_one_of_theirs(client, now):
    unit = led(mailbox="")
    referral_id = referrals.sent(referrals.catchment(unit), now=now).id
    letter_id = failed("laura@example.org", about="digest:2026-03-10")
    item_id = failed("laura@example.org", about=about_id(referral_id))
    with transaction() as session:
        session.get_one(OutboxMessage, letter_id).template = outbox.DIGEST
        item = session.get_one(OutboxMessage, item_id)
        item.state, item.digest_id = MessageState.HELD, letter_id
    assert "Yksi asia odottaa sinua" in as_lead(client, unit).read("/viestit").text


def test_lead_of_another_unit_sees_nothing_and_can_send_nothing(client):
    message_id = failed(BOX)
    failed("toisaalla@example.org", problem="TimeoutError")
    led()
    page = as_lead(client, led("Toisaalla", "toisaalla@example.org")).read("/viestit")
    assert BOX not in page.text
    form = page.form("Lähetä uudelleen")
    answer = client.post(f"/viestit/{message_id}/laheta-uudelleen", data=form.data())
    assert answer.status_code == 404
    assert db.session.scalars(select(OutboxMessage.state)).all() == [MessageState.FAILED] * 2


@pytest.mark.parametrize("role", [Role.ADVISER, Role.PROFESSIONAL, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_page_is_the_leads_alone(client, role):
    unit = people.unit(UnitKind.SENDING) if role is Role.PROFESSIONAL else led()
    people.sign_in(client, people.user(role, units=[unit]))
    assert client.get("/viestit").status_code == 404
