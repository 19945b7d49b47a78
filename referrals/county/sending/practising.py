"""The form in practice: an invented client with one press, and never a real one by mistake, nor the other way."""

import random
from typing import Final

from flask_babel import lazy_gettext as _l

from referrals.county.sending.forms import NO, YES, ReferralForm
from referrals.kinds.queries import Kind
from referrals.moves import ContactChannel
from servicetray.accounts.sessions import is_practising
from servicetray.core.pages import Text

INVENT = "invent"
CHANGED: Text = _l(
    "Practice was switched on or off in another window since this form was opened. Nothing was sent. "
    "Look at the band at the top of the page, and mark the consent again."
)

FIRST_NAMES: Final = ("Harri", "Helmi", "Hilma", "Heikki")
LAST_NAMES: Final = ("Harjoitus", "Esimerkki", "Keksitty")
YEARS: Final = (1941, 1948, 1956, 1963, 1977, 1990)
WISHES: Final = (
    "Haluaisin jaksaa kävellä kauppaan.",
    "Kaipaan tekemistä iltoihin ja seuraa.",
    "Olisi mukava aloittaa rauhallisesti ohjatussa ryhmässä.",
)


def mode() -> str:
    """Return what a form carries of the mode in which it was opened."""
    return YES if is_practising() else ""


def is_of_other_mode(form: ReferralForm) -> bool:
    """Whether the form was opened before practice was switched on or off."""
    return (form.practice.data or "") != mode()


def take_over(form: ReferralForm) -> None:
    """Let the form go on in the mode of now: what makes it ready to be sent has to be marked anew."""
    form.practice.data = mode()
    form.consent_given.data = False
    form.invented.data = False


def invent(form: ReferralForm, *, kind: Kind) -> None:
    """Fill the form in with a client who does not exist; the municipality stays as it was chosen."""
    chance = random.SystemRandom()
    form.first_name.data = chance.choice(FIRST_NAMES)
    form.last_name.data = chance.choice(LAST_NAMES)
    form.birth_year.data = str(chance.choice(YEARS))
    form.channels.data = [ContactChannel.PHONE.value]
    form.phone.data = f"040 000 0{chance.randint(100, 999)}"
    open_places = [each.code for each in form.offer.openings if each.is_open]
    if form.municipality.data not in open_places and open_places:
        form.municipality.data = open_places[0]
    specific = [each.code for each in form.offer.reasons if not each.unspecified]
    form.reasons.data = chance.sample(specific, min(2, len(specific)))
    if kind.asks_interests and form.offer.interests:
        form.interests.data = [chance.choice(form.offer.interests).code]
    form.own_wish.data = chance.choice(WISHES)
    form.feedback.data = YES
    form.follow_up.data = form.transfer.data = NO
    form.invented.data = True
