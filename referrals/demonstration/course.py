"""What becomes of one invented referral: each step is checked against the table of moves, then written down.

Pure: the same rules as in the operations, without a database. A course goes on until it is closed, or
until the time at which the demonstration is made; what would come later has not happened yet.
"""

import datetime as dt
from dataclasses import dataclass, field, replace

from referrals.moves import (
    CASE_MOVES,
    AttemptFact,
    CaseEffect,
    CaseFacts,
    CaseMove,
    CaseStatus,
    ContactChannel,
    EventDirection,
    EventName,
    MoveCode,
    Outcome,
    Priority,
    ReferralFacts,
    ReferralMove,
    ReferralStatus,
    SenderKind,
    TargetDays,
    Who,
    case_events,
    case_step,
    check_case_move,
    check_referral_move,
    due,
    first_contact_due,
    referral_step,
)
from referrals.municipality.models import AttemptResult, MeetingForm
from servicetray.core import clock

MISSED = frozenset({AttemptResult.NO_SHOW, AttemptResult.CANCELLED})


class NotYetError(Exception):
    """The step would be taken after the time at which the demonstration is made."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One move, as its history row tells it."""

    move: MoveCode
    before: str | None
    after: str
    at: dt.datetime
    who: Who
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Try:
    """One attempt to reach the client."""

    at: dt.datetime
    channel: ContactChannel
    result: AttemptResult
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Event:
    """One event of the figures."""

    name: EventName
    direction: EventDirection
    at: dt.datetime
    outcome: Outcome | None = None
    working_days: int | None = None


@dataclass(kw_only=True)
class CaseCourse:
    """The municipality's side."""

    accepted_at: dt.datetime
    status: CaseStatus
    due_on: dt.date | None
    steps: list[Step] = field(default_factory=list)
    attempts: list[Try] = field(default_factory=list)
    first_attempt_at: dt.datetime | None = None
    first_contact_at: dt.datetime | None = None
    started_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    outcome: Outcome | None = None
    waiting_reason: str | None = None
    review_on: dt.date | None = None
    appointment_at: dt.datetime | None = None
    appointment_form: MeetingForm | None = None


class Course:
    """A referral on its way. Every method is one thing that somebody does, at a time not before the last."""

    def __init__(
        self,
        *,
        sent_at: dt.datetime,
        until: dt.datetime,
        channels: frozenset[ContactChannel],
        targets: TargetDays,
        priority: Priority = Priority.NORMAL,
    ) -> None:
        self.sent_at = self.now = sent_at
        self.until = until
        self.channels = channels
        self.targets = targets
        self.priority = priority
        self.status: ReferralStatus | None = None
        self.steps: list[Step] = []
        self.events: list[Event] = []
        self.cases: list[CaseCourse] = []
        self.withdrawn_at: dt.datetime | None = None
        self.acknowledged_at: dt.datetime | None = None
        self.claim_due_on = self._due_on(sent_at)
        facts = ReferralFacts(all_fields=True, form_key=True, consent=True, open_catchment=True)
        self._move(MoveCode.R1, Who.SENDER, facts, at=sent_at)

    # ---------------------------------------------------------------------------- the referral

    def claim(self, at: dt.datetime) -> None:
        """An adviser accepts it (R2): the Case begins."""
        self._move(MoveCode.R2, Who.ADVISER, ReferralFacts(consent=True, has_open_case=False), at=at)

    def give_back(self, at: dt.datetime, *, reason: str) -> None:
        """An adviser returns it to its sender (R3)."""
        case = self.open_case
        reached = case is not None and case.first_contact_at is not None
        facts = ReferralFacts(reason_given=True, client_reached=reached, sender=SenderKind.ACCOUNT)
        self._move(MoveCode.R3, Who.ADVISER, facts, at=at, reason=reason)

    def resend(self, at: dt.datetime) -> None:
        """The sender mends what was asked for and sends it again (R4)."""
        facts = ReferralFacts(mended=True, consent=True, open_catchment=True)
        self._move(MoveCode.R4, Who.SENDER, facts, at=at)
        self.claim_due_on = self._due_on(at)

    def acknowledge(self, at: dt.datetime) -> None:
        """The sender has read why it came back (R5)."""
        self._move(MoveCode.R5, Who.SENDER, ReferralFacts(acknowledged=True), at=at)
        self.acknowledged_at = at

    def expire(self, at: dt.datetime, *, returned_at: dt.datetime) -> None:
        """Nobody acknowledged the return in time (R6)."""
        facts = ReferralFacts(days_since_returned=(at - returned_at).days, reminders=3)
        self._move(MoveCode.R6, Who.SYSTEM, facts, at=at)

    def cancel(self, at: dt.datetime, *, reason: str) -> None:
        """The sender takes it back before anybody has claimed it (R7)."""
        self._move(MoveCode.R7, Who.SENDER, ReferralFacts(reason_given=True), at=at, reason=reason)

    def withdraw(self, at: dt.datetime) -> None:
        """The client takes the consent back (R9)."""
        self._move(MoveCode.R9, Who.CLIENT, ReferralFacts(), at=at)
        self.withdrawn_at = at

    # -------------------------------------------------------------------------------- the Case

    @property
    def open_case(self) -> CaseCourse | None:
        """The Case that is being worked on, if there is one."""
        return next((case for case in self.cases if case.closed_at is None), None)

    def attempt(
        self, at: dt.datetime, *, channel: ContactChannel, result: AttemptResult, note: str = ""
    ) -> None:
        """An adviser tries to reach the client; the first time reached is the first contact."""
        case = self._case(at)
        case.attempts.append(Try(at=at, channel=channel, result=result, note=note))
        if case.first_attempt_at is None and result not in MISSED:
            case.first_attempt_at = at
            if case.status is CaseStatus.CONTACTING:
                case.due_on = None
        reached = result is AttemptResult.REACHED
        if first_contact_due(reached=reached, recorded=case.first_contact_at is not None):
            self._case_event(case, EventName.FIRST_CONTACT, at)

    def schedule(self, at: dt.datetime, *, appointment: dt.datetime, form: MeetingForm) -> None:
        """A time is agreed on (C2)."""
        case = self._case(at)
        self._case_move(case, MoveCode.C2, replace(self._facts(case, at), appointment_set=True), at=at)
        case.appointment_at, case.appointment_form = appointment, form
        case.due_on = clock.helsinki_day(appointment)

    def wait(self, at: dt.datetime, *, reason: str, review_on: dt.date) -> None:
        """The Case waits until a day (C3)."""
        case = self._case(at)
        facts = replace(self._facts(case, at), reason_given=True, review_on=review_on)
        self._case_move(case, MoveCode.C3, facts, at=at, reason=reason)
        case.waiting_reason, case.review_on, case.due_on = reason, review_on, review_on

    def resume(self, at: dt.datetime) -> None:
        """It is taken up again (C4)."""
        case = self._case(at)
        self._case_move(case, MoveCode.C4, self._facts(case, at), at=at)
        case.waiting_reason, case.review_on, case.due_on = None, None, None

    def start(self, at: dt.datetime) -> None:
        """Counselling is held (C5)."""
        case = self._case(at)
        self._case_move(case, MoveCode.C5, replace(self._facts(case, at), counselling_held=True), at=at)
        case.appointment_at, case.appointment_form, case.due_on = None, None, None

    def miss(self, at: dt.datetime, *, result: AttemptResult) -> None:
        """The client does not come, or cancels (C6)."""
        self.attempt(at, channel=ContactChannel.PHONE, result=result)
        case = self._case(at)
        self._case_move(case, MoveCode.C6, replace(self._facts(case, at), attempt_recorded=True), at=at)
        case.appointment_at, case.appointment_form = None, None
        case.due_on = clock.helsinki_day(at)

    def close(self, at: dt.datetime, *, outcome: Outcome) -> None:
        """The adviser closes it (C7), and the county's record with it (R15)."""
        case = self._case(at)
        move = self._case_move(case, MoveCode.C7, replace(self._facts(case, at), outcome=outcome), at=at)
        self._end(case, outcome, at)
        step = referral_step(move)
        assert step is not None
        facts = ReferralFacts(with_move=move.code, consent=True, has_open_case=False)
        self._move(step.code, Who.SYSTEM, facts, at=at, outcome=outcome)

    # ------------------------------------------------------------------------------ the writing

    def _move(
        self,
        code: MoveCode,
        who: Who,
        facts: ReferralFacts,
        *,
        at: dt.datetime,
        reason: str | None = None,
        outcome: Outcome | None = None,
    ) -> None:
        self._pass(at)
        before = self.status
        move = check_referral_move(code, status=before, who=who, facts=facts)
        self.status = move.target(before)
        self.steps.append(Step(move=code, before=before, after=self.status, at=at, who=who, reason=reason))
        self._referral_event(move, before, at=at, outcome=outcome)
        self._follow(move.case_effect, who=who, at=at, reason=reason)

    def _referral_event(
        self, move: ReferralMove, before: ReferralStatus | None, *, at: dt.datetime, outcome: Outcome | None
    ) -> None:
        if move.event is None:
            return
        self.events.append(
            Event(
                name=move.event,
                direction=move.direction_from(before),
                at=at,
                outcome=outcome,
                working_days=None if move.code is MoveCode.R1 else self._waited(at),
            )
        )

    def _follow(self, effect: CaseEffect | None, *, who: Who, at: dt.datetime, reason: str | None) -> None:
        """Let the Case follow the referral's move: made, or closed with the outcome that the table says."""
        case = self.open_case
        step = case_step(effect, status=case.status if case else None)
        if step is None:
            return
        if case is None:
            contact_by = due(self.sent_at, days=self.targets, priority=self.priority).contact_by
            case = CaseCourse(accepted_at=at, status=step.status, due_on=max(contact_by, self.claim_due_on))
            self.cases.append(case)
            before = None
        else:
            before = case.status
        case.status = step.status
        case.steps.append(
            Step(move=step.move.code, before=before, after=step.status, at=at, who=who, reason=reason)
        )
        if step.outcome is not None:
            self._end(case, step.outcome, at)

    def _case_move(
        self,
        case: CaseCourse,
        code: MoveCode,
        facts: CaseFacts,
        *,
        at: dt.datetime,
        reason: str | None = None,
    ) -> CaseMove:
        move = check_case_move(code, status=case.status, who=Who.ADVISER, facts=facts)
        before, case.status = case.status, move.target(case.status, ever_active=facts.ever_active)
        case.steps.append(
            Step(move=code, before=before, after=case.status, at=at, who=Who.ADVISER, reason=reason)
        )
        for event in case_events(CASE_MOVES[code], facts):
            self._case_event(case, event, at)
        return move

    def _case_event(self, case: CaseCourse, name: EventName, at: dt.datetime) -> None:
        if name is EventName.FIRST_CONTACT:
            case.first_contact_at = at
        elif name is EventName.STARTED:
            case.started_at = at
        self.events.append(
            Event(name=name, direction=EventDirection.NONE, at=at, working_days=self._waited(at))
        )

    def _end(self, case: CaseCourse, outcome: Outcome, at: dt.datetime) -> None:
        case.outcome, case.closed_at = outcome, at
        case.due_on = case.review_on = None
        case.waiting_reason = None
        case.appointment_at = case.appointment_form = None

    def _case(self, at: dt.datetime) -> CaseCourse:
        self._pass(at)
        case = self.open_case
        assert case is not None
        return case

    def _pass(self, at: dt.datetime) -> None:
        assert at >= self.now, "time runs one way"
        if at >= self.until:
            raise NotYetError
        self.now = at

    def _facts(self, case: CaseCourse, at: dt.datetime) -> CaseFacts:
        return CaseFacts(
            today=clock.helsinki_day(at),
            reached=any(attempt.result is AttemptResult.REACHED for attempt in case.attempts),
            first_contact_recorded=case.first_contact_at is not None,
            ever_active=case.started_at is not None,
            own_case=True,
            sender=SenderKind.ACCOUNT,
            consent=True,
            attempts=tuple(
                AttemptFact(
                    day=clock.helsinki_day(attempt.at),
                    channel=None if attempt.result in MISSED else attempt.channel,
                    reached=attempt.result is AttemptResult.REACHED,
                )
                for attempt in case.attempts
            ),
            allowed_channels=self.channels,
        )

    def _due_on(self, sent_at: dt.datetime) -> dt.date:
        return due(sent_at, days=self.targets, priority=self.priority).claim_by

    def _waited(self, at: dt.datetime) -> int:
        return clock.working_days_between(clock.helsinki_day(self.sent_at), clock.helsinki_day(at))
