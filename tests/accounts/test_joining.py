"""An invited person connects the organisation's account, though its address is another than ours."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from servicetray.accounts import identities, invitations
from servicetray.accounts.administration import operations
from servicetray.accounts.models import Invitation, LinkedIdentity, SignInMethod, SignInSession, User
from servicetray.accounts.oidc import Refusal
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core import clock
from servicetray.core.db import db, transaction
from tests.accounts.doors import BACK, START, Settle, come_back, is_in, refused
from tests.accounts.provider import FakeProvider
from tests.client import Client
from tests.factories.people import unit, user
from tests.reading import Form

# Coming back is a GET that opens a sign-in: the protocol knows no other way.
pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.changes_on_get]
LINK, CONNECT = "/kirjaudu/kutsu", "/kirjaudu/kutsu/yhdista"


@pytest.fixture
def person(settle: Settle) -> User:
    """Somebody whom we know by another address than the provider does."""
    settle(oidc_link_by_email=False)
    return user(Role.PROFESSIONAL, units=[unit()], email="etunimi.sukunimi@kunta.example")


@pytest.fixture
def key(person: User) -> str:
    """What stands in the link of their invitation."""
    return invited(person)


def invited(person: User) -> str:
    with transaction():
        return invitations.key_of(
            str(invitations.invite(operations.account(person.id), actor=None, now=clock.now()).id)
        )


def arrive(client: Client, provider: FakeProvider, key: str) -> TestResponse:
    """Come by the link, sign in at the provider and return."""
    link = client.read(f"{LINK}?avain={key}").link("Kirjaudu organisaatiosi tunnuksilla")
    address = str(client.get(link).location)
    return client.get(BACK, query_string=provider.sign_in(address))


def agree(client: Client, response: TestResponse) -> TestResponse:
    """Say that this is the account, and return the answer."""
    return press(client, client.read(str(response.location)).form())


def press(client: Client, form: Form) -> TestResponse:
    """Send a form without following where it leads."""
    return client.post(form.action, data=form.data())


def links() -> list[tuple[object, str]]:
    rows = db.session.scalars(select(LinkedIdentity).order_by(LinkedIdentity.id)).all()
    return [(row.user_id, row.subject) for row in rows]


def test_an_invited_person_is_connected_whatever_the_address(
    client: Client, new_client: Callable[[], Client], provider: FakeProvider, person: User, key: str
):
    hashed = person.password_hash
    response = arrive(client, provider, key)
    assert str(response.location).startswith(CONNECT)
    page = client.read(str(response.location))
    assert "etunimi.sukunimi@kunta.example" in page.text
    assert "testi@example.org" in page.text
    assert links() == []
    assert agree(client, response).location == "/alku"
    assert is_in(client)
    assert links() == [(person.id, "person-1")]
    assert db.session.scalars(select(SignInSession.method)).one() is SignInMethod.OIDC
    assert db.session.scalars(select(Invitation.used_at)).one() is not None
    assert db.session.get_one(User, person.id).password_hash == hashed
    rows = db.session.scalars(select(AuditRow).where(AuditRow.actor_id == person.id)).all()
    assert {Action.IDENTITY_LINKED, Action.USER_CHANGED, Action.SIGNED_IN} <= {row.action for row in rows}
    assert "joined_by_invitation" in {row.detail.get("change") for row in rows}
    # From then on the identity is enough.
    other = new_client()
    come_back(other, provider)
    assert is_in(other)


def test_the_link_works_once(
    client: Client, new_client: Callable[[], Client], provider: FakeProvider, person: User, key: str
):
    response = arrive(client, provider, key)
    yes = client.read(str(response.location)).form()
    assert press(client, yes).status_code == 303
    client.delete_cookie("servicetray")
    # Neither the page that still stands open, nor the link, nor the link for somebody else's identity.
    assert client.get(f"{CONNECT}?avain={key}").status_code == 410
    assert client.get(f"{LINK}?avain={key}").status_code == 410
    provider.claims = {"sub": "person-2"}
    other = new_client()
    assert other.get(START, query_string={"kutsu": key}).location == f"{LINK}?avain={key}"
    assert links() == [(person.id, "person-1")]


def test_two_who_came_by_one_link_are_not_both_connected(
    client: Client, new_client: Callable[[], Client], provider: FakeProvider, person: User, key: str
):
    first, second = arrive(client, provider, key), new_client()
    provider.claims = {"sub": "person-2"}
    late = second.read(str(arrive(second, provider, key).location)).form()
    agree(client, first)
    assert press(second, late).status_code == 410
    assert links() == [(person.id, "person-1")]
    assert not is_in(second)


def test_a_link_that_has_lapsed_meanwhile_connects_nothing(
    client: Client, provider: FakeProvider, person: User, key: str
):
    response = arrive(client, provider, key)
    yes = client.read(str(response.location)).form()
    with transaction():
        # A new one makes the old one worthless.
        invitations.invite(operations.account(person.id), actor=None, now=clock.now())
    assert press(client, yes).status_code == 410
    assert links() == []


def test_what_was_proved_waits_ten_minutes(client: Client, provider: FakeProvider, person: User, key: str):
    response = arrive(client, provider, key)
    yes = client.read(str(response.location)).form()
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=11)):
        assert press(client, yes).location == f"{LINK}?avain={key}"
    assert links() == []
    assert db.session.scalars(select(Invitation.used_at)).one() is None


@pytest.mark.parametrize("changes", [{"state": "another"}, {"state": ""}, {"iss": "https://evil.example"}])
def test_an_answer_to_another_question_connects_nothing(
    client: Client, provider: FakeProvider, person: User, key: str, changes: dict[str, str]
):
    address = str(client.get(START, query_string={"kutsu": key}).location)
    response = client.get(BACK, query_string=provider.sign_in(address) | changes)
    assert refused(response) == Refusal.FAILED
    assert str(response.location).startswith(LINK)
    assert client.get(f"{CONNECT}?avain={key}").location == f"{LINK}?avain={key}"
    # The words stand on the invitation's page, and the link is still good.
    assert client.read(str(response.location)).form().names
    assert links() == []


def test_a_second_factor_there_is_asked_for_here_too(
    client: Client, provider: FakeProvider, person: User, settle: Settle, key: str
):
    settle(oidc_acr="mfa", oidc_link_by_email=False)
    provider.claims = {"amr": ["pwd"]}
    assert refused(arrive(client, provider, key)) == Refusal.NO_SECOND_FACTOR
    assert links() == []


def test_the_same_answer_connects_once(client: Client, provider: FakeProvider, person: User, key: str):
    address = str(client.get(START, query_string={"kutsu": key}).location)
    brought = provider.sign_in(address)
    client.get(BACK, query_string=brought)
    assert refused(client.get(BACK, query_string=brought)) == Refusal.FAILED


def test_what_was_proved_for_one_invitation_opens_no_other(
    client: Client, provider: FakeProvider, person: User, key: str
):
    """Nor may a link be made of nothing."""
    other = invited(user(Role.ADVISER, units=[unit()], email="toinen@kunta.example"))
    arrive(client, provider, key)
    assert client.get(f"{CONNECT}?avain={other}").location == f"{LINK}?avain={other}"
    assert client.get(f"{CONNECT}?avain={key}x").status_code == 404
    assert client.get(START, query_string={"kutsu": f"{key}x"}).status_code == 404


def test_another_s_browser_is_asked_before_anything_is_connected(
    client: Client, new_client: Callable[[], Client], provider: FakeProvider, person: User, key: str
):
    """A link sent on by its owner connects nobody who does not say yes; and a yes from elsewhere is none."""
    response = arrive(client, provider, key)
    assert links() == []
    assert not is_in(client)
    stranger = new_client()
    assert stranger.get(str(response.location)).location == f"{LINK}?avain={key}"


@pytest.mark.parametrize("whose", ["identity", "account"])
def test_nobody_is_connected_twice(
    client: Client, provider: FakeProvider, person: User, key: str, whose: str
):
    another = user(Role.ADVISER, units=[unit()], email="toinen@kunta.example")
    owner, subject = (another, "person-1") if whose == "identity" else (person, "person-0")
    with transaction():
        identities.link(
            operations.account(owner.id),
            issuer=provider.issuer,
            subject=subject,
            actor=None,
            now=clock.now(),
        )
    response = agree(client, arrive(client, provider, key))
    assert refused(response) == Refusal.TAKEN
    assert "liitetty" in client.read(str(response.location)).text
    assert len(links()) == 1
    assert db.session.scalars(select(Invitation.used_at)).one() is None
    told = select(func.count()).select_from(AuditRow).where(AuditRow.action == Action.SIGN_IN_REFUSED)
    assert db.session.scalars(told).one() == 1


def test_who_is_connected_already_comes_in_and_uses_the_link_up(
    client: Client, provider: FakeProvider, person: User, key: str
):
    with transaction():
        identities.link(
            operations.account(person.id),
            issuer=provider.issuer,
            subject="person-1",
            actor=None,
            now=clock.now(),
        )
    agree(client, arrive(client, provider, key))
    assert is_in(client)
    assert links() == [(person.id, "person-1")]
    assert client.get(f"{LINK}?avain={key}").status_code == 410


def test_a_closed_account_is_connected_to_nobody(
    client: Client, provider: FakeProvider, person: User, key: str
):
    response = arrive(client, provider, key)
    yes = client.read(str(response.location)).form()
    with transaction() as session:
        session.get_one(User, person.id).active = False
    assert press(client, yes).status_code == 410
    assert links() == []


def test_the_language_is_kept_all_the_way(client: Client, provider: FakeProvider, person: User, key: str):
    address = str(client.get(f"/sv{START}", query_string={"kutsu": key}).location)
    response = client.get(BACK, query_string=provider.sign_in(address))
    assert str(response.location).startswith(f"/sv{CONNECT}")
    assert client.read(str(response.location)).lang == "sv"


def test_without_a_provider_the_link_asks_for_a_password_alone(client: Client):
    person = user(Role.PROFESSIONAL, units=[unit()], email="yksin@kunta.example")
    key = invited(person)
    page = client.read(f"{LINK}?avain={key}")
    assert not any(START in link.href for link in page.links)
    assert client.get(f"{CONNECT}?avain={key}").location == f"{LINK}?avain={key}"
