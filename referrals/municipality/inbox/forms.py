"""What the forms of the adviser's screens are made of. Each is sent to an address of its own."""

import datetime as dt
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library
from wtforms.validators import InputRequired, Length

from referrals.municipality.inbox import labels
from servicetray.core import clock
from servicetray.core.pages import Text
from servicetray.core.validators import no_identity_code as no_identity_code

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


def offer(words: Mapping[E, Text], members: Iterable[E] | None = None) -> list[SelectChoice]:
    """Return members of an enum (all, where none are named) as choices, in the order of their words."""
    wanted = set(words if members is None else members)
    return [SelectChoice(value=each.value, label=text) for each, text in words.items() if each in wanted]


def values_of(field: SelectField) -> list[str]:
    """Return the values that a field offers."""
    choices: Any = field.choices or ()
    return [choice.value for choice in choices]


class One(RadioField):
    """Radio buttons with nothing chosen; a value that is no choice counts as no answer."""

    def pre_validate(self, form: FlaskForm) -> None:
        del form
        if self.data not in values_of(self):
            self.raw_data = []


class Select(SelectField):
    """A list with something chosen; a value that is no choice counts as the first."""

    def pre_validate(self, form: FlaskForm) -> None:
        del form
        known = values_of(self)
        if self.data not in known:
            self.data = known[0]


class Day(DateField):
    """A day by the browser's calendar, or typed as 24.11.2026."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Write the day like this: 24.11.2026.")) from None


class Time(TimeField):
    """A time of day, by the browser's clock or typed as 9.30."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Write the time like this: 9.30.")) from None


def note_field(label: Any, **more: Any) -> TextAreaField:
    """Return a field of free text, at most 500 characters and without an identity code."""
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


class ReturnForm(OnePageForm):
    """Send a referral back to its sender."""

    place = "return"

    reason = One(
        _l("Why does it go back?"),
        choices=offer(labels.RETURN_REASONS),
        validators=[InputRequired(_l("Choose why it goes back."))],
    )
