"""The moves of a case that are made seldom, and what others say around it."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import func, select

from referrals import handover
from referrals.breaches.models import Breach
from referrals.client import codes, messages
from referrals.client import operations as client_page
from referrals.client.messages import MessageKind, Said
from referrals.county import queries as county
from referrals.county.models import Referral
from referrals.moves import CaseStatus, ContactChannel, ReferralStatus
from referrals.municipality import operations
from referrals.municipality.inbox.case.views import ENTRIES
from referrals.municipality.models import Attempt, Case
from referrals.questions.models import ReferralQuestion
from referrals.transfers.models import TransferOffer
from servicetray.accounts import queries as accounts
from servicetray.accounts.models import UnitKind
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core.db import db, transaction
from tests.factories import people
from tests.factories.referrals import catchment, sent
from tests.referrals.municipality.test_case import ATTEMPT, CLOSE, NOTE, buttons, fresh, taken

DAY = dt.timedelta(days=1)
REOPEN, ASK, HAND_OVER, OFFER = "Avaa uudelleen", "Lähetä kysymys", "Siirrä asiakkuus", "Tee tarjous"
PUT_BACK, VOID, CODE = "Palauta odottamaan", "Merkitse vahingossa kirjatuksi", "Tee uusi koodi"


def read(client, case):
    return client.read(f"/asiakkuudet/{case.id}")


@pytest.fixture
def case(office, now):
    return taken(office, now=now)


@pytest.fixture
def lead(new_client, office):
    """The lead of the office, signed in."""
    return people.sign_in(
        new_client(), people.user(Role.MUNICIPAL_LEAD, units=[office.unit], name="Johanna Esihenkilö")
    )


@pytest.fixture
def colleague(office):
    """Another adviser of the same office."""
    return people.user(Role.ADVISER, units=[office.unit], name="Liisa Toinen")


def said_by_client(case, kind, **what: str):
    referral_id = case.referral_id
    with transaction():
        client_page.say(referral_id, kind, Said(**what), now=case.accepted_at)


class TestQuick:
    """The commonest entries: one press on the page, and so two from the inbox."""

    @pytest.mark.parametrize(
        ("button", "title"), [("Ei vastannut", "ei vastausta"), ("Jätin viestin", "jätetty viesti")]
    )
    def test_from_the_inbox_it_is_two_presses(self, adviser, case, button, title):
        inbox = adviser.read("/saapuneet")
        # One: the link of the row. Two: the button. Nothing is chosen or typed between.
        page = adviser.read(inbox.link("Veikko Tiainen"))
        assert page.path == f"/asiakkuudet/{case.id}"
        page = adviser.send(page.form(button), button=button)
        assert f"Puhelu: {title}" in page.headings(4)
        assert len(db.session.scalars(select(Attempt)).all()) == 1

    def test_begins_with_the_way_that_was_used_last(self, adviser, office, now):
        both = taken(office, now=now, channels=[ContactChannel.PHONE, ContactChannel.LETTER])
        page = read(adviser, both)
        assert page.form("Ei vastannut").fields["channel"] == "phone"
        page = adviser.send(page.form(ATTEMPT), went="message_left", channel="letter")
        assert page.form("Ei vastannut").fields["channel"] == "letter"
        assert page.form(ATTEMPT).fields["channel"] == "letter"

    def test_a_way_that_was_not_allowed_is_refused_in_words(self, adviser, case):
        form = read(adviser, case).form(ATTEMPT)
        data = {**form.fields, "went": "no_answer", "channel": "letter", "note": "Säily"}
        response = adviser.post(form.action, data=data)
        assert response.status_code == 422
        assert "Asiakas ei ole antanut lupaa tähän yhteydenottotapaan: Kirje" in response.text
        assert "Säily" in response.text
        assert db.session.scalars(select(Attempt)).all() == []


class TestReopening:
    """C8: for thirty days, with a reason."""

    def test_opens_with_a_reason(self, adviser, case):
        page = adviser.send(read(adviser, case).form(CLOSE), outcome="did_not_want")
        page = adviser.send(page.form(REOPEN), status=422)
        assert page.errors == {"reason": "Valitse, miksi se avataan uudelleen."}
        page = adviser.send(page.form(REOPEN), reason="client_returned", note="Soitti itse")
        assert "Avattu uudelleen: Asiakas otti uudelleen yhteyttä" in page.headings(4)
        assert "Soitti itse" in page.text
        assert fresh(case).status is CaseStatus.CONTACTING
        referral = county.referral(case.referral_id)
        assert referral is not None
        assert referral.status is ReferralStatus.ACCEPTED

    def test_not_after_thirty_days(self, adviser, office, case, day):
        adviser.send(read(adviser, case).form(CLOSE), outcome="did_not_want")
        day.shift(31 * DAY)
        assert REOPEN not in buttons(read(people.sign_in(adviser, office.adviser), case))


class TestQuestions:
    """C11: to the sender, while the clock stands still."""

    def test_is_asked_and_its_answer_shown(self, adviser, case, now):
        page = adviser.send(read(adviser, case).form(ASK), question="Mihin aikaan voi soittaa?")
        assert "Määräaika on pysäytetty" in page.messages[0]
        assert "Mihin aikaan voi soittaa?" in page.text
        assert ASK not in buttons(page), "one at a time"
        question = db.session.scalars(select(ReferralQuestion)).one()
        with transaction():
            referral = county.referral(case.referral_id)
            assert referral is not None
            assert referral.sender_id is not None
            sender = accounts.user(referral.sender_id)
            assert sender is not None
            handover.answer(question.id, text="Aamuisin", actor=sender, now=now)
        page = read(adviser, case)
        assert "Lähettäjän vastaus" in page.headings(4)
        assert "Aamuisin" in page.text
        assert ASK in buttons(page)

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "Kirjoita ensin kysymys."),
            ("x" * 1001, "Lyhennä teksti 1000 merkkiin."),
            ("Onko 131052-308T hän?", "Poista henkilötunnus"),
        ],
    )
    def test_a_text_that_can_not_be_taken(self, adviser, case, text, words):
        page = adviser.send(read(adviser, case).form(ASK), question=text, status=422)
        assert words in page.errors["question"]
        assert page.form(ASK).fields["question"] == text
        assert db.session.scalars(select(ReferralQuestion)).all() == []


class TestHandingOver:
    """C10: one's own case, or any as a lead."""

    def test_an_adviser_hands_over_their_own(self, adviser, case, colleague):
        page = read(adviser, case)
        assert [choice.label for choice in page.form(HAND_OVER).choices["to"]] == ["Liisa Toinen"]
        page = adviser.send(page.form(HAND_OVER), to=str(colleague.id))
        assert page.messages == ["Asiakkuutta jatkaa Liisa Toinen."]
        assert "Siirretty toiselle neuvojalle: Liisa Toinen" in page.headings(4)
        assert fresh(case).handler_id == colleague.id
        assert HAND_OVER not in buttons(page), "now it is another's"

    def test_a_lead_hands_over_any(self, lead, case, colleague):
        lead.send(read(lead, case).form(HAND_OVER), to=str(colleague.id))
        assert fresh(case).handler_id == colleague.id

    @pytest.mark.parametrize("to", ["", "nobody", str(uuid.UUID(int=0))])
    def test_only_to_who_works_there(self, adviser, case, colleague, to):
        form = read(adviser, case).form(HAND_OVER)
        response = adviser.post(form.action, data={**form.fields, "to": to})
        assert response.status_code == 422
        assert fresh(case).handler_id != colleague.id

    def test_a_protected_one_is_seen_no_more(self, adviser, office, now, colleague):
        protected = taken(office, now=now, protected=True)
        page = adviser.send(read(adviser, protected).form(HAND_OVER), to=str(colleague.id))
        assert page.path == "/saapuneet"
        adviser.read(f"/asiakkuudet/{protected.id}", status=404)


class TestTransfer:
    """R12: offered with the client's permission alone."""

    def test_says_what_to_do_without_permission(self, adviser, case):
        catchment(municipality_code="285")
        page = read(adviser, case)
        assert OFFER not in buttons(page)
        assert "lupaa voi lisätä täällä" in page.text

    def test_offers_and_shows_how_it_stands(self, adviser, office, now):
        case = taken(office, now=now, transfer=True)
        there = catchment(municipality_code="285").id
        page = read(adviser, case)
        assert [choice.value for choice in page.form(OFFER).choices["to"]] == [str(there)]
        page = adviser.send(page.form(OFFER), to=str(there))
        assert db.session.scalars(select(TransferOffer)).one().to_catchment_id == there
        assert "odottaa vastausta" in page.text
        assert OFFER not in buttons(page)

    def test_with_nowhere_to_go_it_says_so(self, adviser, office, now):
        page = read(adviser, taken(office, now=now, transfer=True))
        assert OFFER not in buttons(page)
        assert "mikään muu kunta ei ota" in page.text


class TestMistakes:
    """R10 and R11."""

    def test_what_was_taken_by_mistake_waits_again(self, adviser, case):
        page = adviser.send(read(adviser, case).form(PUT_BACK))
        assert page.path == "/saapuneet"
        assert fresh(case).status is CaseStatus.ENTERED_IN_ERROR
        adviser.read(f"/asiakkuudet/{case.id}", status=404)

    def test_not_once_somebody_has_tried(self, adviser, case):
        page = adviser.send(read(adviser, case).form(ATTEMPT), went="no_answer")
        assert PUT_BACK not in buttons(page)

    def test_only_a_lead_voids(self, adviser, lead, case):
        assert VOID not in buttons(read(adviser, case))
        form = read(lead, case).form(VOID)
        # Pressed by an adviser, the table refuses it.
        assert (
            adviser.post(
                form.action, data={**read(adviser, case).form(NOTE).fields, "reason": "other", "sure": "y"}
            ).status_code
            == 409
        )
        page = lead.send(form, reason="wrong_person", status=422)
        assert list(page.errors) == ["sure"]
        page = lead.send(page.form(VOID), reason="wrong_person", sure=["y"])
        assert page.path == "/saapuneet"
        row = db.session.get(Referral, case.referral_id)
        assert row is not None
        assert row.status is ReferralStatus.ENTERED_IN_ERROR
        assert db.session.scalar(select(func.count()).select_from(Breach)) == 1


class TestOthers:
    """What the sender and the client say."""

    def test_a_wish_to_stop_stands_first_with_the_closing_open(self, adviser, case, now):
        with transaction():
            handover.hold_cases(case.referral_id)
            referral = county.referral(case.referral_id, lock=True)
            assert referral is not None
            assert referral.sender_id is not None
            sender = accounts.user(referral.sender_id)
            assert sender is not None
            handover.request_stop(referral, actor=sender, now=now)
        page = read(adviser, case)
        assert page.headings(2)[0] == "Lähettäjä pyytää lopettamaan"
        assert page.link("Päätä asiakkuus") == "#paata"

    def test_a_new_number_stands_beside_the_old_one(self, adviser, case):
        said_by_client(case, MessageKind.NEW_NUMBER, phone="050 000 0199")
        page = read(adviser, case)
        assert page.link("040 000 0174") == "tel:0400000174"
        assert page.link("Soita 050 000 0199") == "tel:0500000199"
        assert "asiakkaan ilmoittama" in page.text
        page = adviser.send(page.form("Merkitse nähdyksi"))
        assert "Asiakas on kirjoittanut omalla sivullaan" not in page.headings(2)
        assert page.link("040 000 0174") == "tel:0400000174"
        assert "050" not in page.link("040 000 0174")

    def test_another_case_s_message_is_nowhere(self, adviser, office, case, now):
        other = taken(office, now=now, first_name="Toinen")
        said_by_client(other, MessageKind.CALL_AGAIN)
        (message,) = messages.messages_of(other.referral_id, municipality_code=other.municipality_code)
        token = read(adviser, case).form(NOTE).fields["csrf_token"]
        address = f"/asiakkuudet/{case.id}/viestit/{message.id}"
        assert adviser.post(address, data={"csrf_token": token}).status_code == 404

    def test_a_new_code_is_printed_once(self, adviser, case):
        page = adviser.send(read(adviser, case).form(CODE), follow=False)
        assert case.reference in page.text
        assert "Koodi näkyy vain nyt" in page.text
        assert codes.has_code(case.referral_id)
        made = select(AuditRow.object_id).where(AuditRow.action == Action.SHEET_MADE)
        assert db.session.scalars(made).all() == [str(case.id)]

    def test_a_protected_client_is_reached_by_nothing_from_outside(self, adviser, office, now):
        protected = taken(office, now=now, protected=True)
        page = read(adviser, protected)
        assert CODE not in buttons(page)
        token = page.form(NOTE).fields["csrf_token"]
        address = f"/asiakkuudet/{protected.id}/koodi"
        assert adviser.post(address, data={"csrf_token": token}).status_code == 404


def test_elsewhere_is_nowhere(new_client, adviser, case, now):
    state = read(adviser, case).form(NOTE).fields["state"]
    elsewhere = people.unit(UnitKind.COUNSELLING, name="Muualla", municipality_code="285")
    sent(catchment(elsewhere, municipality_code="285"), now=now)
    stranger = people.sign_in(new_client(), people.user(Role.MUNICIPAL_LEAD, units=[elsewhere]))
    token = stranger.read("/saapuneet").form("Ota itselleni: Veikko Tiainen").fields["csrf_token"]
    filled = {"reason": "other", "question": "?", "to": str(uuid.uuid4()), "sure": "y"}
    data = {**filled, "state": state, "csrf_token": token}
    for entry in (*ENTRIES, "koodi", f"viestit/{uuid.uuid4()}"):
        answer = stranger.post(f"/asiakkuudet/{case.id}/{entry}", data=data)
        assert answer.status_code == 404, entry
    assert fresh(case).status is CaseStatus.CONTACTING


def test_sixty_entries_are_read_day_by_day(adviser, office, case, day, now):
    for number in range(60):
        with transaction():
            row = db.session.get_one(Case, case.id)
            actor = accounts.user(office.adviser.id)
            assert actor is not None
            operations.add_note(
                row, text=f"Merkintä {number}", actor=actor, now=now + dt.timedelta(hours=5 * number)
            )
    day.shift(14 * DAY)
    page = read(people.sign_in(adviser, office.adviser), case)
    assert len([title for title in page.headings(4) if title == "Muistiinpano"]) == 60
    assert 12 <= len(page.headings(3)) <= 16
    assert page.text.index("Merkintä 59") < page.text.index("Merkintä 0")
