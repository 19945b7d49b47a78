"""The client's forms. They carry no token of a session of people who sign in: a visit has a key of its own."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library
from wtforms.validators import Length, StopValidation, ValidationError

from referrals.client import labels
from referrals.client.codes import is_wellformed
from referrals.client.labels import CallTime
from referrals.county.sending.fields import OneOf, TextLine

YEAR = re.compile(r"[0-9]{4}")
PHONE = re.compile(r"\+?[0-9 ()/-]+")
FEWEST_DIGITS = 5
LONGEST_PHONE = 40


class Filled:
    """The field must be filled in; the sentence says with what."""

    def __init__(self, sentence: Any) -> None:
        self.sentence = sentence
        self.field_flags = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Stop at an empty field."""
        del form
        if not field.data:
            raise StopValidation(str(self.sentence))


def check_phone(form: Any, field: Any) -> None:
    """Refuse what can't be a phone number."""
    del form
    typed = field.data or ""
    if not PHONE.fullmatch(typed) or sum(sign.isdigit() for sign in typed) < FEWEST_DIGITS:
        raise ValidationError(_("Check the phone number: digits, spaces and a plus sign alone."))


def check_year(form: Any, field: Any) -> None:
    """Refuse what is no year."""
    del form
    if not YEAR.fullmatch(field.data or ""):
        raise ValidationError(_("Write the year with four digits, for example 1951."))


class EnterForm(Form):
    """The code from the sheet, and the birth year."""

    code = TextLine(
        _l("The code on your sheet"),
        description=_l("Ten letters and digits. Spaces, dashes and small letters do no harm."),
        validators=[Filled(_l("Write the code on your sheet."))],
    )
    birth_year = TextLine(
        _l("Your year of birth"),
        description=_l("Four digits, for example 1951."),
        validators=[Filled(_l("Write your year of birth.")), check_year],
    )

    def validate_code(self, field: TextLine) -> None:
        """Say at once what can't be a code."""
        if not is_wellformed(field.data or ""):
            raise ValidationError(_("Check the code: it has ten letters and digits, and no 0, O, 1 or I."))


def _times() -> list[SelectChoice]:
    return [SelectChoice(value=time.value, label=words) for time, words in labels.CALL_TIMES.items()]


class CallForm(Form):
    """A wish to be called, or the time that suits best."""

    best_time = OneOf(_l("When is a good time to call?"), choices=_times(), default=CallTime.ANY.value)


class NumberForm(Form):
    """A new phone number."""

    phone = TextLine(
        _l("Your new phone number"),
        validators=[
            Filled(_l("Write the phone number.")),
            Length(max=LONGEST_PHONE, message=_l("That is too long: at most %(max)d characters.")),
            check_phone,
        ],
    )


class TimeForm(Form):
    """One of the free times."""

    time = OneOf(_l("Choose the time that suits you"), choices=[], validators=[Filled(_l("Choose a time."))])
