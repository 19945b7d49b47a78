"""From the form to the receipt, the list, and what the sender sees afterwards."""

import datetime as dt
import uuid
from email.message import EmailMessage

import pytest
from sqlalchemy import func, select

from referrals import handover
from referrals.consent import Giver
from referrals.county import queries
from referrals.county.models import Referral
from referrals.moves import ContactChannel, Outcome, Priority, ReferralStatus, Who
from referrals.statistics.models import StatisticsEvent
from servicetray.accounts import queries as accounts
from servicetray.accounts.models import Unit, UnitKind
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core import clock
from servicetray.core.db import db, transaction
from servicetray.core.outbox import OutboxMessage, deliver_due
from tests.factories import people, referrals
from tests.referrals.county.filling import ANSWERS, FORM, SEND, fill, form_of, ground, signed_in

pytestmark = pytest.mark.usefixtures("database")


def only() -> Referral:
    """Return the one referral there is."""
    return db.session.scalars(select(Referral)).one()


def number_of_referrals() -> int:
    """Return how many referrals there are."""
    return db.session.scalars(select(func.count()).select_from(Referral)).one()


def actions_about(key: object) -> list[Action]:
    """Return what the audit log says was done to one thing, in order."""
    rows = select(AuditRow.action).where(AuditRow.object_id == str(key)).order_by(AuditRow.id)
    return list(db.session.scalars(rows).all())


def loaded(user_id: uuid.UUID) -> accounts.User:
    """Return an account, loaded in the transaction that is open."""
    found = accounts.user(user_id)
    assert found is not None
    return found


def test_a_filled_form_becomes_a_referral_with_its_consent(new_client):
    place = ground()
    client = signed_in(new_client)

    page = fill(client, priority="soon", what_to_heed="Portaat hankalia.")

    row = only()
    assert page.path == f"/lahetteet/{row.id}/kuittaus"
    assert row.reference in page.text
    assert (row.status, row.priority, row.catchment_id) == (ReferralStatus.SENT, Priority.SOON, place.id)
    content = queries.content_of(row)
    assert (content.name, content.birth_year, content.phone) == ("Veikko Tiainen", 1948, "040 000 0174")
    assert content.reasons == ("inactivity", "musculoskeletal")
    assert content.sender.name == "Laura Lähettäjä"
    given = row.consent
    assert (given.giver, given.text_language, given.text_version) == (Giver.CLIENT, "fi", "2026-1")
    assert (given.feedback, given.follow_up, given.transfer) == (True, False, False)
    assert given.channels == [ContactChannel.PHONE]
    assert given.recipient == "Testilän liikuntaneuvonta"


def test_what_is_stored_tells_nothing_without_the_key(new_client):
    ground()
    fill(signed_in(new_client))
    row = only()
    assert row.sealed is not None
    for secret in ("Veikko", "Tiainen", "0174", "kauppaan"):
        assert secret.encode() not in row.sealed


def test_the_receipt_says_what_to_do_next(new_client):
    ground()
    page = fill(signed_in(new_client))
    row = only()
    assert page.facts["Viite"] == row.reference
    assert "Testilän liikuntaneuvonta" in page.facts["Vastaanottaja"]
    assert "viimeistään" in page.facts["Yhteys asiakkaaseen"]
    patient, social = (element.text for element in page.main.iter("textarea"))
    assert "liikkumattomuus" in patient
    assert "liikkumattomuus" not in social
    assert row.reference in social
    assert page.form("Ohje suomeksi").action == f"/lahetteet/{row.id}/ohje"


@pytest.mark.parametrize("again", ["the same form", "another word changed"])
def test_the_same_form_sent_twice_is_one_referral(new_client, again):
    ground()
    client = signed_in(new_client)
    form = form_of(client.read(FORM))
    first = client.send(form, button=SEND, **ANSWERS)
    changes = {} if again == "the same form" else {"own_wish": "Muuta"}
    second = client.send(form, button=SEND, **{**ANSWERS, **changes})
    assert second.path == first.path
    assert number_of_referrals() == 1


def test_somebody_elses_form_key_opens_nothing(new_client):
    ground()
    first, other = signed_in(new_client), signed_in(new_client)
    form = form_of(first.read(FORM))
    first.send(form, button=SEND, **ANSWERS)
    stolen = {**ANSWERS, "form_key": form.fields["form_key"]}
    other.send(form_of(other.read(FORM)), button=SEND, status=404, **stolen)
    other.send(form_of(other.read(FORM)), button=SEND, status=409, **stolen, owner="")
    assert number_of_referrals() == 1


def test_an_open_referral_of_the_same_person_is_shown_before_another_is_sent(new_client):
    ground()
    client = signed_in(new_client)
    fill(client)
    earlier = only()

    page = fill(client, first_name="VEIKKO ", status=422)
    assert list(page.errors) == ["send_anyway"]
    assert page.link(f"Katso {earlier.reference}") == f"/lahetteet/{earlier.id}"
    assert number_of_referrals() == 1
    assert Action.DUPLICATE_LOOKED_UP in actions_about(earlier.id)

    client.send(form_of(page), button=SEND, send_anyway="y")
    assert number_of_referrals() == 2


def test_nothing_is_told_of_what_others_sent_for_the_same_person(new_client):
    ground()
    fill(signed_in(new_client))
    fill(signed_in(new_client))
    assert number_of_referrals() == 2


def test_the_list_shows_what_came_back_first_and_puts_it_away(new_client):
    place = ground()
    sender = referrals.professional()
    now = clock.now()
    back = referrals.sent(place, now=now - dt.timedelta(days=3), sender=sender, last_name="Palautuva")
    referrals.sent(place, now=now - dt.timedelta(hours=1), sender=sender, last_name="Tuore")
    back_id, adviser_id = back.id, people.user(Role.ADVISER, units=[]).id
    with transaction():
        row, actor = queries.referral(back_id, lock=True), loaded(adviser_id)
        assert row is not None
        handover.give_back(
            row, reason="wrong_municipality", who=Who.ADVISER, actor=actor, now=now - dt.timedelta(days=2)
        )
    client = signed_in(new_client, sender)

    page = client.read("/lahetteet")
    assert "Asiakas asuu toisessa kunnassa." in page.items("Odottaa sinua")[0]
    assert "Veikko Tuore" in page.items("Kesken, pisimpään hiljaa olleet ensin")[0]

    page = client.send(client.read(f"/lahetteet/{back_id}").form("Luettu, kuittaa"))
    assert "Odottaa sinua" not in page.headings()
    assert db.session.get_one(Referral, back_id).status is ReferralStatus.CANCELLED


@pytest.mark.parametrize(
    ("feedback", "seen"),
    [
        (True, "Neuvonta on päättynyt"),
        (False, "Kunta on ottanut lähetteen vastaan"),
    ],
)
def test_the_sender_sees_what_the_client_allowed(new_client, feedback, seen):
    place = ground()
    sender = referrals.professional()
    now = clock.now()
    row = referrals.sent(place, now=now - dt.timedelta(days=5), sender=sender, feedback=feedback)
    row_id = row.id
    adviser_id = people.user(Role.ADVISER, units=[people.unit(UnitKind.COUNSELLING)]).id
    with transaction():
        referral = queries.referral(row_id, lock=True)
        assert referral is not None
        case = handover.accept(
            referral, who=Who.ADVISER, actor=loaded(adviser_id), now=now - dt.timedelta(days=4)
        )
        handover.close(
            case,
            outcome=Outcome.DID_NOT_WANT,
            who=Who.ADVISER,
            actor=loaded(adviser_id),
            now=now - dt.timedelta(days=1),
        )
    client = signed_in(new_client, sender)

    for path in ("/lahetteet", f"/lahetteet/{row_id}"):
        page = client.read(path)
        assert seen in page.text
        assert ("ei halunnutkaan" in page.text) is feedback
        assert ("päättynyt" in page.text) is feedback


def test_another_professionals_referral_is_nowhere(new_client):
    place = ground()
    row = referrals.sent(place, now=clock.now())
    stranger = signed_in(new_client)
    missing = uuid.uuid4()
    for tail in ("", "/kuittaus", "/ohje"):
        theirs = stranger.read(f"/lahetteet/{row.id}{tail}", status=404)
        nothing = stranger.read(f"/lahetteet/{missing}{tail}", status=404)
        assert theirs.text == nothing.text
    token = stranger.read("/lahetteet").form("Kirjaudu ulos").fields["csrf_token"]
    for tail in ("/peruuta", "/luettu"):
        data = {"csrf_token": token, "reason": "not_needed"}
        assert stranger.post(f"/lahetteet/{row.id}{tail}", data=data).status_code == 404
    stranger.read(f"{FORM}?pohja={row.id}", status=404)


def test_a_shared_list_shows_but_does_not_let_others_act_and_hides_the_protected(new_client):
    place = ground()
    sender = referrals.professional()
    unit_id = sender.unit_id
    open_one = referrals.sent(place, now=clock.now(), sender=sender, last_name="Jaettu")
    guarded = referrals.sent(place, now=clock.now(), sender=sender, last_name="Suojattu", protected=True)
    open_id, guarded_id = open_one.id, guarded.id
    with transaction():
        unit = db.session.get(Unit, unit_id)
        assert unit is not None
        unit.shared_list = True
    colleague = people.user(Role.PROFESSIONAL, units=[db.session.get(Unit, unit_id)])
    client = signed_in(new_client, colleague)

    page = client.read("/lahetteet")
    assert "Veikko Jaettu" in page.text
    assert "Suojattu" not in page.text
    client.read(f"/lahetteet/{guarded_id}", status=404)
    page = client.read(f"/lahetteet/{open_id}")
    assert "Peru lähete" not in page.headings()


def test_the_sender_takes_back_what_nobody_has_claimed(new_client):
    ground()
    client = signed_in(new_client)
    fill(client)
    row_id = only().id
    page = client.read(f"/lahetteet/{row_id}")

    assert client.send(page.form("Peru tämä lähete"), status=422).errors == {
        "reason": "Valitse, miksi perut lähetteen."
    }
    done = client.send(page.form("Peru tämä lähete"), reason="not_needed")

    assert done.messages == ["Lähete on peruttu. Kunta ei enää näe sitä."]
    row = only()
    assert (row.status, row.cancelled_reason) == (ReferralStatus.CANCELLED, "not_needed")
    events = db.session.scalars(select(StatisticsEvent.name).order_by(StatisticsEvent.id)).all()
    assert [event.value for event in events] == ["sent", "cancelled"]
    assert "Peru lähete" not in done.headings()


def test_a_claimed_referral_can_no_longer_be_taken_back(new_client):
    place = ground()
    sender = referrals.professional()
    row_id = referrals.sent(place, now=clock.now(), sender=sender).id
    client = signed_in(new_client, sender)
    form = client.read(f"/lahetteet/{row_id}").form("Peru tämä lähete")
    adviser_id = people.user(Role.ADVISER).id
    with transaction():
        referral = queries.referral(row_id, lock=True)
        assert referral is not None
        handover.accept(referral, who=Who.ADVISER, actor=loaded(adviser_id), now=clock.now())
    page = client.send(form, reason="not_needed")
    assert "Lähetettä ei voi enää perua" in page.messages[0]
    assert only().status is ReferralStatus.ACCEPTED


def test_a_returned_referral_is_the_start_of_a_new_one(new_client):
    place = ground()
    sender = referrals.professional()
    row_id = referrals.sent(place, now=clock.now(), sender=sender, own_wish="Uimaan").id
    client = signed_in(new_client, sender)
    form = form_of(client.read(f"{FORM}?pohja={row_id}"))
    assert (form.fields["last_name"], form.fields["own_wish"]) == ("Tiainen", "Uimaan")
    assert form.fields["consent_given"] == []
    assert "feedback" not in form.fields
    assert form.fields["channels"] == []
    assert form.fields["protected"] == []


def test_a_new_form_from_a_protected_clients_earlier_one_stays_protected(new_client):
    place = ground()
    sender = referrals.professional()
    row_id = referrals.sent(place, now=clock.now(), sender=sender, protected=True).id
    form = form_of(signed_in(new_client, sender).read(f"{FORM}?pohja={row_id}"))
    assert form.fields["protected"] == ["y"]


def test_every_view_of_a_client_leaves_an_audit_row(new_client):
    ground()
    client = signed_in(new_client)
    fill(client)
    row_id = only().id
    before = len(actions_about(row_id))
    client.read(f"/lahetteet/{row_id}")
    client.read(f"/lahetteet/{row_id}/ohje")
    assert actions_about(row_id)[before:] == [Action.REFERRAL_VIEWED] * 2
    client.read("/lahetteet")
    assert Action.REFERRAL_LISTED in actions_about("mine")


def test_the_list_asks_the_database_as_often_for_twenty_as_for_two(new_client, query_budget):
    place = ground()
    sender = referrals.professional()
    for number in range(20):
        referrals.sent(place, now=clock.now(), sender=sender, last_name=f"Nimi{number}")
    client = signed_in(new_client, sender)
    with query_budget(22):
        client.read("/lahetteet")


def test_messages_name_the_referral_and_nobody(new_client):
    ground(people.unit(UnitKind.COUNSELLING, name="Neuvonta", mailbox="neuvonta@example.org"))
    sender = people.user(Role.PROFESSIONAL, units=[people.unit()], language="sv", name="Henrik Wiik")
    client = signed_in(new_client, sender)
    fill(client)
    row_id, reference = only().id, only().reference
    adviser_id = people.user(Role.ADVISER).id
    with transaction():
        referral = queries.referral(row_id, lock=True)
        assert referral is not None
        handover.accept(referral, who=Who.ADVISER, actor=loaded(adviser_id), now=clock.now())
    letters: list[EmailMessage] = []
    assert deliver_due(now=clock.now(), send=letters.append) == 2
    arrived, news = letters
    assert arrived["Subject"] == f"Uusi lähete {reference} / Ny remiss {reference}"
    assert f"/sv/saapuneet/{row_id}" in arrived.get_content()
    assert news["Subject"] == f"Nytt om remiss {reference}"
    assert f"http://localhost/sv/lahetteet/{row_id}" in news.get_content()
    for letter in letters:
        for secret in ("Veikko", "Tiainen", "0174", "kauppaan", "Henrik"):
            assert secret not in letter.as_string()
    assert db.session.scalars(select(func.count()).select_from(OutboxMessage)).one() == 2
