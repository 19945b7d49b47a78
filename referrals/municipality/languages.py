"""Writing the code of a client's language beside the municipality's content, where it does not stand yet."""

from sqlalchemy import select, update

from referrals.moves import OPEN_CASE
from referrals.municipality import content as contents
from referrals.municipality.models import Case
from referrals.spoken import OTHER, UNKNOWN, language_code
from servicetray.core import crypto
from servicetray.core.db import db


def fill_languages(*, limit: int) -> int:
    """Fill the language code of at most ``limit`` open cases; return how many were looked at.

    What can't be read gets the code of another language: it is in no narrowed list, and is not tried for ever.
    """
    rows = db.session.execute(
        select(Case.id, Case.municipality_code, Case.sealed)
        .where(Case.status.in_(OPEN_CASE), Case.language_code == UNKNOWN, Case.sealed.is_not(None))
        .order_by(Case.id)
        .limit(limit)
    ).all()
    for row in rows:
        try:
            content = contents.unseal(row.sealed, municipality_code=row.municipality_code, case_id=row.id)
            code = language_code(content.language)
        except crypto.UnreadableError:
            code = OTHER
        # No move: the version that a reader holds stays good.
        db.session.execute(
            update(Case)
            .where(Case.id == row.id, Case.language_code == UNKNOWN, Case.sealed.is_not(None))
            .values(language_code=code)
        )
    return len(rows)
