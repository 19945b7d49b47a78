"""Meetings of the network: who sees which numbers, who writes what, and that nobody's words are written over."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import select

from referrals.kinds.operations import load_seed
from referrals.meetings import operations, queries
from referrals.meetings.models import Meeting, MeetingNews
from referrals.meetings.operations import ChangedMeanwhileError, MeetingClosedError
from servicetray.accounts.models import UnitKind, User
from servicetray.accounts.permissions import PERMISSIONS, Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core import clock
from servicetray.core.access import Permission
from servicetray.core.db import db, transaction
from servicetray.core.errors import NotFoundError
from tests.factories import events, people

CODE = "120464-126J"
DAY = dt.timedelta(days=1)
SAVE = "Tallenna"


@pytest.fixture
def towns(database):
    """The county's kinds and two of its municipalities."""
    people.municipality("286")
    people.municipality("075", "Hamina")
    with transaction():
        load_seed()


@pytest.fixture
def coordinator(client, towns):
    return people.sign_in(client, people.user(Role.COORDINATOR, name="Anu Salo"))


@pytest.fixture
def lead(new_client, towns):
    """The lead of Hamina."""
    unit = people.unit(UnitKind.COUNSELLING, name="Haminan liikuntaneuvonta", municipality_code="075")
    return people.sign_in(new_client(), people.user(Role.MUNICIPAL_LEAD, units=[unit]))


@pytest.fixture
def partner(new_client, towns):
    return people.sign_in(new_client(), people.user(Role.NETWORK_PARTNER))


def called(days: float = 14, *, agenda: str = "Luvut ja kevään ryhmät") -> uuid.UUID:
    """Call a meeting so many days from now; one of the past was called long before it."""
    now, at = clock.now(), clock.now() + days * DAY
    with transaction():
        made = operations.call(
            at=at,
            place="Kouvolan kaupungintalo",
            agenda=agenda,
            actor=people_of(Role.COORDINATOR),
            now=min(now, at - 30 * DAY),
        )
        return made.id


def people_of(role: Role) -> User:
    """Return somebody of a role, made outside of the pages."""
    found = db.session.scalars(select(User)).all()
    return next(each for each in found if any(grant.role is role for grant in each.grants))


def row(meeting_id: uuid.UUID) -> Meeting:
    db.session.expire_all()
    return db.session.get_one(Meeting, meeting_id)


def test_a_meeting_is_called_changed_and_cancelled(coordinator):
    assert "Kokouksia ei vielä ole" in coordinator.read("/kokous").headings()
    day = clock.helsinki_day(clock.now() + 20 * DAY)
    form = coordinator.read("/kokous/uusi").form("Kutsu koolle")
    page = coordinator.send(form, day=day.isoformat(), time="9:30", place="Etänä", agenda="Luvut\nMuut asiat")
    assert "Muut asiat" in page.text
    made = db.session.scalars(select(Meeting)).one()
    assert clock.helsinki(made.at).strftime("%H.%M") == "09.30"
    page = coordinator.send(coordinator.read(f"/kokous/{made.id}/muuta").form(SAVE), place="Kotka")
    assert (row(made.id).place, row(made.id).version) == ("Kotka", 2)
    page = coordinator.send(page.form("Kyllä, peru se"))
    assert "Tätä kokousta ei pidetä." in page.text
    assert row(made.id).cancelled_at is not None
    actions = db.session.scalars(select(AuditRow).where(AuditRow.action == Action.MEETING_CHANGED)).all()
    assert [each.detail["what"] for each in actions] == ["called", "changed", "cancelled"]


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"day": "2020-01-01"}, "day", "vasta edessä"),
        ({"day": ""}, "day", "Valitse kokouksen päivä."),
        ({"time": ""}, "time", "Valitse, milloin kokous alkaa."),
        ({"place": ""}, "place", "Kirjoita, missä kokous pidetään."),
        ({"agenda": f"Soita {CODE}"}, "agenda", "henkilötunnus"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(coordinator, given, field, said):
    fields = {"day": "2090-01-10", "time": "9:00", "place": "Etänä", "agenda": "Oma teksti", **given}
    page = coordinator.send(coordinator.read("/kokous/uusi").form("Kutsu koolle"), status=422, **fields)
    assert said in page.errors[field]
    assert page.form("Kutsu koolle").fields["agenda"] == fields["agenda"]
    assert db.session.scalars(select(Meeting)).all() == []


def test_the_loser_of_two_writers_of_minutes_keeps_the_text(coordinator):
    meeting_id = called(-1)
    first = coordinator.read(f"/kokous/{meeting_id}/poytakirja").form(SAVE)
    coordinator.send(first, text="Sovittiin yhteisestä ryhmästä.")
    page = coordinator.send(first, text="Toisen teksti", status=409)
    assert page.form(SAVE).fields["text"] == "Toisen teksti"
    assert "Sovittiin yhteisestä ryhmästä." in page.text
    assert row(meeting_id).minutes == "Sovittiin yhteisestä ryhmästä."
    page = coordinator.send(page.form(SAVE), text="Molemmat")
    assert row(meeting_id).minutes == "Molemmat"
    assert "Anu Salo" in page.text


def test_a_lead_writes_the_own_municipality_s_news_alone(lead, coordinator):
    meeting_id = called()
    page = lead.read(f"/kokous/{meeting_id}")
    assert [link.href for link in page.links if "kuulumiset" in link.href] == [
        f"/kokous/{meeting_id}/kuulumiset/075"
    ]
    page = lead.send(
        lead.read(f"/kokous/{meeting_id}/kuulumiset/075").form(SAVE), text="Uusi ryhmä alkaa.\n\nTervetuloa!"
    )
    assert "Uusi ryhmä alkaa." in page.text
    assert lead.get(f"/kokous/{meeting_id}/kuulumiset/286").status_code == 404
    form = lead.read(f"/kokous/{meeting_id}/kuulumiset/075").form(SAVE)
    assert lead.post(f"/kokous/{meeting_id}/kuulumiset/286", data=form.data(text="x")).status_code == 404
    assert "Uusi ryhmä alkaa." in coordinator.read(f"/kokous/{meeting_id}").text
    assert db.session.scalars(select(MeetingNews.municipality_code)).all() == ["075"]


def test_news_with_an_identity_code_are_refused_and_the_text_is_kept(lead, coordinator):
    meeting_id = called()
    form = lead.read(f"/kokous/{meeting_id}/kuulumiset/075").form(SAVE)
    page = lead.send(form, text=f"Asiakas {CODE} aloitti", status=422)
    assert "henkilötunnus" in page.errors["text"]
    assert db.session.scalars(select(MeetingNews)).all() == []


def test_a_meeting_that_is_over_takes_neither_news_nor_a_new_agenda(coordinator, lead):
    meeting_id = called(-2)
    assert lead.get(f"/kokous/{meeting_id}/kuulumiset/075").status_code == 404
    assert coordinator.get(f"/kokous/{meeting_id}/muuta").status_code == 404
    actor, now = people_of(Role.COORDINATOR), clock.now()
    with pytest.raises(MeetingClosedError), transaction():
        operations.write_news(meeting_id, municipality_code="075", seen=0, text="x", actor=actor, now=now)
    with pytest.raises(MeetingClosedError), transaction():
        operations.cancel(meeting_id, actor=people_of(Role.COORDINATOR), now=now)
    with pytest.raises(NotFoundError), transaction():
        operations.cancel(uuid.uuid4(), actor=people_of(Role.COORDINATOR), now=now)


def test_a_meeting_can_not_be_moved_into_the_past(coordinator):
    meeting_id, now = called(), clock.now()
    with pytest.raises(MeetingClosedError), transaction():
        operations.change(
            meeting_id,
            seen=1,
            at=now - DAY,
            place="Etänä",
            agenda="",
            actor=people_of(Role.COORDINATOR),
            now=now,
        )
    with pytest.raises(ChangedMeanwhileError), transaction():
        operations.change(
            meeting_id,
            seen=7,
            at=now + DAY,
            place="Etänä",
            agenda="",
            actor=people_of(Role.COORDINATOR),
            now=now,
        )


def test_a_past_meeting_keeps_its_numbers(coordinator):
    events.sent(clock.now() - 40 * DAY, times=4)
    called(-60)
    meeting_id = called(-10)
    before = coordinator.read(f"/kokous/{meeting_id}").table("Liikuntalähete")
    events.sent(clock.now() - 5 * DAY, times=9)
    assert coordinator.read(f"/kokous/{meeting_id}").table("Liikuntalähete") == before
    kouvola = next(line for line in before if line["Kunta"] == "Kouvola")
    assert (kouvola["Lähetteitä"], kouvola["Kesken silloin"]) == ("4", "4")


def test_the_numbers_begin_at_the_meeting_before(coordinator):
    events.sent(clock.now() - 40 * DAY, times=4)
    called(-30)
    events.sent(clock.now() - 3 * DAY, times=2)
    kouvola = next(
        line
        for line in coordinator.read(f"/kokous/{called(7)}").table("Liikuntalähete")
        if line["Kunta"] == "Kouvola"
    )
    assert (kouvola["Lähetteitä"], kouvola["Kesken silloin"]) == ("2", "6")


def test_a_cancelled_meeting_is_none_to_count_from(coordinator):
    first, cancelled, coming = called(-30), called(3), called(7)
    with transaction():
        operations.cancel(cancelled, actor=people_of(Role.COORDINATOR), now=clock.now())
    before = queries.before(row(coming))
    assert before is not None
    assert before.id == first


def test_exact_numbers_are_shown_to_those_whose_they_are(coordinator, lead, partner):
    events.sent(clock.now() - DAY, times=7)
    events.sent(clock.now() - DAY, times=3, municipality="075")
    path = f"/kokous/{called()}"
    rows = coordinator.read(path).table("Liikuntalähete")
    assert [line["Kunta"] for line in rows] == ["Hamina", "Kouvola", "Yhteensä"]
    assert [line["Kunta"] for line in lead.read(path).table("Liikuntalähete")] == ["Hamina"]
    page = partner.read(path)
    assert "Omaan työhösi" not in page.text
    assert list(page.main.iter("table")) == []
    assert "Mitään ei ole vielä julkaistu." in page.text
    assert [link.href for link in page.links if "kuulumiset" in link.href] == []


def test_the_pages_ask_little_of_the_database(coordinator, query_budget):
    meeting_id = called()
    with query_budget(24):
        coordinator.read(f"/kokous/{meeting_id}")
    with query_budget(8):
        coordinator.read("/kokous")


@pytest.mark.usefixtures("coordinator")
def test_others_find_nothing(new_client):
    meeting_id = called()
    others = [role for role in Role if Permission.MEETING_VIEW not in PERMISSIONS[role]]
    person, partner = (
        people.sign_in(new_client(), people.user(*roles)) for roles in (others, [Role.NETWORK_PARTNER])
    )
    for path in ("/kokous", f"/kokous/{meeting_id}", "/kokous/uusi", f"/kokous/{meeting_id}/poytakirja"):
        assert person.get(path).status_code == 404
        assert new_client().get(path).status_code == 303
    for path in ("/kokous/uusi", f"/kokous/{meeting_id}/poytakirja", f"/kokous/{meeting_id}/kuulumiset/286"):
        assert partner.get(path).status_code == 404
