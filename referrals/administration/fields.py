"""Fields that the forms of the administration share."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from servicetray.core.db import Texts
from servicetray.core.i18n import LANGUAGES
from servicetray.core.pages import Text
from servicetray.core.validators import no_identity_code

DAY_FORMATS = ["%Y-%m-%d", "%d.%m.%Y"]
EARLIEST, LATEST = dt.date(2020, 1, 1), dt.date(2099, 12, 31)


class Day(DateField):
    """A day by the browser's calendar, or typed as 24.11.2026."""

    def __init__(self, label: Any, *, missing: Any = None, **more: Any) -> None:
        needed = [InputRequired(missing)] if missing else [Optional()]
        super().__init__(label, format=DAY_FORMATS, validators=needed, **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; the year 9999 can be typed, and is none of ours."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Write the day like this: 24.11.2026.")) from None
        if self.data is not None and not EARLIEST <= self.data <= LATEST:
            raise ValueError(_("Choose a day between 2020 and 2099."))


class OneOfList(SelectField):
    """A list with something chosen; a value that is no choice is refused in our words."""

    def pre_validate(self, form: FlaskForm) -> None:
        """Refuse what the list does not have."""
        del form
        choices: Any = self.choices or ()
        if str(self.data) not in {choice.value for choice in choices}:
            raise ValidationError(_("Choose one from the list."))


class SeenForm(FlaskForm):
    """A form that changes something: it carries a mark of how that stood when it was shown."""

    seen = HiddenField()

    def is_stale(self, mark: str) -> bool:
        """Whether somebody has changed the thing since the form was shown; says so, and takes the new mark."""
        if self.seen.data == mark:
            return False
        self.seen.data = mark
        self.form_errors.append(
            _("Somebody has changed this since you opened it. Your text is here: compare, and keep it again.")
        )
        return True


def choices_of(words: Mapping[str, Text]) -> list[SelectChoice]:
    """Return words by value as choices, in their order."""
    return [SelectChoice(value=value, label=text) for value, text in words.items()]


def line(label: Any, missing: Any, *, most: int = 120, **more: Any) -> StringField:
    """Return a field of one line; ``missing`` is what to say of an empty one, None where it may be."""
    return StringField(label, validators=_texts(missing, most), filters=[_stripped], **more)


def box(label: Any, missing: Any, *, most: int, **more: Any) -> TextAreaField:
    """Return a field of several lines."""
    return TextAreaField(label, validators=_texts(missing, most), filters=[_stripped], **more)


def texts_of(form: FlaskForm, name: str) -> Texts:
    """Return what stands in the three fields of a text, ``name_fi`` and so on."""
    return {code: form[f"{name}_{code}"].data for code in LANGUAGES}


def say(field: Field, sentence: str) -> None:
    """Put an error under a field that has been checked already."""
    field.errors = [*field.errors, sentence]


def _stripped(text: str | None) -> str:
    return (text or "").strip()


def _texts(missing: Any, most: int) -> list[Any]:
    return [
        InputRequired(missing) if missing else Optional(),
        Length(max=most, message=_l("That is too long: at most %(max)d characters.")),
        no_identity_code,
    ]
