"""The forms of those who oversee the log."""

import datetime as dt
import uuid

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from flask_babel import pgettext as _p
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, EmailField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from referrals.log_report.labels import ACTIONS, OLDER_REASONS
from servicetray.accounts import queries as accounts
from servicetray.audit.queries import Wanted
from servicetray.core import clock

FIRST_YEAR = 1900
NAME_LENGTH = 80


class _ByAddress(FlaskForm):
    """What is chosen stands in the address, so it needs no token."""

    class Meta:
        """Reading changes nothing."""

        csrf = False


class PeriodForm(_ByAddress):
    """A period and an account, each open at either end."""

    alku = DateField(_lp("log", "From"), validators=[Optional()])
    loppu = DateField(_lp("log", "To"), validators=[Optional()])
    tili = EmailField(_l("E-mail of the account"), validators=[Optional(), Length(max=254)])

    user_id: uuid.UUID | None = None

    def validate_loppu(self, field: DateField) -> None:
        """Refuse a period that ends before it begins."""
        if self.alku.data and field.data and field.data < self.alku.data:
            raise ValidationError(_("The period ends before it begins. Change one of the days."))

    def validate_tili(self, field: EmailField) -> None:
        """Find the account."""
        found = accounts.user_by_email(field.data or "")
        if found is None:
            raise ValidationError(_("There is no account with this e-mail."))
        self.user_id = found.id

    @property
    def since(self) -> dt.datetime | None:
        """The instant from which on."""
        return clock.day_start(self.alku.data) if self.alku.data else None

    @property
    def until(self) -> dt.datetime | None:
        """The instant before which."""
        return clock.day_start(self.loppu.data + dt.timedelta(days=1)) if self.loppu.data else None


class LogForm(PeriodForm):
    """Which rows of the log are shown."""

    teko = SelectField(_l("What was done"), validators=[Optional()])
    viite = StringField(_l("Reference of a referral"), validators=[Optional(), Length(max=20)])


class ExposureForm(PeriodForm):
    """Whose traces are examined: an account, or one sign-in of it."""

    istunto = StringField(
        _lp("log", "Sign-in"),
        description=_l("Its id, if only one sign-in is meant."),
        validators=[Optional()],
    )
    nimet = BooleanField(_l("Show the clients’ names too, where they are still kept"))

    session_id: uuid.UUID | None = None

    def validate_istunto(self, field: StringField) -> None:
        """Read the id."""
        try:
            self.session_id = uuid.UUID((field.data or "").strip())
        except ValueError as error:
            raise ValidationError(_("This is not the id of a sign-in.")) from error

    @property
    def is_asked(self) -> bool:
        """Whether anything has been asked for yet."""
        return bool(self.tili.data or self.istunto.data)

    @property
    def wanted(self) -> Wanted:
        """Which rows the examination takes."""
        return Wanted(since=self.since, until=self.until, actor_id=self.user_id, session_id=self.session_id)


class ReferenceForm(FlaskForm):
    """A client found by the reference of a referral."""

    reference = StringField(
        _l("Reference of a referral"),
        validators=[InputRequired(_l("Write the reference, such as LIK-4F7K2M.")), Length(max=20)],
    )


class PersonForm(FlaskForm):
    """A client found by exact names and birth year; sent by POST, so that no name stands in an address."""

    first_name = StringField(
        _l("First name"), validators=[InputRequired(_l("Write the first name.")), Length(max=NAME_LENGTH)]
    )
    last_name = StringField(
        _l("Last name"), validators=[InputRequired(_l("Write the last name.")), Length(max=NAME_LENGTH)]
    )
    birth_year = IntegerField(
        _l("Birth year"),
        validators=[
            InputRequired(_l("Write the birth year with four digits.")),
            NumberRange(FIRST_YEAR, 2100, _l("Write the birth year with four digits.")),
        ],
    )


class OlderForm(_ByAddress):
    """The reason to go back more than two years."""

    kaikki = SelectField(_l("Why older rows are needed"), validators=[Optional()])


def log_form(arguments: MultiDict[str, str]) -> LogForm:
    """Return the form of the log as the address fills it."""
    form = LogForm(arguments)
    form.teko.choices = [
        ("", _p("log", "Everything")),
        *sorted(((action.value, str(words)) for action, words in ACTIONS.items()), key=lambda each: each[1]),
    ]
    return form


def exposure_form(arguments: MultiDict[str, str]) -> ExposureForm:
    """Return the form of an examination as the address fills it."""
    return ExposureForm(arguments)


def older_form(arguments: MultiDict[str, str]) -> OlderForm:
    """Return the form of the reason, as the address fills it."""
    form = OlderForm(arguments)
    form.kaikki.choices = [
        ("", _("Two years are enough")),
        *((reason.value, words) for reason, words in OLDER_REASONS.items()),
    ]
    return form
