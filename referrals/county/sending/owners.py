"""Whose form it is: one that was left open on a shared computer never becomes somebody else's."""

import hmac

from referrals.county.sending.forms import ReferralForm
from servicetray.accounts.queries import User
from servicetray.core import crypto


def owner_mark(form: ReferralForm, user: User) -> str:
    """Return what a form carries of whose it is: of no use to anybody else, nor for another form."""
    return crypto.fingerprint("form owner", f"{form.key}:{user.id}")


def is_own(form: ReferralForm, user: User) -> bool:
    """Whether a posted form was opened by this person; one that says nothing is whoever's posts it."""
    return not form.owner.data or hmac.compare_digest(form.owner.data, owner_mark(form, user))
