"""After a restore: erasing and withdrawing again what was since the backup, and deciding what officers decided.

The erasure log outside the database says what. Everything may be done again: what is gone is passed over, and so
is what the backup does not know.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select

from referrals import handover
from referrals.county import erasing as county_erasing
from referrals.county import queries as county
from referrals.county.queries import Referral
from referrals.enrolment.keeping import erase_again
from referrals.erasures.operations import Decided, Erased, Line
from referrals.moves import MoveRefused, Who
from referrals.municipality import erasing as municipality_erasing
from referrals.municipality.queries import Case
from referrals.rights import decisions
from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.core.db import db, transaction

BATCH: Final = 100
AGAIN: Final = "restored"
"""Why it was erased, in the audit row."""


@dataclass(frozen=True, kw_only=True)
class Reapplied:
    """What was done again."""

    referrals: int
    cases: int
    withdrawals: int
    enrolments: int = 0
    decisions: int = 0
    """Corrections, restrictions and holds of the data protection officers, set or lifted."""
    refused: tuple[uuid.UUID, ...] = ()
    """Referrals of which something can't be done again as they stand in the backup: look at them."""


def reapply(lines: Iterable[Line], *, now: dt.datetime) -> Reapplied:
    """Do again all that a log tells of; return what was still to be done. A second time that is nothing."""
    withdrawn: dict[uuid.UUID, Line] = {}
    gone: dict[Erased, dict[uuid.UUID, None]] = {
        Erased.REFERRAL: {},
        Erased.CASE: {},
        Erased.ENROLMENT: {},
    }
    decided: list[Line] = []
    for line in lines:
        if isinstance(line.what, Decided):
            decided.append(line)
        elif line.what is Erased.WITHDRAWN:
            withdrawn[line.object_id] = line
        elif line.what is Erased.RESTORED:
            # Nobody meant that withdrawal (R9c): it is not made again.
            withdrawn.pop(line.object_id, None)
        else:
            gone[line.what][line.object_id] = None
    # Withdrawals first: they are moves, and moves need what the erasing takes away.
    counted, refused = _withdraw_all(withdrawn.values())
    done = Reapplied(
        withdrawals=counted,
        referrals=_erase_referrals(list(gone[Erased.REFERRAL]), now=now),
        cases=_erase_cases(list(gone[Erased.CASE]), now=now),
        enrolments=_erase_enrolments(list(gone[Erased.ENROLMENT]), now=now),
    )
    # After the erasing: what is gone needs no decision, and what is held now is not swept afterwards.
    made, not_made = decisions.make_again(decided)
    done = replace(done, decisions=made, refused=(*refused, *not_made))
    with transaction():
        record(
            Action.ERASURES_REAPPLIED,
            actor=None,
            object_type="database",
            object_id="",
            now=now,
            detail={
                "referrals": str(done.referrals),
                "cases": str(done.cases),
                "withdrawals": str(done.withdrawals),
                "enrolments": str(done.enrolments),
                "decisions": str(done.decisions),
            },
        )
    return done


def _withdraw_all(lines: Iterable[Line]) -> tuple[int, list[uuid.UUID]]:
    counted, refused = 0, []
    for line in lines:
        try:
            with transaction():
                counted += _withdraw(line)
        except MoveRefused:
            refused.append(line.object_id)
    return counted, refused


def _withdraw(line: Line) -> bool:
    handover.hold_cases(line.object_id)
    row = county.referral(line.object_id, lock=True)
    if row is None or row.consent.withdrawn_at is not None:
        return False
    if row.consent.given_at > line.at:
        # A consent given after that withdrawal: what was withdrawn is another one.
        return False
    who = Who(line.by) if line.by in set(Who) else Who.CLIENT
    # At its own time: the seven days count from the day on which the client said so.
    handover.withdraw(row, who=who, actor=None, now=line.at)
    return True


def _erase_referrals(ids: list[uuid.UUID], *, now: dt.datetime) -> int:
    total = 0
    for start in range(0, len(ids), BATCH):
        with transaction():
            rows = db.session.scalars(
                select(Referral)
                .where(Referral.id.in_(ids[start : start + BATCH]), Referral.sealed.is_not(None))
                .order_by(Referral.id)
                .with_for_update(of=Referral)
            ).all()
            county_erasing.erase(rows, now=now, why=AGAIN)
            total += len(rows)
    return total


def _erase_cases(ids: list[uuid.UUID], *, now: dt.datetime) -> int:
    total = 0
    for start in range(0, len(ids), BATCH):
        with transaction():
            rows = db.session.scalars(
                select(Case)
                .where(Case.id.in_(ids[start : start + BATCH]), Case.sealed.is_not(None))
                .order_by(Case.id)
                .with_for_update()
            ).all()
            municipality_erasing.erase(rows, now=now, why=AGAIN)
            total += len(rows)
    return total


def _erase_enrolments(ids: list[uuid.UUID], *, now: dt.datetime) -> int:
    total = 0
    for start in range(0, len(ids), BATCH):
        with transaction():
            total += erase_again(ids[start : start + BATCH], now=now)
    return total
