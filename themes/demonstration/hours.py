"""Opening hours of invented services: what the files say, as channels keep it. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

YEARS: Final = 2
"""A yearly break is told for this year and the next."""


def as_kept(hours: Sequence[str], today: dt.date) -> tuple[Mapping[str, Any], ...]:
    """Return hours as a channel keeps them.

    Args:
        hours: ``1-5 08:00-16:00`` (Monday is 1), or ``closed 06-20 to 07-31`` of every year.
        today: the Helsinki day; breaks are told from its year on.
    """
    kept: list[Mapping[str, Any]] = []
    for told in hours:
        if told.startswith("closed "):
            first, _to, last = told.removeprefix("closed ").partition(" to ")
            kept += [_break(year, first, last) for year in range(today.year, today.year + YEARS)]
            continue
        days, times = told.split(" ")
        opens, closes = times.split("-")
        kept.append({"days": [int(days[0]), int(days[2])], "from": opens, "to": closes})
    return tuple(kept)


def _break(year: int, first: str, last: str) -> Mapping[str, Any]:
    # One that begins in December ends in the new year.
    ends = year if first <= last else year + 1
    return {"closed": True, "valid_from": f"{year}-{first}", "valid_to": f"{ends}-{last}"}
