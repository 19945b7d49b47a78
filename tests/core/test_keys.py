"""Renewing keys: nothing is lost on the way, and a key goes when nothing needs it any more."""

import base64
import datetime as dt
import secrets

import pytest
from flask import Flask
from sqlalchemy import LargeBinary, inspect, select

from referrals.county import content as contents
from referrals.county import queries as county
from referrals.county.models import Referral
from referrals.municipality.models import Attempt, Case, CaseHistory, Note
from referrals.municipality.operations import content_of
from servicetray.audit import operations as audit
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core import crypto, keys
from servicetray.core.crypto import COUNTY, DataKey, Purpose, UnreadableError, municipality_controller
from servicetray.core.db import db, transaction
from servicetray.core.keys import KeyInUseError, MasterKeyError
from servicetray.core.settings import new_master_key
from tests.referrals.scenes import scene

pytestmark = pytest.mark.usefixtures("database")
KOUVOLA = municipality_controller("286")
LATER = dt.timedelta(hours=2)
REFERRALS = db.metadata.tables[Referral.__tablename__]


def rotated(controller: str, *, now: dt.datetime) -> int:
    """Make a newer key in a transaction of its own."""
    with transaction():
        return crypto.rotate(controller, now=now)


def resealed(controller: str, *, limit: int = 2, batches: int | None = None) -> int:
    """Bring a controller's values over as the command does, or stop after so many batches."""
    total = 0
    for column in crypto.sealed_columns():
        after = None
        while True:
            if batches is not None and batches <= 0:
                return total
            with transaction():
                done = keys.reseal(column, controller=controller, after=after, limit=limit)
            batches = batches - bool(done.values) if batches is not None else None
            assert done.unreadable == ()
            total, after = total + done.values, done.last
            if after is None:
                break
    return total


def used() -> dict[int, int]:
    """Return how many values name each encryption key."""
    return {key.id: key.values for key in keys.key_states() if key.purpose is Purpose.ENCRYPT}


@pytest.fixture
def worked(database: object, now: dt.datetime) -> None:
    """Three clients with cases, notes and attempts."""
    for _ in range(3):
        scene("active", now=now)


def test_every_sealed_column_is_registered():
    """A forgotten one would become unreadable when its key is destroyed."""
    known = {(each.model.__tablename__, each.column) for each in crypto.sealed_columns()}
    found = {
        (table.name, column.name)
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary) and table.name != DataKey.__tablename__
    }
    assert found == known
    assert all(len(inspect(each.model).primary_key) == 1 for each in crypto.sealed_columns())


@pytest.mark.usefixtures("worked")
@pytest.mark.parametrize("controller", [COUNTY, KOUVOLA, "accounts"])
def test_after_resealing_nothing_names_the_old_key_and_everything_opens(controller: str, now: dt.datetime):
    """All columns of a controller, through the contexts that their features registered."""
    old = used()
    new = rotated(controller, now=now)
    names = {key.id for key in keys.key_states() if key.controller == controller}
    moved = resealed(controller)
    assert moved == sum(number for key, number in old.items() if key in names) > 0
    after = used()
    assert after[new] == moved
    assert all(after[key] == 0 for key in names - {new} if key in after)
    assert {key: number for key, number in after.items() if key not in names} == {
        key: number for key, number in old.items() if key not in names
    }
    for referral in db.session.scalars(select(Referral)):
        assert county.content_of(referral).last_name == "Tiainen"
    for case in db.session.scalars(select(Case)):
        content = content_of(case)
        assert content is not None
        assert content.first_name == "Veikko"


@pytest.mark.usefixtures("worked")
def test_resealing_that_was_broken_off_goes_on_where_it_was(now: dt.datetime):
    """Killed after a batch, and in the middle of one: all values open, and the second run does the rest."""
    rotated(KOUVOLA, now=now)
    column = next(each for each in crypto.sealed_columns() if each.model is Note)
    first = resealed(KOUVOLA, batches=1)
    with pytest.raises(KeyboardInterrupt):
        _killed_within_a_batch(column)
    rest = resealed(KOUVOLA)
    assert first > 0
    assert rest > 0
    assert resealed(KOUVOLA) == 0
    assert first + rest == sum(
        db.session.query(model).filter(getattr(model, name).is_not(None)).count()
        for model, name in (
            (Case, "sealed"),
            (CaseHistory, "sealed_note"),
            (Attempt, "sealed_note"),
            (Note, "sealed"),
        )
    )


def _killed_within_a_batch(column: crypto.SealedColumn) -> None:
    with transaction():
        assert keys.reseal(column, controller=KOUVOLA, limit=1).values == 1
        raise KeyboardInterrupt


@pytest.mark.usefixtures("worked")
def test_what_was_changed_or_erased_meanwhile_is_left_alone(
    now: dt.datetime, monkeypatch: pytest.MonkeyPatch
):
    """Compare and set: an erased content does not come back."""
    rotated(COUNTY, now=now)
    column = next(each for each in crypto.sealed_columns() if each.model is Referral)
    gone = db.session.scalars(select(Referral.id).order_by(Referral.id)).first()
    real = crypto.seal

    def seal_while_somebody_erases(controller: str, plain: bytes, context: str) -> bytes:
        db.session.execute(REFERRALS.update().where(Referral.id == gone).values(sealed=None))
        return real(controller, plain, context)

    monkeypatch.setattr(crypto, "seal", seal_while_somebody_erases)
    with transaction():
        done = keys.reseal(column, controller=COUNTY)
    assert done.values == 2
    db.session.expire_all()
    assert db.session.get_one(Referral, gone).sealed is None


@pytest.mark.usefixtures("worked")
def test_a_key_is_destroyed_only_when_nothing_needs_it(now: dt.datetime):
    """Not while values name it, not while a slow request may still hold it, and never the newest."""
    new = rotated(COUNTY, now=now)
    (old,) = keys.older_keys(COUNTY)
    with pytest.raises(KeyInUseError) as in_use, transaction():
        keys.retire(old, now=now + LATER)
    assert in_use.value.values == 3
    resealed(COUNTY)
    with pytest.raises(KeyInUseError) as early, transaction():
        keys.retire(old, now=now + dt.timedelta(minutes=59))
    assert early.value.wait_until == now + dt.timedelta(hours=1)
    with transaction():
        keys.retire(old, now=now + LATER)
    assert keys.older_keys(COUNTY) == []
    with pytest.raises(KeyInUseError), transaction():
        keys.retire(new, now=now + LATER)


@pytest.mark.usefixtures("worked")
def test_another_controllers_key_opens_nothing(now: dt.datetime):
    """Nor does the right key at another row: the context is bound."""
    rotated(COUNTY, now=now)
    resealed(COUNTY)
    one, other = db.session.scalars(select(Referral).order_by(Referral.id).limit(2)).all()
    assert one.sealed is not None
    for controller, context in ((KOUVOLA, f"referral:{one.id}"), (COUNTY, f"referral:{other.id}")):
        with pytest.raises(UnreadableError):
            crypto.unseal(controller, one.sealed, context)


@pytest.mark.usefixtures("worked")
def test_value_that_can_not_be_opened_is_named_and_stays(now: dt.datetime):
    """The key that it names can't be destroyed."""
    rotated(COUNTY, now=now)
    (old,) = keys.older_keys(COUNTY)
    spoilt = db.session.scalars(select(Referral.id).order_by(Referral.id)).first()
    with transaction() as session:
        session.execute(
            REFERRALS.update()
            .where(Referral.id == spoilt)
            .values(sealed=crypto.FORMAT + old.to_bytes(4) + bytes(40))
        )
    column = next(each for each in crypto.sealed_columns() if each.model is Referral)
    with transaction():
        done = keys.reseal(column, controller=COUNTY)
    assert done.values == 2
    assert done.unreadable == (f"referral.sealed:{spoilt}",)
    assert keys.values_of(old) == 1


# ------------------------------------------------------------------------------------ the master key


def settings_key(app: Flask) -> bytes:
    """Return the master key of the application under test."""
    key: bytes = app.extensions["servicetray.settings"].master_key_bytes
    return key


def test_new_master_key_opens_everything_and_the_old_one_nothing(
    app: Flask, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
):
    """Clients' data, blind indexes and fingerprints are as before."""
    it = scene("active", now=now)
    subject, index = audit.subject_key(it.referral_id), it.referral().person_index
    new = new_master_key()
    with transaction():
        count = keys.renew_master(old=settings_key(app), new=base64.b64decode(new), now=now)
    assert count == len(keys.key_states()) - 1
    app.extensions.pop("servicetray.fingerprint_root", None)
    try:
        with pytest.raises(UnreadableError):
            county.content_of(it.referral())
        settings = app.extensions["servicetray.settings"].model_copy(
            update={"master_key": type(app.extensions["servicetray.settings"].master_key)(new)}
        )
        monkeypatch.setitem(app.extensions, "servicetray.settings", settings)
        app.extensions.pop("servicetray.fingerprint_root", None)
        assert county.content_of(it.referral()).last_name == "Tiainen"
        assert audit.subject_key(it.referral_id) == subject
        with transaction():
            again = contents.person_index(first_name="Veikko", last_name="Tiainen", birth_year=1948)
            # Given again, as after a command that was broken off before its answer came.
            assert keys.renew_master(old=secrets.token_bytes(32), new=settings_key(app), now=now) == 0
        assert again == index
        renewed_twice = secrets.token_bytes(32)
        with transaction():
            keys.renew_master(old=settings_key(app), new=renewed_twice, now=now)
        with pytest.raises(MasterKeyError), transaction():
            keys.renew_master(old=secrets.token_bytes(32), new=secrets.token_bytes(32), now=now)
    finally:
        app.extensions.pop("servicetray.fingerprint_root", None)


# --------------------------------------------------------------------------------------- the commands


@pytest.mark.usefixtures("worked")
def test_commands_renew_a_key_and_leave_their_rows(app: Flask):
    """list, rotate, reseal, and retire that refuses while a request may still hold the key."""
    run = app.test_cli_runner().invoke
    assert run(args=["keys", "rotate", "municipality:999"]).exit_code == 1
    assert run(args=["keys", "rotate", COUNTY]).exit_code == 0
    early = run(args=["keys", "retire", COUNTY])
    assert early.exit_code == 1
    assert "3 values name it" in early.output
    assert "3 values sealed anew" in run(args=["keys", "reseal", COUNTY, "--batch", "2"]).output
    listed = [line.split("\t") for line in run(args=["keys", "list"]).output.splitlines()]
    county_keys = [line for line in listed if line[1:3] == [COUNTY, "encrypt"]]
    assert [(line[5], line[6]) for line in county_keys] == [("0", "older"), ("3", "newest")]
    assert "may still be in hand" in run(args=["keys", "retire", COUNTY]).output
    db.session.expire_all()
    told = db.session.scalars(select(AuditRow.action).order_by(AuditRow.id.desc()).limit(3)).all()
    assert told == [Action.VALUES_RESEALED, Action.VALUES_RESEALED, Action.KEY_ROTATED]


def test_master_key_is_asked_for_in_the_environment(app: Flask, monkeypatch: pytest.MonkeyPatch):
    """Neither or a broken one is refused in words."""
    run = app.test_cli_runner().invoke
    assert "give one of" in run(args=["keys", "renew-master"]).output
    monkeypatch.setenv("SERVICETRAY_MASTER_KEY_NEW", "short")
    assert "SERVICETRAY_MASTER_KEY_NEW must" in run(args=["keys", "renew-master"]).output
