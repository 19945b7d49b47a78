"""One case as its page shows it: the client, what has happened, what may be done next."""

import datetime as dt
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from referrals import handover
from referrals.moves import (
    OPEN_CASE,
    CaseStatus,
    ContactChannel,
    MoveCode,
    NotReachedGap,
    Outcome,
    Priority,
    ReferralFacts,
    ReferralStatus,
    Who,
    allowed_outcomes,
    not_reached_gap,
    offered_case_moves,
    offered_referral_moves,
)
from referrals.municipality import operations, queries
from referrals.municipality.content import CaseContent, unseal_note
from referrals.municipality.inbox.scope import Scope
from referrals.municipality.models import Attempt, AttemptResult, Case, CaseHistory, MeetingForm, Note
from referrals.statistics.operations import working_days_since_sent
from referrals.transfers import queries as transfers
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import User
from servicetray.core import clock

STATE = re.compile(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})\.(\d{1,9})")


class EntryKind(StrEnum):
    """What a line of the timeline tells of."""

    MOVE = "move"
    ATTEMPT = "attempt"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that happened in a case."""

    kind: EntryKind
    id: int
    at: dt.datetime
    by: str
    text: str
    """The note that was written with it."""
    move: MoveCode | None = None
    to_status: CaseStatus | None = None
    reason: str | None = None
    handed_to: str = ""
    """Whose the case became by it (C10)."""
    channel: ContactChannel | None = None
    result: AttemptResult | None = None


@dataclass(frozen=True, kw_only=True)
class State:
    """How far a page knew a case: its version and the newest rows that stood on the page."""

    version: int
    moves: int
    attempts: int
    notes: int

    @classmethod
    def parse(cls, text: str) -> "State":
        """Read what a form carries; what can't be read knows nothing, and is stale."""
        match = STATE.fullmatch(text)
        version, moves, attempts, notes = map(int, match.groups()) if match else (0, 0, 0, 0)
        return cls(version=version, moves=moves, attempts=attempts, notes=notes)

    def __str__(self) -> str:
        return f"{self.version}.{self.moves}.{self.attempts}.{self.notes}"

    def knew(self, entry: Entry) -> bool:
        """Whether an entry stood on the page already."""
        newest = {EntryKind.MOVE: self.moves, EntryKind.ATTEMPT: self.attempts, EntryKind.NOTE: self.notes}
        return entry.id <= newest[entry.kind]


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """Everything that the page of a case says, as plain values."""

    id: uuid.UUID
    referral_id: uuid.UUID
    reference: str
    kind_code: str
    municipality_code: str
    catchment_id: uuid.UUID
    status: CaseStatus
    handler_id: uuid.UUID | None
    handler: str
    mine: bool
    priority: Priority
    sent_at: dt.datetime
    accepted_at: dt.datetime
    due_on: dt.date | None
    days_late: int
    """Working days past the target; 0 while it can be met."""
    waited: int
    """Working days since it was sent, until it was closed."""
    closed_at: dt.datetime | None
    outcome: Outcome | None
    waiting_reason: str | None
    review_on: dt.date | None
    appointment_at: dt.datetime | None
    appointment_form: MeetingForm | None
    stop_requested_at: dt.datetime | None
    """When the sender asked to stop (R8)."""
    protected: bool
    practice: bool
    content: CaseContent | None
    """None once it is erased."""
    entries: tuple[Entry, ...]
    """Newest first."""
    state: State
    offered: frozenset[MoveCode]
    """Of the case, and of its referral where they start here."""
    outcomes: tuple[Outcome, ...]
    """Those that the case may be closed with now."""
    gap: NotReachedGap
    """What is missing before the client counts as not reached."""
    tries: int
    preset: ContactChannel | None
    """The way of contact that an entry begins with: the last one used that is allowed, else the first allowed."""
    may_be_withdrawn: bool
    """The client may take the permission back: while it is open, and after."""

    @property
    def is_open(self) -> bool:
        """Whether there is still work to do."""
        return self.status in OPEN_CASE

    def since(self, state: State) -> tuple[Entry, ...]:
        """Return what was added after a page with this state was made, oldest first."""
        return tuple(entry for entry in reversed(self.entries) if not state.knew(entry))


def case_file(case_id: uuid.UUID, *, scope: Scope, reader: User, now: dt.datetime) -> CaseFile | None:
    """Return a case that the reader may open, else None."""
    case = queries.case_in(case_id, catchment_ids=scope.catchment_ids, reader_id=reader.id)
    if case is None:
        return None
    moves, notes = queries.history_of(case.id), queries.notes_of(case.id)
    attempts = queries.attempts_of(case.id)
    facts = operations.facts_of(case, actor=reader, now=now)
    content = operations.content_of(case)
    roles = scope.roles_in(case.catchment_id)
    actors = [
        case.handler_id,
        *(row.actor_id for row in moves),
        *(row.to_handler_id for row in moves),
        *(row.actor_id for row in attempts),
        *(row.actor_id for row in notes),
    ]
    names = accounts.names_of(actors)
    late = case.due_on is not None and case.due_on < facts.today
    return CaseFile(
        id=case.id,
        referral_id=case.referral_id,
        reference=case.reference,
        kind_code=case.kind_code,
        municipality_code=case.municipality_code,
        catchment_id=case.catchment_id,
        status=case.status,
        handler_id=case.handler_id,
        handler=names.get(case.handler_id, "") if case.handler_id else "",
        mine=case.handler_id == reader.id,
        priority=case.priority,
        sent_at=case.sent_at,
        accepted_at=case.accepted_at,
        due_on=case.due_on,
        days_late=max(1, clock.working_days_between(case.due_on, facts.today)) if late and case.due_on else 0,
        waited=working_days_since_sent(case.sent_at, now=case.closed_at or now),
        closed_at=case.closed_at,
        outcome=case.outcome,
        waiting_reason=case.waiting_reason,
        review_on=case.review_on,
        appointment_at=case.appointment_at,
        appointment_form=case.appointment_form,
        stop_requested_at=case.stop_requested_at,
        protected=case.protected,
        practice=case.practice,
        content=content,
        entries=_entries(case, moves=moves, attempts=attempts, notes=notes, names=names),
        state=State(
            version=case.version,
            moves=max((row.id for row in moves), default=0),
            attempts=max((row.id for row in attempts), default=0),
            notes=max((row.id for row in notes), default=0),
        ),
        offered=frozenset(
            row.code for who in roles for row in offered_case_moves(status=case.status, who=who, facts=facts)
        )
        | _moves_of_referral(case, content=content, roles=roles, now=now),
        outcomes=allowed_outcomes(
            status=case.status,
            was_active=facts.ever_active,
            attempts=facts.attempts,
            allowed_channels=facts.allowed_channels,
            today=facts.today,
        ),
        gap=not_reached_gap(facts.attempts, allowed_channels=facts.allowed_channels, today=facts.today),
        tries=sum(row.result not in operations.MISSED for row in attempts),
        preset=_preset(content, attempts),
        may_be_withdrawn=handover.case_may_be_withdrawn(case),
    )


def _moves_of_referral(
    case: Case, *, content: CaseContent | None, roles: Sequence[Who], now: dt.datetime
) -> frozenset[MoveCode]:
    """Return the moves of the county's table that start on this page."""
    status = ReferralStatus.ACCEPTED if case.status in OPEN_CASE else ReferralStatus.CLOSED
    facts = ReferralFacts(
        transfer_consent=content is not None and content.transfer,
        # Which targets are open today, their list says.
        target_open=True,
        offer_open=transfers.open_offer_of(case.referral_id) is not None,
    )
    offered: set[MoveCode] = {
        row.code
        for who in roles
        for row in offered_referral_moves(status=status, who=who, facts=facts)
        if row.code in {MoveCode.R11, MoveCode.R12}
    }
    if any(handover.may_be_given_back(case, who=who) for who in roles):
        offered.add(MoveCode.R3)
    if any(handover.may_be_reversed(case, who=who, now=now) for who in roles):
        offered.add(MoveCode.R10)
    return frozenset(offered)


def _preset(content: CaseContent | None, attempts: Sequence[Attempt]) -> ContactChannel | None:
    allowed = content.channels if content else ()
    used = [row.channel for row in attempts if row.result not in operations.MISSED and row.channel in allowed]
    ordered = [each for each in ContactChannel if each in allowed]
    return next(iter([*reversed(used), *ordered]), None)


def _entries(
    case: Case,
    *,
    moves: Sequence[CaseHistory],
    attempts: Sequence[Attempt],
    notes: Sequence[Note],
    names: Mapping[uuid.UUID, str],
) -> tuple[Entry, ...]:
    def by(actor_id: uuid.UUID | None) -> str:
        return names.get(actor_id, "") if actor_id else ""

    def plain(sealed: bytes | None) -> str:
        return unseal_note(sealed, municipality_code=case.municipality_code, case_id=case.id)

    tried = [
        Entry(
            kind=EntryKind.ATTEMPT,
            id=row.id,
            at=row.at,
            by=by(row.actor_id),
            text=plain(row.sealed_note),
            channel=row.channel,
            result=row.result,
        )
        for row in attempts
    ]
    moved = [
        Entry(
            kind=EntryKind.MOVE,
            id=row.id,
            at=row.at,
            by=by(row.actor_id),
            text=plain(row.sealed_note),
            move=row.move,
            to_status=row.to_status,
            reason=row.reason,
            handed_to=by(row.to_handler_id) if row.move is MoveCode.C10 else "",
        )
        for row in moves
    ]
    noted = [
        Entry(kind=EntryKind.NOTE, id=row.id, at=row.at, by=by(row.actor_id), text=plain(row.sealed))
        for row in notes
    ]
    # An attempt comes before the move that it led to, both being of the same instant.
    order = [EntryKind.ATTEMPT, EntryKind.MOVE, EntryKind.NOTE]
    entries = sorted(
        (*tried, *moved, *noted), key=lambda entry: (entry.at, order.index(entry.kind), entry.id)
    )
    return tuple(reversed(entries))
