"""Administering people: inviting, changing, roles, ways in, and those who leave."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import pyotp
import pytest
import time_machine
from sqlalchemy import select

from servicetray.accounts import invitations, sign_ins
from servicetray.accounts.administration import operations
from servicetray.accounts.administration.operations import LastAdministratorError
from servicetray.accounts.models import Invitation, Unit, UnitKind, User
from servicetray.accounts.operations import NewGrant, check_password
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core import clock
from servicetray.core.db import db, transaction
from servicetray.core.letters import Matter, letter
from servicetray.core.outbox import OutboxMessage
from tests.client import Client
from tests.factories.people import PASSWORD, sign_in, unit, user
from tests.reading import Reading

pytestmark = pytest.mark.usefixtures("database")

NEW = "quite another password"
Clients = Callable[[], Client]


def administrator(client: Client, name: str = "Aino Ylläpitäjä") -> tuple[Client, User]:
    person = user(Role.ADMINISTRATOR, name=name)
    return sign_in(client, person), person


def adviser(place: Unit | None = None, name: str = "Mikko Neuvoja") -> User:
    return user(Role.ADVISER, units=[place or unit(UnitKind.COUNSELLING, name="Neuvonta")], name=name)


def known(email: str) -> User:
    db.session.expire_all()
    return db.session.scalars(select(User).where(User.email == email)).one()


def changes(person: uuid.UUID) -> list[str]:
    rows = db.session.scalars(
        select(AuditRow)
        .where(AuditRow.action == Action.USER_CHANGED, AuditRow.object_id == str(person))
        .order_by(AuditRow.id)
    )
    return [row.detail["change"] for row in rows]


def link_to(address: str) -> str:
    """Return the path of the link in the newest letter with one to an address."""
    db.session.expire_all()
    row = db.session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.address == address, OutboxMessage.template == "invitation")
        .order_by(OutboxMessage.id.desc())
    ).first()
    assert row is not None
    made = letter(
        Matter(template=row.template, context=row.context),
        address=row.address,
        language=row.language,
        key=row.id,
        at=row.created_at,
    )
    body = made.get_content().replace("=\n", "")
    found = re.search(r"/kirjaudu/kutsu\?avain=[\w.~=-]+", body)
    assert found, body
    return found.group()


def invite(client: Client, *, email: str = "Uusi.Ihminen@example.org", place: Unit | None = None) -> Reading:
    place = place or unit(UnitKind.COUNSELLING, name="Testilän neuvonta")
    form = client.read("/hallinta/ihmiset/uusi").form_to("/hallinta/ihmiset/uusi")
    fields: dict[str, Any] = {"rows-0-role": "adviser", "rows-0-unit": str(place.id)}
    return client.send(form, email=email, name="Uusi Ihminen", title="neuvoja", phone="", **fields)


def accept(client: Client, path: str, *, password: str = NEW) -> Reading:
    page = client.read(path)
    spelled = re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page.text)
    assert spelled
    code = pyotp.TOTP(spelled.group().replace(" ", "")).now()
    return client.send(page.form(), password=password, code=code)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_but_an_administrator_finds_the_pages(client: Client, role: Role):
    person = adviser()
    sign_in(client, user(role, units=[unit()]))
    for path in (
        "/hallinta/ihmiset",
        "/hallinta/ihmiset/uusi",
        f"/hallinta/ihmiset/{person.id}",
        f"/hallinta/ihmiset/{person.id}/muuta",
        f"/hallinta/ihmiset/{person.id}/roolit",
        f"/hallinta/ihmiset/{person.id}/lahtija",
        "/hallinta/yksikot",
        "/hallinta/yksikot/uusi",
        f"/hallinta/yksikot/{person.unit_id}",
        "/hallinta/organisaatiot/uusi",
    ):
        assert client.get(path).status_code == 404, path


def test_somebody_is_invited_sets_their_own_secrets_and_is_in(client: Client, new_client: Clients):
    admin, _person = administrator(client)
    page = invite(admin)
    assert "Uusi Ihminen" in page.text
    made = known("uusi.ihminen@example.org")
    assert not check_password(made, PASSWORD)
    path = link_to(made.email)
    # Nothing that opens the account stands in the database.
    context = db.session.scalars(select(OutboxMessage.context)).all()
    assert path.partition("avain=")[2] not in str(context)
    newcomer = new_client()
    accept(newcomer, path)
    assert newcomer.get("/saapuneet").status_code == 200
    assert check_password(known(made.email), NEW)
    assert changes(made.id) == ["invited", "secrets_set"]


def test_a_link_opens_once_and_for_three_days_and_a_newer_one_ends_it(client: Client, new_client: Clients):
    admin, _person = administrator(client)
    invite(admin)
    made = known("uusi.ihminen@example.org")
    first = link_to(made.email)
    here = f"/hallinta/ihmiset/{made.id}"
    admin.send(admin.read(here).form_to(f"{here}/kutsu"))
    second = link_to(made.email)
    newcomer = new_client()
    assert newcomer.get(first).status_code == 410
    with time_machine.travel(clock.now() + dt.timedelta(hours=73)):
        assert newcomer.get(second).status_code == 410
    accept(newcomer, second)
    assert new_client().get(second).status_code == 410
    assert new_client().get(second[:-3] + "xyz").status_code == 404
    assert new_client().get("/kirjaudu/kutsu").status_code == 404


def test_a_link_is_not_used_up_by_a_short_password_or_a_wrong_code(client: Client, new_client: Clients):
    admin, _person = administrator(client)
    invite(admin)
    path = link_to("uusi.ihminen@example.org")
    newcomer = new_client()
    form = newcomer.read(path).form()
    page = newcomer.send(form, password="short", code="123456", status=422)
    page = newcomer.send(page.form(), password=NEW, code="000000", status=422)
    assert NEW not in page.text
    accept(newcomer, path)


def test_a_closed_account_has_no_way_in_by_an_older_link(client: Client, new_client: Clients):
    admin, actor = administrator(client)
    invite(admin)
    path = link_to("uusi.ihminen@example.org")
    made = known("uusi.ihminen@example.org")
    with transaction():
        operations.close_account(operations.account(made.id), actor=known(actor.email), now=clock.now())
    assert new_client().get(path).status_code == 410
    with transaction():
        operations.open_account(operations.account(made.id), actor=known(actor.email), now=clock.now())
    assert new_client().get(path).status_code == 410
    assert new_client().get(link_to(made.email)).status_code == 200


def test_what_was_typed_stays_when_the_address_is_taken_or_a_unit_is_missing(client: Client):
    admin, person = administrator(client)
    form = admin.read("/hallinta/ihmiset/uusi").form_to("/hallinta/ihmiset/uusi")
    fields: dict[str, Any] = {"rows-0-role": "professional", "rows-0-unit": ""}
    page = admin.send(form, email="x@example.org", name="Kirjoitettu Nimi", **fields, status=422)
    assert page.form_to("/hallinta/ihmiset/uusi").data()["name"] == "Kirjoitettu Nimi"
    fields = {"rows-0-role": "professional", "rows-0-unit": str(unit().id)}
    form = admin.read("/hallinta/ihmiset/uusi").form_to("/hallinta/ihmiset/uusi")
    page = admin.send(form, email=person.email.upper(), name="Kirjoitettu Nimi", **fields, status=422)
    assert page.form_to("/hallinta/ihmiset/uusi").data()["rows-0-unit"] == fields["rows-0-unit"]


def test_people_are_found_by_name_unit_role_and_state(client: Client):
    admin, _person = administrator(client)
    place = unit(UnitKind.COUNSELLING, name="Etsittävä neuvonta")
    adviser(place, name="Örjan Äijälä")
    adviser(name="Toinen Neuvoja")
    for query in ("haku=äijälä", "haku=örjan", f"yksikko={place.id}", f"yksikko={place.id}&rooli=adviser"):
        page = admin.read(f"/hallinta/ihmiset?{query}")
        assert "Örjan Äijälä" in page.text, query
        assert "Toinen Neuvoja" not in page.text, query
    invite(admin, place=place)
    page = admin.read("/hallinta/ihmiset?tila=invited")
    assert "Uusi Ihminen" in page.text
    assert "Toinen" not in page.text
    assert "Toinen" not in admin.read("/hallinta/ihmiset?tila=closed").text


def test_roles_change_and_the_person_is_signed_out(client: Client, new_client: Clients):
    admin, _person = administrator(client)
    one, two = (unit(UnitKind.COUNSELLING, name=name) for name in ("Yksi", "Kaksi"))
    person = adviser(one)
    theirs = sign_in(new_client(), person)
    path = f"/hallinta/ihmiset/{person.id}/roolit"
    fields: dict[str, Any] = {"rows-1-role": "municipal_lead", "rows-1-unit": str(two.id)}
    admin.send(admin.read(path).form_to(path), **fields)
    assert str(theirs.get("/saapuneet").location).startswith("/kirjaudu")
    db.session.expire_all()
    held = {(grant.role, grant.unit_id) for grant in known(person.email).grants}
    assert held == {(Role.ADVISER, one.id), (Role.MUNICIPAL_LEAD, two.id)}
    assert changes(person.id) == ["roles_before", "roles"]


def test_who_comes_second_keeps_what_they_chose_and_sees_what_stands(client: Client):
    admin, _person = administrator(client)
    one, two = (unit(UnitKind.COUNSELLING, name=name) for name in ("Yksi", "Kaksi"))
    person = adviser(one)
    path = f"/hallinta/ihmiset/{person.id}/roolit"
    form = admin.read(path).form_to(path)
    with transaction():
        operations.give_roles(
            operations.account(person.id),
            grants=[NewGrant(role=Role.MUNICIPAL_LEAD, unit_id=two.id)],
            seen=operations.roles_stamp(operations.account(person.id)),
            actor=known(_person.email),
            now=clock.now(),
        )
    fields: dict[str, Any] = {"rows-1-role": "coordinator"}
    page = admin.send(form, **fields, status=409)
    again = page.form_to(path)
    assert again.data()["rows-1-role"] == "coordinator"
    assert "Kaksi" in page.text
    admin.send(again)
    assert {grant.role for grant in known(person.email).grants} == {Role.ADVISER, Role.COORDINATOR}


def test_details_change_once_and_a_changed_address_is_told_to_the_old_one(client: Client):
    admin, _person = administrator(client)
    person = adviser()
    was, path = person.email, f"/hallinta/ihmiset/{person.id}/muuta"
    form = admin.read(path).form_to(path)
    admin.send(form, email="uusi.osoite@example.org", title="liikuntaneuvoja")
    changed = known("uusi.osoite@example.org")
    assert changed.title == "liikuntaneuvoja"
    assert db.session.scalars(select(OutboxMessage.template).where(OutboxMessage.address == was)).all() == [
        "address_changed"
    ]
    page = admin.send(form, title="toinen", status=409)
    assert "liikuntaneuvoja" in page.text
    assert page.form_to(path).data()["title"] == "toinen"


def test_nobody_changes_their_own_roles_or_closes_their_own_account(client: Client):
    admin, person = administrator(client)
    other = user(Role.ADMINISTRATOR)
    page = admin.read(f"/hallinta/ihmiset/{other.id}")
    theirs = page.form_to(f"/hallinta/ihmiset/{other.id}/uudet-tunnukset").data()
    roles = f"/hallinta/ihmiset/{person.id}/roolit"
    for path in (
        roles,
        f"/hallinta/ihmiset/{person.id}/lahtija",
        f"/hallinta/ihmiset/{person.id}/uudet-tunnukset",
    ):
        admin.post(path, data={**theirs, "rows-0-role": "data_protection_officer", "rows-0-unit": ""})
    mine = known(person.email)
    assert mine.active
    assert {grant.role for grant in mine.grants} == {Role.ADMINISTRATOR}
    assert changes(person.id) == []


def _take_the_role(person: User, *, by: User, grants: list[NewGrant], seen: str, now: dt.datetime) -> None:
    operations.give_roles(
        operations.account(person.id), grants=grants, seen=seen, actor=known(by.email), now=now
    )


def test_the_last_administrator_stays(now):
    first, second = user(Role.ADMINISTRATOR), user(Role.ADMINISTRATOR)
    with transaction():
        operations.close_account(operations.account(second.id), actor=known(first.email), now=now)
    with pytest.raises(LastAdministratorError), transaction():
        operations.close_account(operations.account(first.id), actor=known(second.email), now=now)
    seen, grants = operations.roles_stamp(known(first.email)), [NewGrant(role=Role.COORDINATOR)]
    with pytest.raises(LastAdministratorError), transaction():
        _take_the_role(first, by=second, grants=grants, seen=seen, now=now)


def test_a_leaver_is_out_with_the_next_click_and_may_come_back_with_new_secrets(
    client: Client, new_client: Clients
):
    admin, _person = administrator(client)
    person = adviser()
    theirs = sign_in(new_client(), person)
    path = f"/hallinta/ihmiset/{person.id}/lahtija"
    admin.send(admin.read(path).form_to(path))
    assert str(theirs.get("/saapuneet").location).startswith("/kirjaudu")
    page = admin.read(f"/hallinta/ihmiset/{person.id}")
    admin.send(page.form_to(f"/hallinta/ihmiset/{person.id}/avaa"))
    assert not check_password(known(person.email), PASSWORD)
    accept(theirs, link_to(person.email))
    assert theirs.get("/saapuneet").status_code == 200
    assert changes(person.id) == ["deactivated", "reactivated", "invited", "secrets_set"]


def test_lost_secrets_are_worthless_at_once_and_sign_ins_are_ended_from_here(
    client: Client, new_client: Clients
):
    admin, _person = administrator(client)
    person = adviser()
    theirs = sign_in(new_client(), person)
    here = f"/hallinta/ihmiset/{person.id}"
    assert sign_ins.sign_ins_of(person.id, now=clock.now())
    row = sign_ins.sign_ins_of(person.id, now=clock.now())[0]
    admin.send(admin.read(here).form_to(f"{here}/kirjautumiset/{row.id}/lopeta"))
    assert str(theirs.get("/saapuneet").location).startswith("/kirjaudu")
    admin.send(admin.read(here).form_to(f"{here}/uudet-tunnukset"))
    assert not check_password(known(person.email), PASSWORD)
    assert invitations.waiting([person.id])


def test_the_pages_ask_for_a_second_factor_again_before_rights_change(client: Client):
    admin, _person = administrator(client)
    person = adviser()
    with time_machine.travel(clock.now() + dt.timedelta(minutes=6), tick=True):
        for path in ("uusi", f"{person.id}/roolit", f"{person.id}/muuta", f"{person.id}/lahtija"):
            assert str(admin.get(f"/hallinta/ihmiset/{path}").location).startswith("/kirjaudu/vahvista")
        assert admin.get("/hallinta/ihmiset").status_code == 200


def test_old_invitations_of_one_person_do_not_open_another(now):
    one, two = adviser(), adviser()
    with transaction():
        first = invitations.invite(operations.account(one.id), actor=None, now=now)
        invitations.invite(operations.account(two.id), actor=None, now=now)
        key = invitations.key_of(str(first.id))
    found, owner = invitations.opened_by(key, now=now)
    assert (found.id, owner.id) == (first.id, one.id)
    assert db.session.scalars(select(Invitation.user_id)).all()
