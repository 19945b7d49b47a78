"""A referral that starts from a wellbeing card: what was picked goes into the client's wish.

The card says what interested the client, never why: no reason and no interest is guessed from it.
"""

import datetime as dt
from enum import StrEnum

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from referrals.county.sending.forms import LONGEST_TEXT, ReferralForm
from servicetray.core.i18n import LANGUAGES
from servicetray.core.pages import Text
from themes.directory import queries as directory
from themes.topics import queries as topics
from themes.wellbeing_card.operations import CardIds, TooManyTriesError, card_of

KIND_OF_THEME = {"liikunta": "exercise", "taide-ja-kulttuuri": "culture"}
"""Which counselling a theme leads to, where it leads to one; by the slug, which stays as it is."""


class Refused(StrEnum):
    """Why a code gives nothing."""

    UNKNOWN = "unknown"
    TOO_MANY = "too_many"


REFUSALS: dict[Refused, Text] = {
    Refused.UNKNOWN: _l("We don't know this code. Check it: a card's code lasts for 90 days."),
    Refused.TOO_MANY: _l("Too many codes were tried from here. Wait ten minutes, or go on without the card."),
}


def read(code: str, *, address: str, now: dt.datetime) -> CardIds | Refused:
    """Return what is on the card of a code, or why not; inside the caller's transaction."""
    try:
        return card_of(code, address=address, now=now) or Refused.UNKNOWN
    except TooManyTriesError:
        return Refused.TOO_MANY


def clear_kind(card: CardIds, *, language: str, today: dt.date) -> str | None:
    """Return the kind of referral that everything on a card leads to, or None where that is not one."""
    themes = {theme.slug for theme in topics.published_themes(language=language, today=today)}
    found = {KIND_OF_THEME.get(slug) for slug in card.themes if slug in themes}
    for service in directory.cards(card.services, language, today=today):
        found.add(KIND_OF_THEME.get(service.theme.slug) if service.theme else None)
    return found.pop() if len(found) == 1 else None


def fill_in(form: ReferralForm, card: CardIds, *, today: dt.date) -> str:
    """Put the services of a card into the client's wish, in the client's language; return what to say of it."""
    language = form.language.data if form.language.data in LANGUAGES else form.offer.language
    names = [service.name.text for service in directory.cards(card.services, language, today=today)]
    if not names:
        return _("There are no services on this card that could be named in the wish.")
    with force_locale(language):
        before = form.own_wish.data or ""
        wish, left_out = _with_names(before, _("Services of interest:"), names)
    form.own_wish.data = wish
    if left_out:
        return _(
            "The card's services are in the client's wish, as many as there was room for. Read it through."
        )
    return _("The card's services are in the client's wish. Read it through.")


def _with_names(before: str, words: str, names: list[str]) -> tuple[str, int]:
    """Return the wish with as many names as fit, and how many were left out; said already is not said twice."""
    names = [name for name in names if name not in before]
    start = f"{before}\n{words} " if before else f"{words} "
    for number in range(len(names), 0, -1):
        wish = start + ", ".join(names[:number])
        if len(wish) <= LONGEST_TEXT:
            return wish, len(names) - number
    return before, len(names)
