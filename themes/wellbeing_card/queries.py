"""Questions about the short codes of wellbeing cards."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select

from servicetray.core.db import db
from themes.wellbeing_card.models import CardCode


def living(code_hash: str, *, now: dt.datetime) -> CardCode | None:
    """Return what a code stands for while its time lasts, else None."""
    return db.session.scalars(
        select(CardCode).where(CardCode.code_hash == code_hash, CardCode.expires_at > now)
    ).first()


def expired(*, now: dt.datetime) -> Sequence[CardCode]:
    """Return the codes whose time is over, the oldest first."""
    return db.session.scalars(
        select(CardCode).where(CardCode.expires_at <= now).order_by(CardCode.expires_at, CardCode.code_hash)
    ).all()
