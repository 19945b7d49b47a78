"""What the answers of a referral's form must hold together, each fault said beside its field."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import Email, ValidationError

from referrals.consent import ConsentProblem, Contact, Giver, is_minor, party_problems
from referrals.county.sending import labels
from referrals.county.sending.forms import NO_TIME, ReferralForm
from referrals.county.sending.labels import ClientLanguage
from referrals.county.sending.openings import Opening
from referrals.moves import ContactChannel

OLDEST_AGE = 120
PHONE = re.compile(r"\+?[0-9 ()/-]+")
FEWEST_DIGITS = 5

PARTY_FIELDS: Mapping[ConsentProblem, str] = {
    ConsentProblem.NO_GIVER: "giver",
    ConsentProblem.GUARDIAN_OF_ADULT: "giver",
    ConsentProblem.NO_BASIS: "basis",
    ConsentProblem.BASIS_OF_ANOTHER: "basis",
    ConsentProblem.NO_CONTACT: "contact",
    ConsentProblem.CONTACT_NOT_A_PARTY: "contact",
    ConsentProblem.GUARDIANS_NOT_TO_BE_TOLD: "contact",
    ConsentProblem.GUARDIANS_NOT_ANSWERED: "guardians_may_be_told",
}
"""Beside which field each problem about the parties is said."""


def is_ready(form: ReferralForm, *, today: dt.date) -> bool:
    """Tell whether the form can be sent on a Helsinki day; its fields say what is to be mended."""
    form.validate()
    _check_municipality(form)
    _check_year(form, today)
    _check_language(form)
    _check_reach(form)
    _check_contact_person(form)
    _check_spelling(form)
    _check_reasons(form)
    _check_time(form)
    _check_consent(form, today)
    if form.is_practice and not form.invented.data:
        form.say(
            form.invented, _("Mark that the client is invented. A real client is never sent in practice.")
        )
    return not form.errors


def asks_parties(form: ReferralForm, *, today: dt.date) -> bool:
    """Whether the questions about who decides for whom stand open: they were answered, or need answers."""
    fields = (form.giver, form.basis, form.contact, form.guardians_may_be_told)
    minor = form.year is not None and is_minor(form.year, today=today)
    answered = form.giver.data not in {None, Giver.CLIENT} or any(field.data for field in fields[1:])
    return minor or answered or any(field.errors for field in fields)


def _check_municipality(form: ReferralForm) -> None:
    wanted = (form.elsewhere.raw_data or [""])[0]
    if wanted and not form.elsewhere.data:
        _say(form.elsewhere, _("It does not take clients of other municipalities now. Choose again."))
    home = form.offer.opening((form.municipality.raw_data or [""])[0])
    if home is not None and not home.is_open and not form.elsewhere_code:
        form.municipality.errors = [
            _("%(place)s does not take referrals now. %(why)s", place=home.name, why=home.note)
        ]


def _check_year(form: ReferralForm, today: dt.date) -> None:
    if form.birth_year.errors:
        return
    year, opening = form.year, form.opening
    if year is None:
        _say(form.birth_year, _("Write the year with four digits, for example 1951."))
    elif not today.year - OLDEST_AGE <= year <= today.year:
        _say(form.birth_year, _("Check the year of birth: %(year)s can't be right.", year=year))
    elif opening and opening.route and not opening.route.takes_age(today.year - year):
        _say(form.birth_year, _age_sentence(opening))


def _check_language(form: ReferralForm) -> None:
    if form.language.data == ClientLanguage.OTHER and not form.other_language.data:
        _say(form.other_language, _("Write which language."))


def _check_reach(form: ReferralForm) -> None:
    by_phone = {ContactChannel.PHONE, ContactChannel.TEXT_MESSAGE}
    for field, needed, missing in (
        (form.phone, bool(by_phone & form.allowed), _("Write the phone number.")),
        (form.email, ContactChannel.EMAIL in form.allowed, _("Write the e-mail address.")),
        (form.address, ContactChannel.LETTER in form.allowed, _("Write the postal address.")),
    ):
        if needed and not field.data:
            _say(field, missing)
        elif field.data and form.allowed and not needed:
            _say(field, _unmarked())


def _check_contact_person(form: ReferralForm) -> None:
    marked = ContactChannel.CONTACT_PERSON in form.allowed
    if form.contact.data in {Contact.GUARDIAN, Contact.REPRESENTATIVE} and not marked:
        _say(
            form.channels,
            _("Mark “Through a contact person”: the adviser contacts somebody else than the client."),
        )
    details = (
        (form.contact_name, _("Write the contact person's name.")),
        (form.contact_phone, _("Write the contact person's phone number.")),
        (form.contact_relation, _("Write who they are to the client.")),
    )
    for field, missing in details:
        if marked and not field.data:
            _say(field, missing)
    if form.allowed and not marked and any(field.data for field, _missing in details):
        _say(form.contact_name, _unmarked())


def _check_spelling(form: ReferralForm) -> None:
    for field in (form.phone, form.contact_phone):
        if field.data and not _is_phone(field.data):
            _say(field, _("Check the phone number: digits, spaces and a plus sign alone."))
    if form.email.data:
        try:
            Email(message=_("Check the e-mail address, for example name@example.org."))(form, form.email)
        except ValidationError as error:
            _say(form.email, error)


def _check_reasons(form: ReferralForm) -> None:
    chosen, alone = set(form.reasons.data or ()), form.offer.unspecified
    if chosen & alone and chosen - alone:
        _say(form.reasons, _("“Rather not say” stands alone. Remove it or the other reasons."))


def _check_time(form: ReferralForm) -> None:
    if form.lost_time:
        _say(
            form.call_time,
            _("The time that you chose is not offered here. Choose another, or leave it open."),
        )
        form.call_time.data = NO_TIME
    elif form.chosen_time is not None and form.protected.data:
        _say(form.call_time, _("A protected client's time is agreed on with the adviser. Leave it open."))
        form.call_time.data = NO_TIME


def _check_consent(form: ReferralForm, today: dt.date) -> None:
    if not form.consent_given.data:
        _say(form.consent_given, form.no_consent)
    if not form.method.data:
        _say(form.method, labels.PROBLEMS[ConsentProblem.NO_METHOD])
    if form.year is None or form.birth_year.errors:
        return
    for problem in party_problems(form.parties, birth_year=form.year, today=today):
        _say(form[PARTY_FIELDS[problem]], labels.PROBLEMS[problem])


def _say(field: Field, sentence: Any) -> None:
    # The first fault of a field is enough to mend at a time.
    if not field.errors:
        field.errors = [str(sentence)]


def _unmarked() -> str:
    return _("Mark above that it may be used, or remove it: otherwise it is not sent.")


def _is_phone(text: str) -> bool:
    return bool(PHONE.fullmatch(text)) and sum(sign.isdigit() for sign in text) >= FEWEST_DIGITS


def _age_sentence(opening: Opening) -> str:
    route = opening.route
    assert route is not None
    if route.max_age is None:
        return _(
            "%(unit)s is for people aged %(least)s or more.", unit=opening.unit_name, least=route.min_age
        )
    return _(
        "%(unit)s is for people aged %(least)s to %(most)s.",
        unit=opening.unit_name,
        least=route.min_age,
        most=route.max_age,
    )
