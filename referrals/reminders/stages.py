"""How late is late enough to remind somebody, and whom: pure."""

import datetime as dt
from typing import Final

from referrals.moves.targets import days_late
from referrals.reminders.models import ReminderStage

LEAD_AFTER: Final = 3
"""Working days from the first reminder to the lead's."""


def stage_of(due_on: dt.date, *, today: dt.date) -> ReminderStage | None:
    """Return who is to be reminded today of what was due on a day, or None while nobody is.

    The first working day after it is the worker's; three working days later it is the lead's. After downtime
    the stage of today alone counts: nobody hears of what they would have heard then.
    """
    late = days_late(due_on, today)
    if late == 0:
        return None
    return ReminderStage.LEAD if late > LEAD_AFTER else ReminderStage.WORKER
