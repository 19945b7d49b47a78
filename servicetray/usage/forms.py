"""The period of a usage page, as its address has it."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from werkzeug.datastructures import MultiDict

from servicetray.core.period_forms import PeriodForm, days_asked
from servicetray.core.periods import Period

DAYS: Final = 30


def period_form(arguments: Mapping[str, str], *, today: dt.date) -> PeriodForm:
    """Return the form as the address fills it; what the address doesn't say is the last thirty days."""
    thirty = Period(today - dt.timedelta(days=DAYS - 1), today)
    return PeriodForm(MultiDict(days_asked(arguments, unasked=thirty)))
