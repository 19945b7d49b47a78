"""In which catchments a person works, and as whom."""

import uuid
from dataclasses import dataclass

from referrals.moves import CASE_MOVES, REFERRAL_MOVES, CaseMove, MoveCode, ReferralMove, Who
from referrals.municipality import queries
from servicetray.accounts.queries import User
from servicetray.core.access import Permission


ROWS: dict[MoveCode, ReferralMove | CaseMove] = {**REFERRAL_MOVES, **CASE_MOVES}


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What one person may see: a request's answer, never kept."""

    user_id: uuid.UUID
    catchment_ids: tuple[uuid.UUID, ...]
    led: frozenset[uuid.UUID]
    """The catchments whose lead they are."""
    municipality_codes: frozenset[str]

    def roles_in(self, catchment_id: uuid.UUID) -> tuple[Who, ...]:
        """Return as whom they act: a lead leads and, as a deputy, does an adviser's work too."""
        return (Who.LEAD, Who.ADVISER) if catchment_id in self.led else (Who.ADVISER,)

    def acts_as(self, code: MoveCode, *, catchment_id: uuid.UUID) -> Who:
        """Return as whom they make a move: as the lead where the table lets a lead make it."""
        roles = self.roles_in(catchment_id)
        return next((role for role in roles if role in ROWS[code].who), roles[0])


def scope_of(user: User) -> Scope:
    """Return where a person works now."""
    led_units = user.units_for(Permission.INBOX_LEAD)
    rows = queries.catchments_of(user.units_for(Permission.INBOX_WORK))
    return Scope(
        user_id=user.id,
        catchment_ids=tuple(row.id for row in rows),
        led=frozenset(row.id for row in rows if row.unit_id in led_units),
        municipality_codes=frozenset(row.municipality_code for row in rows),
    )
