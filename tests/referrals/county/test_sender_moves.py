"""The sender's own moves on their pages: sending again, answering, asking to stop, voiding; and who may not."""

import datetime as dt
from typing import Any

import pytest

from referrals import handover
from referrals.breaches import queries as breaches
from referrals.county.models import Referral
from referrals.county.sending.standing import expires_on
from referrals.moves import CaseStatus, Outcome, ReferralStatus, VoidReason, Who
from referrals.municipality import queries as municipality
from servicetray.accounts import queries as accounts
from servicetray.accounts.models import User
from servicetray.accounts.permissions import Role
from servicetray.core import clock
from servicetray.core.db import db, transaction
from tests.factories import people, referrals
from tests.referrals.county.filling import form_of, ground, signed_in
from tests.referrals.scenes import locked

pytestmark = pytest.mark.usefixtures("database")

AGAIN = "Lähetä uudelleen"
DAY = dt.timedelta(days=1)
CONSENT: dict[str, Any] = {"consent_given": "y", "feedback": "no", "follow_up": "no", "transfer": "no"}


@pytest.fixture
def place():
    return ground()


@pytest.fixture
def sender():
    return referrals.professional()


@pytest.fixture
def adviser():
    return people.user(Role.ADVISER)


def brought(row: Referral, state: str, *, by: User, reason: str = "contact_details_missing") -> None:
    """Let the municipality bring a referral to a state."""
    row_id, by_id, now = row.id, by.id, clock.now()
    with transaction():
        actor = accounts.user(by_id)
        assert actor is not None
        handover.hold_cases(row_id)
        referral = locked(row_id)
        if state == "returned":
            handover.give_back(referral, reason=reason, who=Who.ADVISER, actor=actor, now=now)
        elif state == "asked":
            handover.ask(referral, question="Sopiiko aamu paremmin?", actor=actor, now=now)
        elif state != "sent":
            case = handover.accept(referral, who=Who.ADVISER, actor=actor, now=now)
            if state == "closed":
                handover.close(case, outcome=Outcome.DID_NOT_WANT, who=Who.ADVISER, actor=actor, now=now)


def sent(
    place, sender, state: str, *, by: User, feedback: bool = True, reason: str = "contact_details_missing"
) -> Referral:
    row = referrals.sent(place, now=clock.now() - 9 * DAY, sender=sender, feedback=feedback)
    row_id = row.id
    brought(row, state, by=by, reason=reason)
    return fresh(row_id)


def fresh(row_id) -> Referral:
    db.session.expire_all()
    return db.session.get_one(Referral, row_id)


class TestSendingAgain:
    def test_the_same_unit_keeps_the_permission_and_says_so(self, new_client, place, sender, adviser):
        row_id = sent(place, sender, "returned", by=adviser).id
        client = signed_in(new_client, sender)
        page = client.read(f"/lahetteet/{row_id}")
        expires = expires_on(fresh(row_id))
        assert expires is not None
        assert f"{expires.day}.{expires.month}.{expires.year}" in page.text
        page = client.read(page.link("Täydennä ja lähetä uudelleen"))
        assert "Katso ensin tämä kohta:" in page.text
        assert "suostumus riittää" in page.text
        form = form_of(page)
        assert form.fields["last_name"] == "Tiainen"
        assert "consent_given" not in form.names
        done = client.send(form, button=AGAIN, phone="040 000 0999")
        assert done.path == f"/lahetteet/{row_id}/kuittaus"
        row = fresh(row_id)
        assert (row.status, row.consent.feedback) == (ReferralStatus.SENT, True)

    def test_another_municipality_or_way_of_contact_asks_the_permission_anew(
        self, new_client, place, sender, adviser
    ):
        referrals.catchment(municipality_code="285")
        row_id = sent(place, sender, "returned", by=adviser, reason="wrong_municipality").id
        client = signed_in(new_client, sender)
        page = client.read(f"/lahetteet/{row_id}/uudelleen/exercise")
        page = client.send(form_of(page), button=AGAIN, status=422, municipality="285")
        assert "kysy suostumus uudelleen" in page.text
        assert {"consent_given", "feedback", "follow_up", "transfer"} <= set(page.errors)
        client.send(form_of(page), button=AGAIN, **CONSENT)
        row = fresh(row_id)
        assert (row.status, row.municipality_code, row.consent.feedback) == (
            ReferralStatus.SENT,
            "285",
            False,
        )

    def test_nothing_mended_is_not_sent_and_a_second_press_says_so(self, new_client, place, sender, adviser):
        row_id = sent(place, sender, "returned", by=adviser).id
        client = signed_in(new_client, sender)
        form = form_of(client.read(f"/lahetteet/{row_id}/uudelleen/exercise"))
        page = client.send(form, button=AGAIN, status=422)
        # The sender's card may differ from the one that was sent; else nothing was mended.
        assert "Mitään ei ole vielä muutettu" in page.text
        client.send(form_of(page), button=AGAIN, own_wish="Aamuisin")
        again = client.send(form, button=AGAIN, own_wish="Iltaisin")
        assert again.path == f"/lahetteet/{row_id}"
        assert again.messages == ["Lähete ei enää odota uudelleen lähettämistä."]

    @pytest.mark.parametrize("state", ["sent", "accepted", "closed"])
    def test_only_what_came_back_is_sent_again(self, new_client, place, sender, adviser, state):
        row_id = sent(place, sender, state, by=adviser).id
        client = signed_in(new_client, sender)
        assert client.read(f"/lahetteet/{row_id}/uudelleen/exercise").path == f"/lahetteet/{row_id}"


class TestAnswering:
    def test_a_question_is_answered_on_the_page(self, new_client, place, sender, adviser):
        row_id = sent(place, sender, "asked", by=adviser).id
        client = signed_in(new_client, sender)
        page = client.read(f"/lahetteet/{row_id}")
        assert "Sopiiko aamu paremmin?" in page.text
        field = next(name for name in page.form("Lähetä vastaus").names if name.endswith("-text"))

        def answered(text: str) -> dict[str, Any]:
            return {field: text}

        bad = client.send(
            page.form("Lähetä vastaus"), status=422, **answered("Aamu käy, 131052-308T on oikein")
        )
        assert "131052" not in bad.text
        assert bad.form("Lähetä vastaus").fields[field] == "Aamu käy, on oikein"
        client.send(page.form("Lähetä vastaus"), status=422, **answered(""))
        done = client.send(page.form("Lähetä vastaus"), **answered("Aamu käy."))
        assert done.messages == ["Vastauksesi on matkalla neuvojalle."]
        assert "Aamu käy." in done.text
        assert handover.questions_of(row_id)[0].answer == "Aamu käy."


class TestStopping:
    def test_the_adviser_hears_of_it_once(self, new_client, place, sender, adviser):
        row_id = sent(place, sender, "accepted", by=adviser).id
        client = signed_in(new_client, sender)
        done = client.send(client.read(f"/lahetteet/{row_id}").form("Pyydä lopettamaan"))
        assert done.messages == ["Neuvoja näkee nyt pyyntösi ja päättää neuvonnan asiakkaan kanssa."]
        assert "Pyysit neuvojaa lopettamaan" in done.text
        assert "Pyydä neuvojaa lopettamaan" not in done.headings()
        case = municipality.open_case_of(row_id)
        assert case is not None
        assert case.stop_requested_at is not None

    def test_where_nothing_is_told_the_page_and_the_answer_tell_nothing_of_the_end(
        self, new_client, place, sender, adviser
    ):
        said = []
        for state in ("accepted", "closed"):
            row = sent(place, sender, state, by=adviser, feedback=False)
            row_id, reference = row.id, row.reference
            client = signed_in(new_client, sender)
            page = client.read(f"/lahetteet/{row_id}")
            done = client.send(page.form("Pyydä lopettamaan"))
            said.append([each.main.text.replace(reference, "") for each in (page, done)])
        assert said[0] == said[1]


class TestVoiding:
    @pytest.mark.parametrize("reason", VoidReason)
    def test_it_is_confirmed_hidden_and_told_plainly(self, new_client, place, sender, adviser, reason):
        row_id = sent(place, sender, "accepted", by=adviser).id
        client = signed_in(new_client, sender)
        page = client.read(client.read(f"/lahetteet/{row_id}").link("Väärä henkilö"))
        assert set(client.send(page.form("Merkitse vahingossa kirjatuksi"), status=422).errors) == {
            "reason",
            "sure",
        }
        done = client.send(page.form("Merkitse vahingossa kirjatuksi"), reason=reason.value, sure="y")
        assert "Merkitsit sen vahingossa kirjatuksi." in done.text
        assert "Tiainen" not in done.text
        row, breach = fresh(row_id), breaches.breach_of(row_id)
        assert row.status is ReferralStatus.ENTERED_IN_ERROR
        assert (breach is not None) == (reason in {VoidReason.WRONG_PERSON, VoidReason.WRONG_RECIPIENT})
        assert [each.status for each in municipality.cases_of(row_id)] == [CaseStatus.ENTERED_IN_ERROR]
        assert "Veikko" not in client.read("/lahetteet").text
        again = client.send(page.form("Merkitse vahingossa kirjatuksi"), reason=reason.value, sure="y")
        assert again.messages == ["Mitään ei muutettu: lähete oli jo merkitty vahingossa kirjatuksi."]


@pytest.mark.parametrize(
    ("state", "feedback", "shown", "offered"),
    [
        ("sent", True, "Lähetetty, odottaa", {"Peru lähete", "Asiakas peruu suostumuksen"}),
        ("sent", False, "Lähetetty, odottaa", {"Peru lähete", "Asiakas peruu suostumuksen"}),
        ("accepted", True, "Neuvoja otti lähetteen", {"Pyydä neuvojaa", "Asiakas peruu suostumuksen"}),
        ("accepted", False, "Kunta on ottanut", {"Pyydä neuvojaa", "Asiakas peruu suostumuksen"}),
        ("closed", True, "Neuvonta on päättynyt", {"Asiakas peruu suostumuksen"}),
        ("closed", False, "Kunta on ottanut", {"Pyydä neuvojaa", "Asiakas peruu suostumuksen"}),
        ("returned", True, "Palautui sinulle", {"Kunta palautti", "Asiakas peruu suostumuksen"}),
        ("returned", False, "Palautui sinulle", {"Kunta palautti", "Asiakas peruu suostumuksen"}),
    ],
)
def test_the_page_shows_what_the_client_allowed_and_offers_what_the_table_does(
    new_client, place, sender, adviser, state, feedback, shown, offered
):
    row_id = sent(place, sender, state, by=adviser, feedback=feedback).id
    page = signed_in(new_client, sender).read(f"/lahetteet/{row_id}")
    assert shown in page.text
    known = ("Peru lähete", "Pyydä neuvojaa", "Asiakas peruu suostumuksen", "Kunta palautti")
    headings = " | ".join([*page.headings(), *(each.text or "" for each in page.main.iter("summary"))])
    assert {each for each in known if each in headings} == offered
    assert ("ei halunnutkaan" in page.text) == (state == "closed" and feedback)


def test_to_all_others_nothing_of_it_is_there(new_client, place, sender, adviser):
    row_id = sent(place, sender, "returned", by=adviser).id
    stranger = signed_in(new_client)
    token = stranger.read("/lahetteet").form("Kirjaudu ulos").fields["csrf_token"]
    nobody = "00000000-0000-4000-8000-000000000000"
    for tail in ("/uudelleen/exercise", "/vahinko"):
        stranger.read(f"/lahetteet/{row_id}{tail}", status=404)
    for tail in ("/uudelleen/exercise", "/vahinko", "/lopeta", f"/kysymykset/{nobody}"):
        answer = stranger.post(
            f"/lahetteet/{row_id}{tail}", data={"csrf_token": token, "reason": "other", "sure": "y"}
        )
        assert answer.status_code == 404
    assert fresh(row_id).status is ReferralStatus.RETURNED
