"""The form by which residents ask to be contacted: what an adviser needs to begin, and nothing about health."""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from wtforms import BooleanField, Field, Form
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library
from wtforms.validators import Email, Length, ValidationError

from referrals.client import labels
from referrals.client.forms import LONGEST_PHONE, Filled, check_phone, check_year
from referrals.client.labels import CallTime
from referrals.consent import is_minor, may_have_guardian
from referrals.county.sending.fields import AnyOf, OneInList, OneOf, TextBox, TextLine
from referrals.county.sending.labels import CHANNELS
from referrals.county.sending.openings import Opening
from referrals.kinds.queries import Choice
from referrals.moves import ContactChannel
from servicetray.core.db import in_language
from servicetray.core.pages import Text

LONGEST_TEXT = 300
OLDEST_AGE = 120
YES, NO = "yes", "no"


class ForWhom(StrEnum):
    """Who is asking."""

    MYSELF = "myself"
    CHILD = "child"


class Language(StrEnum):
    """A language of service (ISO 639)."""

    FINNISH = "fi"
    SWEDISH = "sv"
    ENGLISH = "en"
    FINNISH_SIGN = "fse"
    FINLAND_SWEDISH_SIGN = "fss"


FOR_WHOM: dict[ForWhom, Text] = {
    ForWhom.MYSELF: _p("for whom", "For myself"),
    ForWhom.CHILD: _p("for whom", "For a child in my custody"),
}
LANGUAGES: dict[Language, Text] = {
    Language.FINNISH: _p("language", "Finnish"),
    Language.SWEDISH: _p("language", "Swedish"),
    Language.ENGLISH: _p("language", "English"),
    Language.FINNISH_SIGN: _p("language", "Finnish sign language"),
    Language.FINLAND_SWEDISH_SIGN: _p("language", "Finland-Swedish sign language"),
}
OFFERED = (ContactChannel.PHONE, ContactChannel.TEXT_MESSAGE, ContactChannel.EMAIL, ContactChannel.LETTER)
"""Ways of contact to choose from; a guardian who asks for a child is contacted themselves."""


def _choices(labelled: Any) -> list[SelectChoice]:
    return [SelectChoice(value=member.value, label=words) for member, words in labelled.items()]


def _yes_no() -> list[SelectChoice]:
    return [SelectChoice(value=YES, label=_l("Yes")), SelectChoice(value=NO, label=_l("No"))]


def _at_most(most: int) -> Length:
    return Length(max=most, message=_l("That is too long: at most %(max)d characters."))


class RequestForm(Form):
    """Everything that is asked, in the order in which it is asked."""

    municipality = OneOf(
        _l("Your home municipality"), choices=[], validators=[Filled(_l("Choose the municipality."))]
    )
    for_whom = OneOf(_l("For whom do you ask?"), choices=_choices(FOR_WHOM), default=ForWhom.MYSELF.value)
    first_name = TextLine(_l("First name"), validators=[Filled(_l("Write the first name.")), _at_most(60)])
    last_name = TextLine(_l("Last name"), validators=[Filled(_l("Write the last name.")), _at_most(60)])
    birth_year = TextLine(
        _l("Year of birth"),
        description=_l("Don't write a personal identity code."),
        validators=[Filled(_l("Write the year of birth.")), check_year],
    )
    guardian_name = TextLine(
        _l("Your own name"),
        description=_l("Only if you ask for a child. You are contacted, not the child."),
        validators=[_at_most(80)],
    )
    guardians_may_be_told = OneOf(
        _l("Are you under 18? May your guardians be told of this?"),
        description=_l("Nothing is told to them unless you say yes."),
        choices=_yes_no(),
    )
    channels = AnyOf(
        _l("How may you be contacted?"),
        description=_l("Mark each way that you allow. At least one."),
        choices=_choices({each: CHANNELS[each] for each in OFFERED}),
        validators=[Filled(_l("Mark at least one way that you allow."))],
    )
    phone = TextLine(_l("Phone"), validators=[_at_most(LONGEST_PHONE)])
    best_time = OneInList(
        _l("When is a good time to call?"), choices=_choices(labels.CALL_TIMES), default=CallTime.ANY.value
    )
    email = TextLine(_l("E-mail"), validators=[_at_most(200)])
    address = TextLine(_l("Postal address"), validators=[_at_most(200)])
    language = OneInList(
        _l("Language of service"), choices=_choices(LANGUAGES), default=Language.FINNISH.value
    )
    interests = AnyOf(_l("What are you interested in?"), choices=[])
    own_wish = TextBox(
        _l("What do you wish for?"),
        description=_l("In your own words, at most 300 characters. You need not tell of your health."),
        validators=[_at_most(LONGEST_TEXT)],
    )
    follow_up = OneOf(
        _l("May you be asked how things are after 3, 6 and 12 months?"),
        choices=_yes_no(),
        validators=[Filled(_l("Choose yes or no."))],
    )
    consent_given = BooleanField(_l("I give this permission"))

    def __init__(
        self, formdata: Any = None, *, openings: Sequence[Opening], interests: Sequence[Choice], language: str
    ) -> None:
        """Make the form with what can be chosen today."""
        self.openings = {each.code: each for each in openings if each.is_open}
        self._interests = [
            SelectChoice(value=each.code, label=in_language(each.name, language).text) for each in interests
        ]
        super().__init__(formdata)
        if formdata is None and language in set(Language):
            self.language.data = language

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Give the fields their choices, then take in what was typed."""
        self.municipality.choices = [
            SelectChoice(value=each.code, label=each.name) for each in self.openings.values()
        ]
        self.interests.choices = self._interests
        super().process(*args, **kwargs)

    @property
    def year(self) -> int:
        """The birth year of a form that has one."""
        return int(self.birth_year.data or 0)

    @property
    def is_for_child(self) -> bool:
        """Whether a guardian asks."""
        return bool(self.for_whom.data == ForWhom.CHILD)

    @property
    def allowed(self) -> frozenset[ContactChannel]:
        """The ways of contact that were marked."""
        return frozenset(ContactChannel(value) for value in self.channels.data or ())

    @property
    def opening(self) -> Opening | None:
        """The municipality that was chosen."""
        return self.openings.get(self.municipality.data or "")

    @property
    def hints(self) -> dict[str, str]:
        """What to expect of each municipality."""
        return {each.code: each.note for each in self.openings.values()}


def is_ready(form: RequestForm, *, today: dt.date) -> bool:
    """Tell whether a request can be sent on a Helsinki day; its fields say what is to be mended."""
    form.validate()
    if not form.birth_year.errors:
        _check_age(form, today)
    _check_reach(form)
    if not form.consent_given.data:
        _say(form.consent_given, _("Read the permission and mark it. Without it nothing is sent."))
    return not form.errors


def _check_age(form: RequestForm, today: dt.date) -> None:
    year, opening = form.year, form.opening
    if not today.year - OLDEST_AGE <= year <= today.year:
        _say(form.birth_year, _("Check the year of birth: %(year)s can't be right.", year=year))
        return
    if opening is not None and opening.route is not None and not opening.route.takes_age(today.year - year):
        _say(
            form.birth_year,
            _(
                "%(unit)s is for people of another age. Call and ask: %(phone)s.",
                unit=opening.unit_name,
                phone=opening.unit_phone,
            ),
        )
    if form.is_for_child:
        if not may_have_guardian(year, today=today):
            _say(form.for_whom, _("They are of age, so let them ask for themselves."))
        if not form.guardian_name.data:
            _say(form.guardian_name, _("Write your own name: you are the one who is contacted."))
        if not {ContactChannel.PHONE, ContactChannel.TEXT_MESSAGE} & form.allowed:
            _say(form.channels, _("Mark phone or text message: you are contacted for the child."))
    elif is_minor(year, today=today) and not form.guardians_may_be_told.data:
        _say(form.guardians_may_be_told, _("You are under 18, so choose yes or no. Both will do."))


def _check_reach(form: RequestForm) -> None:
    by_phone = {ContactChannel.PHONE, ContactChannel.TEXT_MESSAGE}
    for field, needed, missing in (
        (form.phone, bool(by_phone & form.allowed), _("Write the phone number.")),
        (form.email, ContactChannel.EMAIL in form.allowed, _("Write the e-mail address.")),
        (form.address, ContactChannel.LETTER in form.allowed, _("Write the postal address.")),
    ):
        if needed and not field.data:
            _say(field, missing)
        elif field.data and form.allowed and not needed:
            _say(field, _("Mark above that it may be used, or remove it: otherwise it is not sent."))
    for field, check in (
        (form.phone, check_phone),
        (form.email, Email(message=_("Check the e-mail address, for example name@example.org."))),
    ):
        if field.data:
            try:
                check(form, field)
            except ValidationError as error:
                _say(field, error)


def _say(field: Field, sentence: Any) -> None:
    if not field.errors:
        field.errors = [str(sentence)]
