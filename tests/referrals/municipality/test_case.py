"""One case: what an adviser enters, what the page offers next, and what nobody may overwrite."""

import datetime as dt
import re
from typing import Any

import pytest
from sqlalchemy import select

from referrals import handover
from referrals.county import queries as county
from referrals.moves import CaseStatus, ContactChannel, EventName, Outcome, ReferralStatus, Who
from referrals.municipality.models import Attempt, AttemptResult, Case, MeetingForm, Note
from referrals.statistics.models import StatisticsEvent
from servicetray.accounts import queries as accounts
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.audit.operations import subject_key
from servicetray.core.db import db, transaction
from tests.factories import people
from tests.factories.referrals import sent

DAY = dt.timedelta(days=1)
ATTEMPT, MEETING, CLOSE = "Kirjaa yritys", "Kirjaa", "Päätä asiakkuus"
WAIT, NOTE, RETURN, RESUME = (
    "Siirrä odottamaan",
    "Tallenna muistiinpano",
    "Palauta lähete",
    "Jatka asiakkuutta",
)


def taken(office, *, now, **about: Any):
    """Accept a referral as the office's adviser and return its case."""
    referral_id, handler_id = sent(office.place, now=now, **about).id, office.adviser.id
    with transaction():
        row, actor = county.referral(referral_id), accounts.user(handler_id)
        assert row is not None
        assert actor is not None
        case_id = handover.accept(row, who=Who.ADVISER, actor=actor, now=now).id
    case = db.session.get(Case, case_id)
    assert case is not None
    return case


@pytest.fixture
def case(office, now):
    return taken(office, now=now)


@pytest.fixture
def page(adviser, case):
    return adviser.read(f"/asiakkuudet/{case.id}")


@pytest.fixture
def colleague(new_client, office):
    """Another adviser of the same office, signed in."""
    return people.sign_in(new_client(), people.user(Role.ADVISER, units=[office.unit], name="Liisa Toinen"))


def fresh(case):
    row = db.session.get(Case, case.id)
    assert row is not None
    return row


def buttons(page):
    """Return the words of all buttons in the main part."""
    return [button for form in page.main.iter("form") for button in _words(form)]


def _words(form) -> list[str]:
    return [" ".join("".join(button.itertext()).split()) for button in form.iter("button")]


def events(name):
    return list(db.session.scalars(select(StatisticsEvent).where(StatisticsEvent.name == name)))


def agree(adviser, page, *, day="2026-03-12", time="10:00", status=200, **more: Any):
    """Write down a call in which a time was agreed."""
    return adviser.send(page.form(ATTEMPT), went="agreed", day=day, time=time, status=status, **more)


class TestPage:
    """What is told and offered."""

    def test_tells_the_client_and_what_to_do_next(self, page, case):
        assert page.h1 == "Veikko Tiainen"
        assert case.reference in page.title
        assert "Tiainen" not in page.title
        assert "Seuraava askel: ota yhteyttä" in page.headings(2)
        assert page.link("040 000 0174") == "tel:0400000174"
        assert "neuvojana sinä" in page.text

    def test_every_view_leaves_its_audit_row(self, page, case):
        rows = db.session.scalars(select(AuditRow).where(AuditRow.action == Action.CASE_VIEWED)).all()
        assert [(row.object_id, row.subject_key) for row in rows] == [
            (str(case.id), subject_key(case.referral_id))
        ]

    def test_the_commonest_entry_is_one_choice_and_one_button(self, adviser, page, case):
        page = adviser.send(page.form(ATTEMPT), went="no_answer")
        assert page.messages == ["Kirjattu. Yrityksiä on nyt yksi."]
        assert "Puhelu: ei vastausta" in page.headings(4)
        assert fresh(case).due_on is None

    def test_only_allowed_ways_of_contact_are_offered(self, adviser, office, now):
        both = taken(office, now=now, channels=[ContactChannel.PHONE, ContactChannel.LETTER])
        form = adviser.read(f"/asiakkuudet/{both.id}").form(ATTEMPT)
        assert [choice.value for choice in form.choices["channel"]] == ["phone", "letter"]
        adviser.send(form, went="message_left", channel="letter")
        attempt = db.session.scalars(select(Attempt)).one()
        assert (attempt.channel, attempt.result) == (ContactChannel.LETTER, AttemptResult.MESSAGE_LEFT)

    def test_a_minor_s_guardians_are_told_of_only_with_a_yes(self, adviser, office, now):
        minor = taken(office, now=now, birth_year=2012, guardians_may_be_told=False)
        assert "Huoltajille ei saa kertoa mitään" in adviser.read(f"/asiakkuudet/{minor.id}").text

    def test_speaks_swedish(self, adviser, case):
        page = adviser.read(f"/sv/asiakkuudet/{case.id}")
        assert "Nästa steg: kontakta klienten" in page.headings(2)

    def test_the_address_of_a_form_leads_back(self, adviser, case):
        for entry in ("yritys", "tapaaminen", "odota", "jatka", "muistiinpano", "paata", "palauta"):
            assert adviser.get(f"/asiakkuudet/{case.id}/{entry}").location == f"/asiakkuudet/{case.id}"


class TestContact:
    """Attempts, and the time that comes of one."""

    def test_nothing_chosen_is_said_beside_the_field(self, adviser, page):
        page = adviser.send(page.form(ATTEMPT), note="Puhelin kiinni", status=422)
        assert page.errors == {"went": "Valitse, miten kävi."}
        assert page.error_summary[0].href == "#attempt-went-0"
        assert page.form(ATTEMPT).fields["note"] == "Puhelin kiinni"

    def test_agreeing_writes_attempt_appointment_and_first_contact(self, adviser, page, case):
        page = agree(adviser, page, how="phone", note="Tulee yksin")
        row = fresh(case)
        assert row.status is CaseStatus.SCHEDULED
        assert row.appointment_at == dt.datetime(2026, 3, 12, 8, 0, tzinfo=dt.UTC)
        assert row.appointment_form is MeetingForm.PHONE
        assert row.due_on == dt.date(2026, 3, 12)
        assert len(events(EventName.FIRST_CONTACT)) == 1
        assert "Tulee yksin" in page.text
        assert MEETING in buttons(page)
        assert ATTEMPT not in buttons(page)

    @pytest.mark.parametrize(
        ("on_day", "at", "field", "words"),
        [
            ("", "10:00", "day", "Valitse päivä, josta sovitte."),
            ("2026-03-12", "", "time", "Valitse kellonaika, josta sovitte."),
            ("12.3.", "10:00", "day", "Kirjoita päivä näin: 24.11.2026."),
            ("2026-03-12", "kymmenen", "time", "Kirjoita kellonaika näin: 9.30."),
            ("2026-03-10", "10:59", "day", "Tämä aika on jo mennyt. Valitse tuleva aika."),
            ("0001-01-01", "00:00", "day", "Tämä aika on jo mennyt. Valitse tuleva aika."),
            ("2026-03-29", "03:30", "time", "Kellot siirtyvät silloin kesäaikaan"),
        ],
    )
    def test_a_time_that_can_not_be_is_refused(self, adviser, page, case, on_day, at, field, words):
        page = agree(adviser, page, day=on_day, time=at, note="Säily", status=422)
        assert list(page.errors) == [field]
        assert words in page.errors[field]
        assert page.form(ATTEMPT).fields["note"] == "Säily"
        assert fresh(case).status is CaseStatus.CONTACTING
        assert db.session.scalars(select(Attempt)).all() == []

    @pytest.mark.parametrize(("on_day", "at"), [("12.3.2026", "9.30"), ("2026-03-12", "09:30")])
    def test_typed_and_picked_times_are_one(self, adviser, page, case, on_day, at):
        agree(adviser, page, day=on_day, time=at)
        assert fresh(case).appointment_at == dt.datetime(2026, 3, 12, 7, 30, tzinfo=dt.UTC)

    def test_counselling_at_the_first_call_starts_it(self, adviser, page, case):
        adviser.send(page.form(ATTEMPT), went="counselled")
        row = fresh(case)
        assert row.status is CaseStatus.ACTIVE
        assert (len(events(EventName.FIRST_CONTACT)), len(events(EventName.STARTED))) == (1, 1)
        referral = county.referral(case.referral_id)
        assert referral is not None
        assert referral.counselling_started

    def test_an_identity_code_is_refused(self, adviser, page):
        page = adviser.send(page.form(NOTE), note="hetu 131052-308T", status=422)
        assert page.errors == {"note": "Poista henkilötunnus. Sitä ei tarvita täällä."}
        assert db.session.scalars(select(Note)).all() == []


class TestAppointment:
    """Met, did not come, cancelled."""

    @pytest.fixture
    def agreed(self, adviser, page):
        return agree(adviser, page)

    def test_held_starts_counselling(self, adviser, agreed, case):
        page = adviser.send(agreed.form(MEETING), met="held", note="Hyvä alku")
        assert fresh(case).status is CaseStatus.ACTIVE
        assert "Neuvonta alkoi" in page.headings(4)
        assert "Hyvä alku" in page.text
        assert len(events(EventName.FIRST_CONTACT)) == 1

    @pytest.mark.parametrize(
        ("met", "words"), [("no_show", "Asiakas ei tullut"), ("cancelled", "Aika peruttiin")]
    )
    def test_missed_means_a_new_time(self, adviser, agreed, case, met, words, now):
        page = adviser.send(agreed.form(MEETING), met=met)
        row = fresh(case)
        assert (row.status, row.appointment_at) == (CaseStatus.CONTACTING, None)
        assert row.due_on == now.date()
        assert page.headings(4).count(words) == 1
        assert ATTEMPT in buttons(page)

    def test_a_missed_one_is_no_attempt_to_reach(self, adviser, agreed):
        page = adviser.send(agreed.form(MEETING), met="no_show")
        assert page.form(ATTEMPT).labels["went"] == "Miten kävi? Yritys 2"

    def test_a_call_after_it_is_what_was_due(self, adviser, agreed, case):
        page = adviser.send(agreed.form(MEETING), met="no_show")
        adviser.send(page.form(ATTEMPT), went="no_answer")
        assert fresh(case).due_on is None


class TestWaiting:
    """Put aside until a day, and taken up again."""

    def test_waits_for_a_reason_until_a_day(self, adviser, page, case):
        page = adviser.send(page.form(WAIT), reason="away", review_on="2026-05-04", note="Ulkomailla")
        row = fresh(case)
        assert (row.status, row.waiting_reason) == (CaseStatus.WAITING, "away")
        assert (row.review_on, row.due_on) == (dt.date(2026, 5, 4), dt.date(2026, 5, 4))
        assert "Siirretty odottamaan: Asiakas on poissa" in page.headings(4)
        assert "Ulkomailla" in page.text

    @pytest.mark.parametrize(
        ("until", "words"),
        [
            ("2026-03-10", "Valitse myöhempi"),
            ("2026-06-09", "yli 90 päivän päässä"),
            ("", "Valitse päivä, jolloin katsot asiaa uudelleen."),
        ],
    )
    def test_only_until_a_coming_day_within_90(self, adviser, page, case, until, words):
        page = adviser.send(page.form(WAIT), reason="away", review_on=until, status=422)
        assert words in page.errors["review_on"]
        assert fresh(case).status is CaseStatus.CONTACTING

    def test_going_on_is_due_at_once(self, adviser, page, case, now):
        page = adviser.send(page.form(WAIT), reason="away", review_on="2026-05-04")
        adviser.send(page.form(RESUME))
        row = fresh(case)
        assert (row.status, row.waiting_reason, row.review_on) == (CaseStatus.CONTACTING, None, None)
        assert row.due_on == now.date()

    def test_who_had_started_goes_on_where_they_were(self, adviser, page, case):
        page = adviser.send(page.form(ATTEMPT), went="counselled")
        page = adviser.send(page.form(WAIT), reason="illness", review_on="2026-05-04")
        adviser.send(page.form(RESUME))
        assert (fresh(case).status, fresh(case).due_on) == (CaseStatus.ACTIVE, None)

    def test_an_agreed_time_is_off(self, adviser, page, case):
        page = adviser.send(agree(adviser, page).form(WAIT), reason="illness", review_on="2026-05-04")
        assert fresh(case).appointment_at is None

    def test_a_waiting_client_who_calls_gets_a_time(self, adviser, page, case):
        page = adviser.send(page.form(WAIT), reason="away", review_on="2026-05-04")
        assert "counselled" not in {choice.value for choice in page.form(ATTEMPT).choices["went"]}
        agree(adviser, page)
        row = fresh(case)
        assert (row.status, row.review_on, row.waiting_reason) == (CaseStatus.SCHEDULED, None, None)


class TestClosing:
    """With an outcome that the course of the case bears."""

    def offered(self, page):
        return {choice.value for choice in page.form(CLOSE).choices["outcome"]}

    def test_completed_is_offered_once_counselling_has_started(self, adviser, page, case):
        assert "completed" not in self.offered(page)
        page = adviser.send(page.form(ATTEMPT), went="counselled")
        assert "completed" in self.offered(page)
        page = adviser.send(page.form(CLOSE), outcome="completed", note="Löysi ryhmän")
        assert page.messages == ["Asiakkuus on päätetty: Neuvonta toteutui."]
        row = fresh(case)
        assert (row.status, row.outcome) == (CaseStatus.CLOSED, Outcome.COMPLETED)
        referral = county.referral(case.referral_id)
        assert referral is not None
        assert (referral.status, referral.outcome) == (ReferralStatus.CLOSED, Outcome.COMPLETED)

    def test_afterwards_nothing_more_is_entered(self, adviser, page):
        page = adviser.send(page.form(CLOSE), outcome="did_not_want")
        # It may be opened again, and the client may take the permission back.
        assert buttons(page) == ["Avaa uudelleen", "Merkitse suostumus perutuksi"]
        assert "Löysi" not in page.text

    def test_not_reached_says_what_is_missing_and_opens_in_time(self, adviser, office, page, case, day):
        assert "3 yritystä" in page.items("Yritykset")
        assert "yrityksiä 2 eri päivänä" in page.items("Yritykset")
        for _attempt in range(3):
            adviser.send(page.form(ATTEMPT), went="no_answer")
            day.shift(DAY)
            page = people.sign_in(adviser, office.adviser).read(f"/asiakkuudet/{case.id}")
        assert page.items("Yritykset") == ["aikaa: aikaisintaan pe 20.3."]
        day.shift(8 * DAY)
        page = people.sign_in(adviser, office.adviser).read(f"/asiakkuudet/{case.id}")
        adviser.send(page.form(CLOSE), outcome="not_reached")
        assert fresh(case).outcome is Outcome.NOT_REACHED

    def test_an_outcome_that_was_not_offered_is_refused_in_words(self, adviser, page, case):
        data = {**page.form(CLOSE).fields, "outcome": "not_reached", "note": "Säily"}
        response = adviser.post(f"/asiakkuudet/{case.id}/paata", data=data)
        assert response.status_code == 422
        assert "Tällä lopputuloksella ei voi vielä päättää" in response.text
        assert "Säily" in response.text
        assert fresh(case).status is CaseStatus.CONTACTING

    @pytest.mark.parametrize("outcome", ["withdrawn", "returned", "transferred", "made-up"])
    def test_the_system_s_own_outcomes_are_no_choice(self, adviser, page, case, outcome):
        data = {**page.form(CLOSE).fields, "outcome": outcome}
        assert adviser.post(f"/asiakkuudet/{case.id}/paata", data=data).status_code == 422
        assert fresh(case).status is CaseStatus.CONTACTING

    def test_a_case_goes_back_to_the_sender_while_nobody_was_reached(self, adviser, page, case):
        page = adviser.send(page.form(RETURN), reason="contact_details_missing")
        assert page.messages == ["Lähete on nyt lähettäjällä, joka näkee antamasi syyn."]
        adviser.read(f"/asiakkuudet/{case.id}", status=404)
        (row,) = adviser.read("/saapuneet/paattyneet").table()
        assert row["Asiakas"].startswith(case.reference)
        assert row["Lopputulos"] == "Palautettu lähettäjälle"

    def test_but_not_after_that(self, adviser, page):
        page = adviser.send(page.form(ATTEMPT), went="reached")
        assert RETURN not in buttons(page)

    def test_the_finished_list_shows_it(self, adviser, page, case):
        adviser.send(page.form(CLOSE), outcome="moved")
        (row,) = adviser.read("/saapuneet/paattyneet").table()
        assert row["Asiakas"].startswith("Veikko Tiainen")
        assert (row["Lopputulos"], row["Neuvoja"]) == ("Muutti toiseen kuntaan", "Mikko Neuvoja")
        listed = db.session.scalars(select(AuditRow).where(AuditRow.action == Action.INBOX_LISTED)).all()
        assert subject_key(case.referral_id) in listed[-1].detail["subjects"]


class TestTwoAtOnce:
    """Nobody saves over a colleague, and nothing typed is lost."""

    def test_the_later_one_sees_what_changed_and_keeps_the_text(self, adviser, colleague, page, case):
        colleague.send(
            colleague.read(page.path).form(ATTEMPT), went="message_left", note="Jätin soittopyynnön"
        )
        page = adviser.send(page.form(ATTEMPT), went="no_answer", note="Soitin klo 11", status=409)
        assert "Joku ehti hetken ennen sinua" in page.headings(2)
        changes = page.items("Joku ehti hetken ennen sinua")
        assert len(changes) == 1
        assert re.match(
            r"Puhelu: jätetty viesti 10\.3\.2026 klo 11\.00, Liisa Toinen: Jätin soittopyynnön", changes[0]
        )
        form = page.form(ATTEMPT)
        assert (form.fields["went"], form.fields["note"]) == ("no_answer", "Soitin klo 11")
        assert len(db.session.scalars(select(Attempt)).all()) == 1
        adviser.send(form)
        assert len(db.session.scalars(select(Attempt)).all()) == 2

    def test_a_note_counts_as_a_change(self, adviser, colleague, page, case):
        colleague.send(colleague.read(page.path).form(NOTE), note="Kuulee huonosti")
        page = adviser.send(page.form(CLOSE), outcome="did_not_want", status=409)
        assert "Muistiinpano" in page.items("Joku ehti hetken ennen sinua")[0]
        assert fresh(case).status is CaseStatus.CONTACTING

    def test_where_the_form_is_gone_the_text_is_shown(self, adviser, colleague, page):
        colleague.send(colleague.read(page.path).form(CLOSE), outcome="did_not_want")
        page = adviser.send(page.form(NOTE), note="Tärkeä havainto", status=409)
        assert "Olit kirjoittanut: Tärkeä havainto" in page.text

    def test_a_made_up_state_is_stale(self, adviser, page, case):
        data = {**page.form(NOTE).fields, "state": "9999999999999999999.x", "note": "hei"}
        assert adviser.post(f"/asiakkuudet/{case.id}/muistiinpano", data=data).status_code == 409


def test_a_practice_case_is_never_counted(adviser, office, now):
    adviser.send(adviser.read("/harjoittelu").form("Aloita harjoittelu"), button="Aloita harjoittelu")
    practice = taken(office, now=now, practice=True)
    page = adviser.read(f"/asiakkuudet/{practice.id}")
    assert "Harjoitus" in page.text
    page = adviser.send(page.form(ATTEMPT), went="counselled")
    adviser.send(page.form(CLOSE), outcome="completed")
    assert db.session.scalars(select(StatisticsEvent)).all() == []


def test_erased_content_is_said_so(adviser, case):
    with transaction() as session:
        session.add(case)
        case.sealed = None
    page = adviser.read(f"/asiakkuudet/{case.id}")
    assert page.h1 == case.reference
    assert "Asiakkaan tiedot on poistettu" in page.text
