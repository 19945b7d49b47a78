"""The forms by which advisers publish their times and take them off."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField, StringField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from referrals.call_times import labels
from referrals.call_times.labels import Whose
from referrals.call_times.slots import FRIDAY
from referrals.municipality.inbox.forms import DAY_FORMATS, TIME_FORMATS, no_identity_code, offer
from referrals.municipality.inbox.labels import MEETING_FORMS
from referrals.municipality.queries import MeetingForm
from servicetray.core import clock
from servicetray.core.pages import Text

LENGTHS = (10, 15, 20, 30, 45, 60, 90, 120)
MOST_AT_ONCE = 50
LATEST_YEARS = 3


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


class _Select(SelectField):
    """A list with something chosen; a value that is no choice counts as none."""

    def pre_validate(self, form: FlaskForm) -> None:
        del form
        choices: Any = self.choices or ()
        if str(self.data) not in {choice.value for choice in choices}:
            raise ValidationError(_("Choose one from the list."))


def choices_of(words: Mapping[str, Text]) -> list[SelectChoice]:
    """Return words by value as choices, in their order."""
    return [SelectChoice(value=value, label=text) for value, text in words.items()]


def _day(label: Any, missing: Any = None, **more: Any) -> _Day:
    return _Day(
        label, format=DAY_FORMATS, validators=[InputRequired(missing) if missing else Optional()], **more
    )


def _time(label: Any, missing: Any = None) -> _Time:
    return _Time(label, format=TIME_FORMATS, validators=[InputRequired(missing) if missing else Optional()])


class TimesForm(FlaskForm):
    """What weekly and extra times have in common."""

    for_whom = _Select(_l("For which referrals"))
    adviser = _Select(_l("Who answers"))
    from_time = _time(_p("call times", "From"), _l("Say when the first time begins."))
    until_time = _time(_p("call times", "Until"), _l("Say when the last time has ended."))
    minutes = _Select(_l("Length of one time"))
    capacity = IntegerField(
        _l("Clients at the same time"),
        default=1,
        validators=[
            NumberRange(1, MOST_AT_ONCE, message=_l("Write a number from 1 to 50.")),
        ],
    )
    how = _Select(
        _p("appointment", "How you meet"), choices=offer(MEETING_FORMS), default=MeetingForm.PHONE.value
    )
    place = StringField(
        _l("Place or how to join"),
        description=_l("Clients see this when they choose. Needed where you meet in person."),
        validators=[Length(max=200, message=_l("Shorten the text to 200 characters.")), no_identity_code],
        filters=[lambda text: text.strip() if text else ""],
    )

    def offer(self, for_whom: Mapping[str, Text], advisers: Mapping[str, Text]) -> None:
        """Set what can be chosen: for whose referrals, and who answers."""
        self.for_whom.choices = choices_of(for_whom)
        self.adviser.choices = choices_of(advisers)
        self.minutes.choices = choices_of(
            {str(each): ngettext("%(num)s minute", "%(num)s minutes", each) for each in LENGTHS}
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that they fit together."""
        fine = bool(super().validate(extra_validators))
        if self.capacity.data is None and not self.capacity.errors:
            self.capacity.errors = [_("Write a number from 1 to 50.")]
        if self.how.data == MeetingForm.IN_PERSON and not self.place.data:
            self.place.errors = [_("Write where you meet.")]
            fine = False
        begins, ends = self.from_time.data, self.until_time.data
        if begins and ends and ends <= begins:
            self.until_time.errors = [_("The times would end before they begin.")]
            fine = False
        return fine


class WeeklyForm(TimesForm):
    """Times that come every week."""

    weekday = _Select(_l("Weekday"))
    valid_from = _day(_l("First day"), _l("Say from which day on."))
    valid_until = _day(_l("Last day"), description=_l("Leave empty where they go on for now."))

    def offer(self, for_whom: Mapping[str, Text], advisers: Mapping[str, Text]) -> None:
        """Set what can be chosen, the weekdays too."""
        super().offer(for_whom, advisers)
        self.weekday.choices = choices_of({str(n): labels.weekday_name(n) for n in range(FRIDAY + 1)})

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that the last day is not before the first."""
        fine = bool(super().validate(extra_validators))
        first, last = self.valid_from.data, self.valid_until.data
        return _in_order(self.valid_from, self.valid_until, first, last) and fine


class ExtraForm(TimesForm):
    """Times on one day."""

    day = _day(_p("appointment", "Day"), _l("Choose the day."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that the day is to come."""
        fine = bool(super().validate(extra_validators))
        return _to_come(self.day) and fine


class TimeOffForm(FlaskForm):
    """Days, or hours of them, without times."""

    unit = _Select(_p("call times", "Unit"))
    whose = _Select(_l("Whose times"), choices=offer(labels.WHOSE))
    first_day = _day(_l("First day"), _l("Choose the day."))
    last_day = _day(_l("Last day"), description=_l("Leave empty for one day."))
    from_time = _time(_p("time off", "From"))
    until_time = _time(_p("time off", "Until"))

    def offer(self, units: Mapping[uuid.UUID, str]) -> None:
        """Set the units that can be chosen."""
        self.unit.choices = choices_of({str(key): name for key, name in units.items()})

    @property
    def last(self) -> dt.date:
        """The last day, of a form that is valid."""
        found = self.last_day.data or self.first_day.data
        assert found is not None
        return found

    @property
    def taken_from(self) -> Whose:
        """Whose times it takes, of a form that is valid."""
        return Whose(self.whose.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that days and hours are in order."""
        fine = bool(super().validate(extra_validators))
        first, last = self.first_day.data, self.last_day.data
        fine = _to_come(self.last_day if last else self.first_day) and fine
        fine = _in_order(self.first_day, self.last_day, first, last) and fine
        begins, ends = self.from_time.data, self.until_time.data
        if (begins is None) != (ends is None):
            missing = self.until_time if ends is None else self.from_time
            if not missing.errors:
                missing.errors = [_("Say both hours, or neither for whole days.")]
            fine = False
        elif begins and ends and ends <= begins:
            self.until_time.errors = [_("The times would end before they begin.")]
            fine = False
        return fine


def _in_order(
    first_field: DateField, last_field: DateField, first: dt.date | None, last: dt.date | None
) -> bool:
    furthest = clock.helsinki_day(clock.now()) + dt.timedelta(days=365 * LATEST_YEARS)
    for field, day in ((first_field, first), (last_field, last)):
        # The year 9999 can be typed, and weeks counted to it.
        if day is not None and not furthest - dt.timedelta(days=2 * 365 * LATEST_YEARS) <= day <= furthest:
            field.errors = [_("Choose a day within three years.")]
            return False
    if first and last and last < first:
        last_field.errors = [_("The last day would be before the first.")]
        return False
    return True


def _to_come(field: DateField) -> bool:
    if field.data is not None and field.data < clock.helsinki_day(clock.now()):
        field.errors = [_("This day has passed. Choose one that is still to come.")]
        return False
    return field.data is None or _in_order(field, field, field.data, None)
