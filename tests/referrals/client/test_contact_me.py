"""A resident's own request: one form without a session, a referral without a sender, and nothing given away."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from referrals import handover
from referrals.client import messages
from referrals.client.models import ClientCode, MessageKind
from referrals.client.requests.views import MOST_FROM_ADDRESS
from referrals.consent import Basis, Contact, Giver
from referrals.county import queries as county
from referrals.county.models import Origin, Referral
from referrals.moves import MoveRefused, ReferralStatus, SenderKind, Who
from referrals.municipality.models import Catchment
from referrals.statistics.models import StatisticsEvent
from servicetray.accounts import queries as accounts
from servicetray.accounts.permissions import Role
from servicetray.core import anonymous, clock
from servicetray.core.db import db, transaction
from tests.client import Client
from tests.factories import people
from tests.factories.referrals import catchment, sent
from tests.reading import NotOnPage, Reading
from tests.referrals import scenes

HERE = {"Sec-Fetch-Site": "same-origin"}
FORM = "/ota-yhteytta/exercise"
ANSWERS: dict[str, str | list[str]] = {
    "municipality": "286",
    "for_whom": "myself",
    "first_name": "Aune",
    "last_name": "Asukas",
    "birth_year": "1951",
    "channels": ["phone"],
    "phone": "050 111 2222",
    "follow_up": "no",
    "consent_given": "y",
    "own_wish": "Vesijumppa kiinnostaisi",
}


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody in these tests needs three seconds to type, but where the test says so."""
    monkeypatch.setattr(anonymous, "FASTEST", dt.timedelta(0))
    monkeypatch.setattr(anonymous.problem_of, "__kwdefaults__", {"fastest": dt.timedelta(0)})


@pytest.fixture
def place(database) -> Catchment:
    return catchment()


def ask(client: Client, *, status: int = 200, **changes: str | list[str] | None) -> Reading:
    answers: dict[str, Any] = {**ANSWERS, **changes}
    return client.send(client.read(FORM).form(), status=status, **answers)


def referrals() -> list[Referral]:
    db.session.expire_all()
    return list(db.session.scalars(select(Referral).order_by(Referral.sent_at)).all())


def test_the_choice_names_what_is_open_and_sets_no_cookie(client, place):
    answer = client.get("/ota-yhteytta")
    assert "Set-Cookie" not in answer.headers
    assert FORM in [link.href for link in client.read("/ota-yhteytta").links]
    assert "Kouvola" in client.read("/ota-yhteytta").text


def test_without_an_open_catchment_it_says_so(client, database):
    catchment(closes_on=dt.date(2024, 12, 31))
    assert FORM not in [link.href for link in client.read("/ota-yhteytta").links]
    assert client.get("/ota-yhteytta/nothing").status_code == 404


def test_a_request_is_a_referral_of_its_own_origin_without_a_sender(client, place):
    page = ask(client)
    assert page.path == FORM
    row = referrals()[0]
    assert (row.origin, row.sender_id, row.sending_unit_id) == (Origin.RESIDENT, None, None)
    assert row.status is ReferralStatus.SENT
    content = county.content_of(row)
    assert (content.name, content.phone, content.reasons) == ("Aune Asukas", "050 111 2222", ("unspecified",))
    assert row.consent.giver is Giver.CLIENT
    assert (row.consent.feedback, row.consent.transfer, row.consent.recorded_by) == (False, False, None)
    assert db.session.scalars(select(StatisticsEvent.origin)).all() == ["resident"]
    assert row.reference in page.text
    assert "050" not in page.text


def test_the_code_of_the_receipt_opens_the_own_page_and_is_shown_once(client, new_client, place):
    form = client.read(FORM).form()
    data = form.data(**ANSWERS)
    first, again = (client.post(FORM, data=data, headers=HERE) for _each in range(2))
    assert first.headers["Cache-Control"] == "no-store"
    assert len(referrals()) == 1
    code = first.get_data(as_text=True).split('class="code">')[1].split("<")[0]
    assert code not in again.get_data(as_text=True)
    visitor = new_client()
    page = visitor.send(visitor.read("/oma").form(), code=code, birth_year="1951")
    assert page.path == "/oma"


def test_asking_again_gives_nothing_away_and_no_second_row(client, place):
    known = sent(place, now=clock.now(), first_name="Aune", last_name="Asukas", birth_year=1951)
    page = ask(client, first_name=" aune ", last_name="ASUKAS")
    stranger = ask(client, first_name="Eeva", last_name="Toinen")
    assert len(referrals()) == 2
    assert known.reference not in page.text
    assert page.h1 == stranger.h1
    assert page.headings() == stranger.headings()
    assert len(page.text) == len(stranger.text)
    assert [each.kind for each in messages.messages_of(known.id)] == [MessageKind.CALL_AGAIN]
    assert db.session.scalars(select(ClientCode).where(ClientCode.referral_id == known.id)).all() == []


def test_a_protected_client_is_not_told_of(client, place):
    known = sent(
        place, now=clock.now(), first_name="Aune", last_name="Asukas", birth_year=1951, protected=True
    )
    ask(client)
    assert len(referrals()) == 1
    assert messages.messages_of(known.id) == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"municipality": None}, "municipality"),
        ({"municipality": "999"}, "municipality"),
        ({"first_name": ""}, "first_name"),
        ({"birth_year": "51"}, "birth_year"),
        ({"birth_year": "1800"}, "birth_year"),
        ({"channels": []}, "channels"),
        ({"phone": ""}, "phone"),
        ({"phone": "soita"}, "phone"),
        ({"channels": ["email"], "phone": "", "email": "x"}, "email"),
        ({"consent_given": None}, "consent_given"),
        ({"follow_up": None}, "follow_up"),
        ({"own_wish": "x" * 301}, "own_wish"),
        ({"own_wish": "Henkilötunnukseni on 131052-308T"}, "own_wish"),
        ({"birth_year": str(clock.now().year - 15)}, "guardians_may_be_told"),
        ({"for_whom": "child", "guardian_name": "Aino"}, "for_whom"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_sent(client, place, changes, field):
    data = client.read(FORM).form().data()
    typed = {**data, **ANSWERS, **changes}
    answer = client.post(
        FORM, data={name: value for name, value in typed.items() if value is not None}, headers=HERE
    )
    assert answer.status_code == 422
    body = answer.get_data(as_text=True)
    assert f'id="{field}-error"' in body
    assert "131052" not in body
    assert referrals() == []


def test_a_minor_who_understands_may_ask(client, place):
    ask(client, birth_year=str(clock.now().year - 15), guardians_may_be_told="no")
    consent = referrals()[0].consent
    assert (consent.basis, consent.contact) == (Basis.UNDERSTANDS, Contact.CLIENT)
    assert consent.guardians_may_be_told is False


def test_a_guardian_asks_for_a_child_and_is_the_one_contacted(client, place):
    ask(client, for_whom="child", birth_year=str(clock.now().year - 9), guardian_name="Aino Asukas")
    row = referrals()[0]
    content = county.content_of(row)
    assert content.contact_person is not None
    assert content.contact_person.name == "Aino Asukas"
    assert content.phone == ""
    assert (row.consent.giver, row.consent.channels) == (Giver.GUARDIAN, ["contact_person"])


@pytest.mark.parametrize("forged", ["", "x", "W10.abc"])
def test_a_forged_key_sends_nothing(client, place, forged):
    data = {**client.read(FORM).form().data(**ANSWERS), "form_key": forged}
    assert client.post(FORM, data=data, headers=HERE).status_code == 422
    assert referrals() == []


def test_another_sites_form_a_machine_and_an_old_page_send_nothing(client, place, monkeypatch):
    data = client.read(FORM).form().data(**ANSWERS)
    other = client.read("/oma").form().data()["form_key"]
    assert client.post(FORM, data=data, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400
    assert client.post(FORM, data=data, headers={"Origin": "https://evil.example"}).status_code == 422
    assert client.post(FORM, data={**data, "homepage": "x"}, headers=HERE).status_code == 422
    assert client.post(FORM, data={**data, "form_key": other}, headers=HERE).status_code == 422
    monkeypatch.setattr(anonymous.problem_of, "__kwdefaults__", {"fastest": dt.timedelta(seconds=3)})
    assert client.post(FORM, data=data, headers=HERE).status_code == 422
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(hours=13))
    assert client.post(FORM, data=data, headers=HERE).status_code == 422
    assert referrals() == []


def test_one_address_cannot_fill_the_inbox_and_may_go_on_after_minutes(client, place, monkeypatch):
    for number in range(MOST_FROM_ADDRESS):
        ask(client, last_name=f"Asukas{number}")
    assert ask(client, last_name="Viimeinen", status=429).text
    assert len(referrals()) == MOST_FROM_ADDRESS
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(minutes=11))
    assert ask(client, last_name="Viimeinen").h1


def test_an_own_request_is_never_returned_to_nobody(client, new_client, place):
    """It has no sender who would hear of it: an adviser takes it and tells the client."""
    ask(client)
    row_id = referrals()[0].id
    unit = accounts.unit(place.unit_id)
    adviser = people.user(Role.ADVISER, units=[unit])
    page = people.sign_in(new_client(), adviser).read(f"/saapuneet/{row_id}")
    assert "Asiakkaan oma pyyntö" in page.text
    for path in ("/palauta", "/kysy"):
        with pytest.raises(NotOnPage):
            page.form_to(path)
    with transaction(), pytest.raises(MoveRefused, match="somebody_hears"):
        handover.give_back(
            scenes.locked(row_id),
            reason="wrong_kind",
            who=Who.ADVISER,
            actor=scenes.user(adviser.id),
            now=clock.now(),
        )
    with transaction():
        case = handover.accept(
            scenes.locked(row_id), who=Who.ADVISER, actor=scenes.user(adviser.id), now=clock.now()
        )
        assert case.sender_kind is SenderKind.RESIDENT
        assert not handover.may_be_given_back(case, who=Who.ADVISER)
