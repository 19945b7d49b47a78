"""In which catchments a person works, and as whom."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select

from referrals.moves import CASE_MOVES, REFERRAL_MOVES, CaseMove, MoveCode, ReferralMove, Who
from referrals.municipality.models import Catchment
from referrals.municipality.queries import deputised_ids
from servicetray.accounts.queries import User
from servicetray.accounts.sessions import is_practising
from servicetray.core import clock
from servicetray.core.access import Permission
from servicetray.core.db import Texts, db
from servicetray.core.municipalities import Municipality

ROWS: dict[MoveCode, ReferralMove | CaseMove] = {**REFERRAL_MOVES, **CASE_MOVES}


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who reads, for the audit log; plain, so that it outlives the transaction."""

    id: uuid.UUID
    unit_id: uuid.UUID | None


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What one person may see: a request's answer, never kept."""

    reader: Reader
    catchment_ids: tuple[uuid.UUID, ...]
    led: frozenset[uuid.UUID]
    """The catchments whose lead they are."""
    municipalities: Mapping[str, Texts]
    """Names by code, of the municipalities that they work for."""
    kind_codes: tuple[str, ...]
    """Of the referrals that come to them."""
    units: Mapping[uuid.UUID, uuid.UUID]
    """The unit of each catchment."""
    practice: bool = False
    """Whether they practise: then lists hold invented clients alone, and otherwise none of them."""

    @property
    def user_id(self) -> uuid.UUID:
        """Whose scope it is."""
        return self.reader.id

    def roles_in(self, catchment_id: uuid.UUID) -> tuple[Who, ...]:
        """Return as whom they act: a lead leads and, as a deputy, does an adviser's work too."""
        return (Who.LEAD, Who.ADVISER) if catchment_id in self.led else (Who.ADVISER,)

    def acts_as(self, code: MoveCode, *, catchment_id: uuid.UUID) -> Who:
        """Return as whom they make a move: as the lead where the table lets a lead make it."""
        roles = self.roles_in(catchment_id)
        return next((role for role in roles if role in ROWS[code].who), roles[0])


def scope_of(user: User) -> Scope:
    """Return where a person works now: in their units, and where they stand in for an absence today."""
    today = clock.helsinki_day(clock.now())
    led_units = user.units_for(Permission.INBOX_LEAD)
    rows = db.session.execute(
        select(Catchment.id, Catchment.unit_id, Catchment.kind_code, Municipality.code, Municipality.name)
        .join(Municipality, Municipality.code == Catchment.municipality_code)
        .where(
            or_(
                Catchment.unit_id.in_(user.units_for(Permission.INBOX_WORK)),
                Catchment.id.in_(deputised_ids(user.id, on=today)),
            )
        )
        .order_by(Municipality.code, Catchment.id)
    ).all()
    return Scope(
        reader=Reader(id=user.id, unit_id=user.unit_id),
        catchment_ids=tuple(row.id for row in rows),
        led=frozenset(row.id for row in rows if row.unit_id in led_units),
        municipalities={row.code: row.name for row in rows},
        kind_codes=tuple(sorted({row.kind_code for row in rows})),
        units={row.id: row.unit_id for row in rows},
        practice=is_practising(),
    )
