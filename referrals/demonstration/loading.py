"""Loading the demonstration of the queue; a second time adds only the days since.

Rows are inserted in bulk: the invented past was never done by anybody, so it leaves no audit rows and
sends no messages. The scenes of the last weeks do, by the operations of the pages; so does what the people of
the demonstration do from then on.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from referrals.county import queries as county
from referrals.demonstration import call_times, drafts, enrolments, meetings, people, scenes, tray_use, units
from referrals.demonstration.paths import Stop
from referrals.demonstration.people import PEOPLE
from referrals.demonstration.planning import COUNTED_TO, START, Slot, open_windows, referral_id, slots_of
from referrals.demonstration.rows import Accounts, Batch, Made
from referrals.demonstration.units import Window
from referrals.moves import CaseStatus, ReferralStatus, target_days
from referrals.statistics import queries as statistics
from servicetray.accounts import queries as accounts
from servicetray.core import clock
from servicetray.core.db import transaction
from servicetray.core.periods import Month
from servicetray.core.settings import current_settings

Say = Callable[[str], None]

BATCH: Final = 250
EXTRA: Final = 900
"""Numbers of a day from here on are of referrals added to fill an inbox."""


def load(*, now: dt.datetime, say: Say) -> None:
    """Add units, people, catchments and the referrals of every day until yesterday that has none yet."""
    today = clock.helsinki_day(now)
    with transaction():
        units.load(today=today)
        added = people.load(now=now)
    say(f"People: {added} accounts added")
    first = _first_missing_day(today)
    days = [slots_of(first + dt.timedelta(days=n)) for n in range((today - first).days)]
    made: list[Made] = []
    for slots in _batches(days):
        with transaction():
            batch = _batch(now)
            made += [batch.add(slot) for slot in slots]
            batch.insert()
        say(f"Referrals: {len(made)} of {sum(map(len, days))}")
    if first == START:
        with transaction():
            batch = _batch(now)
            for slot, stop in missing(made, today=today):
                batch.add(slot, stop=stop)
            batch.insert()
    say(f"Referrals: {len(made)} added")
    with transaction():
        call_times.load(now=now)
        waiting = [each for each in made if _unclaimed(each)]
        call_times.choose(((referral_id(each.slot), each.slot.window.id) for each in waiting), now=now)
    with transaction():
        meetings.load(now=now)
    with transaction():
        say(f"Groups: {enrolments.load(now=now)} people enrolled")
    with transaction():
        say(f"Use of the tray: {tray_use.load(now=now)} days added")
        drafts.load(now=now)
    if first == START:
        with transaction():
            scenes.load(now=now)
        say("Scenes: played")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Something that every inbox should have to show."""

    stop: Stop
    working_days_ago: int
    is_there: Callable[[Made, dt.date], bool]


WANTED: Final = (
    Wanted(stop=Stop.UNCLAIMED, working_days_ago=1, is_there=lambda made, _: _unclaimed(made)),
    Wanted(
        stop=Stop.UNCLAIMED,
        working_days_ago=8,
        is_there=lambda made, today: _unclaimed(made) and made.course.claim_due_on < today,
    ),
    Wanted(
        stop=Stop.TRIED,
        working_days_ago=6,
        is_there=lambda made, _: _case_status(made) is CaseStatus.CONTACTING,
    ),
    Wanted(
        stop=Stop.SCHEDULED,
        working_days_ago=5,
        is_there=lambda made, _: _case_status(made) is CaseStatus.SCHEDULED,
    ),
)


def missing(made: Sequence[Made], *, today: dt.date) -> list[tuple[Slot, Stop]]:
    """Return what to add so that every open inbox has a new, a late, a tried and an agreed one.

    Nothing is added to the days whose counts were published.
    """
    found: list[tuple[Slot, Stop]] = []
    for place, window in enumerate(open_windows(today)):
        own = [each for each in made if each.slot.window.id == window.id]
        found += [
            (_extra(window, wanted, today, EXTRA + 10 * place + turn), wanted.stop)
            for turn, wanted in enumerate(WANTED)
            if not any(wanted.is_there(each, today) for each in own)
        ]
    return [(slot, stop) for slot, stop in found if slot.day > COUNTED_TO]


def _extra(window: Window, wanted: Wanted, today: dt.date, number: int) -> Slot:
    day = clock.add_working_days(today, -wanted.working_days_ago)
    return Slot(day=day, number=number, kind=window.kind, municipality=window.municipality)


def _unclaimed(made: Made) -> bool:
    return made.course.status is ReferralStatus.SENT


def _case_status(made: Made) -> CaseStatus | None:
    case = made.course.open_case
    return case.status if case else None


def _batch(now: dt.datetime) -> Batch:
    emails = {person.email: accounts.user_by_email(person.email) for person in PEOPLE}
    return Batch(
        accounts=Accounts(ids={email: user.id for email, user in emails.items() if user is not None}),
        targets=target_days(current_settings()),
        now=now,
        # Nothing has happened today: a day is the same whenever it is made.
        until=clock.day_start(clock.helsinki_day(now)),
    )


def _first_missing_day(today: dt.date) -> dt.date:
    """Return the day after the last one that has been made; a frozen month is never added to."""
    days = [START + dt.timedelta(days=n) for n in range((today - START).days)]
    made = (day for day in reversed(days) if (slots := slots_of(day)) and _is_made(slots[-1]))
    last = next(made, None) if _anything_made(days) else None
    if last is None:
        return START
    frozen = statistics.frozen_months()
    after_frozen = Month.parse(frozen[-1].period).next().first_day if frozen else START
    return max(last + dt.timedelta(days=1), after_frozen)


def _batches(days: Sequence[Sequence[Slot]]) -> Iterator[list[Slot]]:
    """Yield about as many as are written at once; a day is never torn apart."""
    slots: list[Slot] = []
    for day in days:
        slots += day
        if len(slots) >= BATCH:
            yield slots
            slots = []
    if slots:
        yield slots


def _is_made(slot: Slot) -> bool:
    return county.referral(referral_id(slot)) is not None


def _anything_made(days: Sequence[dt.date]) -> bool:
    first = next((slots[0] for day in days if (slots := slots_of(day))), None)
    return first is not None and _is_made(first)
