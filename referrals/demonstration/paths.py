"""How an invented referral goes: the chances of each turn, about as counselling goes in truth.

Of a hundred sent some 98 are accepted, 92 clients reached, 74 begin and 58 finish. ``Path`` throws the dice;
``course.Course`` refuses what the table of moves does not allow.
"""

import datetime as dt
import random
from enum import StrEnum
from typing import Final, TypeVar

from referrals.demonstration.course import Course, NotYetError
from referrals.moves import ContactChannel, MoveRefused, Outcome
from referrals.municipality.models import AttemptResult, MeetingForm
from servicetray.core import clock

RETURN_REASONS: Final = (
    "contact_details_missing",
    "contact_details_missing",
    "wrong_municipality",
    "wrong_kind",
    "not_in_target_group",
)
MENDABLE: Final = "contact_details_missing"
CANCEL_REASONS: Final = ("client_declined", "not_needed", "wrong_details")
WAITING_REASONS: Final = ("client_asked", "client_asked", "illness", "away", "group_starts_later")
OTHER_ENDS: Final = (
    (Outcome.DID_NOT_WANT, 62),
    (Outcome.REFERRED_ON, 16),
    (Outcome.MOVED, 8),
    (Outcome.NOT_ELIGIBLE, 7),
    (Outcome.OTHER, 5),
    (Outcome.DECEASED, 2),
)
UNREACHED: Final = (
    (AttemptResult.NO_ANSWER, 60),
    (AttemptResult.MESSAGE_LEFT, 35),
    (AttemptResult.WRONG_NUMBER, 5),
)
FORMS: Final = ((MeetingForm.IN_PERSON, 70), (MeetingForm.PHONE, 20), (MeetingForm.REMOTE, 10))
NOTES: Final = (
    "Ei vastannut, yritän iltapäivällä uudelleen.",
    "Jätin viestin vastaajaan.",
    "Pyysi soittamaan ensi viikolla.",
    "Linja varattu.",
    "",
    "",
)

T = TypeVar("T")


class Stop(StrEnum):
    """Where a course that is only to be shown stands still."""

    NOWHERE = "nowhere"
    UNCLAIMED = "unclaimed"
    CLAIMED = "claimed"
    TRIED = "tried"
    SCHEDULED = "scheduled"


def go(course: Course, rng: random.Random, *, wait: int, stop: Stop = Stop.NOWHERE) -> None:
    """Let a referral go its way, until it ends, stands at ``stop``, or the demonstration's time is reached.

    ``wait`` is the catchment's usual wait for the first contact, in working days.
    """
    try:
        Path(course, rng, wait, stop).go()
    except NotYetError:
        # It is still under way when the demonstration is made.
        pass


class Path:
    """One way through, chosen at each turn by the dice."""

    def __init__(self, course: Course, rng: random.Random, wait: int, stop: Stop) -> None:
        self.course, self.rng, self.usual_wait, self.stop = course, rng, wait, stop

    def go(self) -> None:
        """Go from sent to the end."""
        if self.stop is Stop.UNCLAIMED:
            return
        certain = self.stop is not Stop.NOWHERE
        if not certain and self._chance(0.008):
            self.course.cancel(self._later(0, 2), reason=self.rng.choice(CANCEL_REASONS))
            return
        if not certain and self._chance(0.012):
            self._give_back(self._later(1, 4))
            return
        self.course.claim(self._claim_time())
        if self.stop is Stop.CLAIMED:
            return
        if not certain and self._chance(0.01):
            self._give_back(self._later(0, 1))
            return
        self._contact(certain=certain)

    def _give_back(self, returned_at: dt.datetime) -> None:
        """Return it; what can be mended mostly is, the rest is put away or runs out."""
        reason = self.rng.choice(RETURN_REASONS)
        self.course.give_back(returned_at, reason=reason)
        if reason == MENDABLE and self._chance(0.8):
            self.course.resend(self._later(1, 5))
            self.course.claim(self._later(1, 4))
            self._contact(certain=False)
        elif self._chance(0.85):
            self.course.acknowledge(self._later(1, 8))
        else:
            day = clock.helsinki_day(returned_at) + dt.timedelta(days=31)
            self.course.expire(clock.day_start(day) + dt.timedelta(hours=3), returned_at=returned_at)

    def _contact(self, *, certain: bool) -> None:
        if not certain and self._chance(0.006):
            self.course.withdraw(self._later(1, 6))
            return
        if self.stop is Stop.TRIED or (not certain and self._chance(0.065)):
            self._never_reached()
            return
        tries = 0 if certain else self.rng.choices((0, 1, 2), (64, 25, 11))[0]
        first_wait = 1 if certain else max(1, round(self.usual_wait * 0.45))
        for number in range(tries):
            self._try(self._later(0, first_wait) if number == 0 else self._later(1, 3))
        self._reached(self._later(0, first_wait) if tries == 0 else self._later(1, 4))

    def _never_reached(self) -> None:
        channels = sorted(self.course.channels)
        for number in range(max(3, len(channels))):
            at = self._later(0, 2) if number == 0 else self._later(2, 5)
            self._try(at, channel=channels[number % len(channels)])
            if self.stop is Stop.TRIED:
                return
        while True:
            # Ten days from the first attempt have to pass; the table says when.
            at = self._later(2, 4)
            try:
                self.course.close(at, outcome=Outcome.NOT_REACHED)
            except MoveRefused:
                self._try(at + dt.timedelta(minutes=1), channel=channels[0])
            else:
                return

    def _reached(self, at: dt.datetime) -> None:
        channel = self._channel()
        self.course.attempt(at, channel=channel, result=AttemptResult.REACHED)
        if self.stop is not Stop.SCHEDULED:
            if self._chance(0.16):
                self.course.close(at + dt.timedelta(minutes=4), outcome=self._draw(OTHER_ENDS))
                return
            if self._chance(0.04):
                self._pause(at + dt.timedelta(minutes=3))
        self._meet()

    def _pause(self, at: dt.datetime) -> None:
        review = clock.add_working_days(clock.helsinki_day(at), self.rng.randint(10, 40))
        self.course.wait(at, reason=self.rng.choice(WAITING_REASONS), review_on=review)
        self.course.resume(self._moment(review))

    def _meet(self) -> None:
        """Agree on a time and hold it; one in twelve does not come the first time."""
        agreed_at = self.course.now + dt.timedelta(minutes=self.rng.randint(2, 9))
        appointment = self._moment(
            clock.add_working_days(clock.helsinki_day(agreed_at), self.rng.randint(3, 14))
        )
        self.course.schedule(agreed_at, appointment=appointment, form=self._draw(FORMS))
        if self.stop is Stop.SCHEDULED:
            return
        if self._chance(0.08):
            missed = self.rng.choice((AttemptResult.NO_SHOW, AttemptResult.CANCELLED))
            self.course.miss(appointment + dt.timedelta(minutes=20), result=missed)
            if self._chance(0.3):
                self.course.close(self._later(2, 8), outcome=Outcome.DID_NOT_WANT)
                return
            self.course.attempt(self._later(1, 4), channel=self._channel(), result=AttemptResult.REACHED)
            self._meet()
            return
        self.course.start(appointment + dt.timedelta(minutes=50))
        self._counsel()

    def _counsel(self) -> None:
        weeks = self.rng.randint(4, 16)
        day = clock.helsinki_day(self.course.now) + dt.timedelta(weeks=weeks, days=self.rng.randint(0, 4))
        outcome = Outcome.COMPLETED if self._chance(0.84) else Outcome.INTERRUPTED
        self.course.close(self._moment(day), outcome=outcome)

    def _try(self, at: dt.datetime, channel: ContactChannel | None = None) -> None:
        self.course.attempt(
            at,
            channel=channel or self._channel(),
            result=self._draw(UNREACHED),
            note=self.rng.choice(NOTES),
        )

    # ------------------------------------------------------------------------------------ dice

    def _chance(self, of: float) -> bool:
        return self.rng.random() < of

    def _draw(self, weighted: tuple[tuple[T, int], ...]) -> T:
        return self.rng.choices([each for each, _ in weighted], [weight for _, weight in weighted])[0]

    def _channel(self) -> ContactChannel:
        if ContactChannel.PHONE in self.course.channels:
            return ContactChannel.PHONE
        return min(self.course.channels)

    def _claim_time(self) -> dt.datetime:
        """Mostly within the target of five working days; one in ten later."""
        if self.stop is not Stop.NOWHERE:
            return self._later(0, 1)
        if self._chance(0.1):
            return self._later(6, 11)
        return self._later(0, max(1, self.usual_wait // 2 + 1))

    def _later(self, least: int, most: int) -> dt.datetime:
        """Return a moment of a working day so many working days on; on the same day, a little later."""
        days = self.rng.randint(least, most)
        now = self.course.now
        soon = now + dt.timedelta(minutes=self.rng.randint(6, 40))
        if days == 0 and clock.helsinki_day(soon) == clock.helsinki_day(now):
            return soon
        return self._moment(clock.add_working_days(clock.helsinki_day(now), max(days, 1)))

    def _moment(self, day: dt.date) -> dt.datetime:
        day = clock.next_working_day(day)
        return office_time(day, self.rng)


def office_time(day: dt.date, rng: random.Random) -> dt.datetime:
    """Return a moment between half past eight and half past three of a Helsinki day."""
    return _at(day, 30 + 5 * rng.randint(0, 84))


def _at(day: dt.date, minutes: int) -> dt.datetime:
    """Return so many minutes past eight on a Helsinki day."""
    wall = dt.datetime.combine(day, dt.time(8), tzinfo=clock.HELSINKI) + dt.timedelta(minutes=minutes)
    return wall.astimezone(dt.UTC)
