"""What the inbox shows: rows of what waits and of open cases, and the list of what has ended."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import case, func, select

from referrals.county.content import ReferralContent
from referrals.county.disclosed import WaitingReferral, waiting_in
from referrals.moves import OPEN_CASE, CaseStatus, ContactChannel, Outcome, Priority
from referrals.municipality.content import CaseContent
from referrals.municipality.inbox.scope import Scope
from referrals.municipality.models import Attempt, Case, MeetingForm
from referrals.municipality.operations import MISSED, content_of
from referrals.municipality.queries import HIDDEN_OUTCOMES
from servicetray.accounts import queries as accounts
from servicetray.core import crypto
from servicetray.core.db import db

FINISHED_SHOWN = 100
LAST_DAY = dt.date.max


class Wanted(StrEnum):
    """Which part of the inbox is asked for; the value stands in the address."""

    ALL = "kaikki"
    FREE = "vapaat"
    MINE = "omat"
    OTHERS = "muiden"


@dataclass(frozen=True, kw_only=True)
class Client:
    """What a list shows of a client."""

    name: str
    birth_year: int
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
    late: bool
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


@dataclass(frozen=True, kw_only=True)
class Part:
    """Rows of one group, and how many there are in all."""

    rows: tuple[InboxRow, ...]
    count: int


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """The inbox of one person, late rows first in a group of their own."""

    late: Part
    free: Part
    mine: Part
    others: Part
    counts: dict[Wanted, int]
    """All of each kind, late ones included, whatever is shown."""


@dataclass(frozen=True, kw_only=True)
class FinishedRow:
    """A closed case."""

    id: uuid.UUID
    referral_id: uuid.UUID
    reference: str
    kind_code: str
    name: str | None
    """None where it is hidden: returned, withdrawn, or another's protected client."""
    outcome: Outcome | None
    closed_at: dt.datetime
    handler: str
    practice: bool


@dataclass(frozen=True, kw_only=True)
class _CaseFound:
    case: Case
    late: bool
    mine: bool
    tries: int
    last_try: dt.datetime | None


def inbox_of(scope: Scope, *, wanted: Wanted, today: dt.date, limit: int) -> Inbox:
    """Return one person's inbox: at most ``limit`` rows of each group, and all counts."""
    keys = crypto.keys_at_hand({crypto.COUNTY, *map(crypto.municipality_controller, scope.municipalities)})
    free_limit = limit if wanted in {Wanted.ALL, Wanted.FREE} else 0
    waiting = waiting_in(scope.catchment_ids, today=today, limit=free_limit)
    found, totals = _open_cases(scope, today=today, limit=limit)
    shown = [row for row in found if _is_wanted(row, wanted)]
    names = accounts.names_of(row.case.handler_id for row in shown if not row.mine)
    cases = [_case_row(row, scope=scope, names=names) for row in shown]
    del keys
    late = [*(_waiting_row(row, late=True) for row in waiting.late), *(row for row in cases if row.late)]
    in_time = [row for row in cases if not row.late]
    late_mine, late_others = totals.get((True, True), 0), totals.get((True, False), 0)
    mine, others = totals.get((False, True), 0), totals.get((False, False), 0)
    late_counts = _with_all(free=waiting.late_count, mine=late_mine, others=late_others)
    in_time_counts = _with_all(free=waiting.in_time_count, mine=mine, others=others)
    return Inbox(
        late=Part(rows=tuple(sorted(late, key=_soonest)[:limit]), count=late_counts[wanted]),
        free=Part(
            rows=tuple(_waiting_row(row, late=False) for row in waiting.in_time), count=waiting.in_time_count
        ),
        mine=Part(rows=tuple(row for row in in_time if row.mine)[:limit], count=mine),
        others=Part(rows=tuple(row for row in in_time if not row.mine)[:limit], count=others),
        counts={each: late_counts[each] + in_time_counts[each] for each in Wanted},
    )


def _with_all(*, free: int, mine: int, others: int) -> dict[Wanted, int]:
    return {
        Wanted.ALL: free + mine + others,
        Wanted.FREE: free,
        Wanted.MINE: mine,
        Wanted.OTHERS: others,
    }


def finished_of(scope: Scope) -> Sequence[FinishedRow]:
    """Return the last hundred closed cases of a person's catchments, latest first."""
    keys = crypto.keys_at_hand(map(crypto.municipality_controller, scope.municipalities))
    rows = db.session.scalars(
        select(Case)
        .where(Case.catchment_id.in_(scope.catchment_ids), Case.status == CaseStatus.CLOSED)
        .order_by(Case.closed_at.desc(), Case.id)
        .limit(FINISHED_SHOWN)
    ).all()
    names = accounts.names_of(row.handler_id for row in rows)
    finished = tuple(
        FinishedRow(
            id=row.id,
            referral_id=row.referral_id,
            reference=row.reference,
            kind_code=row.kind_code,
            name=_shown_name(row, scope),
            outcome=row.outcome,
            closed_at=row.closed_at,
            handler=names.get(row.handler_id, "") if row.handler_id else "",
            practice=row.practice,
        )
        for row in rows
        if row.closed_at is not None
    )
    del keys
    return finished


def _open_cases(
    scope: Scope, *, today: dt.date, limit: int
) -> tuple[Sequence[_CaseFound], dict[tuple[bool, bool], int]]:
    """Return the first open cases of each part, and the size of each part (late, mine)."""
    late = case((Case.due_on < today, 1), else_=0)
    mine = case((Case.handler_id == scope.user_id, 1), else_=0)
    # Whom to call comes before what has a time, and that before what is under way.
    step = case(
        (Case.status == CaseStatus.CONTACTING, 0),
        (Case.status == CaseStatus.ACTIVE, 2),
        else_=1,
    )
    order = (step, func.coalesce(Case.due_on, LAST_DAY), Case.sent_at, Case.id)
    ranked = (
        select(
            Case.id,
            late.label("late"),
            mine.label("mine"),
            func.row_number().over(partition_by=(late, mine), order_by=order).label("place"),
            func.count().over(partition_by=(late, mine)).label("total"),
        )
        .where(Case.catchment_id.in_(scope.catchment_ids), Case.status.in_(OPEN_CASE))
        .subquery()
    )
    tried = (Attempt.case_id == Case.id, Attempt.result.not_in(MISSED))
    rows = db.session.execute(
        select(
            Case,
            ranked.c.late,
            ranked.c.mine,
            ranked.c.total,
            select(func.count(Attempt.id)).where(*tried).correlate(Case).scalar_subquery().label("tries"),
            select(func.max(Attempt.at)).where(*tried).correlate(Case).scalar_subquery().label("last_try"),
        )
        .join(ranked, ranked.c.id == Case.id)
        .where(ranked.c.place <= limit)
        .order_by(*order)
    ).all()
    found = tuple(
        _CaseFound(
            case=row.Case, late=bool(row.late), mine=bool(row.mine), tries=row.tries, last_try=row.last_try
        )
        for row in rows
    )
    return found, {(bool(row.late), bool(row.mine)): row.total for row in rows}


def _waiting_row(row: WaitingReferral, *, late: bool) -> InboxRow:
    content = row.content
    return InboxRow(
        id=row.id,
        referral_id=row.id,
        kind_code=row.kind_code,
        municipality_code=row.municipality_code,
        priority=row.priority,
        sent_at=row.sent_at,
        due_on=row.claim_due_on,
        late=late,
        protected=row.protected,
        practice=row.practice,
        client=_client(content, row.channels) if content else None,
    )


def _case_row(found: _CaseFound, *, scope: Scope, names: dict[uuid.UUID, str]) -> InboxRow:
    row = found.case
    content = None if _is_closed_to(row, scope) else content_of(row)
    return InboxRow(
        id=row.id,
        referral_id=row.referral_id,
        kind_code=row.kind_code,
        municipality_code=row.municipality_code,
        priority=row.priority,
        sent_at=row.sent_at,
        due_on=row.due_on,
        late=found.late,
        protected=row.protected,
        practice=row.practice,
        client=_client(content, content.channels) if content else None,
        status=row.status,
        mine=found.mine,
        handler=names.get(row.handler_id, "") if row.handler_id else "",
        tries=found.tries,
        last_try=found.last_try,
        appointment_at=row.appointment_at,
        appointment_form=row.appointment_form,
        review_on=row.review_on,
    )


def _client(content: CaseContent | ReferralContent, channels: tuple[ContactChannel, ...]) -> Client:
    return Client(
        name=content.name,
        birth_year=content.birth_year,
        reasons=content.reasons,
        best_time=content.best_time,
        language=content.language,
        interpreter=content.interpreter,
        channels=channels,
    )


def _is_closed_to(row: Case, scope: Scope) -> bool:
    return row.protected and row.handler_id != scope.user_id


def _shown_name(row: Case, scope: Scope) -> str | None:
    if row.outcome in HIDDEN_OUTCOMES or row.withdrawn_at or _is_closed_to(row, scope):
        return None
    content = content_of(row)
    return content.name if content else None


def _is_wanted(found: _CaseFound, wanted: Wanted) -> bool:
    return wanted is Wanted.ALL or wanted is (Wanted.MINE if found.mine else Wanted.OTHERS)


def _soonest(row: InboxRow) -> tuple[dt.date, dt.datetime, str]:
    return row.due_on or LAST_DAY, row.sent_at, str(row.id)
