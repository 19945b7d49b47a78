"""What the inbox shows: one page of what waits and of open cases, and every count beside it."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from sqlalchemy import and_, bindparam, case, func, select

from referrals.call_times import queries as call_times
from referrals.call_times.queries import BookedTime
from referrals.client import messages as client_messages
from referrals.county.content import ReferralContent
from referrals.county.disclosed import (
    Signs,
    WaitingReferral,
    waiting_piles,
    waiting_places,
    waiting_rows,
    waiting_source,
)
from referrals.moves import OPEN_CASE, CaseStatus, ContactChannel, Priority
from referrals.municipality.content import CaseContent
from referrals.municipality.inbox.scope import Scope
from referrals.municipality.models import Attempt, Case, MeetingForm
from referrals.municipality.operations import MISSED, content_of
from referrals.questions import queries as questions
from referrals.worklist import LAST_DAY, Asked, Cursor, Flag, Pile, Place, Segment, Source, Tab
from servicetray.accounts import queries as accounts
from servicetray.core import clock, crypto
from servicetray.core.db import db

ROWS = 50
"""Rows of a page: no more are unsealed for it."""
OPEN_ORDER = [status for status in CaseStatus if status in OPEN_CASE]
"""In the order of the index of open cases: the database compares its words."""
_TABS = {Segment.FREE: Tab.FREE, Segment.MINE: Tab.MINE, Segment.OTHERS: Tab.OTHERS}


@dataclass(frozen=True, kw_only=True)
class Client:
    """What a list shows of a client."""

    name: str
    birth_year: int
    phone: str
    reasons: tuple[str, ...]
    best_time: str
    language: str
    interpreter: str
    channels: tuple[ContactChannel, ...]


@dataclass(frozen=True, kw_only=True)
class InboxRow:
    """A referral that waits, or an open case."""

    id: uuid.UUID
    """Of the case, or of the referral while there is none."""
    referral_id: uuid.UUID
    kind_code: str
    municipality_code: str
    priority: Priority
    sent_at: dt.datetime
    due_on: dt.date | None
    flags: frozenset[Flag]
    protected: bool
    practice: bool
    client: Client | None
    """None where the client is protected and the reader is not the handler, or the content is erased."""
    status: CaseStatus | None = None
    """None while it waits to be accepted."""
    mine: bool = False
    handler: str = ""
    tries: int = 0
    last_try: dt.datetime | None = None
    appointment_at: dt.datetime | None = None
    appointment_form: MeetingForm | None = None
    review_on: dt.date | None = None

    @property
    def late(self) -> bool:
        """Whether its target day has passed."""
        return Flag.LATE in self.flags

    @property
    def waits(self) -> bool:
        """Whether nobody has taken it yet."""
        return self.status is None


@dataclass(frozen=True, kw_only=True)
class Part:
    """Rows of one segment on this page, and how many the segment has in all."""

    segment: Segment
    rows: tuple[InboxRow, ...]
    count: int


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """One page of one person's inbox, and what its counts are made of."""

    parts: tuple[Part, ...]
    piles: tuple[Pile, ...]
    asked: Asked
    before: Place | None
    """The first place of the page, where there is a page before it."""
    after: Place | None
    """The last place of the page, where there is a page after it."""

    @property
    def rows(self) -> tuple[InboxRow, ...]:
        """What the page shows, in its order."""
        return tuple(row for part in self.parts for row in part.rows)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Both records as one person's list asks about them; made once for all questions of a page."""

    waiting: Source
    under_way: Source


def inbox_of(
    scope: Scope, *, asked: Asked, cursor: Cursor | None, now: dt.datetime, limit: int = ROWS
) -> Inbox:
    """Return one page of a person's inbox, late rows first, and every count.

    A page that would begin before the first row is the first page.
    """
    desk = _desk(scope, now=now)
    places = _places(desk, asked=asked, cursor=cursor, limit=limit)
    if cursor is not None and cursor.backwards:
        if len(places) <= limit:
            return inbox_of(scope, asked=asked, cursor=None, now=now, limit=limit)
        before, after = True, True
        shown = places[:limit][::-1]
    else:
        before, after = cursor is not None, len(places) > limit
        shown = places[:limit]
    rows = _rows(scope, desk, shown)
    piles = _piles(desk)
    return Inbox(
        parts=_parts(shown, rows, asked=asked, piles=piles),
        piles=piles,
        asked=asked,
        before=shown[0] if before and shown else None,
        after=shown[-1] if after and shown else None,
    )


def piles_of(scope: Scope, *, now: dt.datetime) -> tuple[Pile, ...]:
    """Return a person's whole work in piles: every count of the inbox is a sum of some."""
    return _piles(_desk(scope, now=now))


def _piles(desk: Desk) -> tuple[Pile, ...]:
    under_way = desk.under_way
    return (
        *waiting_piles(desk.waiting),
        *under_way.read(db.session.execute(under_way.piles()).all()),
    )


def _desk(scope: Scope, *, now: dt.datetime) -> Desk:
    today = clock.helsinki_day(now)
    return Desk(
        waiting=waiting_source(scope.catchment_ids, today=today, signs=_signs(now), practice=scope.practice),
        under_way=_cases(scope, today=today, now=now),
    )


def _signs(now: dt.datetime) -> Signs:
    """Return what other records say of a referral that waits; the county's own copy of messages is asked."""
    return {
        Flag.WRITTEN: client_messages.has_unhandled,
        Flag.QUESTION: questions.has_open,
        Flag.BOOKED: partial(call_times.has_coming, now=now),
        Flag.TODAY: partial(call_times.has_on, day=clock.helsinki_day(now)),
    }


def _cases(scope: Scope, *, today: dt.date, now: dt.datetime) -> Source:
    late = func.coalesce(Case.due_on, LAST_DAY) < today
    mine = and_(Case.handler_id.is_not(None), Case.handler_id == scope.user_id)
    soon = and_(Case.priority == Priority.SOON, Case.first_contact_at.is_(None))
    begins, ends = clock.day_start(today), clock.day_start(today + dt.timedelta(days=1))
    met_today = and_(
        mine,
        Case.appointment_at.is_not(None),
        Case.appointment_at >= begins,
        Case.appointment_at < ends,
    )
    return Source(
        rows=Case.__table__,
        base=(
            Case.catchment_id.in_(scope.catchment_ids),
            # Written into the statement, so that the database may use the index of open cases.
            Case.status.in_(bindparam("open_statuses", OPEN_ORDER, expanding=True, literal_execute=True)),
            Case.withdrawn_at.is_(None),
            Case.practice.is_(scope.practice),
        ),
        place=(
            case(
                (late, int(Segment.LATE)),
                (met_today, int(Segment.TODAY)),
                (mine, int(Segment.MINE)),
                else_=int(Segment.OTHERS),
            ),
            case((soon, 0), else_=1),
            func.coalesce(Case.due_on, LAST_DAY),
            case((Case.status == CaseStatus.CONTACTING, 0), (Case.status == CaseStatus.ACTIVE, 2), else_=1),
            # Those of today stand by the clock, unless one of them is in a hurry.
            case((met_today, Case.appointment_at), else_=Case.sent_at),
            Case.id,
        ),
        tab=case((mine, Tab.MINE.value), else_=Tab.OTHERS.value),
        municipality_code=Case.municipality_code,
        kind_code=Case.kind_code,
        language_code=Case.language_code,
        signs={
            Flag.LATE: late,
            Flag.SOON: soon,
            Flag.REVIEW: and_(Case.review_on.is_not(None), Case.review_on <= today),
            Flag.WRITTEN: client_messages.has_unhandled(
                Case.referral_id, municipality_code=Case.municipality_code
            ),
            Flag.STOP: Case.stop_requested_at.is_not(None),
            Flag.QUESTION: questions.has_open(Case.referral_id),
            Flag.BOOKED: and_(Case.appointment_at.is_not(None), Case.appointment_at > now),
            Flag.TODAY: met_today,
        },
    )


def _places(desk: Desk, *, asked: Asked, cursor: Cursor | None, limit: int) -> list[Place]:
    """Return the places of a page and one more, nearest to the cursor first, of both records together."""
    waiting = (
        waiting_places(desk.waiting, asked=asked, cursor=cursor, limit=limit + 1)
        if asked.tab in {Tab.ALL, Tab.FREE}
        else ()
    )
    under_way = (
        [
            Place(*row)
            for row in db.session.execute(desk.under_way.places(asked, cursor=cursor, limit=limit + 1)).all()
        ]
        if asked.tab is not Tab.FREE
        else ()
    )
    return sorted((*waiting, *under_way), reverse=cursor is not None and cursor.backwards)[: limit + 1]


def _rows(scope: Scope, desk: Desk, places: Sequence[Place]) -> dict[uuid.UUID, InboxRow]:
    """Return the rows of these places by id; no more is unsealed than is shown."""
    source = desk.under_way
    ids = [place.id for place in places]
    keys = crypto.keys_at_hand({crypto.COUNTY, *map(crypto.municipality_controller, scope.municipalities)})
    waiting = waiting_rows(desk.waiting, referral_ids=ids)
    booked = call_times.booked_times(tuple(waiting))
    tried = (Attempt.case_id == Case.id, Attempt.result.not_in(MISSED))
    cases = db.session.execute(
        select(
            Case,
            *(sign.label(flag.name) for flag, sign in source.signs.items()),
            select(func.count(Attempt.id)).where(*tried).correlate(Case).scalar_subquery().label("tries"),
            select(func.max(Attempt.at)).where(*tried).correlate(Case).scalar_subquery().label("last_try"),
        )
        .where(*source.base, Case.id.in_([key for key in ids if key not in waiting]))
        .order_by(Case.id)
    ).all()
    names = accounts.names_of(row.Case.handler_id for row in cases if row.Case.handler_id != scope.user_id)
    found = {row.id: _waiting_row(row, flags, booked=booked.get(row.id)) for row, flags in waiting.values()}
    for row in cases:
        flags = frozenset(flag for flag in source.signs if getattr(row, flag.name))
        found[row.Case.id] = _case_row(
            row.Case, flags, tries=row.tries, last_try=row.last_try, scope=scope, names=names
        )
    del keys
    return found


def _parts(
    places: Sequence[Place],
    rows: Mapping[uuid.UUID, InboxRow],
    *,
    asked: Asked,
    piles: Sequence[Pile],
) -> tuple[Part, ...]:
    parts = []
    for segment, group in groupby(places, key=lambda place: Segment(place.segment)):
        # A row that went between two statements is simply not there any more.
        shown = tuple(rows[place.id] for place in group if place.id in rows)
        if segment is Segment.LATE:
            count = replace(asked, flags=asked.flags | {Flag.LATE}).counted(piles)
        elif segment is Segment.TODAY:
            today = replace(asked, flags=asked.flags | {Flag.TODAY})
            count = today.counted(piles, without=frozenset({Flag.LATE}))
        else:
            part = replace(asked, tab=_TABS[segment])
            count = part.counted(piles, without=frozenset({Flag.LATE, Flag.TODAY}))
        if shown:
            parts.append(Part(segment=segment, rows=shown, count=count))
    return tuple(parts)


def _waiting_row(row: WaitingReferral, flags: frozenset[Flag], *, booked: BookedTime | None) -> InboxRow:
    content = row.content
    timed = bool(flags & {Flag.BOOKED, Flag.TODAY})
    return InboxRow(
        id=row.id,
        referral_id=row.id,
        kind_code=row.kind_code,
        municipality_code=row.municipality_code,
        priority=row.priority,
        sent_at=row.sent_at,
        due_on=row.claim_due_on,
        flags=flags,
        protected=row.protected,
        practice=row.practice,
        client=_client(content, row.channels) if content else None,
        appointment_at=booked.starts_at if booked and timed else None,
        appointment_form=booked.form if booked and timed else None,
    )


def _case_row(
    row: Case,
    flags: frozenset[Flag],
    *,
    tries: int,
    last_try: dt.datetime | None,
    scope: Scope,
    names: Mapping[uuid.UUID, str],
) -> InboxRow:
    content = None if is_closed_to(row, scope) else content_of(row)
    return InboxRow(
        id=row.id,
        referral_id=row.referral_id,
        kind_code=row.kind_code,
        municipality_code=row.municipality_code,
        priority=row.priority,
        sent_at=row.sent_at,
        due_on=row.due_on,
        flags=flags,
        protected=row.protected,
        practice=row.practice,
        client=_client(content, content.channels) if content else None,
        status=row.status,
        mine=row.handler_id == scope.user_id,
        handler=names.get(row.handler_id, "") if row.handler_id else "",
        tries=tries,
        last_try=last_try,
        appointment_at=row.appointment_at,
        appointment_form=row.appointment_form,
        review_on=row.review_on,
    )


def _client(content: CaseContent | ReferralContent, channels: tuple[ContactChannel, ...]) -> Client:
    return Client(
        name=content.name,
        birth_year=content.birth_year,
        phone=content.phone,
        reasons=content.reasons,
        best_time=content.best_time,
        language=content.language,
        interpreter=content.interpreter,
        channels=channels,
    )


def is_closed_to(row: Case, scope: Scope) -> bool:
    """Whether a case is a protected client's, and another's, or its use is restricted."""
    return row.restricted_at is not None or (row.protected and row.handler_id != scope.user_id)
