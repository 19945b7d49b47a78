"""Restriction of processing (GDPR, article 18), as every question and move respects it."""

import datetime as dt
from typing import Final, Protocol, TypeVar

from referrals.moves import MoveCode
from servicetray.core.errors import ConflictError

FREE: Final = frozenset(
    {
        # The client's own word, and what was entered in error.
        MoveCode.R9,
        MoveCode.R9B,
        MoveCode.R11,
        # What the other controller's record brings with it: that one is not restricted.
        MoveCode.R14,
        MoveCode.R15,
        MoveCode.R16,
    }
)
"""Moves that a restriction of the county's record does not stop."""


class Restrictable(Protocol):
    """A record whose use can be restricted."""

    restricted_at: dt.datetime | None


R = TypeVar("R", bound=Restrictable)


class RestrictedError(ConflictError):
    """The use of this record is restricted: its controller's data protection officer alone works with it."""


def unrestricted(row: R | None) -> R | None:
    """Return a row that may be used as ever.

    Raises:
        RestrictedError: if its use is restricted.
    """
    if row is not None and row.restricted_at is not None:
        raise RestrictedError
    return row


def check_unrestricted(row: Restrictable, code: MoveCode) -> None:
    """Refuse a move of a restricted referral that is not the client's own.

    Raises:
        RestrictedError: if the move has to wait until the restriction is lifted.
    """
    if row.restricted_at is not None and code not in FREE:
        raise RestrictedError
