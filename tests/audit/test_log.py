"""The audit log is only added to, and a change behind its back is found."""

import datetime as dt
import uuid
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.audit.operations import record, seal, subject_key
from servicetray.audit.verify import Fault, verify
from servicetray.core.db import db, transaction

pytestmark = pytest.mark.usefixtures("database")


def write(now: dt.datetime, count: int = 3) -> None:
    """Write and seal some rows."""
    with transaction():
        for number in range(count):
            record(Action.CASE_VIEWED, actor=None, object_type="case", object_id=number, now=now)
    with transaction():
        assert seal(now=now + dt.timedelta(minutes=2)) is not None


@pytest.mark.parametrize("change", ["UPDATE audit_row SET object_id = 'x'", "DELETE FROM audit_row"])
def test_database_refuses_to_change_or_remove_rows(now: dt.datetime, change: str) -> None:
    """Not even our own application can rewrite what was done."""
    write(now)
    with pytest.raises(DBAPIError, match="only added to"), db.session.begin_nested():
        db.session.execute(text(change))


def test_untouched_log_is_found_whole(now: dt.datetime) -> None:
    """Several seals in a row fit."""
    write(now)
    write(now + dt.timedelta(minutes=5))
    result = verify(anchor=None)
    assert (result.rows, result.seals, result.findings) == (6, 2, ())


def _without_guard(statement: str) -> None:
    """Do what an insider with the database's own rights could."""
    if db.engine.dialect.name == "sqlite":
        guards = [f"DROP TRIGGER audit_row_keeps_{verb}" for verb in ("update", "delete")]
    else:
        guards = ["ALTER TABLE audit_row DISABLE TRIGGER USER"]
    with transaction() as session:
        for guard in guards:
            session.execute(text(guard))
        session.execute(text(statement))


def test_altered_row_is_found(now: dt.datetime) -> None:
    """An insider who edits a row breaks its seal."""
    write(now)
    _without_guard("UPDATE audit_row SET object_id = 'another' WHERE id = (SELECT min(id) FROM audit_row)")
    assert [finding.fault for finding in verify(anchor=None).findings] == [Fault.ROWS_CHANGED]


def test_removed_row_is_found(now: dt.datetime) -> None:
    """An insider who removes a row leaves a gap under its seal."""
    write(now)
    _without_guard("DELETE FROM audit_row WHERE id = (SELECT max(id) FROM audit_row)")
    assert [finding.fault for finding in verify(anchor=None).findings] == [Fault.ROWS_MISSING]


def test_log_cut_off_with_its_seals_is_found_by_the_anchor(now: dt.datetime, tmp_path: Path) -> None:
    """Removing the newest rows and their seal leaves the line outside the database."""
    anchor = tmp_path / "anchor.txt"
    anchor.write_text(f"999 {'f' * 64} 2026-03-10T09:00:00+00:00\n", encoding="utf-8")
    write(now)
    assert Fault.SEAL_MISSING in [finding.fault for finding in verify(anchor=anchor).findings]


def test_young_rows_wait_for_their_seal(now: dt.datetime) -> None:
    """A slow transaction may still commit below them."""
    with transaction():
        record(Action.CASE_VIEWED, actor=None, object_type="case", object_id=1, now=now)
    with transaction():
        assert seal(now=now + dt.timedelta(seconds=30)) is None


def test_subject_key_finds_a_clients_rows_without_naming_the_referral() -> None:
    """The key is stable for one referral and differs for another."""
    one, other = uuid.uuid4(), uuid.uuid4()
    assert subject_key(one) == subject_key(one) != subject_key(other)
    assert str(one) not in subject_key(one)


def test_rows_keep_the_time_in_utc(now: dt.datetime) -> None:
    """What comes back is the instant that was written."""
    write(now, 1)
    assert db.session.query(AuditRow.at).scalar() == now


def test_row_that_is_older_by_its_clock_waits_for_a_younger_one_below_it(now: dt.datetime) -> None:
    """Two requests at once may write in the other order than they began: no seal leaves a gap."""
    with transaction():
        for seconds in (1, 0):
            at = now + dt.timedelta(seconds=seconds)
            record(Action.CASE_VIEWED, actor=None, object_type="case", object_id=seconds, now=at)
    with transaction():
        assert seal(now=now + dt.timedelta(seconds=60)) is None
    with transaction():
        made = seal(now=now + dt.timedelta(seconds=61))
        assert made is not None
        assert made.rows == 2
    assert verify(anchor=None).findings == ()


def test_anchor_that_is_gone_or_damaged_is_found(now: dt.datetime, tmp_path: Path) -> None:
    """Who can remove it, or cut it in the middle of a line, is seen to have done so."""
    write(now)
    assert [each.fault for each in verify(anchor=tmp_path / "gone").findings] == [Fault.ANCHOR_MISSING]
    damaged = tmp_path / "anchor.txt"
    damaged.write_text("12 \nxyz\n\n", encoding="utf-8")
    assert {each.fault for each in verify(anchor=damaged).findings} <= {
        Fault.ANCHOR_DIFFERS,
        Fault.SEAL_MISSING,
    }
    assert len(verify(anchor=damaged).findings) == 3
