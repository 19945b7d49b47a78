"""Enrolling as a resident does: one form, a code, and nothing given away."""

import datetime as dt
from typing import Any

from sqlalchemy import select

from referrals.enrolment import queries
from referrals.enrolment.content import Participant
from referrals.enrolment.models import Enrolment, EnrolmentState
from referrals.enrolment.views import MOST_FROM_ADDRESS
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core import clock
from servicetray.core.db import db
from servicetray.core.outbox import OutboxMessage
from tests.factories import happenings
from tests.factories.enrolments import enrol
from themes.happenings.models import Happening, Joining

ANSWERS = {
    "first_name": "Aune",
    "last_name": "Asukas",
    "phone": "050 111 2222",
    "heed": "Kuljen rollaattorilla",
    "agreed": "y",
}
CANCEL = "Peru ilmoittautumiseni"
OWN = "/ryhmat/ilmoittautuminen"


def form_of(client, group_id):
    return client.read(f"/ryhmat/{group_id}/ilmoittaudu").form()


def send(client, group_id, *, status: int = 200, **changes: Any):
    return client.send(form_of(client, group_id), status=status, **{**ANSWERS, **changes})


def rows() -> list[Enrolment]:
    db.session.expire_all()
    return list(db.session.scalars(select(Enrolment).order_by(Enrolment.number)))


def told(row: Enrolment) -> Participant:
    found = queries.who_is(row)
    assert found is not None
    return found


def code_on(page) -> str:
    return str(page.main.xpath(".//dd[@class='code']")[0].text)


def test_resident_enrols_sees_the_place_and_cancels(client, make_group):
    group_id = make_group()
    page = send(client, group_id)
    code = code_on(page)
    (row,) = rows()
    assert row.state is EnrolmentState.PLACE
    assert told(row).heed == "Kuljen rollaattorilla"
    assert (row.permission_version, row.permission_language, row.recorded_by) == ("2026-1", "fi", None)
    assert b"Aune" not in (row.sealed or b"Aune")
    assert code not in str(vars(row))
    own = client.send(client.read(OWN).form(), code=code.lower())
    assert "paikka" in own.text
    client.send(own.form(), button=CANCEL)
    (row,) = rows()
    assert (row.state, row.sealed, row.phone_index, row.code_hash) == (EnrolmentState.CANCELLED, *[None] * 3)
    client.send(client.read(OWN).form(), code=code, status=422)


def test_full_group_has_a_waiting_list_that_moves_up(client, make_group, now):
    group_id = make_group(capacity=1)
    first = enrol(group_id, now=now)
    waiting = send(client, group_id, email="aune@example.org")
    assert "jonossa" in waiting.text
    own = client.send(client.read(OWN).form(), code=first.code)
    client.send(own.form(), button=CANCEL)
    gone, aune = rows()
    assert (gone.state, aune.state, aune.call_for) == (EnrolmentState.CANCELLED, EnrolmentState.PLACE, None)
    templates = list(db.session.scalars(select(OutboxMessage.template).order_by(OutboxMessage.id)))
    assert templates == ["enrolment_confirmed", "enrolment_place", "enrolment_call"]


def test_who_waits_leaves_the_line(client, make_group):
    group_id = make_group(capacity=1)
    send(client, group_id)
    code = code_on(send(client, group_id, first_name="Eino", phone="050 333 4444"))
    own = client.send(client.read(OWN).form(), code=code)
    assert CANCEL not in own.text
    gone = client.send(own.form("Poistun jonosta"), button="Poistun jonosta")
    assert "Tietosi on poistettu" in gone.text


def test_group_that_is_over_or_cancelled_says_so_and_leaves_only_erasing(client, make_group, day):
    over, cancelled = make_group(weeks=2), make_group(weeks=20)
    codes = [code_on(send(client, group_id)) for group_id in (over, cancelled)]
    group = db.session.get_one(Happening, cancelled)
    group.cancelled_at, group.cancelled_reason = clock.now(), {"fi": "Ohjaaja on sairastunut."}
    db.session.commit()
    day.shift(dt.timedelta(weeks=4))
    for code, words in zip(
        codes, ("Ryhmä on päättynyt.", "Ryhmä on peruttu. Ohjaaja on sairastunut."), strict=True
    ):
        own = client.send(client.read(OWN).form(), code=code)
        assert words in own.text
        assert "Sinulla on paikka" not in own.text
        assert "joku toinen" not in own.text
        assert own.form("Poista tietoni") is not None


def test_letter_tells_of_nobody_and_of_no_group(client, make_group):
    send(client, make_group(name="Päihteetön piiri"), email="aune@example.org")
    (message,) = db.session.scalars(select(OutboxMessage))
    assert (message.address, message.context) == ("aune@example.org", {"path": OWN})


def test_form_that_is_sent_twice_is_one_enrolment(client, make_group):
    form = form_of(client, make_group())
    client.send(form, **ANSWERS)
    again = client.send(form, **ANSWERS)
    assert len(rows()) == 1
    assert not again.main.xpath(".//dd[@class='code']")


def test_neighbours_number_tells_nothing(client, make_group):
    """Who types somebody else's name and number gets the same answer as anybody, and changes nothing."""
    group_id = make_group(capacity=5)
    first = send(client, group_id)
    again = send(client, group_id, phone="+358 50 111 2222", last_name="Toinen")
    assert first.h1 == again.h1
    assert code_on(first) != code_on(again)
    assert len(rows()) == 1
    send(client, group_id, first_name="Eino")
    assert len(rows()) == 2


def test_what_is_missing_is_said_and_what_was_typed_stays(client, make_group):
    group_id = make_group()
    page = send(client, group_id, phone="", agreed=None, status=422)
    assert len(page.errors) == 2
    assert page.form().fields["heed"] == "Kuljen rollaattorilla"
    refused = send(client, group_id, heed="Tunnus 131052-308T", status=422)
    assert "131052" not in refused.text
    assert rows() == []


def test_birth_year_is_asked_where_the_group_is_for_an_age(client, make_group):
    aged = make_group(life_stages=("older_people",))
    send(client, aged, status=422)
    # What is no year gets one message, not two.
    for typed in ("48", "kauan sitten"):
        assert len(send(client, aged, birth_year=typed, status=422).errors) == 1
    send(client, aged, birth_year="1948")
    assert told(rows()[0]).birth_year == 1948
    assert "birth_year" not in form_of(client, make_group()).names


def test_group_that_takes_nobody_here_says_how_else(client, make_group, day):
    today = clock.helsinki_day(clock.now())
    closed = make_group(joining=Joining.TERM, closes_on=today)
    no_leader = happenings.group("Ohjaajaton", joining=Joining.CONTINUOUS, phone="040 000 0111")
    form = form_of(client, closed)
    day.shift(86_400)
    # Opened in time, sent too late.
    assert client.post(form.action, data=form.data(**ANSWERS)).status_code in {409, 422}
    assert not client.read(f"/ryhmat/{closed}/ilmoittaudu").main.xpath(".//form")
    assert "040" in client.read(f"/ryhmat/{no_leader}/ilmoittaudu").text
    assert rows() == []


def test_machines_and_other_sites_are_not_taken(client, make_group):
    form = form_of(client, make_group())
    for headers, changes in (({"Sec-Fetch-Site": "cross-site"}, {}), ({}, {"homepage": "x"})):
        answer = client.post(form.action, data=form.data(**{**ANSWERS, **changes}), headers=headers)
        assert answer.status_code in {400, 422}
    assert rows() == []


def test_many_from_one_address_are_slowed_down(client, make_group):
    group_id = make_group(capacity=50)
    for number in range(MOST_FROM_ADDRESS):
        send(client, group_id, phone=f"050 111 22{number:02}")
    send(client, group_id, phone="050 111 9999", status=429)
    assert len(rows()) == MOST_FROM_ADDRESS


def test_guessed_codes_are_slowed_down(client, make_group):
    statuses = [
        client.post(OWN, data=client.read(OWN).form().data(code="ABCDE23456")).status_code for _ in range(9)
    ]
    assert statuses == [422] * 8 + [429]


def test_audit_says_who_enrolled_without_a_name(client, make_group):
    send(client, make_group())
    (row,) = db.session.scalars(select(AuditRow).where(AuditRow.action == Action.ENROLLED))
    assert row.actor_id is None
    assert row.subject_key
    assert "Aune" not in str(row.detail)


def test_every_page_is_there_in_every_language(client, make_group):
    group_id = make_group()
    for number, language in enumerate(("", "/sv", "/en")):
        page = client.read(f"{language}/ryhmat/{group_id}/ilmoittaudu")
        done = client.send(page.form(), **{**ANSWERS, "phone": f"050 111 22{number:02}"})
        own = client.send(client.read(f"{language}{OWN}").form(), code=code_on(done))
        assert own.form().buttons
        client.read(f"{language}{OWN}/peruttu")


def test_nobody_finds_a_group_that_is_not_there(client, make_group):
    client.read("/ryhmat/6f9619ff-8b86-d011-b42d-00cf4fc964ff/ilmoittaudu", status=404)
