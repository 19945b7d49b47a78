"""Counselling in another municipality than the client's own: where a unit takes its non-residents."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from referrals.county.content import ReferralContent
from referrals.county.sending.forms import ReferralForm
from servicetray.accounts import queries as accounts
from servicetray.core.db import in_language
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipality


def receiving(typed: Mapping[str, Any]) -> str | None:
    """Return the code of the municipality that would counsel, of a form as it was posted or kept."""
    return typed.get("elsewhere") or typed.get("municipality")


def spoken(form: ReferralForm, *, language: str) -> str:
    """Return what is read aloud besides the consent text, in its language: to whom the referral goes instead.

    Empty where the client is counselled at home, as the text itself says.
    """
    opening = form.opening
    if not form.elsewhere_code or opening is None or opening.route is None:
        return ""
    place, unit = municipality(opening.code), accounts.unit(opening.route.unit_id)
    with force_locale(language):
        return _(
            "This referral does not go to your home municipality. It goes to another municipality: "
            "%(place)s, %(unit)s.",
            place=in_language(place.name if place else {}, language).text,
            unit=in_language(unit.name if unit else {}, language).text,
        )


def is_recipient_read(form: ReferralForm) -> bool:
    """Tell whether the words that the form showed named where the referral goes; say it where not."""
    if (form.read_for.data or "") == form.elsewhere_code:
        return True
    form.consent_given.data = False
    form.say(
        form.consent_given,
        _(
            "The words to read aloud have changed: they name where it goes. Read them and mark the consent again."
        ),
    )
    return False


def home_name(content: ReferralContent | None) -> str:
    """Return the name of the home municipality of a client who is counselled elsewhere; else nothing."""
    place = municipality(content.home_municipality) if content and content.home_municipality else None
    return in_language(place.name, current_language()).text if place else ""
