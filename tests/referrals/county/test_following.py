"""The list of what one has sent: its order, what is new in it, what it hides, and its pages."""

import datetime as dt
import uuid

import pytest

from referrals import handover
from referrals.county.models import Referral
from referrals.county.sending import following
from referrals.county.sending.following import PAGE, Listing, Place, Wanted
from referrals.moves import Outcome, Who
from referrals.municipality import queries as municipality
from servicetray.accounts import queries as accounts
from servicetray.accounts.models import Unit, User
from servicetray.accounts.permissions import Role
from servicetray.core import clock
from servicetray.core.db import db, transaction
from tests.factories import people, referrals
from tests.referrals.county.filling import ground, signed_in
from tests.referrals.scenes import locked

pytestmark = pytest.mark.usefixtures("database")

DAY = dt.timedelta(days=1)


@pytest.fixture
def place():
    return ground()


@pytest.fixture
def sender():
    """A professional whose account is older than everything here."""
    person = referrals.professional()
    with transaction():
        db.session.get_one(User, person.id).created_at = clock.now() - 365 * DAY
    return person


@pytest.fixture
def adviser():
    return people.user(Role.ADVISER)


def listed(person: User, wanted: Wanted | None = None) -> Listing:
    db.session.expire_all()
    viewer = accounts.user(person.id)
    assert viewer is not None
    return following.listing(viewer, wanted or Wanted(), now=clock.now())


def brought(row: Referral, state: str, *, by: User, at: dt.datetime) -> None:
    """Let the municipality do something to a referral."""
    row_id, by_id = row.id, by.id
    with transaction():
        actor = accounts.user(by_id)
        assert actor is not None
        handover.hold_cases(row_id)
        referral = locked(row_id)
        if state == "returned":
            handover.give_back(referral, reason="duplicate", who=Who.ADVISER, actor=actor, now=at)
            return
        if state == "asked":
            handover.ask(referral, question="Sopiiko aamu?", actor=actor, now=at)
            return
        case = handover.accept(referral, who=Who.ADVISER, actor=actor, now=at)
        if state == "closed":
            handover.close(case, outcome=Outcome.DID_NOT_WANT, who=Who.ADVISER, actor=actor, now=at)


def ids(rows) -> list[uuid.UUID]:
    return [row.id for row in rows]


def test_the_order_is_news_questions_returns_then_the_quietest_and_the_finished_last(
    new_client, place, sender, adviser
):
    now = clock.now()
    names = ("closed", "accepted", "asked", "returned", "quiet", "fresh", "old")
    rows = {
        name: referrals.sent(place, now=now - (20 - number) * DAY, sender=sender, last_name=name)
        for number, name in enumerate(names)
    }
    row_ids = {name: row.id for name, row in rows.items()}
    for name in ("closed", "asked", "returned"):
        brought(rows[name], name, by=adviser, at=now - 3 * DAY)
    client = signed_in(new_client, sender)
    for name in ("closed", "old"):
        client.read(f"/lahetteet/{row_ids[name]}")
    brought(db.session.get_one(Referral, row_ids["accepted"]), "accepted", by=adviser, at=now - DAY)

    found = listed(sender)
    assert ids(found.news) == [row_ids["accepted"]]
    assert ids(found.asked) == [row_ids["asked"]]
    assert ids(found.returned) == [row_ids["returned"]]
    assert ids(found.open) == [row_ids["quiet"], row_ids["fresh"], row_ids["old"]]
    assert ids(found.over) == [row_ids["closed"]]

    client.read(f"/lahetteet/{row_ids['accepted']}")
    found = listed(sender)
    assert not found.news
    assert ids(found.open)[-1] == row_ids["accepted"]


@pytest.mark.parametrize("feedback", [True, False])
def test_news_is_what_the_client_lets_the_sender_hear(place, sender, adviser, feedback):
    now = clock.now()
    row = referrals.sent(place, now=now - 9 * DAY, sender=sender, feedback=feedback)
    row_id = row.id
    brought(row, "accepted", by=adviser, at=now - 8 * DAY)
    found = listed(sender)
    # That the municipality has it is told in any case, and is all that is told without a yes.
    assert ids(found.news) == [row_id]
    assert found.news[0].sees.stage == ("accepted" if feedback else "received")


def test_counselling_that_began_since_is_news_though_it_has_no_date_here(new_client, place, sender, adviser):
    now = clock.now()
    row = referrals.sent(place, now=now - 9 * DAY, sender=sender)
    row_id = row.id
    brought(row, "accepted", by=adviser, at=now - 8 * DAY)
    client = signed_in(new_client, sender)
    client.read(f"/lahetteet/{row_id}")
    assert not listed(sender).news
    with transaction():
        db.session.get_one(Referral, row_id).counselling_started = True
    assert ids(listed(sender).news) == [row_id]
    client.read(f"/lahetteet/{row_id}")
    assert not listed(sender).news


def test_an_ending_that_is_not_told_changes_nothing_in_the_list(place, sender, adviser):
    now = clock.now()
    sent = [
        referrals.sent(place, now=now - days * DAY, sender=sender, feedback=False, last_name=f"Nimi{days}")
        for days in (30, 20, 10)
    ]
    sent_ids = [row.id for row in sent]
    for row in sent:
        brought(row, "accepted", by=adviser, at=now - 5 * DAY)
    before = listed(sender)
    with transaction():
        case = municipality.open_case_of(sent_ids[0])
        actor = accounts.user(adviser.id)
        assert case is not None
        assert actor is not None
        handover.close(case, outcome=Outcome.OTHER, who=Who.ADVISER, actor=actor, now=now - DAY)
    assert listed(sender) == before


def test_silence_and_lateness_are_said_in_words(new_client, place, sender, adviser):
    now = clock.now()
    late = referrals.sent(place, now=now - 40 * DAY, sender=sender, last_name="Unohdettu")
    quiet = referrals.sent(place, now=now - 40 * DAY, sender=sender, last_name="Hiljainen")
    due, quiet_id = late.claim_due_on, quiet.id
    brought(quiet, "accepted", by=adviser, at=now - 39 * DAY)
    client = signed_in(new_client, sender)
    client.read(f"/lahetteet/{quiet_id}")
    page = client.read("/lahetteet")
    first, second = page.items("Kesken, pisimpään hiljaa olleet ensin")
    assert f"Kukaan ei ole vielä ottanut lähetettä työn alle. Määräaika oli {due.day}.{due.month}." in first
    assert "Ei uutisia" in second
    assert "Tavoite oli" not in second


def test_pages_hold_everything_once(place, sender):
    now = clock.now()
    everything = set()
    for number in range(2 * PAGE + 3):
        row = referrals.sent(place, now=now - number * DAY, sender=sender, last_name=f"N{number}")
        everything.add(row.id)
    seen: list[uuid.UUID] = []
    after: Place | None = None
    while True:
        page = listed(sender, Wanted(after=after))
        seen += ids(page.all)
        if page.next is None:
            break
        after = Place.parse(str(page.next))
        assert after == page.next
    assert len(seen) == len(everything)
    assert set(seen) == everything


@pytest.mark.parametrize("text", ["", "avoimet", "avoimet.1", "kaikki.1.00", "avoimet.9.zz"])
def test_an_address_that_is_no_place_begins_the_list(text):
    assert Place.parse(text) is None


def test_the_list_is_narrowed_by_state_unit_and_reference(new_client, place, sender, adviser):
    now = clock.now()
    mine = referrals.sent(place, now=now - 2 * DAY, sender=sender, last_name="Oma")
    ended = referrals.sent(place, now=now - 9 * DAY, sender=sender, last_name="Ohi")
    unit_id, reference, ended_id = sender.unit_id, mine.reference, ended.id
    brought(ended, "closed", by=adviser, at=now - 5 * DAY)
    with transaction():
        unit = db.session.get_one(Unit, unit_id)
        unit.shared_list = True
    colleague = people.user(Role.PROFESSIONAL, units=[db.session.get_one(Unit, unit_id)])
    referrals.sent(place, now=now - DAY, sender=colleague, last_name="Muun")
    client = signed_in(new_client, sender)
    client.read(f"/lahetteet/{ended_id}")

    def names(query: str) -> set[str]:
        return {heading.removeprefix("Veikko ") for heading in client.read(f"/lahetteet{query}").headings(3)}

    assert names("") == {"Oma", "Ohi", "Muun"}
    assert names("?omat=1") == {"Oma", "Ohi"}
    assert names("?avoimet=1") == {"Oma", "Muun"}
    assert names(f"?viite={reference.lower()}") == {"Oma"}
    assert "ei löytynyt" in client.read("/lahetteet?viite=%25").text


def test_a_page_of_five_hundred_is_read_with_the_queries_of_one(new_client, place, sender, query_budget):
    now = clock.now()
    for number in range(60):
        referrals.sent(place, now=now - number * DAY, sender=sender, last_name=f"N{number}")
    client = signed_in(new_client, sender)
    with query_budget(22):
        page = client.read("/lahetteet")
    assert len(page.headings(3)) == PAGE
    with query_budget(22):
        client.read(page.link("Näytä seuraavat"))


def test_what_a_leaver_sent_is_its_units_to_move(new_client, place, sender, adviser):
    now = clock.now()
    row = referrals.sent(place, now=now - 9 * DAY, sender=sender)
    row_id, unit_id, sender_id = row.id, sender.unit_id, sender.id
    brought(row, "returned", by=adviser, at=now - 2 * DAY)
    with transaction():
        db.session.get_one(Unit, unit_id).shared_list = True
    colleague = people.user(Role.PROFESSIONAL, units=[db.session.get_one(Unit, unit_id)])
    client = signed_in(new_client, colleague)
    page = client.read(f"/lahetteet/{row_id}")
    assert "Luettu, kuittaa" not in page.text
    assert page.link("Täydennä ja lähetä uudelleen")
    with transaction():
        db.session.get_one(User, sender_id).active = False
    client.send(client.read(f"/lahetteet/{row_id}").form("Luettu, kuittaa"))
    assert db.session.get_one(Referral, row_id).status == "cancelled"
