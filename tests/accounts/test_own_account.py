"""One's own page: details and choices, password, second factor, and where one is signed in."""

import datetime as dt
from collections.abc import Callable

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from servicetray.accounts import operations, sign_ins
from servicetray.accounts.devices import label
from servicetray.accounts.models import MessageWish, SignInSession, User
from servicetray.accounts.operations import NewGrant, check_password
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core import access
from servicetray.core.access import Door
from servicetray.core.db import db, transaction
from tests.client import Client
from tests.factories.people import PASSWORD, SECRETS, sign_in_by_pages, unit, user
from tests.referrals.county.filling import signed_in

pytestmark = pytest.mark.usefixtures("database")
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:141.0) Gecko/20100101 Firefox/141.0"
NEW = "quite another password"
Clients = Callable[[], Client]


def later() -> time_machine.travel:
    """Stand two minutes on, where no code has been used yet."""
    return time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=2))


def code_of(person: User) -> str:
    """Return what the person's app shows now."""
    return pyotp.TOTP(SECRETS[person.id]).at(dt.datetime.now(dt.UTC))


def is_in(client: Client) -> bool:
    """Whether the browser is signed in."""
    return not str(client.get("/alku").location or "").startswith("/kirjaudu")


@pytest.mark.parametrize("role", Role)
def test_every_role_has_the_page_and_none_comes_in_by_a_password_alone(
    app: Flask, client: Client, new_client: Clients, role: Role
):
    """Whoever sees client data, or anything else, has shown a second factor."""
    person = user(role, units=[unit()])
    client.send(client.read("/kirjaudu").form(), email=person.email, password=PASSWORD)
    for rule in app.url_map.iter_rules():
        marker = access.marker_of(app.view_functions[rule.endpoint])
        if rule.arguments or "GET" not in (rule.methods or ()) or marker is None:
            continue
        if marker.door is not Door.PUBLIC:
            assert str(client.get(rule.rule).location).startswith("/kirjaudu"), rule.rule
    assert db.session.scalars(select(SignInSession)).all() == []
    page = signed_in(new_client, person).read("/omat-tiedot")
    assert person.email in page.text


def test_the_page_is_closed_to_strangers(client: Client):
    for path in ("/omat-tiedot", "/omat-tiedot/salasana", "/omat-tiedot/todennus"):
        assert str(client.get(path).location).startswith("/kirjaudu")


def test_choices_are_kept(new_client: Clients):
    person = user(Role.ADVISER, units=[unit()])
    client = signed_in(new_client, person)
    page = client.read("/omat-tiedot")
    client.send(page.form("Tallenna valinnat"), language="sv", messages="daily")
    db.session.refresh(person)
    assert (person.language, person.message_wish) == ("sv", MessageWish.DAILY)
    form = client.read("/omat-tiedot").form("Tallenna valinnat")
    assert (form.fields["language"], form.fields["messages"]) == ("sv", "daily")
    bad = client.post("/omat-tiedot", data={**form.fields, "language": "xx"})
    assert bad.status_code == 422


def test_open_sign_ins_are_listed_and_ended(new_client: Clients):
    person, other = user(Role.ADVISER, units=[unit()]), user(Role.ADVISER, units=[unit()])
    here, there = new_client(), new_client()
    there.environ_base["HTTP_USER_AGENT"] = FIREFOX
    sign_in_by_pages(here, person)
    sign_in_by_pages(there, person)
    stranger = signed_in(new_client, other)
    page = here.read("/omat-tiedot")
    assert "Firefox, Windows" in page.text
    end = next(button for button in _buttons(page) if button.startswith("Päätä tämä"))
    token = {"csrf_token": stranger.read("/omat-tiedot").form("Kirjaudu ulos").fields["csrf_token"]}
    assert stranger.post(page.form(end).action, data=token).status_code == 404
    assert is_in(there)
    here.send(page.form(end))
    assert not is_in(there)
    assert is_in(here)
    assert Action.SESSION_ENDED in db.session.scalars(select(AuditRow.action)).all()


def _buttons(page) -> list[str]:
    return [" ".join("".join(button.itertext()).split()) for button in page.main.iter("button")]


def test_all_other_sign_ins_end_at_once(new_client: Clients):
    person = user(Role.ADVISER, units=[unit()])
    here, *others = [signed_in(new_client, person) for _ in range(3)]
    here.send(here.read("/omat-tiedot").form("Päätä kaikki muut"))
    assert is_in(here)
    assert not any(is_in(other) for other in others)


def test_a_list_shows_neither_ended_nor_lapsed_sign_ins(new_client: Clients):
    person = user(Role.ADVISER, units=[unit()])
    for _ in range(3):
        signed_in(new_client, person)
    now = dt.datetime.now(dt.UTC)
    rows = sign_ins.sign_ins_of(person.id, now=now)
    assert len(rows) == 3
    with transaction() as session:
        owner = session.get_one(User, person.id)
        sign_ins.end_sign_in(rows[0].id, user=owner, actor=owner, now=now)
    assert len(sign_ins.sign_ins_of(person.id, now=now)) == 2
    assert sign_ins.sign_ins_of(person.id, now=now + dt.timedelta(minutes=20)) == ()


def test_a_new_password_ends_the_other_sign_ins(new_client: Clients):
    person = user(Role.ADVISER, units=[unit()])
    here, there = signed_in(new_client, person), signed_in(new_client, person)
    form = here.read("/omat-tiedot/salasana").form()
    with later():
        here.send(form, present=PASSWORD, new=NEW, code=code_of(person))
        assert is_in(here)
        assert not is_in(there)
    db.session.refresh(person)
    assert check_password(person, NEW)


@pytest.mark.parametrize(
    ("present", "new", "code"),
    [("not this one", NEW, ""), (PASSWORD, "short", ""), (PASSWORD, NEW, "000000")],
)
def test_a_password_is_changed_only_by_its_owner(new_client: Clients, present: str, new: str, code: str):
    person = user(Role.ADVISER, units=[unit()])
    here = signed_in(new_client, person)
    with later():
        form = here.read("/omat-tiedot/salasana").form()
        page = here.send(form, present=present, new=new, code=code or code_of(person), status=422)
    assert page.errors
    db.session.refresh(person)
    assert check_password(person, PASSWORD)


def test_guessing_the_password_in_an_open_session_is_slowed(new_client: Clients):
    here = signed_in(new_client, user(Role.ADVISER, units=[unit()]))
    form = here.read("/omat-tiedot/salasana").form()
    data = form.data(present="guess", new=NEW, code="000000")
    answers = [here.post(form.action, data=data).status_code for _ in range(8)]
    assert answers == [422] * 6 + [429] * 2


def test_codes_move_to_another_device(new_client: Clients):
    person = user(Role.ADVISER, units=[unit()])
    here, there = signed_in(new_client, person), signed_in(new_client, person)
    with later():
        form = here.read("/omat-tiedot/todennus").form()
        here.send(form, code="000000", status=422)
        page = here.send(form, code=code_of(person))
        assert next(page.root.iter("img")).get("src").startswith("data:image/svg+xml")
        secret = page.text.partition("avain:")[2].partition("Kuusi")[0].replace(" ", "")
        again = here.send(page.form(), code="000000", status=422)
        here.send(again.form(), code=pyotp.TOTP(secret).at(dt.datetime.now(dt.UTC)))
        assert not is_in(there)
        assert is_in(here)
    old = code_of(person)
    SECRETS[person.id] = secret
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=4)), transaction() as session:
        owner, now = session.get_one(User, person.id), dt.datetime.now(dt.UTC)
        assert not operations.use_code(owner, old, now=now)
        assert operations.use_code(owner, code_of(person), now=now)


def test_an_offered_secret_is_good_for_its_person_and_a_while(new_client: Clients):
    person, other = user(Role.ADVISER, units=[unit()]), user(Role.ADVISER, units=[unit()])
    here = signed_in(new_client, person)
    with later():
        page = here.send(here.read("/omat-tiedot/todennus").form(), code=code_of(person))
    stranger = signed_in(new_client, other)
    token = stranger.read("/omat-tiedot").form("Kirjaudu ulos").fields["csrf_token"]
    data = page.form().data(code="000000") | {"csrf_token": token}
    assert stranger.post("/omat-tiedot/todennus/uusi", data=data).location == "/omat-tiedot/todennus"


def test_changed_roles_end_every_sign_in(new_client: Clients, now: dt.datetime):
    place = unit()
    person = user(Role.ADVISER, Role.CONTENT_EDITOR, units=[place])
    client = signed_in(new_client, person)
    with transaction() as session:
        owner = session.get_one(User, person.id)
        ended = operations.change_roles(
            owner,
            grants=[
                NewGrant(role=Role.ADVISER, unit_id=place.id),
                NewGrant(role=Role.MUNICIPAL_LEAD, unit_id=place.id),
            ],
            unit_id=place.id,
            actor=owner,
            now=now,
        )
    assert ended == 1
    assert not is_in(client)
    db.session.expire_all()
    assert {grant.role for grant in db.session.get_one(User, person.id).grants} == {
        Role.ADVISER,
        Role.MUNICIPAL_LEAD,
    }


def test_staying_moves_the_idle_limit(new_client: Clients):
    client = signed_in(new_client, user(Role.ADVISER, units=[unit()]))
    dialog = client.read("/omat-tiedot").root.xpath("//*[@id='idle']")[0]
    assert int(dialog.get("data-idle")) > 14 * 60
    began = dt.datetime.now(dt.UTC)
    with time_machine.travel(began + dt.timedelta(minutes=14)):
        answer = client.post(dialog.get("data-stay"), headers={"X-CSRFToken": dialog.get("data-token")})
        assert answer.get_json()["idle"] >= 15 * 60 - 1
    with time_machine.travel(began + dt.timedelta(minutes=28)):
        assert is_in(client)
    with time_machine.travel(began + dt.timedelta(minutes=50)):
        answer = client.post(dialog.get("data-stay"), headers={"X-CSRFToken": dialog.get("data-token")})
        assert answer.status_code == 303


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0",
            "Edge, Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Safari/604.1",
            "Safari, iPhone",
        ),
        ("curl/8.0", ""),
        ("<script>Firefox/1 Windows", "Firefox, Windows"),
    ],
)
def test_a_device_is_known_by_two_names_alone(agent: str, words: str):
    assert label(agent) == words
