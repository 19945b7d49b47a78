"""Making the reminders of one morning: those of a row, once for each stage, gathered in the morning's letter."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from referrals.county.lateness import late_referrals
from referrals.municipality import lateness
from referrals.notifications import about_id
from referrals.questions import queries as questions
from referrals.reminders.models import Reminder, ReminderStage
from referrals.reminders.stages import stage_of
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import Unit, User
from servicetray.core import clock, outbox
from servicetray.core.access import Permission
from servicetray.core.db import db
from servicetray.core.letters import BOTH

REFERRAL_LATE = "referral_late"
CASE_LATE = "case_late"


@dataclass(frozen=True, kw_only=True)
class _Late:
    about: str
    referral_id: uuid.UUID
    catchment_id: uuid.UUID
    due_on: dt.date
    template: str
    context: Mapping[str, str]
    handler_id: uuid.UUID | None = None
    handler_only: bool = False
    """A protected client's case: only the named handler hears of it."""


def remind(*, now: dt.datetime) -> int:
    """Remind of everything that has come to a stage that nobody was reminded of; return how many rows.

    A reminder waits for the letter that its reader gets this morning, whatever they have chosen: however much
    is late, it is one letter.
    """
    today = clock.helsinki_day(now)
    late = _late(today)
    stages = {row.about: stage_of(row.due_on, today=today) for row in late}
    made = _made({row.about for row in late})
    due = [row for row in late if (stage := stages[row.about]) and (row.about, row.due_on, stage) not in made]
    people = _People(due, today)
    for row in due:
        stage = stages[row.about]
        if stage is None:
            continue
        db.session.add(Reminder(about=row.about, due_on=row.due_on, stage=stage, made_at=now))
        for address, language in people.told(row, stage):
            outbox.enqueue(
                address=address,
                template=row.template,
                language=language,
                context=row.context,
                about=about_id(row.referral_id),
                now=now,
                held=True,
            )
    db.session.flush()
    return len(due)


def _late(today: dt.date) -> Sequence[_Late]:
    waiting = [
        _Late(
            about=f"referral:{row.id}",
            referral_id=row.id,
            catchment_id=row.catchment_id,
            due_on=row.due_on,
            template=REFERRAL_LATE,
            context={"reference": row.reference, "path": f"/saapuneet/{row.id}"},
        )
        for row in late_referrals(today=today)
    ]
    cases = [
        _Late(
            about=f"case:{row.id}",
            referral_id=row.referral_id,
            catchment_id=row.catchment_id,
            due_on=row.due_on,
            template=CASE_LATE,
            context={"reference": row.reference, "path": f"/asiakkuudet/{row.id}"},
            handler_id=row.handler_id,
            handler_only=row.protected,
        )
        for row in lateness.late_cases(today=today)
    ]
    return _without_paused([*waiting, *cases])


def _without_paused(rows: Sequence[_Late]) -> Sequence[_Late]:
    """Leave out what a question to the sender lets stand still (C11); one that ran out of time does not."""
    asked = questions.open_among({row.referral_id for row in rows})
    paused = {referral_id for referral_id in asked if questions.pausing(referral_id) is not None}
    return [row for row in rows if row.referral_id not in paused]


def _made(abouts: Collection[str]) -> frozenset[tuple[str, dt.date, ReminderStage]]:
    rows = db.session.execute(
        select(Reminder.about, Reminder.due_on, Reminder.stage).where(Reminder.about.in_(abouts))
    ).all()
    return frozenset((row.about, row.due_on, row.stage) for row in rows)


class _People:
    """Who is reminded of rows, each unit asked about once."""

    def __init__(self, rows: Iterable[_Late], today: dt.date) -> None:
        catchments = {row.catchment_id for row in rows}
        self._units = lateness.units_of(catchments)
        self._substitutes = lateness.substitutes(catchments, on=today)
        self._known: dict[uuid.UUID, tuple[Unit | None, Sequence[User], Sequence[User]]] = {}

    def told(self, row: _Late, stage: ReminderStage) -> Sequence[tuple[str, str]]:
        """Return (address, language) of those who hear of a row, each once."""
        unit, workers, leads = self._unit(self._units[row.catchment_id])
        substitutes = self._users(self._substitutes.get(row.catchment_id, ()))
        handler = self._users([row.handler_id] if row.handler_id else ())
        box = {unit.mailbox: BOTH} if unit is not None and unit.mailbox else {}
        if row.handler_only:
            return _addresses(handler)
        if stage is ReminderStage.LEAD:
            # Where nobody leads, the box still hears.
            return _addresses([*leads, *substitutes]) or tuple(box.items())
        if row.template == CASE_LATE:
            # Whoever had it may have left.
            return _addresses(handler) or _addresses([*leads, *substitutes])
        return tuple({**box, **dict(_addresses([*(workers or leads), *substitutes]))}.items())

    def _unit(self, unit_id: uuid.UUID) -> tuple[Unit | None, Sequence[User], Sequence[User]]:
        if unit_id not in self._known:
            leads = accounts.workers_of(unit_id, Permission.INBOX_LEAD)
            everyone = accounts.workers_of(unit_id, Permission.INBOX_WORK)
            led_by = {lead.id for lead in leads}
            workers = [person for person in everyone if person.id not in led_by]
            self._known[unit_id] = (accounts.unit(unit_id), workers, leads)
        return self._known[unit_id]

    def _users(self, user_ids: Iterable[uuid.UUID]) -> Sequence[User]:
        found = (accounts.user(user_id) for user_id in user_ids)
        return [person for person in found if person is not None and person.active]


def _addresses(people: Iterable[User]) -> Sequence[tuple[str, str]]:
    return tuple({person.email: person.language for person in people}.items())
