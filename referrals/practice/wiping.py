"""Removing what was practised with: after a week nothing of it is left but the audit log."""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Final

import structlog
from sqlalchemy import Column, Table, delete, select

from referrals.county import practice as county
from referrals.municipality import queries as municipality
from servicetray.core.db import Model, db, transaction

DAYS: Final = 7
BATCH: Final = 50
REFERRAL, CASE = "referral", "counselling_case"
BY_NAME: Final = {REFERRAL: "referral_id", CASE: "case_id"}
"""Columns that mean a referral or a case also where no foreign key may say so, across controllers."""
KEPT: Final = frozenset({"audit_row", "audit_row_subject", "audit_seal", "statistics_event"})
"""What is only added to; practice writes no events of the figures at all."""

log = structlog.get_logger()


def wipe_old(now: dt.datetime) -> int:
    """Remove referrals of practice that are a week old, with their cases and all that hangs on them.

    Each batch in a transaction of its own; returns how many referrals were removed.
    """
    removed = 0
    while True:
        with transaction():
            ids = county.practice_before(now - dt.timedelta(days=DAYS), limit=BATCH)
            cases = [case_id for referral_id in ids for case_id in municipality.case_ids_of(referral_id)]
            if cases:
                _remove(_table(CASE), "id", cases)
            if ids:
                _remove(_table(REFERRAL), "id", ids)
        removed += len(ids)
        if len(ids) < BATCH:
            break
    if removed:
        log.info("practice_wiped", referrals=removed)
    return removed


def _remove(table: Table, column: str, values: Collection[object]) -> None:
    """Delete the rows of a table by a column's values, and first whatever refers to them, however deep."""
    key = next(iter(table.primary_key.columns))
    keys = db.session.scalars(select(key).where(table.c[column].in_(values)).order_by(key)).all()
    if not keys:
        return
    for other, name in _referring(table):
        _remove(other, name, keys)
    db.session.execute(delete(table).where(key.in_(keys)))


def _referring(table: Table) -> Iterator[tuple[Table, str]]:
    named = BY_NAME.get(table.name)
    for other in Model.metadata.sorted_tables:
        if other.name in KEPT or other is table:
            continue
        for column in other.columns:
            if column.name == named or _points_at(column, table):
                yield other, column.name


def _points_at(column: Column[object], table: Table) -> bool:
    return any(key.column.table is table for key in column.foreign_keys)


def _table(name: str) -> Table:
    return Model.metadata.tables[name]
