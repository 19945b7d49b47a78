"""Corrections, restrictions and holds outlive a restore: a real SQLite backup, brought back, and the log applied."""

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from referrals.county import queries as county
from referrals.erasures.operations import BrokenLogError, Decided, read_log
from referrals.holds.queries import is_held
from referrals.municipality.operations import content_of
from referrals.retention.reapplying import reapply
from referrals.rights import correcting, decisions, operations
from referrals.rights.models import Rectification
from referrals.rights.operations import ErasureGround, RestrictionGround
from referrals.rights.records import Record, record_of
from servicetray.accounts.queries import User
from servicetray.core import crypto
from servicetray.core.db import db, transaction
from tests import database as databases
from tests.factories import people
from tests.referrals.log_report.test_log_report import EVERYTHING, county_officer, town_officer
from tests.referrals.scenes import DAY, HOUR, Scene, scene, user


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The log outside the database."""
    return tmp_path / "erasures.log"


@pytest.fixture
def kept(tmp_path: Path, log: Path) -> Iterator[tuple[Flask, Path]]:
    """An application on a SQLite file of its own, which a backup can be made of and put back."""
    path = tmp_path / "county.sqlite3"
    app = databases.migrated_app(f"sqlite:///{path}", erasure_log=log)
    with app.app_context():
        yield app, path
        db.session.remove()
        db.engine.dispose()


def backed_up(path: Path) -> Path:
    """Copy the database as ``deploy/backup.sh`` does, by SQLite's own backup."""
    db.session.remove()
    copy = path.with_suffix(".backup")
    with contextlib.closing(sqlite3.connect(path)) as now, contextlib.closing(sqlite3.connect(copy)) as then:
        now.backup(then)
    return copy


def restored(path: Path, copy: Path) -> None:
    """Put a backup in the place of the database."""
    db.session.remove()
    db.engine.dispose()
    for beside in (f"{path}-wal", f"{path}-shm"):
        Path(beside).unlink(missing_ok=True)
    path.write_bytes(copy.read_bytes())


def of(it: Scene, side: str) -> Record:
    return record_of(it.referral_id, side, reach=EVERYTHING, lock=True)


def decide(it: Scene, side: str, officer: User, *, now: dt.datetime) -> None:
    """Correct, restrict and hold a record."""
    officer_id = officer.id
    with transaction():
        actor, record = user(officer_id), of(it, side)
        noted = {each.key: "Veikko ei ui" for each in correcting.noted_of(record) if each.text == "Veikko ui"}
        correcting.rectify(
            record,
            values={"last_name": "Tiihonen"},
            noted=noted,
            reason="Kuultu väärin",
            actor=actor,
            now=now,
        )
        operations.restrict(record, ground=RestrictionGround.CLAIMS, actor=actor, now=now + HOUR)
        operations.hold(record, reason="Asia 12/2026", actor=actor, now=now + 2 * HOUR)


def stands(it: Scene, side: str) -> tuple[str, bool, bool]:
    """Return the name in a record, whether it is restricted, and whether it is held."""
    db.session.expire_all()
    record = record_of(it.referral_id, side, reach=EVERYTHING)
    name = correcting.content(record).last_name
    return name, record.restricted_at is not None, is_held(it.referral_id, controller=record.controller)


@pytest.mark.parametrize("side", ["maakunta", "286"])
def test_what_an_officer_decided_after_the_backup_is_decided_again(kept, log, now, side):
    _app, path = kept
    it = scene("closed", now=now)
    officer = county_officer() if side == "maakunta" else town_officer()
    copy = backed_up(path)
    decide(it, side, officer, now=now + DAY)
    assert decisions.write_log(now + DAY + 3 * HOUR) == 3
    assert decisions.write_log(now + DAY + 4 * HOUR) == 0
    told = log.read_text()
    assert not any(word in told for word in ("Tiihonen", "Tiainen", "Veikko", "Kuultu", "Asia"))
    restored(path, copy)
    assert stands(it, side) == ("Tiainen", False, False)
    lines = list(read_log(log))
    done = reapply(lines, now=now + 2 * DAY)
    assert (done.decisions, done.refused) == (3, ())
    assert stands(it, side) == ("Tiihonen", True, True)
    other = "286" if side == "maakunta" else "maakunta"
    assert stands(it, other) == ("Tiainen", False, False)
    row = db.session.scalars(select(Rectification)).one()
    assert (row.at, row.by, row.erase_after) == (now + DAY, officer.id, now + 91 * DAY)
    if side == "286":
        content = content_of(it.case())
        assert content is not None
        assert "Veikko ei ui" in {each.text for each in correcting.noted_of(of(it, side))}
    else:
        expected = county.referral(it.referral_id)
        assert expected is not None
        assert expected.person_index
    assert reapply(lines, now=now + 3 * DAY).decisions == 0, "a second time there is nothing left to do"
    assert db.session.scalar(select(func.count()).select_from(Rectification)) == 1
    assert decisions.write_log(now + 3 * DAY) == 0, "what was made again is in the file already"


def test_of_a_hold_and_a_restriction_the_last_word_counts(kept, log, now):
    _app, path = kept
    it, officer_id = scene("closed", now=now), county_officer().id
    decide(it, "maakunta", user(officer_id), now=now)
    copy = backed_up(path)
    with transaction():
        record = of(it, "maakunta")
        operations.lift_restriction(record, actor=user(officer_id), now=now + DAY)
        operations.lift_hold(record, actor=user(officer_id), now=now + DAY)
    decisions.write_log(now + DAY)
    restored(path, copy)
    assert stands(it, "maakunta") == ("Tiihonen", True, True)
    done = reapply(list(read_log(log)), now=now + 2 * DAY)
    assert (done.decisions, done.refused) == (2, ())
    assert stands(it, "maakunta") == ("Tiihonen", False, False)


def test_words_are_wiped_out_of_the_file_with_the_content_and_after_their_term(kept, log, now):
    erased, old = scene("closed", now=now), scene("closed", now=now)
    officer_id = county_officer().id
    for it in (erased, old):
        with transaction():
            values = {"last_name": "Tiihonen"}
            record = of(it, "maakunta")
            correcting.rectify(record, values=values, reason="Väärin", actor=user(officer_id), now=now)
    assert decisions.write_log(now) == 2
    with transaction():
        operations.erase(
            of(erased, "maakunta"), ground=ErasureGround.UNLAWFUL, actor=user(officer_id), now=now
        )
    size = log.stat().st_size
    decisions.write_log(now + HOUR)
    left = {line.object_id: line.sealed.strip(".") for line in read_log(log)}
    assert (left[erased.referral_id], bool(left[old.referral_id])) == ("", True)
    decisions.write_log(now + 90 * DAY)
    assert not any(line.sealed.strip(".") for line in read_log(log))
    assert log.stat().st_size == size, "the lines stay where they are"


def test_what_can_not_be_read_any_more_is_named_and_changes_nothing(kept, log, now):
    _app, path = kept
    it, officer_id = scene("closed", now=now), county_officer().id
    copy = backed_up(path)
    decide(it, "maakunta", user(officer_id), now=now)
    decisions.write_log(now)
    restored(path, copy)
    lines = list(read_log(log))
    moved = [line for line in lines if line.what is Decided.HELD]
    assert moved[0].by == crypto.COUNTY
    swapped = log.read_text().replace(" held ", " restricted ", 1)
    log.write_text(swapped)
    done = reapply(list(read_log(log)), now=now + DAY)
    assert done.refused == (it.referral_id,)
    log.write_text(swapped.replace(" restricted ", " forgotten ", 1))
    with pytest.raises(BrokenLogError):
        list(read_log(log))


def test_without_a_file_nothing_is_written(database, now):
    people.municipality()
    assert decisions.write_log(now) == 0
