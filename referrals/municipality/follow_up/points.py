"""When somebody is followed up, and what is asked. Pure.

The measures of exercise are those of the HL7 Physical Activity guide, with their LOINC codes.
"""

import calendar
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

MONTHS_A_YEAR = 12


class Point(StrEnum):
    """A time at which it is asked how the client is doing."""

    START = "start"
    MONTHS_3 = "months_3"
    MONTHS_6 = "months_6"
    MONTHS_12 = "months_12"


AFTER_MONTHS: Mapping[Point, int] = {
    Point.START: 0,
    Point.MONTHS_3: 3,
    Point.MONTHS_6: 6,
    Point.MONTHS_12: 12,
}


class Measure(StrEnum):
    """What is asked; the values are the names of the fields."""

    DAYS = "days"
    MINUTES = "minutes"
    STRENGTH = "strength"
    WELLBEING = "wellbeing"


LOINC: Mapping[Measure, str] = {
    Measure.DAYS: "89555-7",
    Measure.MINUTES: "68516-4",
    Measure.STRENGTH: "82291-6",
}
"""Wellbeing from 0 to 10 is the product's own question and has no code."""
HIGHEST: Mapping[Measure, int] = {
    Measure.DAYS: 7,
    Measure.MINUTES: 600,
    Measure.STRENGTH: 7,
    Measure.WELLBEING: 10,
}
"""All begin at 0. Days and strength: days a week; minutes: a day on which the client moves."""
EXERCISE = "exercise"


class Measured(BaseModel):
    """What a client answered; None where they did not."""

    model_config = ConfigDict(frozen=True)

    days: int | None = Field(default=None, ge=0, le=HIGHEST[Measure.DAYS])
    minutes: int | None = Field(default=None, ge=0, le=HIGHEST[Measure.MINUTES])
    strength: int | None = Field(default=None, ge=0, le=HIGHEST[Measure.STRENGTH])
    wellbeing: int | None = Field(default=None, ge=0, le=HIGHEST[Measure.WELLBEING])

    def of(self, measure: Measure) -> int | None:
        """Return the answer to one question."""
        value: int | None = getattr(self, measure.value)
        return value


@dataclass(frozen=True, kw_only=True)
class Change:
    """How one measure went from the first answer to the latest."""

    measure: Measure
    first: int
    latest: int
    latest_at: Point

    @property
    def by(self) -> int:
        """How much it changed."""
        return self.latest - self.first


def measures_of(kind_code: str) -> tuple[Measure, ...]:
    """Return what is asked in a kind of counselling: wellbeing in all, moving in exercise."""
    return tuple(Measure) if kind_code == EXERCISE else (Measure.WELLBEING,)


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day of a later month; its last day where it is shorter (31.8. + 6 months is 28.2.)."""
    total = day.year * MONTHS_A_YEAR + day.month - 1 + months
    year, month = divmod(total, MONTHS_A_YEAR)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def due_days(started_on: dt.date) -> Mapping[Point, dt.date]:
    """Return the day of each point of a counselling that started on a Helsinki day."""
    return {point: add_months(started_on, months) for point, months in AFTER_MONTHS.items()}


def changes(kind_code: str, answers: Mapping[Point, Measured]) -> Sequence[Change]:
    """Return how each measure went, where it was answered at two points at least."""
    found: list[Change] = []
    for measure in measures_of(kind_code):
        told = [
            (point, value)
            for point in Point
            if point in answers and (value := answers[point].of(measure)) is not None
        ]
        if len(told) > 1:
            (_, first), (at, latest) = told[0], told[-1]
            found.append(Change(measure=measure, first=first, latest=latest, latest_at=at))
    return found
