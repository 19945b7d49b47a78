"""The form of one follow-up: the answers, or why there are none."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from referrals.municipality.follow_up.labels import HOW, MEASURES, NOT_MEASURED, POINTS
from referrals.municipality.follow_up.models import How, NotMeasured
from referrals.municipality.follow_up.points import HIGHEST, Measure, Measured, Point
from referrals.municipality.inbox.forms import DAY_FORMATS, Day, One, Select, offer
from servicetray.core import clock


class _Number(IntegerField):
    """A whole number, or nothing."""

    def __init__(self, measure: Measure, **more: Any) -> None:
        highest = HIGHEST[measure]
        super().__init__(
            MEASURES[measure],
            validators=[
                Optional(),
                NumberRange(0, highest, _l("Write a number from 0 to %(highest)s.", highest=highest)),
            ],
            **more,
        )
        self.highest = highest

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Write a number from 0 to %(highest)s.", highest=self.highest)) from None


class FollowUpForm(FlaskForm):
    """What the client answered at one point."""

    known = HiddenField()
    point = Select(_p("follow-up", "Which follow-up"), choices=offer(POINTS))
    measured_on = Day(
        _p("follow-up", "Day"),
        format=DAY_FORMATS,
        validators=[InputRequired(_l("Choose the day when you asked."))],
    )
    how = One(_p("follow-up", "How you asked"), choices=offer(HOW))
    days = _Number(Measure.DAYS)
    minutes = _Number(Measure.MINUTES)
    strength = _Number(Measure.STRENGTH)
    wellbeing = _Number(Measure.WELLBEING)
    not_measured = One(_l("If there is no answer"), choices=offer(NOT_MEASURED))

    earliest: dt.date | None = None
    """The day when the case was accepted: nobody was asked before."""
    asked: tuple[Measure, ...] = tuple(Measure)

    @property
    def fields_asked(self) -> list[Any]:
        """The fields of what this kind of counselling asks."""
        return [self[measure.value] for measure in self.asked]

    @property
    def answer(self) -> Measured | None:
        """What was answered; None where there is no answer at all."""
        told = {measure.value: self[measure.value].data for measure in self.asked}
        return Measured(**told) if any(value is not None for value in told.values()) else None

    @property
    def asked_how(self) -> How | None:
        """By phone or in person, where it was said."""
        return How(self.how.data) if self.how.data else None

    @property
    def reason(self) -> NotMeasured | None:
        """Why there is no answer, where one was given."""
        return NotMeasured(self.not_measured.data) if self.not_measured.data else None

    def choose(self, points: Iterable[Point]) -> None:
        """Offer these points alone."""
        self.point.choices = offer(POINTS, points)

    def validate_measured_on(self, field: Day) -> None:
        """Neither in the future nor before the case was accepted."""
        if field.data is None:
            return
        if field.data > clock.helsinki_day(clock.now()):
            raise ValidationError(_("This day is still to come. Choose the day when you asked."))
        if self.earliest is not None and field.data < self.earliest:
            raise ValidationError(_("The case had not begun on this day. Choose a later one."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields; an answer says how it was asked, and excludes a reason."""
        fine = bool(super().validate(extra_validators))
        if any(field.errors for field in self.fields_asked):
            return False
        if self.answer is None:
            if self.reason is None:
                self.not_measured.errors = [_("Write down at least one answer, or choose why there is none.")]
            return fine and self.reason is not None
        if self.reason is not None:
            self.not_measured.errors = [
                _("There are answers and a reason why there are none. Take one of them away.")
            ]
            return False
        if self.asked_how is None:
            self.how.errors = [_("Choose how you asked.")]
            return False
        return fine
