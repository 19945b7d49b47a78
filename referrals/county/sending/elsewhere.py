"""Counselling in another municipality than the client's own: where a unit takes its non-residents."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from referrals.county import consent_texts, queries
from referrals.county.content import ReferralContent
from referrals.county.sending.forms import ReferralForm
from referrals.kinds.queries import Kind
from servicetray.accounts import queries as accounts
from servicetray.core.db import in_language
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipality


@dataclass(frozen=True, kw_only=True)
class ToRead:
    """What is read aloud to a client, and what the consent will name of it."""

    version: str
    language: str
    body: str
    addition: str
    """Said besides, where the version does not itself name a recipient in another municipality; else empty."""


def receiving(typed: Mapping[str, Any]) -> str | None:
    """Return the code of the municipality that would counsel, of a form as it was posted or kept."""
    return typed.get("elsewhere") or typed.get("municipality")


def text_to_read(form: ReferralForm, kind: Kind, *, on: dt.date, version: str = "") -> ToRead:
    """Return the words for the client of a form on a day: of the version in force, or of one that is named.

    Raises:
        NotFoundError: if there are none.
    """
    language = form.read_in
    text = (
        consent_texts.text_of(kind.code, language, version)
        if version
        else queries.consent_text(kind.code, language, on=on)
    )
    if text is None:
        raise NotFoundError
    names = _recipient(form, language)
    variant = consent_texts.elsewhere_of(text, on=on) if names else None
    shown = variant or text
    return ToRead(
        version=shown.version,
        language=language,
        body=consent_texts.naming(shown.body, **names) if names else shown.body,
        addition=_addition(language, names) if names and variant is None else "",
    )


def _recipient(form: ReferralForm, language: str) -> dict[str, str]:
    """Return the names of the municipality and the unit; none where the client is counselled at home."""
    opening = form.opening
    if not form.elsewhere_code or opening is None or opening.route is None:
        return {}
    place, unit = municipality(opening.code), accounts.unit(opening.route.unit_id)
    return {
        "place": in_language(place.name if place else {}, language).text,
        "unit": in_language(unit.name if unit else {}, language).text,
    }


def _addition(language: str, names: Mapping[str, str]) -> str:
    """Return what older versions do not say: to whom the referral goes instead."""
    with force_locale(language):
        return _(
            "This referral does not go to your home municipality. It goes to another municipality: "
            "%(place)s, %(unit)s.",
            place=names["place"],
            unit=names["unit"],
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
