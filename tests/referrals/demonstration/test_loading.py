"""Loading the demonstration: exact, once, and a day later one day more."""

import datetime as dt
import io
from collections import Counter

import openpyxl
import pypdf
import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from referrals import seed
from referrals.county import queries as county
from referrals.county.models import Referral, ReferralHistory
from referrals.demonstration import loading, planning
from referrals.demonstration.people import PEOPLE
from referrals.moves import CaseStatus, MoveCode, ReferralStatus
from referrals.municipality import operations as municipality
from referrals.municipality.models import Case
from referrals.statistics import queries as statistics
from referrals.statistics.monthly import freeze
from referrals.statistics.publication.operations import catch_up
from servicetray.accounts import operations
from servicetray.accounts import queries as accounts
from servicetray.core.clock import HELSINKI
from servicetray.core.db import db, transaction
from servicetray.core.periods import Month, Period
from tests import database as databases
from tests.client import Client
from tests.factories import people

FIRST = dt.date(2026, 2, 2)
NOON = dt.datetime(2026, 2, 26, 12, 0, tzinfo=HELSINKI).astimezone(dt.UTC)
FEBRUARY = Period(dt.date(2026, 2, 1), dt.date(2026, 2, 28))
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def ground(database, monkeypatch):
    """What an installation has before the demonstration comes."""
    for code in ("286", "285", "075", "624", "935", "489"):
        people.municipality(code, f"Kunta {code}")
    seed.load()
    # A slow hash keeps passwords safe, and nineteen of them every test slow.
    monkeypatch.setattr(operations, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def short(monkeypatch):
    """Let the demonstration begin only weeks ago."""
    monkeypatch.setattr(loading, "START", FIRST)


def load(now: dt.datetime) -> list[str]:
    """Load the demonstration; return what it said."""
    said: list[str] = []
    loading.load(now=now, say=said.append)
    db.session.expire_all()
    return said


def count_of(model: type) -> int:
    """Return how many rows there are."""
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.usefixtures("short")
def test_the_first_weeks_can_be_read_and_worked_on():
    said = load(NOON)
    assert any(line.startswith("Referrals:") for line in said)
    rows = db.session.scalars(select(Referral).order_by(Referral.sent_at)).all()
    statuses = Counter(row.status for row in rows)
    assert statuses[ReferralStatus.SENT] >= 2 * len(planning.open_windows(NOON.date()))
    assert statuses[ReferralStatus.ACCEPTED] > 0
    for row in rows:
        content = county.content_of(row)
        assert content.name
        assert content.birth_year <= 2026
        moves = db.session.scalars(
            select(ReferralHistory).where(ReferralHistory.referral_id == row.id).order_by(ReferralHistory.id)
        ).all()
        # What another municipality took over begins there.
        assert moves[0].move in {MoveCode.R1, MoveCode.R13}
        assert moves[-1].to_status is row.status
    for case in db.session.scalars(select(Case)):
        copied = municipality.content_of(case)
        assert copied is not None
        assert copied.name


@pytest.mark.usefixtures("short")
def test_every_inbox_has_a_new_a_late_a_tried_and_an_agreed_one():
    load(NOON)
    today = NOON.date()
    for window in planning.open_windows(today):
        waiting = db.session.scalars(
            select(Referral).where(Referral.catchment_id == window.id, Referral.status == ReferralStatus.SENT)
        ).all()
        assert any(row.claim_due_on < today for row in waiting)
        assert any(row.claim_due_on >= today for row in waiting)
        statuses = set(db.session.scalars(select(Case.status).where(Case.catchment_id == window.id)))
        assert {CaseStatus.CONTACTING, CaseStatus.SCHEDULED} <= statuses


@pytest.mark.usefixtures("short")
def test_a_second_time_adds_nothing_and_the_next_day_only_that_day():
    load(NOON)
    before = {row.id: row.status for row in db.session.scalars(select(Referral))}
    load(NOON)
    assert {row.id: row.status for row in db.session.scalars(select(Referral))} == before
    for _ in range(3):
        load(NOON + 3 * DAY)
    after = db.session.scalars(select(Referral)).all()
    added = [row for row in after if row.id not in before]
    assert added
    assert all(row.sent_at.date() >= NOON.date() for row in added)
    assert len(after) == len(before) + len(added)


@pytest.mark.usefixtures("short")
def test_a_frozen_month_is_not_added_to():
    load(NOON)
    later = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)
    with transaction():
        freeze(Month(2026, 2), now=later)
    before = statistics.figures(FEBRUARY, kind="exercise").total
    load(later)
    assert statistics.figures(FEBRUARY, kind="exercise").total == before
    assert statistics.figures(Period(dt.date(2026, 3, 1), dt.date(2026, 3, 3)), kind="exercise").total > 0
    with transaction():
        freeze(Month(2026, 3), now=dt.datetime(2026, 4, 2, tzinfo=dt.UTC))


@pytest.mark.usefixtures("short")
def test_each_role_has_an_account():
    load(NOON)
    for person in PEOPLE:
        account = accounts.user_by_email(person.email)
        assert account is not None
        assert {grant.role for grant in account.grants} == {role for role, _ in person.grants}


# The same rows on the other engine would take as long again and tell nothing new.
@pytest.mark.parametrize("engine_name", [databases.SQLITE], indirect=True)
def test_the_published_counts_come_out_of_single_referrals(client: Client, figure):
    """The demonstration's referrals to the end of 2024 are exactly those of the published counts, in every format."""
    now = dt.datetime(2025, 1, 2, 9, 0, tzinfo=dt.UTC)
    load(now)
    exercise = Period(dt.date(2023, 9, 1), dt.date(2024, 12, 31))
    culture = Period(dt.date(2024, 4, 2), dt.date(2024, 12, 31))
    totals = (
        statistics.figures(exercise, kind="exercise").total,
        statistics.figures(culture, kind="culture").total,
    )
    figure("exercise and culture referrals", totals)
    for month in exercise.months:
        with transaction():
            freeze(month, now=now)
            catch_up(now=now, threshold=5)
    assert totals == (937, 59)
    files = {form: client.get(f"/tilastot/2024/vuodet.{form}") for form in ("csv", "xlsx", "json", "pdf")}
    assert (
        client.read("/tilastot/2024").table("Lähetetyt lähetteet vuosittain")[-1]["Liikuntalähete"] == "937"
    )
    assert "Yhteensä;937;59;996" in files["csv"].get_data(as_text=True)
    sheet = openpyxl.load_workbook(io.BytesIO(files["xlsx"].data)).worksheets[0]
    assert list(sheet.iter_rows(values_only=True))[-1] == ("Yhteensä", 937, 59, 996)
    assert files["json"].get_json()["value"][-3:] == [937, 59, 996]
    pages = pypdf.PdfReader(io.BytesIO(files["pdf"].data)).pages
    assert "Yhteensä 937 59 996" in pages[0].extract_text()
