"""The audit log is only added to, and a change behind its back is found."""

import datetime as dt
import uuid
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from servicetray.audit.events import Action
from servicetray.audit.models import AuditPurge, AuditRow, AuditRowSubject, AuditSeal
from servicetray.audit.operations import HASHED, KEYED, START, digest_of, record, seal, subject_key
from servicetray.audit.purging import LogDamagedError, purge_next, term_ends_before
from servicetray.audit.verify import Fault, verify
from servicetray.core import clock
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


def _without_guard(statement: str, *, table: str = "audit_row") -> None:
    """Do what an insider with the database's own rights could."""
    if db.engine.dialect.name == "sqlite":
        guards = [f"DROP TRIGGER {table}_keeps_{verb}" for verb in ("update", "delete")]
    else:
        guards = [f"ALTER TABLE {table} DISABLE TRIGGER USER"]
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


# --------------------------------------------------------------------------------------- the seals


def listed(now: dt.datetime, *subjects: str) -> None:
    """Write and seal a row about several clients."""
    with transaction():
        detail = {"subjects": " ".join(subjects)}
        record(Action.INBOX_LISTED, actor=None, object_type="inbox", object_id="", now=now, detail=detail)
    with transaction():
        assert seal(now=now + dt.timedelta(minutes=2)) is not None


def faults() -> list[Fault]:
    """Return what verification finds."""
    return [finding.fault for finding in verify(anchor=None).findings]


def test_seals_made_before_there_was_a_key_stay_good(now: dt.datetime):
    """A chain that begins with plain hashes and goes on with keyed ones is whole."""
    write(now)
    rows = db.session.scalars(select(AuditRow).order_by(AuditRow.id)).all()
    digest = digest_of(rows, START, version=HASHED)
    _without_guard(f"UPDATE audit_seal SET version = 1, digest = '{digest}'", table="audit_seal")  # noqa: S608 - our own test data
    write(now + dt.timedelta(minutes=5))
    assert db.session.scalars(select(AuditSeal.version).order_by(AuditSeal.id)).all() == [HASHED, KEYED]
    assert faults() == []


def test_seal_that_an_insider_makes_anew_is_found(now: dt.datetime):
    """Neither a hash without the key nor a step back to the older kind passes."""
    write(now)
    write(now + dt.timedelta(minutes=5))
    _without_guard("UPDATE audit_row SET object_id = 'another' WHERE id = (SELECT max(id) FROM audit_row)")
    first, last = db.session.scalars(select(AuditSeal).order_by(AuditSeal.id)).all()
    rows = db.session.scalars(
        select(AuditRow).where(AuditRow.id >= last.first_row).order_by(AuditRow.id)
    ).all()
    forged, last_id = digest_of(rows, first.digest, version=HASHED), last.id
    _without_guard(f"UPDATE audit_seal SET digest = '{forged}' WHERE id = {last_id}", table="audit_seal")  # noqa: S608 - our own test data
    assert faults() == [Fault.ROWS_CHANGED]
    with transaction() as session:
        session.execute(text(f"UPDATE audit_seal SET version = 1 WHERE id = {last_id}"))  # noqa: S608 - our own test data
    assert faults() == [Fault.SEAL_WEAKER]


def test_sign_in_of_a_row_is_sealed(now: dt.datetime):
    """Whoever hides from which sign-in something was seen is found."""
    write(now)
    _without_guard(f"UPDATE audit_row SET session_id = '{uuid.uuid4().hex}'")  # noqa: S608 - our own test data
    assert faults() == [Fault.ROWS_CHANGED]


def test_client_taken_out_of_a_list_is_found(now: dt.datetime):
    """The table by which lists are found has to say what the sealed rows say."""
    listed(now, "a" * 64, "b" * 64)
    assert faults() == []
    _without_guard("DELETE FROM audit_row_subject WHERE subject_key LIKE 'a%'", table="audit_row_subject")
    assert faults() == [Fault.SUBJECTS_DIFFER]


# ------------------------------------------------------------------------------ the end of the term


@pytest.mark.parametrize(("days", "gone"), [(-1, 0), (0, 0), (1, 1)])
def test_rows_are_deleted_after_their_term_and_not_a_day_before(now: dt.datetime, days: int, gone: int):
    """Twelve years, the day itself included; verification holds, and the deletion is in the log."""
    listed(now, "a" * 64)
    later = now.replace(year=now.year + 12) + dt.timedelta(days=days)
    with transaction():
        assert purge_next(now=later) == gone
    result = verify(anchor=None)
    assert (result.purged, result.findings) == (gone, ())
    told = db.session.scalars(select(AuditRow).where(AuditRow.action == Action.LOG_PURGED)).all()
    assert [row.detail["rows"] for row in told] == ["1"] * gone
    assert db.session.query(AuditRowSubject).count() == 1 - gone


def test_damage_is_not_hidden_by_deleting_the_rest(now: dt.datetime):
    """A seal under which a row is missing is not purged."""
    write(now)
    _without_guard("DELETE FROM audit_row WHERE id = (SELECT min(id) FROM audit_row)")
    # The purge takes the guard down itself, so it has to stand.
    _guard_again()
    with pytest.raises(LogDamagedError), transaction():
        purge_next(now=now.replace(year=now.year + 13))


def _guard_again() -> None:
    if db.engine.dialect.name == "sqlite":
        with transaction() as session:
            session.execute(
                text("CREATE TRIGGER audit_row_keeps_delete BEFORE DELETE ON audit_row BEGIN SELECT 1; END")
            )


def test_a_seal_with_one_young_row_stays_whole(now: dt.datetime):
    """And so does all that was sealed after it."""
    with transaction():
        for back in (400, 0):
            at = now - dt.timedelta(days=back)
            record(Action.CASE_VIEWED, actor=None, object_type="case", object_id=back, now=at)
    with transaction():
        seal(now=now + dt.timedelta(minutes=2))
    with transaction():
        assert purge_next(now=now.replace(year=now.year + 12)) == 0


def test_guard_stands_again_after_the_purge(now: dt.datetime):
    """Deleting by hand is refused as before."""
    write(now)
    with transaction():
        assert purge_next(now=now.replace(year=now.year + 13)) == 3
    write(now.replace(year=now.year + 13))
    for table in ("audit_row", "audit_row_subject"):
        listed(now.replace(year=now.year + 14), "a" * 64)
        with pytest.raises(DBAPIError, match="only added to"), db.session.begin_nested():
            db.session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - our own test data


def test_rows_removed_by_hand_are_not_excused_by_a_forged_note(now: dt.datetime):
    """The note carries a keyed mark."""
    write(now)
    _without_guard("DELETE FROM audit_row")
    made = db.session.scalars(select(AuditSeal)).one()
    with transaction() as session:
        session.add(AuditPurge(seal_id=made.id, purged_at=now, newest_at=now, mark="f" * 64))
    assert faults() == [Fault.PURGE_FORGED]


def test_term_of_a_leap_day():
    """29 February ends terms that began until 28 February."""
    leap = dt.datetime(2036, 2, 29, 9, tzinfo=dt.UTC)
    assert term_ends_before(leap, years=11) == dt.datetime(2025, 2, 28, 9, tzinfo=dt.UTC)


def test_commands_say_what_they_found(app: Flask):
    """Verify exits with 1 where a row was altered; purge deletes nothing that is young."""
    write(clock.now())
    run = app.test_cli_runner().invoke
    assert run(args=["audit", "verify"]).exit_code == 0
    assert run(args=["audit", "purge"]).output == "0 rows deleted\n"
    _without_guard("UPDATE audit_row SET object_id = 'x'")
    answer = run(args=["audit", "verify"])
    assert answer.exit_code == 1
    assert "rows_changed" in answer.output
