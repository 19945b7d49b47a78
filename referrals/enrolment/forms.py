"""The forms of enrolling: a resident's own, the one of a leader who was called, and an adviser's for a client."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Form
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library
from wtforms.validators import Email, Length, Optional, ValidationError

from referrals.client.codes import is_wellformed
from referrals.client.forms import LONGEST_PHONE, Filled, check_phone, check_year
from referrals.client.requests.forms import LANGUAGES, LONGEST_TEXT, OLDEST_AGE, Language
from referrals.county.sending.fields import OneInList, TextBox, TextLine
from referrals.enrolment.content import Participant
from referrals.enrolment.labels import ATTENDED
from referrals.enrolment.models import Attended
from servicetray.core import clock
from servicetray.core.pages import Text

LONGEST_NAME = 60
LONGEST_EMAIL = 200


def _languages() -> list[SelectChoice]:
    return [SelectChoice(value=each.value, label=words) for each, words in LANGUAGES.items()]


def _at_most(most: int) -> Length:
    return Length(max=most, message=_l("That is too long: at most %(max)d characters."))


def _language() -> OneInList:
    return OneInList(_l("Language of service"), choices=_languages(), default=Language.FINNISH.value)


def _heed(example: Text) -> TextBox:
    return TextBox(
        _l("What should the leader heed?"),
        description=example,
        validators=[Optional(), _at_most(LONGEST_TEXT)],
    )


_OF_ONESELF = _l(
    "For example that you use a walker or hear better from the front row. Don't write diagnoses."
)
_OF_SOMEBODY = _l(
    "For example that the participant uses a walker or hears better from the front row. Don't write diagnoses."
)


def _email(what_for: Text) -> TextLine:
    return TextLine(
        _l("E-mail"),
        description=what_for,
        validators=[
            Optional(),
            _at_most(LONGEST_EMAIL),
            Email(message=_l("Check the e-mail address, for example name@example.org.")),
        ],
    )


class EnrolFields:
    """Who comes, and how they are reached."""

    errors: Any

    first_name = TextLine(
        _l("First name"), validators=[Filled(_l("Write the first name.")), _at_most(LONGEST_NAME)]
    )
    last_name = TextLine(
        _l("Last name"), validators=[Filled(_l("Write the last name.")), _at_most(LONGEST_NAME)]
    )
    phone = TextLine(
        _l("Phone"),
        description=_l("The phone or the e-mail is enough. For a child, give a guardian's."),
        validators=[Optional(), _at_most(LONGEST_PHONE), check_phone],
    )
    email = _email(_l("If you give it, you hear at once when something changes."))
    birth_year = TextLine(
        _l("Year of birth"),
        description=_l("The group is for people of a certain age. Don't write a personal identity code."),
        validators=[Filled(_l("Write the year of birth.")), check_year],
    )
    language = _language()
    heed = _heed(_OF_ONESELF)

    def validate_birth_year(self, field: TextLine) -> None:
        """Refuse a year in which nobody who comes was born; what is no year has its message already."""
        if field.errors:
            return
        year, this_year = int(field.data or 0), clock.helsinki_day(clock.now()).year
        if not this_year - OLDEST_AGE <= year <= this_year:
            raise ValidationError(_("Check the year of birth: %(year)s can't be right.", year=year))

    @property
    def participant(self) -> Participant:
        """What a form that is right tells."""
        year = self.birth_year.data if "birth_year" in self else None  # type: ignore[operator]  # a form knows its fields by name
        return Participant(
            first_name=self.first_name.data or "",
            last_name=self.last_name.data or "",
            phone=self.phone.data or "",
            email=self.email.data or "",
            birth_year=int(year) if year else None,
            language=self.language.data or Language.FINNISH.value,
            heed=self.heed.data or "",
        )


class EnrolForm(EnrolFields, Form):
    """A resident's own form; it carries a signed key instead of a session's token."""

    agreed = BooleanField(_l("I agree to this"))


class CallerForm(EnrolFields, FlaskForm):
    """Somebody who called, written down by whoever runs the group."""

    email = _email(_l("With it the participant hears at once when something changes."))
    heed = _heed(_OF_SOMEBODY)
    agreed = BooleanField(_l("I have read this to them, and they agree"))


class ClientForm(FlaskForm):
    """A client of counselling, enrolled by the adviser; name and contact come from the case."""

    language = _language()
    heed = _heed(_OF_SOMEBODY)
    agreed = BooleanField(_l("I have read this to them, and they agree"))


class CodeForm(Form):
    """The code that came with the enrolment."""

    code = TextLine(
        _l("Your code"),
        description=_l("Ten letters and digits. Spaces, dashes and small letters do no harm."),
        validators=[Filled(_l("Write your code."))],
    )

    def validate_code(self, field: TextLine) -> None:
        """Say at once what can't be a code."""
        if not is_wellformed(field.data or ""):
            raise ValidationError(_("Check the code: it has ten letters and digits, and no 0, O, 1 or I."))


class LookUpForm(FlaskForm):
    """What a data protection officer finds enrolments by."""

    phone = TextLine(_l("Phone"), validators=[Optional(), _at_most(LONGEST_PHONE)])
    email = TextLine(_l("E-mail"), validators=[Optional(), _at_most(LONGEST_EMAIL)])


class ButtonForm(FlaskForm):
    """A press of a button, nothing else."""


def is_ready(form: EnrolForm | CallerForm) -> bool:
    """Whether a form can be sent; its fields say what is to be mended."""
    form.validate()
    own = isinstance(form, EnrolForm)
    if not form.phone.data and not form.email.data and not form.phone.errors and not form.email.errors:
        form.phone.errors = [
            _("Write a phone number or an e-mail address, so that you can be reached.")
            if own
            else _("Write a phone number or an e-mail address, so that the participant can be reached.")
        ]
    if not form.agreed.data:
        form.agreed.errors = [
            _("Read the text above and mark that you agree. Without it nothing is sent.")
            if own
            else _("Read the text above and mark that they agree. Without it nothing is sent.")
        ]
    return not form.errors


def marks_of(form: Any) -> dict[str, Attended]:
    """Return who came, from what was posted: the name of a field is an enrolment's id."""
    known = {each.value: each for each in ATTENDED}
    return {name: known[value] for name, value in form.items() if value in known}
