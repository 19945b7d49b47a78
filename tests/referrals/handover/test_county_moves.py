"""The county's rows through the real operations: each does what the table says, or refuses and writes nothing."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from referrals.county import returns
from referrals.county.models import Consent, ReferralHistory
from referrals.moves import (
    REFERRAL_MOVES,
    STOCK,
    CaseStatus,
    ClockEffect,
    ConsentEffect,
    EventDirection,
    MoveCode,
    MoveRefused,
    ReferralStatus,
    Who,
)
from referrals.municipality.models import CaseHistory
from referrals.statistics.models import StatisticsEvent
from servicetray.audit.models import AuditRow
from servicetray.core.db import db
from servicetray.core.outbox import OutboxMessage
from tests.referrals.handover import corrections
from tests.referrals.scenes import DAY, HOUR, Scene, withdrawn

pytestmark = pytest.mark.usefixtures("database")

STATES = (
    "sent",
    "accepted",
    "active",
    "returned",
    "closed",
    "cancelled",
    "withdrawn",
    "transferred",
    "entered_in_error",
)
STATUS = {"active": "accepted", "withdrawn": "cancelled"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of the table as somebody makes it: everything that its form asks for is given."""

    code: MoveCode
    who: Who
    make: Callable[[Scene, dt.datetime], None]

    def is_allowed(self, state: str) -> bool:
        if self.code is MoveCode.R9C:
            # `cancelled` in the table; the need is that a withdrawal did it.
            return state == "withdrawn"
        return ReferralStatus(STATUS.get(state, state)) in REFERRAL_MOVES[self.code].from_


def _voiding(who: Who) -> Callable[[Scene, dt.datetime], None]:
    return lambda it, at: corrections.void(it, now=at, who=who)


ROWS = (
    Row(
        code=MoveCode.R4,
        who=Who.SENDER,
        make=lambda it, at: corrections.resend(it, now=at, consent=corrections.given(), changes=CHANGED),
    ),
    Row(code=MoveCode.R5, who=Who.SENDER, make=lambda it, at: corrections.acknowledge(it, now=at)),
    Row(code=MoveCode.R7, who=Who.SENDER, make=lambda it, at: corrections.cancel(it, now=at)),
    Row(code=MoveCode.R8, who=Who.SENDER, make=lambda it, at: corrections.request_stop(it, now=at)),
    Row(code=MoveCode.R9, who=Who.SENDER, make=lambda it, at: withdrawn(it, who=Who.SENDER, now=at)),
    Row(code=MoveCode.R9, who=Who.ADVISER, make=lambda it, at: withdrawn(it, who=Who.ADVISER, now=at)),
    Row(code=MoveCode.R9C, who=Who.LEAD, make=lambda it, at: corrections.restore(it, now=at)),
    *(Row(code=MoveCode.R11, who=who, make=_voiding(who)) for who in Who if who is not Who.SYSTEM),
)
CHANGED: dict[str, object] = {"phone": "040 000 0175"}
CASES = [(row, state) for row in ROWS for state in STATES]
NAMES = [f"{row.code}-{row.who}-{state}" for row, state in CASES]
R9B_STATES = {"returned", "closed"}


def written() -> list[int]:
    tables = (ReferralHistory, CaseHistory, StatisticsEvent, AuditRow, OutboxMessage, Consent)
    return [int(db.session.scalar(select(func.count()).select_from(table)) or 0) for table in tables]


@pytest.mark.parametrize(("row", "state"), CASES, ids=NAMES)
def test_each_row_does_what_the_table_says_or_writes_nothing(row: Row, state: str, now: dt.datetime):
    it = corrections.placed(state, now=now)
    before, at = it.referral().status, now + HOUR
    term, case = it.referral().erase_after, it.case() if it.case_id else None
    case_before = case.status if case else None
    code = MoveCode.R9B if row.code is MoveCode.R9 and state in R9B_STATES else row.code
    table = REFERRAL_MOVES[code]
    marks = written()
    if not (row.is_allowed(state) or code is MoveCode.R9B) or (
        row.who not in table.who and code is not MoveCode.R9B
    ):
        with pytest.raises(MoveRefused):
            row.make(it, at)
        assert (it.referral().status, written()) == (before, marks)
        return
    row.make(it, at)
    referral = it.referral()
    assert referral.status == table.target(before)
    # One history row, of this move.
    last = db.session.scalars(
        select(ReferralHistory)
        .where(ReferralHistory.referral_id == it.referral_id)
        .order_by(ReferralHistory.id.desc())
    ).first()
    assert last is not None
    assert (last.move, last.from_status, last.to_status, last.at) == (code, before, referral.status, at)
    assert written()[0] == marks[0] + 1
    assert written()[3] > marks[3]
    _event_is_recorded(it, code, before, at)
    # Retention.
    if table.retention.content_days is not None:
        promised = at + table.retention.content_days * DAY
        assert referral.erase_after == min(promised, term or promised)
    if table.retention.stops:
        assert referral.erase_after is None
    if table.retention.awaits_release:
        assert referral.erase_after == (term if state == "withdrawn" else None)
    # Consent.
    consents = db.session.scalars(
        select(Consent).where(Consent.referral_id == it.referral_id).order_by(Consent.id)
    ).all()
    if table.consent is ConsentEffect.WITHDRAWN:
        assert referral.consent.withdrawn_at == at
    if table.consent is ConsentEffect.GIVEN or code is MoveCode.R4:
        assert [each.replaced_at for each in consents] == [at, None]
        assert (referral.consent.given_at, referral.consent.withdrawn_at) == (at, None)
    else:
        assert [each.replaced_at for each in consents] == [None]
    # Clock.
    assert referral.sent_at == now
    assert referral.clock_from == (at if table.clock is ClockEffect.STARTS else now)
    # Case.
    if case_before is not None:
        effect = table.case_effect
        status = it.case().status
        if effect is None or (effect.move is MoveCode.C7 and case_before is CaseStatus.CLOSED):
            assert status is case_before
        else:
            assert status is (
                CaseStatus.CLOSED if effect.move is MoveCode.C7 else CaseStatus.ENTERED_IN_ERROR
            )
    assert _stock() == int(referral.status in STOCK)


def _event_is_recorded(it: Scene, code: MoveCode, before: ReferralStatus, at: dt.datetime) -> None:
    table = REFERRAL_MOVES[code]
    found = db.session.scalars(
        select(StatisticsEvent).where(
            StatisticsEvent.referral_id == it.referral_id, StatisticsEvent.recorded_at == at
        )
    ).all()
    if table.event is None:
        assert found == []
    else:
        (event,) = found
        assert (event.name, event.direction) == (table.event, table.direction_from(before))


def _stock() -> int:
    signs = {EventDirection.IN: 1, EventDirection.OUT: -1, EventDirection.NONE: 0}
    return sum(signs[each] for each in db.session.scalars(select(StatisticsEvent.direction)))


@pytest.mark.parametrize("state", [state for state in STATES if state != "returned"])
def test_nothing_but_a_return_expires(state: str, now: dt.datetime):
    it = corrections.placed(state, now=now)
    before, marks = it.referral().status, written()
    for days in (7, 14, 25, 30, 60):
        assert returns.expire_returned(now + days * DAY) == 0
    assert (it.referral().status, written()) == (before, marks)


def test_the_table_is_covered():
    """Every row of the county's that a person or the system makes on a record of the county alone."""
    elsewhere = {"R1", "R2", "R3", "R6", "R9b", "R10", "R12", "R13", "R14", "R15", "R16"}
    assert {row.code.value for row in ROWS} | elsewhere == {code.value for code in REFERRAL_MOVES}
