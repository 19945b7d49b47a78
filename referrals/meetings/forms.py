"""The forms of a meeting: calling it, its minutes, a municipality's news."""

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from referrals.meetings.queries import PLACE_LENGTH
from referrals.municipality.inbox.forms import (
    DAY_FORMATS,
    TIME_FORMATS,
    Day,
    NotATimeError,
    Time,
    helsinki_instant,
)
from servicetray.core import clock
from servicetray.core.validators import no_identity_code

AGENDA_LENGTH, MINUTES_LENGTH, NEWS_LENGTH = 4000, 20_000, 3000
LAST_YEAR = 2099


class SeenForm(FlaskForm):
    """A form that carries the version that was on the screen."""

    seen = HiddenField(default="0")

    @property
    def version(self) -> int:
        """The version that was seen; what can't be one is none that ever was."""
        told = str(self.seen.data or "")
        return int(told) if told.isdecimal() and len(told) < 10 else -1  # noqa: PLR2004 - ten digits are no version

    def told(self, sentence: str) -> None:
        """Put an error above the form."""
        self.form_errors.append(sentence)


class CallForm(SeenForm):
    """When, where, and what is talked about."""

    day = Day(
        _p("meeting", "Day"),
        format=DAY_FORMATS,
        validators=[InputRequired(_l("Choose the day of the meeting."))],
    )
    time = Time(
        _p("meeting", "Time"),
        format=TIME_FORMATS,
        validators=[InputRequired(_l("Choose when the meeting begins."))],
    )
    place = StringField(
        _p("meeting", "Place"),
        description=_l("A room, or “remotely”."),
        validators=[
            InputRequired(_l("Write where the meeting is.")),
            Length(max=PLACE_LENGTH, message=_l("Shorten the place to 200 characters.")),
            no_identity_code,
        ],
        filters=[lambda text: (text or "").strip()],
    )
    agenda = TextAreaField(
        _p("meeting", "Agenda"),
        validators=[
            Length(max=AGENDA_LENGTH, message=_l("Shorten the text to %(max)d characters.")),
            no_identity_code,
        ],
        filters=[lambda text: (text or "").strip()],
    )

    at: dt.datetime | None = None
    """When it begins, of a form that is valid."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that the meeting is still to come."""
        if not super().validate(extra_validators):
            return False
        assert self.day.data is not None
        assert self.time.data is not None
        if self.day.data.year > LAST_YEAR:
            self.day.errors = [_("Choose a day between 2020 and 2099.")]
            return False
        try:
            self.at = helsinki_instant(self.day.data, self.time.data)
        except NotATimeError:
            self.time.errors = [_("The clocks skip that time. Choose another one.")]
            return False
        if self.at <= clock.now():
            self.day.errors = [_("Choose a time that is still to come.")]
            return False
        return True


class MinutesForm(SeenForm):
    """The minutes."""

    text = TextAreaField(
        _p("meeting", "Minutes"),
        description=_l("What was talked about and agreed. Nothing about single clients."),
        validators=[
            InputRequired(_l("Write the minutes first.")),
            Length(max=MINUTES_LENGTH, message=_l("Shorten the text to %(max)d characters.")),
            no_identity_code,
        ],
        filters=[lambda text: (text or "").strip()],
    )


class NewsForm(SeenForm):
    """What a municipality tells; empty takes it back."""

    text = TextAreaField(
        _p("meeting", "News"),
        description=_l("What is new in the municipality’s counselling. Nothing about single clients."),
        validators=[
            Length(max=NEWS_LENGTH, message=_l("Shorten the text to %(max)d characters.")),
            no_identity_code,
        ],
        filters=[lambda text: (text or "").strip()],
    )


class CancelForm(FlaskForm):
    """Nothing but the button."""
