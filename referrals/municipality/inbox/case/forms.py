"""What an adviser enters on a case: attempts, appointments, notes, waiting, its end."""

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from wtforms import DateField, HiddenField, ValidationError
from wtforms.validators import InputRequired, Optional

from referrals.moves import SYSTEM_OUTCOMES, ContactChannel, Outcome
from referrals.municipality.inbox import labels
from referrals.municipality.inbox.case.file import State
from referrals.municipality.inbox.choices import Went
from referrals.municipality.inbox.forms import (
    DAY_FORMATS,
    REVIEW_DAYS,
    TIME_FORMATS,
    Day,
    NotATimeError,
    One,
    OnePageForm,
    Select,
    Time,
    helsinki_instant,
    note_field,
    offer,
)
from referrals.municipality.models import MeetingForm
from servicetray.core import clock


class CaseForm(OnePageForm):
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

    place = "attempt"

    channel = Select(
        _p("attempt", "By which way"),
        choices=offer(labels.CHANNELS),
        default=ContactChannel.PHONE.value,
    )
    went = One(
        _l("How did it go?"),
        choices=offer(labels.WENT),
        validators=[InputRequired(_l("Choose how it went."))],
    )
    day = Day(_p("appointment", "Day"), format=DAY_FORMATS, validators=[Optional()])
    time = Time(_p("appointment", "Time"), format=TIME_FORMATS, validators=[Optional()])
    how = Select(
        _p("appointment", "How you meet"),
        choices=offer(labels.MEETING_FORMS),
        default=MeetingForm.IN_PERSON.value,
    )
    note = note_field(_p("case", "Note"))

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
        # Days come first: the year 1 can be typed, and has no instant.
        if self.day.data < clock.helsinki_day(now):
            return self._is_past()
        try:
            at = helsinki_instant(self.day.data, self.time.data)
        except NotATimeError:
            self.time.errors = [
                _("The clocks go forward that night and skip this hour. Choose another time.")
            ]
            return False
        if at <= now:
            return self._is_past()
        self.meeting_at = at
        return True

    def _is_past(self) -> bool:
        self.day.errors = [_("This time has passed. Choose one that is still to come.")]
        return False


class MeetingResultForm(CaseForm):
    """How an agreed appointment went."""

    place = "meeting"

    met = One(
        _l("How did it go?"),
        choices=offer(labels.MET),
        validators=[InputRequired(_l("Choose how it went."))],
    )
    note = note_field(_p("case", "Note"))


class WaitForm(CaseForm):
    """Why a case waits, and until when."""

    place = "wait"

    reason = One(
        _l("Why does it wait?"),
        choices=offer(labels.WAITING_REASONS),
        validators=[InputRequired(_l("Choose why it waits."))],
    )
    review_on = Day(
        _l("Until which day?"),
        description=_l("At most 90 days ahead. On that day it comes up again."),
        format=DAY_FORMATS,
        validators=[InputRequired(_l("Choose the day when you look at it again."))],
    )
    note = note_field(_p("case", "Note"))

    @property
    def until(self) -> dt.date:
        """The day that was chosen, of a form that is valid."""
        assert self.review_on.data is not None
        return self.review_on.data

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

    place = "resume"


class NoteForm(CaseForm):
    """A note of its own."""

    place = "note"

    note = note_field(_p("case", "Note"), validators=[InputRequired(_l("Write the note first."))])


class CloseForm(CaseForm):
    """End a case with its outcome."""

    place = "close"

    outcome = One(
        _p("case", "Outcome"),
        choices=offer(labels.OUTCOMES, [each for each in Outcome if each not in SYSTEM_OUTCOMES]),
        validators=[InputRequired(_l("Choose the outcome."))],
    )
    note = note_field(_p("case", "Note"))


class ReturnCaseForm(CaseForm):
    """Send the referral of a case back to its sender."""

    place = "return"

    reason = One(
        _l("Why does it go back?"),
        choices=offer(labels.RETURN_REASONS),
        validators=[InputRequired(_l("Choose why it goes back."))],
    )


class WithdrawForm(CaseForm):
    """The client takes the permission back."""

    place = "withdraw"


class QuickForm(CaseForm):
    """The commonest entries in one press: its buttons say how an attempt went, and it is sent as an attempt."""

    place = "quick"
