"""From an invented course to rows of the tables of both controllers and of the figures."""

import datetime as dt
import random
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from sqlalchemy import Table, insert

from referrals.consent import DISCLOSURE_ITEMS, Disclosure
from referrals.county import content as county_contents
from referrals.county.content import SenderCard
from referrals.county.models import Consent, Origin, Referral, ReferralHistory
from referrals.county.operations import ALPHABET, REFERENCE_LENGTH
from referrals.demonstration import case_work, words
from referrals.demonstration.clients import Client, copied, invent
from referrals.demonstration.course import CaseCourse, Course, Step
from referrals.demonstration.paths import Stop, go, office_time
from referrals.demonstration.people import PEOPLE
from referrals.demonstration.planning import Slot, referral_id
from referrals.demonstration.units import COUNSELLING, SENDING, SendingUnit, key
from referrals.moves import (
    REFERRAL_MOVES,
    CaseStatus,
    EventName,
    MoveCode,
    Outcome,
    ReferralStatus,
    SenderKind,
    TargetDays,
    Who,
)
from referrals.municipality import content as case_contents
from referrals.municipality.appointments.models import Appointment
from referrals.municipality.follow_up.models import FollowUp
from referrals.municipality.models import Attempt, Case, CaseHistory, Note
from referrals.municipality.plan.models import PlanLine
from referrals.spoken import language_code
from referrals.statistics.models import StatisticsEvent
from servicetray.accounts.permissions import Role
from servicetray.core.db import Model, db

CONTENT_KEPT: Final = dt.timedelta(days=365)
"""After a referral ended; older content is erased, as retention would have done."""
COPY_TERMS: Final = {
    Outcome.WITHDRAWN: REFERRAL_MOVES[MoveCode.R9].retention.copy_days,
    Outcome.RETURNED: REFERRAL_MOVES[MoveCode.R3].retention.copy_days,
}
"""Days for which a case that closed so is kept."""
PREFIXES: Final = {"exercise": "LIK", "culture": "KUL"}
TEXT_VERSION: Final = "2026-1"
ENDED: Final = frozenset({ReferralStatus.CLOSED, ReferralStatus.CANCELLED, ReferralStatus.TRANSFERRED})
HOME_WEIGHT: Final = 5
"""How much likelier a unit in the client's own municipality refers than one elsewhere."""

Rows = list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Made:
    """One referral that was made up, as later choices need it."""

    slot: Slot
    course: Course


@dataclass(kw_only=True)
class Accounts:
    """The demonstration's people by unit."""

    ids: dict[str, uuid.UUID]
    """By e-mail."""

    def sender_of(self, unit: str) -> tuple[uuid.UUID | None, SenderCard | None]:
        """Return the professional with an account in a unit."""
        for person in PEOPLE:
            if (Role.PROFESSIONAL, unit) in person.grants:
                name = next(each.texts["fi"] for each in SENDING if each.name == unit)
                card = SenderCard(name=person.name, title=person.title, unit=name, phone=person.phone)
                return self.ids[person.email], card
        return None, None

    def advisers_of(self, unit: str) -> list[uuid.UUID]:
        """Return the advisers of a counselling unit."""
        return [self.ids[person.email] for person in PEOPLE if (Role.ADVISER, unit) in person.grants]


@dataclass(kw_only=True)
class Batch:
    """Rows that are inserted together."""

    accounts: Accounts
    targets: TargetDays
    now: dt.datetime
    until: dt.datetime
    rows: dict[type[Model], Rows] = field(default_factory=lambda: defaultdict(list))
    sent_by: set[tuple[dt.date, uuid.UUID]] = field(default_factory=set)
    """Who has sent one on which day: one a day is enough to read through."""

    def add(self, slot: Slot, *, stop: Stop = Stop.NOWHERE) -> Made:
        """Make up one referral and everything that became of it."""
        rng = slot.rng
        unit = _sending_unit(slot, rng)
        sender_id, card = self._sender(slot, unit, rng)
        client = invent(slot, card, rng)
        course = Course(
            sent_at=office_time(slot.day, rng),
            until=self.until,
            channels=client.channels,
            targets=self.targets,
            priority=client.priority,
        )
        go(course, rng, wait=slot.window.usual_wait_days, stop=stop)
        handler = rng.choice(self.accounts.advisers_of(slot.window.unit))
        self._write_referral(slot, course, client, unit, sender_id, handler, rng)
        for number, case in enumerate(course.cases):
            self._write_case(slot, course, case, client, number, handler, rng)
        return Made(slot=slot, course=course)

    def insert(self) -> None:
        """Write the rows, parents first, and forget them."""
        for model in (
            Referral,
            Consent,
            ReferralHistory,
            Case,
            CaseHistory,
            Attempt,
            Note,
            Appointment,
            PlanLine,
            FollowUp,
            StatisticsEvent,
        ):
            if self.rows[model]:
                rows = self.rows[model]
                if model is StatisticsEvent:
                    rows = sorted(rows, key=lambda row: row["recorded_at"])
                # The table's own insert: the mapped class's would send rows with other Nones one by one.
                db.session.execute(insert(cast(Table, model.__table__)), rows)
        self.rows.clear()

    def _sender(
        self, slot: Slot, unit: SendingUnit, rng: random.Random
    ) -> tuple[uuid.UUID | None, SenderCard]:
        name, title = rng.choice(words.SENDERS)
        other = SenderCard(name=name, title=title, unit=unit.texts["fi"], phone=unit.phone)
        sender_id, card = self.accounts.sender_of(unit.name)
        if sender_id is None or card is None or (slot.day, sender_id) in self.sent_by:
            return None, other
        if rng.random() > 0.35:  # noqa: PLR2004 - a share
            return None, other
        self.sent_by.add((slot.day, sender_id))
        return sender_id, card

    def _write_referral(
        self,
        slot: Slot,
        course: Course,
        client: Client,
        unit: SendingUnit,
        sender_id: uuid.UUID | None,
        handler: uuid.UUID,
        rng: random.Random,
    ) -> None:
        assert course.status is not None
        identity, content = referral_id(slot), client.content
        kept = self._is_kept(course)
        ended_in = course.steps[-1].reason
        case = course.cases[-1] if course.cases else None
        age_group = county_contents.age_group(content.birth_year, on=slot.day)
        self.rows[Referral].append(
            {
                "id": identity,
                "reference": f"{PREFIXES[slot.kind]}-" + "".join(rng.choices(ALPHABET, k=REFERENCE_LENGTH)),
                "form_key": key(f"form:{slot.name}"),
                "kind_code": slot.kind,
                "status": course.status,
                "origin": Origin.PROFESSIONAL,
                "municipality_code": slot.municipality,
                "catchment_id": slot.window.id,
                "sending_unit_id": key(unit.name),
                "sender_id": sender_id,
                "entered_unit_id": None,
                "priority": client.priority,
                "age_group": age_group,
                "sent_at": course.sent_at,
                "clock_from": course.sent_at,
                "claim_due_on": course.claim_due_on,
                "status_changed_at": course.steps[-1].at,
                "sealed": county_contents.seal(content, identity) if kept else None,
                "person_index": county_contents.index_of(content) if kept else "",
                "language_code": language_code(content.language) if kept else "",
                "protected": False,
                "practice": False,
                "counselling_started": client.feedback and case is not None and case.started_at is not None,
                "outcome": (
                    case.outcome
                    if case and client.feedback and course.status is ReferralStatus.CLOSED
                    else None
                ),
                "returned_reason": next(
                    (step.reason for step in reversed(course.steps) if step.move is MoveCode.R3), None
                ),
                "cancelled_reason": ended_in if course.status is ReferralStatus.CANCELLED else None,
                "stop_requested_at": None,
                "acknowledged_at": course.acknowledged_at,
                "returned_at": (
                    next(step.at for step in reversed(course.steps) if step.move is MoveCode.R3)
                    if course.status is ReferralStatus.RETURNED
                    else None
                ),
                "reminders": 0,
                "reminded_at": None,
                "erase_after": _content_until(course),
                "version": len(course.steps),
            }
        )
        self.rows[Consent].append(
            {
                "referral_id": identity,
                "giver": client.giver,
                "basis": client.basis,
                "contact": client.contact,
                "guardians_may_be_told": client.guardians_may_be_told,
                "method": client.method,
                "text_version": TEXT_VERSION,
                "text_language": client.text_language,
                "recipient": next(u.texts["fi"] for u in COUNSELLING if u.name == slot.window.unit),
                "items": [item.value for item in DISCLOSURE_ITEMS[Disclosure.REFERRAL]],
                "feedback": client.feedback,
                "follow_up": client.follow_up,
                "transfer": client.transfer,
                "channels": sorted(channel.value for channel in client.channels),
                "given_at": course.sent_at,
                "recorded_by": sender_id,
                "interpreted_by": "",
                "withdrawn_at": course.withdrawn_at,
                "withdrawn_by": Who.CLIENT.value if course.withdrawn_at else None,
                "replaced_at": None,
            }
        )
        actors = {Who.SENDER: sender_id, Who.ADVISER: handler, Who.CLIENT: None, Who.SYSTEM: handler}
        self.rows[ReferralHistory] += [
            {"referral_id": identity, **_history(step, ReferralStatus, actors)} for step in course.steps
        ]
        self.rows[StatisticsEvent] += [
            {
                "recorded_at": event.at,
                "name": event.name,
                "direction": event.direction,
                "kind_code": slot.kind,
                "municipality_code": slot.municipality,
                "service_area": unit.service_area,
                "reasons": list(content.reasons),
                "age_group": age_group,
                "origin": Origin.PROFESSIONAL.value,
                "outcome": event.outcome,
                "working_days": event.working_days,
                "sender_told": client.feedback if event.name is EventName.CLOSED else None,
                "referral_id": identity,
            }
            for event in course.events
        ]

    def _write_case(
        self,
        slot: Slot,
        course: Course,
        case: CaseCourse,
        client: Client,
        number: int,
        handler: uuid.UUID,
        rng: random.Random,
    ) -> None:
        identity = key(f"case:{slot.name}:{number}")
        until = _copy_until(case)
        kept = self._is_kept(course) and not (case.closed_at and case is not course.cases[-1])
        kept = kept and (until is None or self.now < until)
        code, referral = slot.municipality, self.rows[Referral][-1]

        def note(text: str) -> bytes | None:
            return case_contents.seal_note(text, municipality_code=code, case_id=identity) if kept else None

        self.rows[Case].append(
            {
                "id": identity,
                "referral_id": referral["id"],
                "reference": referral["reference"],
                "kind_code": slot.kind,
                "catchment_id": slot.window.id,
                "municipality_code": code,
                "status": case.status,
                "handler_id": handler,
                "priority": client.priority,
                "age_group": referral["age_group"],
                "sent_at": course.sent_at,
                "accepted_at": case.accepted_at,
                "due_on": case.due_on,
                "first_attempt_at": case.first_attempt_at,
                "first_contact_at": case.first_contact_at,
                "started_at": case.started_at,
                "closed_at": case.closed_at,
                "outcome": case.outcome,
                "waiting_reason": case.waiting_reason,
                "review_on": case.review_on,
                "appointment_at": case.appointment_at,
                "appointment_form": case.appointment_form,
                "sealed": (
                    case_contents.seal(copied(client), municipality_code=code, case_id=identity)
                    if kept
                    else None
                ),
                "withdrawn_at": course.withdrawn_at,
                "language_code": language_code(client.content.language) if kept else "",
                "erase_after": until,
                "stop_requested_at": None,
                "sender_kind": SenderKind.ACCOUNT,
                "protected": False,
                "practice": False,
                "version": len(case.steps) + len(case.attempts),
            }
        )
        actors = dict.fromkeys(Who, handler)
        self.rows[CaseHistory] += [
            {"case_id": identity, "sealed_note": None, **_history(step, CaseStatus, actors)}
            for step in case.steps
        ]
        self.rows[Attempt] += [
            {
                "case_id": identity,
                "at": each.at,
                "channel": each.channel,
                "result": each.result,
                "actor_id": handler,
                "sealed_note": note(each.note),
            }
            for each in case.attempts
        ]
        if kept and case.started_at and rng.random() < 0.5:  # noqa: PLR2004 - a share
            at = case.started_at + dt.timedelta(minutes=6)
            text = note(rng.choice(words.CASE_NOTES))
            if at < self.until:
                self.rows[Note].append({"case_id": identity, "at": at, "actor_id": handler, "sealed": text})
        worked = case_work.Worked(
            case_id=identity,
            kind=slot.kind,
            municipality=code,
            handler=handler,
            course=case,
            follow_up=client.follow_up,
            kept=kept,
            until=self.until,
        )
        self.rows[Appointment] += case_work.appointment_rows(worked)
        self.rows[PlanLine] += case_work.plan_rows(worked)
        self.rows[FollowUp] += case_work.follow_up_rows(worked)

    def _is_kept(self, course: Course) -> bool:
        """Whether the content would still be there: retention has been at work on the older ones."""
        if course.status not in ENDED:
            return True
        return self.now < (_content_until(course) or course.steps[-1].at + CONTENT_KEPT)


def _content_until(course: Course) -> dt.datetime | None:
    """Return when the county's content is to be erased, where the last move has set a term."""
    last = course.steps[-1]
    days = REFERRAL_MOVES[last.move].retention.content_days
    return None if days is None else last.at + dt.timedelta(days=days)


def _copy_until(case: CaseCourse) -> dt.datetime | None:
    days = COPY_TERMS.get(case.outcome) if case.outcome else None
    return None if days is None or case.closed_at is None else case.closed_at + dt.timedelta(days=days)


def _history(
    step: Step, status: type[ReferralStatus] | type[CaseStatus], actors: Mapping[Who, uuid.UUID | None]
) -> dict[str, Any]:
    return {
        "move": step.move,
        "from_status": status(step.before) if step.before else None,
        "to_status": status(step.after),
        "at": step.at,
        "actor_id": actors[step.who],
        "reason": step.reason,
    }


def _sending_unit(slot: Slot, rng: random.Random) -> SendingUnit:
    weights: Sequence[int] = [
        unit.weight * (HOME_WEIGHT if unit.municipality == slot.municipality else 1) for unit in SENDING
    ]
    return rng.choices(SENDING, weights)[0]
