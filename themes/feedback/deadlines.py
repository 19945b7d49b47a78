"""By when feedback is answered. Pure."""

import datetime as dt
from typing import Final

from servicetray.core import clock
from themes.feedback.models import Topic

ACCESSIBILITY_DAYS: Final = 14
"""Act 306/2019, section 8: an answer to feedback on accessibility is due in 14 days."""
REMIND_AFTER_DAYS: Final = 10
WORKING_DAYS: Final = 5


def due_on(topic: Topic, given_on: dt.date) -> dt.date:
    """Return the last Helsinki day for an answer to what was given on a day."""
    if topic is Topic.ACCESSIBILITY:
        return given_on + dt.timedelta(days=ACCESSIBILITY_DAYS)
    return clock.add_working_days(given_on, WORKING_DAYS)


def given_before(today: dt.date) -> dt.datetime:
    """Return the instant before which feedback on accessibility must have come to be reminded of today."""
    return clock.day_start(today - dt.timedelta(days=REMIND_AFTER_DAYS - 1))
