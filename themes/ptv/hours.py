"""What all versions of the API share about opening hours. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from themes.ptv.model import OpenPeriod

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_NUMBERS = {name.lower(): number for number, name in enumerate(WEEKDAYS, start=1)}
_TIME = re.compile(r"(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?::\d{2})?")


def weekday(value: object) -> int | None:
    """Return the number of a day (1 Monday … 7 Sunday) by its English name, None for anything else."""
    return _NUMBERS.get(value.lower()) if isinstance(value, str) else None


def time(value: object) -> str:
    """Return ``HH:MM`` of a time with or without seconds, empty for anything else."""
    found = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    return f"{int(found['hour']):02}:{found['minute']}" if found else ""


def joined(periods: Iterable[OpenPeriod]) -> Iterator[OpenPeriod]:
    """Join days in a row with the same hours: PTV lists Monday, Tuesday … one by one."""
    waiting: OpenPeriod | None = None
    for period in sorted(periods, key=lambda period: (period.days or (0, 0), period.opens)):
        if (
            waiting is not None
            and waiting.days
            and period.days
            and (
                (waiting.opens, waiting.closes) == (period.opens, period.closes)
                and waiting.days[1] + 1 == period.days[0]
            )
        ):
            waiting = replace(waiting, days=(waiting.days[0], period.days[1]))
            continue
        if waiting is not None:
            yield waiting
        waiting = period
    if waiting is not None:
        yield waiting
