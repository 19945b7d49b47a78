"""The forms of the adviser's screens. Each is sent to an address of its own."""

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, SelectField, TextAreaField, TimeField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from referrals.identity_codes import contains_code
from referrals.moves import SYSTEM_OUTCOMES, ContactChannel, Outcome
from referrals.municipality.inbox import labels
from referrals.municipality.inbox.case_file import State
from referrals.municipality.inbox.choices import Went
from referrals.municipality.models import MeetingForm
from servicetray.core import clock

NOTE_LENGTH = 500
REVIEW_DAYS = 90
DAY_FORMATS = ["%Y-%m-%d", "%d.%m.%Y"]
TIME_FORMATS = ["%H:%M", "%H.%M", "%H:%M:%S"]


class NotATimeError(ValueError):
    """A wall clock in Helsinki never shows this: the hour is skipped when summer time begins."""


def helsinki_instant(day: dt.date, time: dt.time) -> dt.datetime:
    """Return the instant of a Helsinki day and time, in UTC; an hour that comes twice is its first.

    Raises:
        NotATimeError: if the clocks skip it.
    """
    told = dt.datetime.combine(day, time)
    instant = told.replace(tzinfo=clock.HELSINKI).astimezone(dt.UTC)
    if clock.helsinki(instant).replace(tzinfo=None) != told:
        raise NotATimeError
    return instant


def no_identity_code(form: FlaskForm, field: Any) -> None:
    """Refuse a text that holds a personal identity code."""
    del form
    if contains_code(field.data or ""):
        raise ValidationError(_("Take the personal identity code out. It isn't needed here."))


class _One(RadioField):
    """Radio buttons with nothing chosen; a value that is no choice counts as no answer."""

    def pre_validate(self, form: FlaskForm) -> None:
        del form
        if self.data not in {value for value, _label in self.choices or ()}:
            self.raw_data = []


class _Select(SelectField):
    """A list with something chosen; a value that is no choice counts as the first."""

    def pre_validate(self, form: FlaskForm) -> None:
        del form
        values = [value for value, _label in self.choices or ()]
        if self.data not in values:
            self.data = values[0]


class _Day(DateField):
    """A day by the browser's calendar, or typed as 24.11.2026."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Write the day like this: 24.11.2026.")) from None


class _Time(TimeField):
    """A time of day, by the browser's clock or typed as 9.30."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Write the time like this: 9.30.")) from None


def _note(label: Any, **more: Any) -> TextAreaField:
    return TextAreaField(
        label,
        validators=[
            Length(max=NOTE_LENGTH, message=_l("Shorten the text to 500 characters.")),
            no_identity_code,
            *more.pop("validators", ()),
        ],
        filters=[lambda text: text.strip() if text else ""],
        **more,
    )


class CaseForm(FlaskForm):
    """A form of one case; it carries how far its page knew the case."""

    state = HiddenField()

    @property
    def known(self) -> State:
        """What the page knew that this form was sent from."""
        return State.parse(self.state.data or "")

    @property
    def typed(self) -> str:
        """The free text that was written."""
        note = getattr(self, "note", None)
        return (note.data or "") if note is not None else ""


class AttemptForm(CaseForm):
    """How an attempt to reach the client went, and the time that was agreed."""

    channel = _Select(
        _lp("attempt", "By which way"),
        choices=[(each.value, words) for each, words in labels.CHANNELS.items()],
        default=ContactChannel.PHONE.value,
    )
    went = _One(
        _l("How did it go?"),
        choices=[(each.value, words) for each, words in labels.WENT.items()],
        validators=[InputRequired(_l("Choose how it went."))],
    )
    day = _Day(_lp("appointment", "Day"), format=DAY_FORMATS, validators=[Optional()])
    time = _Time(_lp("appointment", "Time"), format=TIME_FORMATS, validators=[Optional()])
    how = _Select(
        _lp("appointment", "How you meet"),
        choices=[(each.value, words) for each, words in labels.MEETING_FORMS.items()],
        default=MeetingForm.IN_PERSON.value,
    )
    note = _note(_lp("case", "Note"))

    meeting_at: dt.datetime | None = None

    def validate(self, extra_validators: Any = None, *, now: dt.datetime | None = None) -> bool:
        """Check the fields; a time is asked for where one was agreed."""
        fine = bool(super().validate(extra_validators))
        if self.went.data == Went.AGREED:
            return self._check_time(now or clock.now()) and fine
        return fine

    def _check_time(self, now: dt.datetime) -> bool:
        if self.day.data is None and not self.day.errors:
            self.day.errors = [_("Choose the day that you agreed on.")]
        if self.time.data is None and not self.time.errors:
            self.time.errors = [_("Choose the time that you agreed on.")]
        if self.day.data is None or self.time.data is None:
            return False
        try:
            at = helsinki_instant(self.day.data, self.time.data)
        except NotATimeError:
            self.time.errors = [_("The clocks go forward that night and skip this hour. Choose another time.")]
            return False
        if at <= now:
            self.day.errors = [_("This time has passed. Choose one that is still to come.")]
            return False
        self.meeting_at = at
        return True


class MeetingResultForm(CaseForm):
    """How an agreed appointment went."""

    met = _One(
        _l("How did it go?"),
        choices=[(each.value, words) for each, words in labels.MET.items()],
        validators=[InputRequired(_l("Choose how it went."))],
    )
    note = _note(_lp("case", "Note"))


class WaitForm(CaseForm):
    """Why a case waits, and until when."""

    reason = _One(
        _l("Why does it wait?"),
        choices=[(each.value, words) for each, words in labels.WAITING_REASONS.items()],
        validators=[InputRequired(_l("Choose why it waits."))],
    )
    review_on = _Day(
        _l("Until which day?"),
        description=_l("At most 90 days ahead. On that day it comes up again."),
        format=DAY_FORMATS,
        validators=[InputRequired(_l("Choose the day when you look at it again."))],
    )
    note = _note(_lp("case", "Note"))

    def validate_review_on(self, field: DateField) -> None:
        """Only a coming day, and not too far."""
        today = clock.helsinki_day(clock.now())
        if field.data is None:
            return
        if field.data <= today:
            raise ValidationError(_("This day has passed or is today. Choose a later one."))
        if field.data > today + dt.timedelta(days=REVIEW_DAYS):
            raise ValidationError(_("That is more than 90 days ahead. Choose a nearer day."))


class ResumeForm(CaseForm):
    """Take a waiting case up again."""


class NoteForm(CaseForm):
    """A note of its own."""

    note = _note(_lp("case", "Note"), validators=[InputRequired(_l("Write the note first."))])


class CloseForm(CaseForm):
    """End a case with its outcome."""

    outcome = _One(
        _lp("case", "Outcome"),
        choices=[
            (each.value, words) for each, words in labels.OUTCOMES.items() if each not in SYSTEM_OUTCOMES
        ],
        validators=[InputRequired(_l("Choose the outcome."))],
    )
    note = _note(_lp("case", "Note"))


class ReturnForm(FlaskForm):
    """Send a referral back to its sender."""

    reason = _One(
        _l("Why does it go back?"),
        choices=[(each.value, words) for each, words in labels.RETURN_REASONS.items()],
        validators=[InputRequired(_l("Choose why it goes back."))],
    )


class ReturnCaseForm(CaseForm):
    """Send the referral of a case back to its sender."""

    reason = _One(
        _l("Why does it go back?"),
        choices=[(each.value, words) for each, words in labels.RETURN_REASONS.items()],
        validators=[InputRequired(_l("Choose why it goes back."))],
    )
