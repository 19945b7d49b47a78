"""Fields that the forms of editors share."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from servicetray.core.pages import Text
from servicetray.core.validators import no_identity_code

EARLIEST, LATEST = dt.date(2020, 1, 1), dt.date(2099, 12, 31)
_TOO_LONG = _l("That is too long: at most %(max)d characters.")


class Day(DateField):
    """A day by the browser's calendar, or typed as 24.11.2026."""

    def __init__(self, label: Any, *, missing: Any = None, **more: Any) -> None:
        needed = [InputRequired(missing)] if missing else [Optional()]
        super().__init__(label, format=["%Y-%m-%d", "%d.%m.%Y"], validators=needed, **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; the year 9999 can be typed, and is none of ours."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Write the day like this: 24.11.2026.")) from None
        if self.data is not None and not EARLIEST <= self.data <= LATEST:
            raise ValueError(_("Choose a day between 2020 and 2099."))


class ClockTime(TimeField):
    """A time of the day by the browser's clock, or typed as 17.30."""

    def __init__(self, label: Any, *, missing: Any = None, **more: Any) -> None:
        needed = [InputRequired(missing)] if missing else [Optional()]
        super().__init__(label, format=["%H:%M", "%H.%M", "%H:%M:%S"], validators=needed, **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Write the time like this: 17.30.")) from None


class Boxes(SelectMultipleField):
    """Any of some choices, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no choice."""
        del form
        choices: Any = self.choices or ()
        known = {str(choice.value) for choice in choices}
        if any(str(value) not in known for value in self.data or ()):
            raise ValidationError(_("Choose one from the list."))


class OneOfList(SelectField):
    """A list; a value that is no choice is refused in our words."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what the list does not have."""
        del form
        choices: Any = self.choices or ()
        if str(self.data) not in {str(choice.value) for choice in choices}:
            raise ValidationError(_("Choose one from the list."))


class Places(IntegerField):
    """A number of places, or none for no limit."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Write a number from 1 to 1000.")) from None


def line(label: Any, missing: Any = None, *, most: int = 160, **more: Any) -> StringField:
    """Return a field of one line; ``missing`` is what to say of an empty one, None where it may be."""
    return StringField(label, validators=_checks(missing, most), filters=[_stripped], **more)


def box(label: Any, missing: Any = None, *, most: int = 4000, **more: Any) -> TextAreaField:
    """Return a field of several lines."""
    return TextAreaField(label, validators=_checks(missing, most), filters=[_stripped], **more)


def _checks(missing: Any, most: int) -> list[Any]:
    needed = InputRequired(missing) if missing else Optional()
    return [needed, Length(max=most, message=_TOO_LONG), no_identity_code]


def _stripped(text: str | None) -> str:
    return (text or "").strip()


def choices(words: Mapping[Any, Text]) -> list[SelectChoice]:
    """Return words by value as choices, in their order."""
    return [
        SelectChoice(value=str(getattr(value, "value", value)), label=text) for value, text in words.items()
    ]
