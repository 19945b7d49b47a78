"""The list of work: each row once, every count what its list shows, and nothing lost while rows move."""

import datetime as dt
import itertools
import random
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from referrals.client import messages
from referrals.client.models import MessageKind
from referrals.county.models import Referral
from referrals.moves import CaseStatus, Priority
from referrals.municipality.inbox.finished import FinishedPlace, finished_of
from referrals.municipality.inbox.queries import inbox_of
from referrals.municipality.inbox.scope import Scope, scope_of
from referrals.municipality.models import Case
from referrals.worklist import Asked, Cursor, Flag, Place, Segment, Tab
from servicetray.accounts.models import UnitKind, User
from servicetray.accounts.permissions import Role
from servicetray.core import clock, crypto
from servicetray.core.db import db, transaction
from tests.factories import people
from tests.factories.referrals import catchment, professional, sent
from tests.referrals.municipality.test_inbox import taken

DAY = dt.timedelta(days=1)
places = st.builds(
    Place,
    st.integers(0, 3),
    st.integers(0, 1),
    st.dates(),
    st.integers(0, 2),
    st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2200, 1, 1), timezones=st.just(dt.UTC)),  # noqa: DTZ001 - hypothesis puts the zone in
    st.uuids(),
)
asked = st.builds(
    Asked,
    tab=st.sampled_from(Tab),
    municipality_code=st.sampled_from([None, "286", "285"]),
    kind_code=st.sampled_from([None, "exercise", "culture"]),
    flags=st.frozensets(st.sampled_from(Flag), max_size=2),
)


@given(places)
def test_a_place_comes_back_from_its_address(place):
    assert Place.parse(str(place)) == place


@given(st.text())
def test_what_is_no_place_is_none(text):
    place = Place.parse(text)
    assert place is None or str(place) == text


@pytest.fixture
def crowd(database, day, office, now) -> Scope:
    """An adviser of two catchments among many rows of every sort."""
    chance = random.Random(18)
    people.municipality("285", "Kotka")
    other_unit = people.unit(UnitKind.COUNSELLING, municipality_code="285")
    other = catchment(other_unit, municipality_code="285", kind_code="culture")
    reader = people.user(Role.ADVISER, units=[office.unit, other_unit], name="Rita Lukija")
    colleague = people.user(Role.ADVISER, units=[office.unit, other_unit], name="Kalle Kollega")
    sender = professional()
    for number in range(36):
        row = sent(
            chance.choice([office.place, other]),
            now=now - chance.randrange(20) * DAY,
            sender=sender,
            last_name=f"Asiakas{number}",
            priority=chance.choice([Priority.NORMAL, Priority.NORMAL, Priority.SOON]),
        )
        _stir(row.id, chance, reader=reader, colleague=colleague, now=now)
    return scope_of(db.session.get_one(User, reader.id))


def _stir(referral_id, chance, *, reader, colleague, now) -> None:
    if chance.random() < 0.6:
        case_id = taken(
            db.session.get_one(Referral, referral_id), chance.choice([reader, colleague]), now=now
        )
        with transaction():
            case = db.session.get_one(Case, case_id)
            case.status = chance.choice(
                [CaseStatus.CONTACTING, CaseStatus.WAITING, CaseStatus.SCHEDULED, CaseStatus.ACTIVE]
            )
            case.due_on = chance.choice(
                [None, *(clock.helsinki_day(now) + each * DAY for each in (-3, -1, 0, 4))]
            )
            case.review_on = case.due_on if case.status is CaseStatus.WAITING else None
            case.stop_requested_at = chance.choice([None, None, now])
            case.appointment_at = now + DAY if case.status is CaseStatus.SCHEDULED else None
            controller = crypto.municipality_controller(case.municipality_code)
            if chance.random() < 0.3:
                messages.keep(
                    referral_id, MessageKind.CALL_AGAIN, messages.Said(), controller=controller, now=now
                )
    elif chance.random() < 0.3:
        with transaction():
            messages.keep(
                referral_id, MessageKind.CALL_AGAIN, messages.Said(), controller=crypto.COUNTY, now=now
            )


def walked(scope, wanted, *, now, limit):
    """Return the pages of a list from the first to the last."""
    pages, cursor = [], None
    while True:
        page = inbox_of(scope, asked=wanted, cursor=cursor, now=now, limit=limit)
        pages.append(page)
        if page.after is None:
            return pages
        cursor = Cursor(place=page.after)


def test_every_row_comes_once_and_every_count_is_what_its_list_shows(crowd, now):
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(wanted=asked, limit=st.integers(1, 9))
    def holds(wanted, limit) -> None:
        pages = walked(crowd, wanted, now=now, limit=limit)
        rows = [row for page in pages for row in page.rows]
        assert len({row.id for row in rows}) == len(rows) == wanted.counted(pages[0].piles)
        for row in rows:
            assert wanted.flags <= row.flags
            assert wanted.kind_code in {None, row.kind_code}
        segments = [part.segment for page in pages for part in page.parts]
        assert segments == sorted(segments)
        for segment in Segment:
            said = {part.count for page in pages for part in page.parts if part.segment is segment}
            shown = sum(len(part.rows) for page in pages for part in page.parts if part.segment is segment)
            assert said in ({shown}, set())
        for earlier, later in itertools.pairwise(pages):
            back = inbox_of(
                crowd,
                asked=wanted,
                cursor=Cursor(place=later.before, backwards=True),
                now=now,
                limit=limit,
            )
            assert [row.id for row in back.rows] == [row.id for row in earlier.rows]

    holds()


def test_late_ones_first_then_what_was_asked_for_soon_then_by_day(crowd, now):
    rows = [row for page in walked(crowd, Asked(), now=now, limit=50) for row in page.rows]
    late = [row.late for row in rows]
    assert late == sorted(late, reverse=True)
    days = [(Flag.SOON not in row.flags, row.due_on or dt.date.max) for row in rows if row.late]
    assert days == sorted(days)


def test_rows_that_go_meanwhile_take_no_other_row_along(crowd, now):
    wanted = Asked(tab=Tab.FREE)
    first = inbox_of(crowd, asked=wanted, cursor=None, now=now, limit=4)
    whole = [row.id for page in walked(crowd, wanted, now=now, limit=50) for row in page.rows]
    taken(
        db.session.get_one(Referral, first.rows[-1].id),
        db.session.get_one(User, crowd.user_id),
        now=now,
    )
    assert first.after is not None
    second = inbox_of(crowd, asked=wanted, cursor=Cursor(place=first.after), now=now, limit=4)
    assert [row.id for row in second.rows] == whole[4:8]


def test_no_more_is_unsealed_than_is_shown(crowd, now, monkeypatch):
    opened: list[str] = []
    unseal = crypto.unseal

    def noted(controller: str, sealed: bytes, context: str) -> bytes:
        opened.append(context)
        return unseal(controller, sealed, context)

    monkeypatch.setattr(crypto, "unseal", noted)
    page = inbox_of(crowd, asked=Asked(), cursor=None, now=now, limit=5)
    assert len(page.rows) == 5
    assert len(opened) <= 5


def test_the_finished_come_page_by_page(crowd, now):
    with transaction():
        cases = db.session.scalars(select(Case).order_by(Case.id)).all()
        for number, case in enumerate(cases):
            case.status, case.closed_at = CaseStatus.CLOSED, now - (number // 2) * DAY
    everything = [row.id for row in finished_of(crowd, limit=50).rows]
    pages: list[uuid.UUID] = []
    after: FinishedPlace | None = None
    while True:
        page = finished_of(crowd, after=after, limit=4)
        pages.extend(row.id for row in page.rows)
        if page.more is None:
            break
        assert FinishedPlace.parse(str(page.more)) == page.more
        after = page.more
    assert pages == everything
    assert len(pages) == len(cases)
