"""Invented years of one kind, as the rule of publishing takes them."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from referrals.moves import Outcome
from referrals.statistics.counting import Stage
from referrals.statistics.publication.masking import AGE_ORDER, Year
from referrals.statistics.publication.tables import GROUP, LoopRow, quarter_of
from servicetray.core.periods import Month

PLACES = ("075", "285", "286", GROUP)
"""Hamina, Kotka, Kouvola, and the three small municipalities together."""
WEIGHTS = (0.13, 0.30, 0.51, 0.06)
AGES = dict(zip(sorted(AGE_ORDER), (0.04, 0.15, 0.45, 0.2, 0.16), strict=True))
REASONS = {"inactivity": 0.5, "weight": 0.35, "pain": 0.3, "mood": 0.2, "alone": 0.1, "diabetes": 0.05}
OUTCOMES = (0.5, 0.12, 0.1, 0.1, 0.02, 0.05, 0.03, 0.01, 0.01, 0.03, 0.01, 0.01, 0.01)


def cut(year: Year, until: Month) -> Year:
    """Return what of a year is known when a month has just been frozen."""
    months = {month: number for month, number in year.months.items() if month <= until}
    quarters = {quarter_of(month) for month in months}
    return replace(
        year,
        until=until,
        months=months,
        places={key: number for key, number in year.places.items() if key[0] in quarters},
    )


def drawn(
    year: int, *, rate: float, chance: random.Random, first: int = 1, order: Sequence[str] = PLACES
) -> Year:
    """Return a year of single invented referrals, about so many a month."""
    months: dict[Month, int] = {}
    places: dict[tuple[str, str], int] = {}
    ages, reasons = dict.fromkeys(AGES, 0), dict.fromkeys(REASONS, 0)
    for number in range(first, 13):
        month = Month(year, number)
        season = 0.5 if number == 7 else 1.0
        size = poisson(rate * season, chance)
        months[month] = size
        for place in order:
            places.setdefault((quarter_of(month), place), 0)
        for _ in range(size):
            places[quarter_of(month), chance.choices(order, WEIGHTS[: len(order)])[0]] += 1
            ages[chance.choices(list(AGES), list(AGES.values()))[0]] += 1
            chosen = [code for code, share in REASONS.items() if chance.random() < share]
            for code in chosen or ["inactivity"]:
                reasons[code] += 1
    total = sum(months.values())
    outcomes = dict.fromkeys((each.value for each in Outcome), 0)
    for _ in range(int(total * 0.8)):
        outcomes[chance.choices(list(outcomes), OUTCOMES)[0]] += 1
    accepted = int(total * 0.95)
    return Year(
        year=year,
        until=Month(year, 12),
        months=months,
        places=places,
        place_order=order,
        reasons=reasons,
        reason_order=tuple(reasons),
        ages=ages,
        outcomes=outcomes,
        stages={
            Stage.SENT: total,
            Stage.ACCEPTED: accepted,
            Stage.REACHED: int(total * 0.85),
            Stage.STARTED: int(total * 0.7),
        },
        shares={
            LoopRow.CLAIMED_IN_TIME: (int(accepted * 0.8), accepted),
            LoopRow.LOOPS_CLOSED: (int(total * 0.6), int(total * 0.8)),
        },
        medians={LoopRow.DAYS_TO_ACCEPTED: (3, accepted)},
    )


def poisson(rate: float, chance: random.Random) -> int:
    """Return how many arrivals fall into a unit of time, drawn arrival by arrival."""
    count, time = 0, chance.expovariate(rate)
    while time < 1:
        count, time = count + 1, time + chance.expovariate(rate)
    return count


def simple(months: Mapping[int, int], *, until: int = 12, year: int = 2024, **more: object) -> Year:
    """Return a year of months alone, or with what is named besides."""
    given = {Month(year, number): count for number, count in months.items()}
    blank = Year(year=year, until=Month(year, until), months=given, places={}, place_order=())
    return replace(blank, **more)  # type: ignore[arg-type]  # any field, by its name
