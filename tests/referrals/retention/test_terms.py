"""What is past its term is gone, in every table; a restored backup erases it again."""

import datetime as dt
import uuid
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from referrals import handover, retention
from referrals.county.models import Referral
from referrals.county.sending import drafts
from referrals.erasures import operations as erasures
from referrals.erasures.models import Erased, Erasure
from referrals.erasures.operations import BrokenLogError, Line, read_log, write_log
from referrals.moves import Outcome, VoidReason, Who
from referrals.municipality.models import Case
from referrals.retention import terms
from referrals.retention.reapplying import reapply
from referrals.rights.restriction import RestrictedError
from referrals.statistics.models import StatisticsEvent
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core import clock, crypto
from servicetray.core.db import db, transaction
from servicetray.core.jobs import chores
from tests.referrals.handover import corrections
from tests.referrals.scenes import DAY, HOUR, Scene, locked, scene, user, withdrawn

pytestmark = pytest.mark.usefixtures("database")
KEPT_FOR_EVER = {"breach", "legal_hold", "user_account", "user_identity"}
"""Tables whose sealed columns have no term here: assessments and holds are evidence, accounts live on."""


def kept(it: Scene) -> tuple[bool, bool]:
    """Return whether the county's and the municipality's content are still there."""
    return it.referral().sealed is not None, it.case_id is not None and it.case().sealed is not None


def left_over() -> dict[str, int]:
    """Return how many sealed values of clients each table still has."""
    found = {}
    for column in crypto.sealed_columns():
        table = column.model.__tablename__
        if table in KEPT_FOR_EVER:
            continue
        attribute = getattr(column.model, column.column)
        number = len(db.session.scalars(select(attribute).where(attribute.is_not(None))).all())
        if number:
            found[f"{table}.{column.column}"] = number
    return found


def transferred_or_closed(now: dt.datetime) -> list[Scene]:
    """Make a referral that ended in each of the ways there are."""
    ended = [scene("closed", now=now), scene("sent", now=now), scene("active", now=now)]
    withdrawn(ended[1], who=Who.SENDER, now=now + HOUR)
    withdrawn(ended[2], who=Who.ADVISER, now=now + HOUR)
    ended.append(scene("closed", now=now))
    corrections.void(ended[-1], now=now + HOUR, who=Who.SENDER, reason=VoidReason.SENT_TWICE)
    return ended


# -------------------------------------------------------------------------------------- ordinary terms


def test_a_record_that_ran_its_course_is_kept_for_its_term_and_no_day_longer(now):
    it = scene("closed", now=now)
    retention.erase_due(now)
    assert it.referral().erase_after == terms.months_after(now, 12)
    retention.erase_due(terms.months_after(now, 12) - HOUR)
    assert kept(it) == (True, True)
    retention.erase_due(terms.months_after(now, 12) + HOUR)
    assert kept(it) == (False, False)


def test_each_controller_has_a_term_of_its_own(app: Flask, now, monkeypatch):
    settings = app.extensions["servicetray.settings"]
    monkeypatch.setitem(
        app.extensions, "servicetray.settings", settings.model_copy(update={"municipality_keep_months": 24})
    )
    it = scene("closed", now=now)
    retention.erase_due(now + 400 * DAY)
    assert kept(it) == (False, True)


def test_a_reopened_one_has_no_term(now):
    it = scene("closed", now=now)
    retention.erase_due(now)
    case_id, adviser_id = it.case().id, it.adviser.id
    with transaction():
        case = db.session.get_one(Case, case_id)
        handover.reopen(case, reason="Jatkuu", who=Who.ADVISER, actor=user(adviser_id), now=now + DAY)
    retention.erase_due(now + 800 * DAY)
    assert kept(it) == (True, True)
    assert (it.referral().erase_after, it.case().erase_after) == (None, None)


def test_the_term_starts_on_the_last_follow_up(now, monkeypatch):
    """Also one that was written down after the term had begun: it is put off when it is due."""
    it = scene("closed", now=now)
    retention.erase_due(now)
    day = clock.helsinki_day(now) + dt.timedelta(days=200)
    monkeypatch.setattr(terms, "last_follow_up_on", lambda case_id: day)
    retention.erase_due(now + 366 * DAY)
    assert kept(it) == (True, True)
    expected = terms.months_after(clock.day_start(day + dt.timedelta(days=1)), 12)
    assert (it.referral().erase_after, it.case().erase_after) == (expected, expected)
    retention.erase_due(expected + HOUR)
    assert kept(it) == (False, False)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-08-31T09:00", 6, "2027-02-28T09:00"),
        ("2027-08-31T09:00", 6, "2028-02-29T09:00"),
        ("2028-02-29T09:00", 12, "2029-02-28T09:00"),
        ("2026-12-15T09:00", 1, "2027-01-15T09:00"),
        ("2026-03-15T09:00", -13, "2025-02-15T09:00"),
    ],
)
def test_months_are_counted_on_the_calendar(start, months, end):
    begun = dt.datetime.fromisoformat(start).replace(tzinfo=clock.HELSINKI)
    ended = dt.datetime.fromisoformat(end).replace(tzinfo=clock.HELSINKI)
    assert terms.months_after(begun.astimezone(dt.UTC), months) == ended


# ------------------------------------------------------------------------------------------ time travel


def test_nothing_is_left_past_its_term(now, figure):
    """Rows past their term after the sweep, in every sealed column of clients' data."""
    ended = transferred_or_closed(now)
    voided = ended[-1]
    sender_id = ended[0].sender.id
    with transaction():
        drafts.save(
            voided.referral_id,
            {"first_name": ["Veikko"]},
            kind_code="exercise",
            actor=user(sender_id),
            now=now,
        )
    before = sum(left_over().values())
    later = now + 800 * DAY
    for chore in chores():
        if chore.name.startswith(("retention.", "drafts.", "call_times.")):
            chore.work(later)
    db.session.expire_all()
    assert kept(voided) == (True, True), "evidence until both officers have released it"
    with transaction():
        db.session.get_one(Referral, voided.referral_id).erase_after = later
        for case in db.session.scalars(select(Case).where(Case.referral_id == voided.referral_id)):
            case.erase_after = later
    retention.erase_due(later)
    db.session.expire_all()
    left = left_over()
    figure("sealed values before", before)
    figure("rows past their term after the sweep", sum(left.values()))
    assert left == {}
    assert db.session.scalars(select(StatisticsEvent)).first() is not None, "the figures stay"


def test_practice_goes_thirty_days_after_it_ended(now):
    it = scene("closed", now=now)
    case_id = it.case().id
    with transaction():
        locked(it.referral_id).practice = True
        db.session.get_one(Case, case_id).practice = True
    retention.erase_due(now + 29 * DAY)
    assert kept(it) == (True, True)
    retention.erase_due(now + 31 * DAY)
    assert kept(it) == (False, False)


def test_due_rows_are_found_by_an_index_of_what_still_has_content():
    for table in ("referral", "counselling_case"):
        names = {index["name"] for index in inspect(db.engine).get_indexes(table)}
        assert {f"ix_{table}_erase_due", f"ix_{table}_without_term"} <= names


# --------------------------------------------------------------------------- the log, and after a restore


@pytest.fixture
def log(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "erasures.log"
    settings = app.extensions["servicetray.settings"]
    monkeypatch.setitem(
        app.extensions, "servicetray.settings", settings.model_copy(update={"erasure_log": path})
    )
    return path


def test_a_restored_backup_is_erased_and_withdrawn_again(now, log, figure):
    """Contents and permissions that a restored backup had brought back, after reapplying the log."""
    gone, taken_back, mended = scene("closed", now=now), scene("active", now=now), scene("sent", now=now)
    backup = {
        it.referral_id: (it.referral().sealed, it.case().sealed if it.case_id else None)
        for it in (gone, taken_back, mended)
    }
    later = now + 400 * DAY
    with transaction():
        locked(gone.referral_id).erase_after = later
    retention.erase_due(later)
    assert write_log(later) > 0
    erasures_known = list(read_log(log))
    # What the day after the backup brought, as the file alone knows it once the backup is restored.
    told = [
        *erasures_known,
        Line(at=now + DAY, what=Erased.WITHDRAWN, object_id=taken_back.referral_id, by="adviser"),
        Line(at=now + DAY, what=Erased.WITHDRAWN, object_id=mended.referral_id, by="sender"),
        Line(at=now + 2 * DAY, what=Erased.RESTORED, object_id=mended.referral_id),
        Line(at=now + DAY, what=Erased.REFERRAL, object_id=gone.case().id),
    ]
    with transaction():
        row = locked(gone.referral_id)
        row.sealed, _case = backup[gone.referral_id]
        case = db.session.scalars(select(Case).where(Case.referral_id == gone.referral_id)).one()
        case.sealed = backup[gone.referral_id][1]
    assert kept(gone) == (True, True)
    done = reapply(told, now=later)
    figure("contents brought back and still there", sum(kept(gone)))
    assert kept(gone) == (False, False)
    assert (done.referrals, done.cases, done.withdrawals, done.refused) == (1, 1, 1, ())
    case = taken_back.case()
    assert taken_back.referral().consent.withdrawn_at == now + DAY
    assert (case.withdrawn_at, case.outcome) == (now + DAY, Outcome.WITHDRAWN)
    assert taken_back.referral().erase_after == now + 8 * DAY
    assert mended.referral().consent.withdrawn_at is None, "that withdrawal was never meant"
    again = reapply(told, now=later)
    assert (again.referrals, again.cases, again.withdrawals) == (0, 0, 0)
    assert (
        len(db.session.scalars(select(AuditRow).where(AuditRow.action == Action.ERASURES_REAPPLIED)).all())
        == 2
    )


def test_every_erasing_and_every_withdrawal_comes_to_the_file_once(now, log):
    it = scene("active", now=now)
    case_id = it.case().id
    withdrawn(it, who=Who.ADVISER, now=now)
    retention.erase_due(now + 8 * DAY)
    assert write_log(now + 8 * DAY) == 3
    assert write_log(now + 9 * DAY) == 0
    assert {(line.what, line.object_id, line.by) for line in read_log(log)} == {
        (Erased.WITHDRAWN, it.referral_id, "adviser"),
        (Erased.REFERRAL, it.referral_id, ""),
        (Erased.CASE, case_id, ""),
    }
    assert "Tiainen" not in log.read_text()


def test_half_a_line_is_passed_over_and_written_anew(now, log):
    with transaction():
        erasures.note(Erased.CASE, [uuid.uuid4()], now=now)
    log.write_text("2026-03-10T09:00:00+00:00 refer")
    assert list(read_log(log)) == []
    assert write_log(now) == 1
    assert [line.what for line in read_log(log)] == [Erased.CASE]
    log.write_text("nonsense\n")
    with pytest.raises(BrokenLogError):
        list(read_log(log))


def test_the_command_reapplies_and_says_what_it_did(app: Flask, now, log):
    it = scene("closed", now=now)
    case_id = it.case().id
    runner = app.test_cli_runner()
    assert "there is no file" in runner.invoke(args=["retention", "reapply"]).output
    log.write_text(f"{Line(at=now, what=Erased.CASE, object_id=case_id)}\n")
    said = runner.invoke(args=["retention", "reapply"])
    assert said.exit_code == 0, said.output
    assert "0 referrals and 1 cases erased again" in said.output
    assert kept(it)[1] is False
    assert db.session.scalars(select(Erasure)).first() is not None


# ------------------------------------------------------------------------------------------ restriction


def test_a_restricted_referral_takes_no_move_but_the_clients_own(now):
    it = scene("sent", now=now)
    adviser_id = it.adviser.id
    with transaction():
        locked(it.referral_id).restricted_at = now
    with pytest.raises(RestrictedError), transaction():
        handover.accept(locked(it.referral_id), who=Who.ADVISER, actor=user(adviser_id), now=now)
    withdrawn(it, who=Who.SENDER, now=now + HOUR)
    assert it.referral().consent.withdrawn_at == now + HOUR
