"""The form that moves an appointment, or corrects its length or place."""

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from referrals.municipality.appointments.queries import LONGEST, SHORTEST
from referrals.municipality.inbox import labels
from referrals.municipality.inbox.forms import (
    DAY_FORMATS,
    TIME_FORMATS,
    Day,
    NotATimeError,
    Select,
    Time,
    helsinki_instant,
    no_identity_code,
    offer,
)
from servicetray.core import clock

PLACE_LENGTH = 200


class ChangeForm(FlaskForm):
    """When, how, how long and where."""

    known = HiddenField()
    day = Day(
        _p("appointment", "Day"),
        format=DAY_FORMATS,
        validators=[InputRequired(_l("Choose the day that you agreed on."))],
    )
    time = Time(
        _p("appointment", "Time"),
        format=TIME_FORMATS,
        validators=[InputRequired(_l("Choose the time that you agreed on."))],
    )
    how = Select(_p("appointment", "How you meet"), choices=offer(labels.MEETING_FORMS))
    minutes = IntegerField(
        _l("How many minutes"),
        validators=[
            InputRequired(_l("Write the length in minutes, from 5 to 480.")),
            NumberRange(SHORTEST, LONGEST, _l("Write the length in minutes, from 5 to 480.")),
        ],
    )
    meeting_place = StringField(
        _p("appointment", "Place"),
        description=_l(
            "A public place, such as a sports hall. Not the client’s home: it comes into your calendar."
        ),
        validators=[
            Length(max=PLACE_LENGTH, message=_l("Shorten the place to 200 characters.")),
            no_identity_code,
        ],
        filters=[lambda text: text.strip() if text else ""],
    )

    at: dt.datetime | None = None

    def validate(
        self,
        extra_validators: Any = None,
        *,
        now: dt.datetime | None = None,
        standing: dt.datetime | None = None,
    ) -> bool:
        """Check the fields; a new time is still to come, the standing one may stay."""
        if not super().validate(extra_validators):
            return False
        now = now or clock.now()
        assert self.day.data is not None
        assert self.time.data is not None
        # Days come first: the year 1 can be typed, and has no instant.
        if self.day.data.year < now.year - 1:
            return self._is_past()
        try:
            at = helsinki_instant(self.day.data, self.time.data)
        except NotATimeError:
            self.time.errors = [
                _("The clocks go forward that night and skip this hour. Choose another time.")
            ]
            return False
        if at <= now and at != standing:
            return self._is_past()
        self.at = at
        return True

    def _is_past(self) -> bool:
        self.day.errors = [_("This time has passed. Choose one that is still to come.")]
        return False
