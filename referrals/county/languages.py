"""Writing the code of a client's language beside the county's content, where it does not stand yet."""

from sqlalchemy import select, update

from referrals.county import content as contents
from referrals.county.models import Referral
from referrals.moves import ReferralStatus
from referrals.spoken import OTHER, UNKNOWN, language_code
from servicetray.core import crypto
from servicetray.core.db import db


def fill_languages(*, limit: int) -> int:
    """Fill the language code of at most ``limit`` referrals that wait; return how many were looked at.

    What can't be read gets the code of another language: it is in no narrowed list, and is not tried for ever.
    """
    rows = db.session.execute(
        select(Referral.id, Referral.sealed)
        .where(
            Referral.status == ReferralStatus.SENT,
            Referral.language_code == UNKNOWN,
            Referral.sealed.is_not(None),
        )
        .order_by(Referral.id)
        .limit(limit)
    ).all()
    for row in rows:
        try:
            code = language_code(contents.unseal(row.sealed, row.id).language)
        except crypto.UnreadableError:
            code = OTHER
        # No move: the version that a reader holds stays good.
        db.session.execute(
            update(Referral)
            .where(Referral.id == row.id, Referral.language_code == UNKNOWN, Referral.sealed.is_not(None))
            .values(language_code=code)
        )
    return len(rows)
