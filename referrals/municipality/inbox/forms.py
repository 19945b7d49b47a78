"""The forms of the adviser's screens. Each is sent to an address of its own."""

import datetime as dt
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, SelectField, TextAreaField, TimeField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library
from wtforms.validators import InputRequired, Length, Optional

from referrals.identity_codes import contains_code
from referrals.moves import SYSTEM_OUTCOMES, ContactChannel, Outcome
from referrals.municipality.inbox import labels
from referrals.municipality.inbox.case_file import State
from referrals.municipality.inbox.choices import Went
from referrals.municipality.models import MeetingForm
from servicetray.core import clock
from servicetray.core.pages import Text

E = TypeVar("E", bound=StrEnum)
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


def offer(words: Mapping[E, Text], members: Iterable[E] | None = None) -> list[SelectChoice]:
    """Return members of an enum (all, where none are named) as choices, in the order of their words."""
    wanted = set(words if members is None else members)
    return [SelectChoice(value=each.value, label=text) for each, text in words.items() if each in wanted]


def values_of(field: SelectField) -> list[str]:
    """Return the values that a field offers."""
    choices: Any = field.choices or ()
    return [choice.value for choice in choices]


class _One(RadioField):
    """Radio buttons with nothing chosen; a value that is no choice counts as no answer."""

    def pre_validate(self, form: FlaskForm) -> None:
        del form
        if self.data not in values_of(self):
            self.raw_data = []


class _Select(SelectField):
    """A list with something chosen; a value that is no choice counts as the first."""

    def pre_validate(self, form: FlaskForm) -> None:
        del form
        known = values_of(self)
        if self.data not in known:
            self.data = known[0]


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


class OnePageForm(FlaskForm):
    """One of several forms on a page: its fields keep their names, their ids begin with its place."""

    place: ClassVar[str]

    class Meta(FlaskForm.Meta):
        """Ids of fields, the hidden ones too."""

        def bind_field(self, form: "OnePageForm", unbound_field: Any, options: dict[str, Any]) -> Any:
            """Bind a field to its form (WTForms)."""
            return unbound_field.bind(form=form, **{"id": f"{form.place}-{options['name']}", **options})


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

    channel = _Select(
        _p("attempt", "By which way"),
        choices=offer(labels.CHANNELS),
        default=ContactChannel.PHONE.value,
    )
    went = _One(
        _l("How did it go?"),
        choices=offer(labels.WENT),
        validators=[InputRequired(_l("Choose how it went."))],
    )
    day = _Day(_p("appointment", "Day"), format=DAY_FORMATS, validators=[Optional()])
    time = _Time(_p("appointment", "Time"), format=TIME_FORMATS, validators=[Optional()])
    how = _Select(
        _p("appointment", "How you meet"),
        choices=offer(labels.MEETING_FORMS),
        default=MeetingForm.IN_PERSON.value,
    )
    note = _note(_p("case", "Note"))

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

    met = _One(
        _l("How did it go?"),
        choices=offer(labels.MET),
        validators=[InputRequired(_l("Choose how it went."))],
    )
    note = _note(_p("case", "Note"))


class WaitForm(CaseForm):
    """Why a case waits, and until when."""

    place = "wait"

    reason = _One(
        _l("Why does it wait?"),
        choices=offer(labels.WAITING_REASONS),
        validators=[InputRequired(_l("Choose why it waits."))],
    )
    review_on = _Day(
        _l("Until which day?"),
        description=_l("At most 90 days ahead. On that day it comes up again."),
        format=DAY_FORMATS,
        validators=[InputRequired(_l("Choose the day when you look at it again."))],
    )
    note = _note(_p("case", "Note"))

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

    note = _note(_p("case", "Note"), validators=[InputRequired(_l("Write the note first."))])


class CloseForm(CaseForm):
    """End a case with its outcome."""

    place = "close"

    outcome = _One(
        _p("case", "Outcome"),
        choices=offer(labels.OUTCOMES, [each for each in Outcome if each not in SYSTEM_OUTCOMES]),
        validators=[InputRequired(_l("Choose the outcome."))],
    )
    note = _note(_p("case", "Note"))


class ReturnForm(OnePageForm):
    """Send a referral back to its sender."""

    place = "return"

    reason = _One(
        _l("Why does it go back?"),
        choices=offer(labels.RETURN_REASONS),
        validators=[InputRequired(_l("Choose why it goes back."))],
    )


class ReturnCaseForm(CaseForm):
    """Send the referral of a case back to its sender."""

    place = "return"

    reason = _One(
        _l("Why does it go back?"),
        choices=offer(labels.RETURN_REASONS),
        validators=[InputRequired(_l("Choose why it goes back."))],
    )


class WithdrawForm(CaseForm):
    """The client takes the permission back."""

    place = "withdraw"
