"""The second wall: with every check of the application switched off, PostgreSQL itself shows each their own rows."""

import contextvars
import importlib.util
import uuid
from collections.abc import Callable, Mapping
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import create_engine, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from referrals.county.models import Consent, Referral
from referrals.moves import Who
from referrals.municipality.models import Case, Catchment, Note
from referrals.transfers.models import TransferOffer
from servicetray.accounts.models import UnitKind, User
from servicetray.accounts.permissions import PERMISSIONS, Role
from servicetray.core import walls
from servicetray.core.access import Permission
from servicetray.core.db import db, transaction
from servicetray.core.walls import Purpose, Scope
from tests import database as databases
from tests import roles
from tests.architecture.sources import ROOT
from tests.factories import people
from tests.factories.referrals import sent
from tests.figures import Figure
from tests.referrals.scenes import scene, withdrawn

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("engine_name", [databases.POSTGRESQL], indirect=True),
]

OPEN_ON_PURPOSE = {
    "statistics_event": "tells of nobody: classes and a random id; the figures of all are made of it",
}
WITHOUT_CLIENTS = "kept_form", "user_account", "data_key", "audit_seal", "feedback"
"""Sealed columns that are a person's own: of staff, and of whoever gave feedback without being anybody's client."""

Answer = TypeVar("Answer")


def closed_tables() -> Mapping[str, str]:
    """Return the tables that the migrations close, and how."""
    tables: dict[str, str] = {}
    for name in ("0023_row_security", "0031_enrolment"):
        path = ROOT / "migrations" / "versions" / f"{name}.py"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        tables |= module.TABLES
    return tables


def asked(app: Flask, who: User | Scope | None, question: Callable[[], Answer]) -> Answer:
    """Put a question in a request of somebody's; no view, and so no check of ours, stands before it."""
    db.session.commit()
    user_id = who.id if isinstance(who, User) else None
    db.session.commit()

    def ask() -> Answer:
        with app.test_request_context("/"):
            if user_id is not None:
                walls.enter_as_person(user_id)
            elif isinstance(who, Scope):
                walls.enter_as_client(who.referral_id)
            try:
                return question()
            finally:
                db.session.rollback()

    answer = contextvars.Context().run(ask)
    db.session.expire_all()
    return answer


def counts() -> dict[str, int]:
    """Return how many rows of each closed table are seen without any condition."""
    return {
        name: db.session.scalars(select(func.count()).select_from(db.metadata.tables[name])).one()
        for name in closed_tables()
    }


def ids(column: object) -> set[object]:
    return set(db.session.scalars(select(column)).all())  # type: ignore[call-overload]  # of whatever table


def test_the_application_is_neither_owner_nor_above_the_policies(app: Flask, database):
    row = database.execute(
        text("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    ).one()
    assert tuple(row) == (roles.APP, False, False)


def test_every_table_of_client_data_is_closed(app: Flask, database):
    """A new table that tells of clients gets a policy, or a reason why not."""
    forced = set(
        database.scalars(
            text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        ).all()
    )
    policies = set(database.scalars(text("SELECT tablename FROM pg_policies")).all())
    of_clients = {
        table.name
        for table in db.metadata.sorted_tables
        if any(
            column.name in {"referral_id", "case_id"}
            or column.name.startswith("sealed")
            or any(key.column.table.name in {"referral", "counselling_case"} for key in column.foreign_keys)
            for column in table.columns
        )
        and table.name not in WITHOUT_CLIENTS
    }
    assert of_clients - forced - OPEN_ON_PURPOSE.keys() == set()
    assert forced == policies == set(closed_tables()) | walls.TABLES


def test_the_database_knows_the_roles_as_the_application_does(app: Flask, database):
    asked_of = {
        Permission.REFERRAL_SEND,
        Permission.INBOX_WORK,
        Permission.INBOX_LEAD,
        Permission.AUDIT_READ,
    }
    for permission in Permission:
        known = database.scalars(select(func.wall_roles(permission.value))).one()
        expected = {role.value for role, allowed in PERMISSIONS.items() if permission in allowed}
        assert set(known or ()) == (expected if permission in asked_of else set()), permission


def test_nobody_sees_a_row_and_the_service_sees_all(app: Flask, database, now, figure: Figure):
    """With no scope set the database shows no client's row; strangers and roles without clients see as little."""
    scene("active", now=now)
    everything = counts()
    assert all(
        everything[name] for name in ("referral", "consent", "counselling_case", "attempt", "case_note")
    )
    nothing = dict.fromkeys(everything, 0)
    blind: list[User | None] = [None]
    for role in Role:
        if role is not Role.DATA_PROTECTION_OFFICER:
            unit = people.unit(name=f"Muu {role.value}", municipality_code="285")
            blind.append(people.user(role, units=[unit]))
    for person in blind:
        assert asked(app, person, counts) == nothing
    figure("closed tables", len(everything), "tables")
    figure("people without clients of their own", len(blind), "people")
    figure("rows they see", 0, "rows")


def test_an_adviser_sees_the_own_municipality_alone(app: Flask, database, now, figure: Figure):
    """An adviser who asks without any condition sees what was disclosed to the own unit, and its own cases."""
    first, second = scene("active", now=now), scene("active", now=now, code="285")
    place = db.session.scalars(select(Case.catchment_id).where(Case.id == first.case_id)).one()
    waiting = sent(db.session.get_one(Catchment, place), now=now, last_name="Odottaja").id

    def seen() -> tuple[set[object], ...]:
        return ids(Referral.id), ids(Case.id), ids(Consent.referral_id), ids(Note.case_id)

    assert asked(app, first.adviser, seen) == ({waiting}, {first.case_id}, {waiting}, {first.case_id})
    assert asked(app, second.adviser, seen) == (set(), {second.case_id}, set(), {second.case_id})
    figure("rows of the other municipality", 0, "rows")


def test_a_professional_sees_the_own_referrals_alone(app: Flask, database, now):
    first, second = scene("active", now=now), scene("sent", now=now, code="285")

    def seen() -> tuple[set[object], ...]:
        return ids(Referral.id), ids(Case.id), ids(Consent.referral_id), ids(Note.id)

    assert asked(app, first.sender, seen) == ({first.referral_id}, set(), {first.referral_id}, set())
    assert asked(app, second.sender, seen) == ({second.referral_id}, set(), {second.referral_id}, set())


def test_a_unit_that_shares_its_list_shares_it(app: Flask, database, now):
    it = scene("sent", now=now)
    colleague = people.user(Role.PROFESSIONAL, units=[it.sender.unit])
    assert asked(app, colleague, lambda: ids(Referral.id)) == set()
    with transaction() as session:
        session.get_one(type(it.unit), it.sender.unit_id).shared_list = True
    assert asked(app, colleague, lambda: ids(Referral.id)) == {it.referral_id}


def test_without_consent_nothing_is_disclosed(app: Flask, database, now):
    """Whatever its status says: no consent in force, no row."""
    it = scene("sent", now=now)
    assert asked(app, it.adviser, lambda: ids(Referral.id)) == {it.referral_id}
    with transaction() as session:
        session.execute(update(Consent).values(withdrawn_at=now))
    assert asked(app, it.adviser, lambda: ids(Referral.id)) == set()
    with transaction() as session:
        session.execute(delete(Consent))
    assert asked(app, it.adviser, lambda: ids(Referral.id)) == set()


def consents_in_force() -> set[object]:
    return set(db.session.scalars(text("SELECT referral_id FROM consent_in_force")).all())


def test_the_database_itself_keeps_whose_consent_is_in_force(app: Flask, database, now):
    """What the wall asks follows the consents, through every way in which they change."""
    it, other = scene("sent", now=now), scene("sent", now=now, code="285")
    both = {it.referral_id, other.referral_id}
    assert consents_in_force() == both
    of_it = Consent.referral_id == it.referral_id
    for change, left in (
        ({"replaced_at": now}, {other.referral_id}),
        ({"withdrawn_at": now}, {other.referral_id}),
        ({"replaced_at": None}, {other.referral_id}),
        ({"withdrawn_at": None}, both),
        ({"interpreted_by": "Tulkki"}, both),
        ({"withdrawn_at": now}, {other.referral_id}),
    ):
        with transaction() as session:
            session.execute(update(Consent).where(of_it).values(**change))
        assert consents_in_force() == left, change
    with transaction() as session:
        session.execute(delete(Consent).where(Consent.referral_id == other.referral_id))
    assert consents_in_force() == set()


@pytest.mark.parametrize(
    "statement",
    ["INSERT INTO consent_in_force VALUES (gen_random_uuid())", "DELETE FROM consent_in_force"],
)
def test_the_application_says_nowhere_whose_consent_is_in_force(app: Flask, database, now, statement: str):
    """Not even as the service: only the consent itself, written down, opens a referral."""
    it = scene("sent", now=now)
    service = Scope(purpose=Purpose.SERVICE)
    with pytest.raises(DBAPIError, match="permission denied"):
        asked(app, service, lambda: db.session.execute(text(statement)))
    assert consents_in_force() == {it.referral_id}


def test_only_those_who_work_in_an_inbox_may_ask_whose_consent_is_in_force(app: Flask, database, now):
    it = scene("sent", now=now)
    for person, seen in (
        (it.adviser, {it.referral_id}),
        (it.sender, set()),
        (people.user(Role.DATA_PROTECTION_OFFICER), set()),
        (None, set()),
    ):
        assert asked(app, person, consents_in_force) == seen


def test_a_withdrawal_hides_the_case_from_its_unit(app: Flask, database, now):
    it = scene("active", now=now)
    assert asked(app, it.adviser, lambda: ids(Case.id)) == {it.case_id}
    withdrawn(it, who=Who.SENDER, now=now)
    assert asked(app, it.adviser, lambda: ids(Case.id)) == set()


def test_rights_that_are_taken_away_are_gone_at_once(app: Flask, database, now):
    it = scene("active", now=now)
    with transaction() as session:
        session.get_one(User, it.adviser.id).active = False
        session.get_one(User, it.sender.id).active = False
    assert asked(app, it.adviser, lambda: ids(Case.id)) == set()
    assert asked(app, it.sender, lambda: ids(Referral.id)) == set()


def test_another_s_rows_can_neither_be_changed_nor_written(app: Flask, database, now):
    it, other = scene("active", now=now), scene("active", now=now, code="285")
    note = {"case_id": it.case_id, "at": now, "actor_id": other.adviser.id}

    def change() -> int:
        with transaction() as session:
            return session.execute(update(Case).values(reference="LIK-222222")).rowcount  # type: ignore[attr-defined, no-any-return]  # of whatever table

    def write() -> None:
        with transaction() as session:
            session.execute(insert(Note).values(**note))

    assert asked(app, other.adviser, change) == 1
    with pytest.raises(DBAPIError, match="row-level security"):
        asked(app, other.adviser, write)
    assert it.case().reference != "LIK-222222"


def test_both_records_open_only_to_whoever_sees_one_of_them(app: Flask, database, now):
    """The widening of a move is behind the wall, too."""
    it, other = scene("active", now=now), scene("active", now=now, code="285")

    def hold() -> tuple[set[object], set[object]]:
        walls.hold_together(it.referral_id)
        return ids(Referral.id), ids(Case.id)

    assert asked(app, other.adviser, hold) == (set(), {other.case_id})
    assert asked(app, None, hold) == (set(), set())
    assert asked(app, it.adviser, hold) == ({it.referral_id}, {it.case_id})
    assert asked(app, it.sender, hold) == ({it.referral_id}, {it.case_id})


def test_a_record_that_exists_is_not_begun_anew(app: Flask, database, now):
    it, other = scene("active", now=now), scene("active", now=now, code="285")

    def begin() -> set[object]:
        walls.begin_record(it.referral_id)
        return ids(Referral.id)

    assert asked(app, other.adviser, begin) == set()


def test_what_is_held_together_ends_with_its_transaction(app: Flask, database, now):
    it = scene("active", now=now)

    def hold() -> set[object]:
        walls.hold_together(it.referral_id)
        db.session.commit()
        return ids(Referral.id)

    assert asked(app, it.adviser, hold) == set()


def test_a_question_to_everybody_s_records_ends_where_it_ends(app: Flask, database, now):
    it = scene("active", now=now)

    def look() -> tuple[set[object], set[object]]:
        with walls.everywhere():
            inside = ids(Referral.id)
        return inside, ids(Referral.id)

    assert asked(app, None, look) == ({it.referral_id}, set())


def test_the_client_s_page_sees_one_referral(app: Flask, database, now):
    it, other = scene("active", now=now), scene("sent", now=now, code="285")
    visit = Scope(purpose=Purpose.CLIENT, referral_id=it.referral_id)
    assert asked(app, visit, lambda: ids(Referral.id)) == {it.referral_id}
    assert asked(app, visit, lambda: ids(Case.id)) == {it.case_id}
    assert asked(app, Scope(purpose=Purpose.CLIENT), lambda: ids(Referral.id)) == set()
    assert other.referral_id != it.referral_id


def test_an_offer_is_seen_by_its_target_and_its_referral_is_not(app: Flask, database, now):
    it, target = scene("active", now=now), scene("active", now=now, code="285")
    with transaction() as session:
        case = session.get_one(Case, it.case_id)
        offer = TransferOffer(
            id=uuid.uuid4(),
            referral_id=it.referral_id,
            kind_code=case.kind_code,
            age_group=case.age_group,
            language="fi",
            from_catchment_id=case.catchment_id,
            to_catchment_id=session.get_one(Case, target.case_id).catchment_id,
            offered_at=now,
            offered_by=it.adviser.id,
        )
        session.add(offer)
        offer_id = offer.id
    assert asked(app, target.adviser, lambda: ids(TransferOffer.id)) == {offer_id}
    assert asked(app, target.adviser, lambda: ids(Referral.id)) == set()


def test_an_officer_sees_the_own_controller(app: Flask, database, now):
    it, other = scene("active", now=now), scene("active", now=now, code="285")
    office = people.unit(UnitKind.OFFICE, name="Kunnan toimisto", municipality_code="285")
    theirs = people.user(Role.DATA_PROTECTION_OFFICER, units=[office])
    county = people.user(Role.DATA_PROTECTION_OFFICER)

    def seen() -> tuple[set[object], set[object]]:
        return ids(Referral.id), ids(Case.id)

    assert asked(app, county, seen) == ({it.referral_id, other.referral_id}, set())
    assert asked(app, theirs, seen) == ({other.referral_id}, {other.case_id})


def test_the_catalogue_s_role_may_not_even_ask(app: Flask, database):
    url = app.extensions["servicetray.settings"].database_url
    engine = create_engine(roles.as_role(url, roles.CATALOGUE))
    try:
        for table in closed_tables():
            with engine.connect() as connection, pytest.raises(DBAPIError, match="permission denied"):
                connection.execute(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - a name from our own list
    finally:
        engine.dispose()
