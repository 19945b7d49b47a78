"""A client's log report is the log, whole; and what an account saw can be told."""

import csv
import datetime as dt
import io
import time
import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import insert, select

from referrals import handover
from referrals.county.erasing import erase_some
from referrals.log_report import alerts, exposure, queries, report
from referrals.log_report.labels import ACTIONS, Why, why
from referrals.log_report.scope import Reach, reach_of
from referrals.moves import Outcome, Who
from servicetray.accounts.models import UnitKind, User
from servicetray.accounts.permissions import PERMISSIONS, Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow, AuditRowSubject
from servicetray.audit.operations import record, seal, subject_key, subjects_in
from servicetray.audit.queries import Wanted, log_page, seen_in
from servicetray.audit.verify import verify
from servicetray.core import clock
from servicetray.core.access import Permission
from servicetray.core.db import db, transaction
from servicetray.core.outbox import OutboxMessage
from tests.client import Client
from tests.factories import people
from tests.figures import Figure
from tests.referrals import scenes
from tests.referrals.scenes import Scene, scene

pytestmark = pytest.mark.usefixtures("database")
COUNTY = Reach(county=True, municipalities=frozenset())
KOUVOLA = Reach(county=False, municipalities=frozenset({"286"}))
EVERYTHING = Reach(county=True, municipalities=frozenset({"286"}))
NewClient = Callable[[], Client]


def county_officer() -> User:
    """Make the county's data protection officer."""
    office = people.unit(UnitKind.OFFICE, name="Tietosuoja")
    with transaction() as session:
        session.get_one(type(office), office.id).municipality_code = None
    return people.user(Role.DATA_PROTECTION_OFFICER, units=[office], name="Tapio Suoja")


def town_officer(code: str = "286") -> User:
    """Make a municipality's data protection officer."""
    people.municipality(code, f"Kunta {code}")
    office = people.unit(UnitKind.OFFICE, name="Kunnan tietosuoja", municipality_code=code)
    return people.user(Role.DATA_PROTECTION_OFFICER, units=[office], name="Kaisa Kunta")


def about(referral_id: uuid.UUID) -> list[AuditRow]:
    """Return every row of the log about a client, found the slow way."""
    key = subject_key(referral_id)
    rows = db.session.scalars(select(AuditRow).order_by(AuditRow.at, AuditRow.id)).all()
    return [row for row in rows if row.subject_key == key or key in subjects_in(row)]


def reported(referral_id: uuid.UUID, reach: Reach, since: dt.datetime | None = None) -> list[int]:
    """Return the ids of the rows of a report."""
    found = queries.referrals_within([referral_id], reach=reach)
    return [row.id for row in queries.log_of(found, reach=reach, since=since)]


def lived(client: Callable[[], Client]) -> Scene:
    """Let a client be sent, seen in lists, counselled and closed; another one lives beside them."""
    now = clock.now() - dt.timedelta(days=3)
    it = scene("active", now=now)
    scene("sent", now=now, code="285")
    people.sign_in(client(), it.sender).read("/lahetteet")
    adviser = people.sign_in_by_pages(client(), it.adviser)
    adviser.read("/saapuneet")
    adviser.read(f"/asiakkuudet/{it.case_id}")
    actor_id = it.adviser.id
    with transaction():
        actor = scenes.user(actor_id)
        handover.close(
            it.case(), outcome=Outcome.COMPLETED, who=Who.ADVISER, actor=actor, now=now + scenes.DAY
        )
    return it


# ---------------------------------------------------------------------------------------- the report


def test_report_of_a_whole_life_equals_the_log(new_client: NewClient):
    """Rows about the client alone and lists that showed them, none twice and none of another's."""
    it = lived(new_client)
    rows = about(it.referral_id)
    assert {Action.REFERRAL_SENT, Action.INBOX_LISTED, Action.REFERRAL_LISTED, Action.CASE_VIEWED} <= {
        row.action for row in rows
    }
    assert reported(it.referral_id, EVERYTHING) == [row.id for row in rows]


def test_each_controllers_officer_gets_their_own_part(new_client: NewClient):
    """The county none of the municipality's record; the municipality none of the county's; together all."""
    it = lived(new_client)
    rows = {row.id: row for row in about(it.referral_id)}
    county, town = reported(it.referral_id, COUNTY), reported(it.referral_id, KOUVOLA)
    assert set(county) | set(town) == set(rows)
    assert {rows[each].object_type for each in county} == {"referral", "inbox", "list"}
    assert Action.REFERRAL_SENT not in {rows[each].action for each in town}
    assert {"case", "inbox"} <= {rows[each].object_type for each in town}


def test_report_works_after_the_content_is_erased(now: dt.datetime):
    """The key is made from the referral's id, which stays."""
    it = scene("sent", now=now)
    scenes.withdrawn(it, who=Who.SENDER, now=now)
    before = reported(it.referral_id, COUNTY)
    with transaction():
        erase_some(now=now + dt.timedelta(days=8), limit=10)
    assert it.referral().sealed is None
    assert reported(it.referral_id, COUNTY)[: len(before)] == before
    assert len(reported(it.referral_id, COUNTY)) > len(before)


def test_two_years_unless_there_is_a_reason():
    """From the start of the day two years ago; on 29 February from the 28th."""
    assert report.starts_at(dt.datetime(2026, 3, 10, 9, tzinfo=dt.UTC)) == clock.day_start(
        dt.date(2024, 3, 10)
    )
    assert report.starts_at(dt.datetime(2028, 2, 29, 9, tzinfo=dt.UTC)) == clock.day_start(
        dt.date(2026, 2, 28)
    )


def test_every_action_has_words_and_a_purpose():
    assert set(ACTIONS) == set(Action)
    assert {why(action) for action in Action} == set(Why)


# ----------------------------------------------------------------------------------------- the pages


def test_officer_finds_the_client_by_name_and_prints_the_report(new_client: NewClient):
    """Exact names and year; the look-up itself is in the report afterwards."""
    it = lived(new_client)
    officer = people.sign_in(new_client(), county_officer())
    start = officer.read("/en/tietosuoja/lokiraportti").form("Find the person")
    nobody = officer.send(start, first_name="Veikko", last_name="Tiaine", birth_year="1948")
    assert "Nobody was found" in nobody.text
    found = officer.send(
        start,
        first_name=" veikko",
        last_name="TIAINEN",
        birth_year="1948",
    )
    assert len(found.table("Referrals of this client")) == 2
    page = officer.read(found.link(it.referral().reference))
    rows = page.table("Oldest first")
    assert len(rows) == len(reported(it.referral_id, COUNTY)) > 5
    assert "Looked the client up" in [row["What was done"] for row in rows]
    assert "Tapio Suoja" in " ".join(row["Who"] for row in rows)
    assert "Laura Lähettäjä" in " ".join(row["Who"] for row in page.table("Who has met the data"))
    both = officer.read(found.link("One report of all of them"))
    assert len(both.table("Oldest first")) > len(rows)
    answer = officer.get(page.link("As a CSV file"))
    lines = list(csv.reader(io.StringIO(answer.get_data(as_text=True)), delimiter=";"))
    assert len(lines) - 1 == len(reported(it.referral_id, COUNTY))


def test_formula_in_a_name_is_no_formula_in_the_file(now: dt.datetime):
    entry = report.Entry(
        id=1, at=now, who="=1+1", unit="@x", what="+", to_whom="-1", why="ok", about="", in_list=False
    )
    (line,) = list(csv.reader(io.StringIO(report.as_csv([entry])), delimiter=";"))[1:]
    assert line[1:] == ["'=1+1", "'@x", "'+", "'-1", "ok"]


def test_municipal_officer_finds_own_clients_by_reference_alone(new_client: NewClient):
    """Another municipality's officer finds nobody, and there is no look-up by name."""
    it = lived(new_client)
    reference = it.referral().reference
    for code, number in (("286", 1), ("285", 0)):
        officer = people.sign_in(new_client(), town_officer(code))
        start = officer.read("/en/tietosuoja/lokiraportti")
        assert "By name and birth year" not in start.headings(2)
        page = officer.send(start.form("Find the referral"), reference=reference.lower())
        assert page.text.count(reference) == number
        officer.read(f"/tietosuoja/lokiraportti/tulos?lahete={it.referral_id}", status=200 if number else 404)
        token = start.form("Find the referral").fields["csrf_token"]
        person = {"first_name": "V", "last_name": "T", "birth_year": "1948", "csrf_token": token}
        assert officer.post("/en/tietosuoja/lokiraportti/henkilo", data=person).status_code == 404


def test_bad_look_ups_are_asked_again(new_client: NewClient):
    officer = people.sign_in(new_client(), county_officer())
    start = officer.read("/en/tietosuoja/lokiraportti")
    page = officer.send(start.form("Find the referral"), status=422, reference="")
    assert page.errors == {"reference": "Write the reference, such as LIK-4F7K2M."}
    page = officer.send(
        start.form("Find the person"), status=422, first_name="A", last_name="B", birth_year="48"
    )
    assert set(page.errors) == {"birth_year"}


@pytest.mark.parametrize("path", ["/tietosuoja/loki", "/tietosuoja/lokiraportti", "/tietosuoja/altistus"])
def test_pages_are_for_the_data_protection_officer_alone(new_client: NewClient, path: str):
    """Somebody with every other permission meets a 404; a stranger signs in first."""
    others = [role for role in Role if Permission.AUDIT_READ not in PERMISSIONS[role]]
    unit = people.unit()
    people.sign_in(visitor := new_client(), people.user(*others, units=[unit]))
    visitor.read(path, status=404)
    assert new_client().get(path).status_code == 303
    people.sign_in(officer := new_client(), county_officer())
    assert officer.read(path).h1


def test_log_is_paged_and_filtered(new_client: NewClient, now: dt.datetime):
    """Keyset pages without gap or overlap; each filter narrows."""
    it = lived(new_client)
    with transaction():
        for number in range(150):
            record(Action.SETUP_CHANGED, actor=None, object_type="kind", object_id=number, now=now)
    officer = people.sign_in(new_client(), county_officer())
    first = officer.read("/en/tietosuoja/loki")
    second = officer.read(first.link("Older rows"))
    assert len(first.table("Newest first")) == 100
    whole = log_page(Wanted(), part=COUNTY.part(), before=None, limit=1000)
    assert 100 < len(whole) <= 100 + len(second.table("Newest first"))
    some = officer.read(f"/en/tietosuoja/loki?teko=setup_changed&alku={now.date()}&loppu={now.date()}")
    assert {row["What was done"] for row in some.table("Newest first")} == {"The service was set up anew"}
    mine = officer.read(f"/en/tietosuoja/loki?tili={it.sender.email}")
    assert {row["Who"] for row in mine.table("Newest first")} == {"Laura Lähettäjä Testilän sote-asema"}
    theirs = officer.read(f"/en/tietosuoja/loki?viite={it.referral().reference}")
    assert "Sent the referral" in [row["What was done"] for row in theirs.table("Newest first")]
    officer.read("/en/tietosuoja/loki?tili=nobody@example.org", status=422)
    officer.read("/en/tietosuoja/loki?ennen=x", status=404)


def test_reach_follows_the_office(now: dt.datetime):
    assert reach_of(county_officer()) == COUNTY
    assert reach_of(town_officer()) == KOUVOLA
    assert reach_of(people.user(Role.ADVISER, units=[people.unit()])) == Reach(
        county=False, municipalities=frozenset()
    )


# ----------------------------------------------------------------------------------- what was seen


def test_everything_a_sign_in_saw(new_client: NewClient):
    """One of two sign-ins of an account; names only when asked for, and that is in the log."""
    it = lived(new_client)
    people.sign_in_by_pages(new_client(), it.adviser).read("/saapuneet")
    sessions = set(
        db.session.scalars(
            select(AuditRow.session_id).where(
                AuditRow.actor_id == it.adviser.id, AuditRow.action == Action.SIGNED_IN
            )
        )
    )
    assert None not in sessions
    assert len(sessions) == 2
    saw = {
        each: {seen.subject_key for seen in seen_in(Wanted(session_id=each), part=exposure.WHOLE)}
        for each in sessions
    }
    # The case was closed before the second one.
    assert sorted(len(keys) for keys in saw.values()) == [0, 1]
    officer = people.sign_in_by_pages(new_client(), county_officer())
    start = officer.read("/en/tietosuoja/altistus")
    plain = officer.send(start.form("Examine"), tili=it.adviser.email)
    assert "Tiainen" not in plain.text
    assert plain.table("Whose data were met")[0]["Referral"] == it.referral().reference
    named = officer.send(start.form("Examine"), tili=it.adviser.email, nimet="y")
    assert named.table("Whose data were met")[0]["Client"] == "Veikko Tiainen"
    told = db.session.scalars(
        select(AuditRow).where(AuditRow.action == Action.EXPOSURE_REPORTED).order_by(AuditRow.id)
    ).all()
    assert [row.detail["names"] for row in told] == ["no", "yes"]
    assert all(subject_key(it.referral_id) in subjects_in(row) for row in told)
    assert officer.get(plain.link("As a CSV file")).get_data(as_text=True).count(it.referral().reference) == 1
    officer.read("/en/tietosuoja/altistus?istunto=x", status=422)


def test_command_tells_the_same(app: Flask, now: dt.datetime):
    it = scene("active", now=now)
    run = app.test_cli_runner().invoke
    answer = run(args=["audit", "exposure", "--account", it.adviser.email, "--from", "2026-03-10"])
    assert answer.exit_code == 0
    assert answer.output.startswith(f"{it.referral().reference}\t{subject_key(it.referral_id)}\t2026-03-10T")
    assert "0 clients" in run(args=["audit", "exposure", "--session", str(uuid.uuid4())]).output
    assert run(args=["audit", "exposure"]).exit_code == 1


def test_breach_drill(now: dt.datetime, long: bool, figure: Figure):
    """Whose data did this account see: the answer over a large log."""
    number, clients = (200_000, 5_000) if long else (4_000, 200)
    it = scene("sent", now=now)
    keys = [subject_key(it.referral_id), *(subject_key(uuid.uuid4()) for _ in range(clients - 1))]
    others = [uuid.uuid4() for _ in range(9)]
    with transaction() as session:
        base = session.query(AuditRow.id).count() + 1_000_000
        session.execute(
            insert(AuditRow),
            [
                {
                    "id": base + at,
                    "at": now + dt.timedelta(seconds=at),
                    "action": Action.CASE_VIEWED,
                    "actor_id": it.adviser.id if at % 10 == 0 else others[at % 9],
                    "actor_unit_id": None,
                    "object_type": "referral",
                    "object_id": "",
                    "subject_key": keys[(at // 10) % clients],
                    "detail": {},
                    "request_id": "",
                    "session_id": None,
                }
                for at in range(number)
            ],
        )
    began = time.perf_counter()
    rows = exposure.exposure(Wanted(actor_id=it.adviser.id), part=exposure.WHOLE)
    seconds = time.perf_counter() - began
    assert len(rows) == min(clients, number // 10)
    assert [row.reference for row in rows].count(it.referral().reference) == 1
    figure("rows of the log", number, "rows")
    figure("clients named", len(rows), "clients")
    figure("whose data this account saw", f"{seconds:.2f}", "s")
    assert seconds < 30


def test_account_that_sees_very_many_is_reported_once_an_hour(app: Flask, now: dt.datetime):
    """To the officers, without names; the limit itself is still allowed."""
    officer, curious = (
        county_officer(),
        people.user(Role.ADVISER, units=[people.unit()], name="Uteli Utelias"),
    )
    limit = app.extensions["servicetray.settings"].view_alert_per_hour
    actor_id, address = curious.id, officer.email
    with transaction():
        actor = scenes.user(actor_id)
        for _ in range(limit):
            record(
                Action.REFERRAL_VIEWED,
                actor=actor,
                object_type="referral",
                object_id="",
                subject=subject_key(uuid.uuid4()),
                now=now,
            )
    later = now + dt.timedelta(minutes=5)
    assert alerts.watch(later) == 0
    with transaction():
        actor = scenes.user(actor_id)
        keys = {"subjects": " ".join(subject_key(uuid.uuid4()) for _ in range(3))}
        record(Action.INBOX_LISTED, actor=actor, object_type="inbox", object_id="", now=now, detail=keys)
    assert [alerts.watch(later), alerts.watch(later)] == [1, 0]
    (message,) = db.session.scalars(select(OutboxMessage)).all()
    assert (message.address, message.context["clients"]) == (address, str(limit + 3))
    assert "Utel" not in str(message.context)


def test_side_table_is_what_the_rows_say(new_client: NewClient, now: dt.datetime):
    """Whoever takes an entry out, so that a list is missing in a report, is found."""
    lived(new_client)
    with transaction():
        made = seal(now=clock.now() + dt.timedelta(minutes=2))
        assert made is not None
    listed = {(row.id, key) for row in db.session.scalars(select(AuditRow)) for key in subjects_in(row)}
    stored = {
        (row.row_id, row.subject_key)
        for row in db.session.execute(select(AuditRowSubject.row_id, AuditRowSubject.subject_key))
    }
    assert stored == listed != set()
    assert verify(anchor=None).findings == ()
