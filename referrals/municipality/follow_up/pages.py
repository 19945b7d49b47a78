"""The page of a case's follow-up, and its words."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask_babel import gettext as _
from flask_wtf import FlaskForm

from referrals.municipality.beside import BesidePage
from referrals.municipality.follow_up.forms import FollowUpForm
from referrals.municipality.follow_up.labels import HOW, NOT_MEASURED_SHORT, POINTS, SHORT
from referrals.municipality.follow_up.models import FollowUp
from referrals.municipality.follow_up.points import (
    HIGHEST,
    Change,
    Measure,
    Measured,
    Point,
    changes,
    measures_of,
)
from servicetray.core.pages import Text

WIDTH, HEIGHT, EDGE = 120, 32, 4


@dataclass(frozen=True, kw_only=True)
class Column:
    """One point: when, and how it was asked."""

    point: Point
    title: Text
    due_on: dt.date
    measured_on: dt.date | None
    said: Text
    """By phone, in person, or why there is no answer; empty while it is to come."""
    due: bool


@dataclass(frozen=True, kw_only=True)
class Dot:
    """One answer in the small chart."""

    x: float
    y: float


@dataclass(frozen=True, kw_only=True)
class Line:
    """One measure at every point."""

    title: Text
    values: Sequence[int | None]
    said: str
    """The change in words; empty where there is none to tell."""
    dots: Sequence[Dot]
    """Of the chart; fewer than two draw none."""

    @property
    def path(self) -> str:
        """The dots as the points of a polyline."""
        return " ".join(f"{dot.x:g},{dot.y:g}" for dot in self.dots)


@dataclass(frozen=True, kw_only=True)
class Course:
    """All points of a case, ready to be shown."""

    columns: Sequence[Column]
    lines: Sequence[Line]
    due: Point | None
    """The one to ask now."""
    next_on: dt.date | None
    """The day of the next one to come."""


@dataclass(frozen=True, kw_only=True)
class FollowUpPage(BesidePage):
    """The answers so far, and the form for the next."""

    template: ClassVar[str] = "referrals/follow_up/follow_up.html"
    course: Course
    agreed: bool
    started: bool
    followed: bool
    form: FlaskForm
    """The one that came back, for the title and the error summary."""
    answer_form: FollowUpForm | None
    changed: bool
    """A colleague was a moment ahead: what was typed is still in the form."""


def course_of(
    kind_code: str, rows: Sequence[FollowUp], answers: Mapping[Point, Measured], *, today: dt.date
) -> Course:
    """Return the points of a case in words and geometry."""
    open_rows = [row for row in rows if row.recorded_at is None]
    past = [row for row in rows if row.due_on <= today]
    # Who was not asked at 3 months is asked at 6 months, not twice.
    due = past[-1].point if past and past[-1].recorded_at is None else None
    told = {change.measure: change for change in changes(kind_code, answers)}
    return Course(
        columns=[
            Column(
                point=row.point,
                title=POINTS[row.point],
                due_on=row.due_on,
                measured_on=row.measured_on,
                said=_said(row),
                due=row.point is due,
            )
            for row in rows
        ],
        lines=[
            Line(
                title=SHORT[measure],
                values=[answers[row.point].of(measure) if row.point in answers else None for row in rows],
                said=in_words(told[measure]) if measure in told else "",
                dots=_dots(measure, rows, answers),
            )
            for measure in measures_of(kind_code)
        ],
        due=due,
        next_on=next((row.due_on for row in open_rows if row.due_on > today), None),
    )


def in_words(change: Change) -> str:
    """Say how a measure went since the first answer."""
    if change.by == 0:
        return _("as at the start: %(value)s", value=change.latest)
    said = {"first": change.first, "latest": change.latest, "by": abs(change.by)}
    return (
        _("from %(first)s to %(latest)s, %(by)s more", **said)
        if change.by > 0
        else _("from %(first)s to %(latest)s, %(by)s less", **said)
    )


def _said(row: FollowUp) -> Text:
    if row.not_measured is not None:
        return NOT_MEASURED_SHORT[row.not_measured]
    return HOW[row.how] if row.how is not None else ""


def _dots(measure: Measure, rows: Sequence[FollowUp], answers: Mapping[Point, Measured]) -> list[Dot]:
    order = list(Point)
    step = (WIDTH - 2 * EDGE) / (len(order) - 1)
    values = {
        row.point: value
        for row in rows
        if row.point in answers and (value := answers[row.point].of(measure)) is not None
    }
    # Minutes go up to 600, which nobody reaches: the chart is as high as the highest answer.
    top = max(HIGHEST[measure] if measure is not Measure.MINUTES else 0, *values.values(), 1)
    return [
        Dot(
            x=round(EDGE + step * order.index(point), 1),
            y=round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * value / top, 1),
        )
        for point, value in values.items()
    ]
