"""The organisation's own sign-in, against a provider on this machine: who comes in, and every way not to."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from joserfc.jwk import RSAKey
from sqlalchemy import select

from servicetray.accounts.models import LinkedIdentity, SignInMethod, SignInSession, User
from servicetray.accounts.oidc import Refusal
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core.db import db, transaction
from tests.accounts.doors import BACK, START, Settle, come_back, is_in, leave, refused
from tests.accounts.provider import CLIENT_ID, FakeProvider
from tests.client import Client
from tests.database import settings_for
from tests.factories.people import sign_in, unit, user

# Coming back is a GET that opens a sign-in and may bind an identity: the protocol knows no other way.
pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.changes_on_get]
EMAIL = "testi@example.org"


@pytest.fixture
def person(settle: Settle) -> User:
    """Somebody whose address the provider vouches for."""
    return user(Role.PROFESSIONAL, units=[unit()], email=EMAIL)


def test_a_person_comes_in_and_is_known_by_their_identity_from_then_on(
    client: Client, new_client: Callable[[], Client], provider: FakeProvider, person: User
):
    response = come_back(client, provider)
    assert response.location == "/alku"
    assert is_in(client)
    asked = provider.asked[0]
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "http://localhost/kirjaudu/paluu"
    row = db.session.scalars(select(SignInSession).where(SignInSession.user_id == person.id)).one()
    assert row.method is SignInMethod.OIDC
    link = db.session.scalars(select(LinkedIdentity)).one()
    assert (link.user_id, link.issuer, link.subject) == (person.id, provider.issuer, "person-1")
    done = db.session.scalars(select(AuditRow.action).where(AuditRow.actor_id == person.id)).all()
    assert {Action.IDENTITY_LINKED, Action.SIGNED_IN} <= set(done)
    # The address may change there; the identity stays.
    provider.claims = {"email": "married@example.org", "email_verified": False}
    other = new_client()
    come_back(other, provider)
    assert is_in(other)
    assert len(db.session.scalars(select(LinkedIdentity)).all()) == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-service"},
        {"aud": [CLIENT_ID, "another-service"]},
        {"aud": [CLIENT_ID, "another-service"], "azp": "another-service"},
        {"azp": "another-service"},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"nbf": 4_000_000_000},
        {"sub": None},
        {"at_hash": "bm90LXRoZS1oYXNo"},
    ],
    ids=str,
)
def test_a_token_that_does_not_fit_opens_nothing(
    client: Client, provider: FakeProvider, person: User, claims: dict[str, object]
):
    provider.claims = claims
    response = come_back(client, provider)
    assert refused(response) == Refusal.FAILED
    assert not is_in(client)
    assert client.read(str(response.location)).text


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_an_algorithm_that_proves_nothing_opens_nothing(
    client: Client, provider: FakeProvider, person: User, algorithm: str
):
    provider.algorithm = algorithm
    assert refused(come_back(client, provider)) == Refusal.FAILED
    assert not is_in(client)


def test_a_key_that_is_not_the_providers_opens_nothing(client: Client, provider: FakeProvider, person: User):
    provider.sign_with = RSAKey.generate_key(2048, {"kid": "one"})
    assert refused(come_back(client, provider)) == Refusal.FAILED
    provider.key_id = "unheard-of"
    assert refused(come_back(client, provider)) == Refusal.FAILED
    assert not is_in(client)


def test_a_key_that_the_provider_has_changed_is_asked_for_again(
    client: Client, provider: FakeProvider, person: User
):
    come_back(client, provider)
    provider.key, provider.key_id = RSAKey.generate_key(2048, {"kid": "two"}), "two"
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)):
        assert come_back(client, provider).location == "/alku"


@pytest.mark.parametrize("changes", [{"state": "another"}, {"state": ""}, {"iss": "https://evil.example"}])
def test_an_answer_to_another_question_opens_nothing(
    client: Client, provider: FakeProvider, person: User, changes: dict[str, str]
):
    assert refused(come_back(client, provider, **changes)) == Refusal.FAILED
    assert not is_in(client)


def test_an_answer_in_a_browser_that_asked_nothing_opens_nothing(
    client: Client, new_client: Callable[[], Client], provider: FakeProvider, person: User
):
    """An attacker's own answer, sent to a victim as a link, signs the victim in nowhere."""
    brought = provider.sign_in(leave(client))
    victim = new_client()
    assert refused(victim.get(BACK, query_string=brought)) == Refusal.FAILED
    assert not is_in(victim)


def test_the_same_answer_works_once(client: Client, provider: FakeProvider, person: User):
    brought = provider.sign_in(leave(client))
    cookie = client.get_cookie("servicetray_oidc", path="/kirjaudu")
    assert cookie is not None
    assert client.get(BACK, query_string=brought).location == "/alku"
    client.delete_cookie("servicetray")
    assert refused(client.get(BACK, query_string=brought)) == Refusal.FAILED
    # Even where the cookie was copied, the provider takes a code once.
    client.set_cookie("servicetray_oidc", cookie.value, path="/kirjaudu")
    assert refused(client.get(BACK, query_string=brought)) == Refusal.FAILED
    assert not is_in(client)


def test_an_answer_that_comes_too_late_opens_nothing(client: Client, provider: FakeProvider, person: User):
    brought = provider.sign_in(leave(client))
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=11)):
        assert refused(client.get(BACK, query_string=brought)) == Refusal.FAILED


@pytest.mark.parametrize(
    ("error", "refusal"), [("access_denied", Refusal.CANCELLED), ("server_error", Refusal.FAILED)]
)
def test_an_error_of_the_provider_is_said_in_words(
    client: Client, provider: FakeProvider, person: User, error: str, refusal: Refusal
):
    state = provider.sign_in(leave(client))["state"]
    response = client.get(
        BACK, query_string={"error": error, "state": state, "error_description": "<b>x</b>"}
    )
    assert refused(response) == refusal
    assert "<b>x" not in client.read(str(response.location)).text


def test_an_address_that_nobody_vouches_for_binds_nothing(
    client: Client, provider: FakeProvider, person: User
):
    for verified in (False, None, "true"):
        provider.claims = {"email_verified": verified}
        assert refused(come_back(client, provider)) == Refusal.UNKNOWN
    assert db.session.scalars(select(LinkedIdentity)).all() == []


def test_addresses_bind_nothing_unless_the_settings_say_so(
    client: Client, provider: FakeProvider, person: User, settle: Settle
):
    settle(oidc_link_by_email=False)
    assert refused(come_back(client, provider)) == Refusal.UNKNOWN
    assert not is_in(client)


def test_nobody_gets_an_account_by_signing_in(client: Client, provider: FakeProvider, settle: Settle):
    assert refused(come_back(client, provider)) == Refusal.UNKNOWN
    assert db.session.scalars(select(User)).all() == []


def test_an_inherited_address_does_not_open_the_account_of_the_one_before(
    client: Client, provider: FakeProvider, person: User
):
    come_back(client, provider)
    client.delete_cookie("servicetray")
    provider.claims = {"sub": "person-2"}
    assert refused(come_back(client, provider)) == Refusal.UNKNOWN
    assert not is_in(client)


def test_a_closed_account_stays_closed(client: Client, provider: FakeProvider, person: User):
    come_back(client, provider)
    client.delete_cookie("servicetray")
    with transaction() as session:
        session.get_one(User, person.id).active = False
    assert refused(come_back(client, provider)) == Refusal.UNKNOWN
    assert not is_in(client)


@pytest.mark.parametrize(
    ("wanted", "claims", "enters"),
    [
        ("mfa", {"amr": ["pwd"]}, False),
        ("mfa", {"amr": None}, False),
        ("mfa", {"amr": ["pwd", "mfa"]}, True),
        ("http://ftn.ficora.fi/2017/loa2 other", {"amr": None, "acr": "other"}, True),
        ("http://ftn.ficora.fi/2017/loa2", {"amr": None, "acr": "loa1"}, False),
        ("", {"amr": None}, True),
    ],
)
def test_a_second_factor_there_is_asked_for(
    client: Client,
    provider: FakeProvider,
    person: User,
    settle: Settle,
    wanted: str,
    claims: dict[str, object],
    enters: bool,
):
    settle(oidc_acr=wanted)
    provider.claims = claims
    response = come_back(client, provider)
    assert is_in(client) is enters
    assert refused(response) == ("" if enters else Refusal.NO_SECOND_FACTOR)


def test_a_provider_that_is_away_leaves_the_password(client: Client, provider: FakeProvider, person: User):
    provider.away = True
    response = client.get(START, query_string={"next": "/omat-tiedot"})
    assert refused(response) == Refusal.DOWN
    page = client.read(str(response.location))
    assert "ei vastaa" in page.text
    assert "password" in page.form().names
    sign_in(client, person)
    assert is_in(client)


def test_a_provider_that_goes_away_in_the_middle_is_said_in_words(
    client: Client, provider: FakeProvider, person: User
):
    brought = provider.sign_in(leave(client))
    provider.away = True
    assert refused(client.get(BACK, query_string=brought)) == Refusal.DOWN


@pytest.mark.parametrize(
    ("target", "landed"),
    [
        ("/omat-tiedot", "/omat-tiedot"),
        ("https://evil.example", "/alku"),
        ("//evil.example", "/alku"),
        ("/\\evil.example", "/alku"),
    ],
)
def test_the_way_back_stays_on_this_site(
    client: Client, provider: FakeProvider, person: User, target: str, landed: str
):
    brought = provider.sign_in(leave(client, next=target))
    assert client.get(BACK, query_string=brought).location == landed


def test_the_language_of_the_page_is_kept(client: Client, provider: FakeProvider, person: User):
    response = client.get(f"/sv{START}", query_string={"next": "/omat-tiedot"})
    brought = provider.sign_in(str(response.location))
    assert client.get(BACK, query_string=brought).location == "/sv/omat-tiedot"


def test_leaving_shows_the_way_out_of_the_provider_too(client: Client, provider: FakeProvider, person: User):
    come_back(client, provider)
    page = client.send(client.read("/omat-tiedot").form("Kirjaudu ulos"))
    assert any(link.href.startswith(f"{provider.issuer}/out?") for link in page.links)
    assert not is_in(client)


def test_without_a_provider_there_is_no_such_door(client: Client):
    assert client.get(START).status_code == 404
    assert client.get(BACK).status_code == 404
    assert "organisaatio" not in client.read("/kirjaudu").text


@pytest.mark.parametrize(
    "changes",
    [
        {"oidc_issuer": "https://id.example.org"},
        {"oidc_issuer": "http://id.example.org", "https": True, "public_url": "https://x.example.org"},
    ],
)
def test_half_a_provider_stops_the_start(changes: dict[str, object]):
    full = {"oidc_client_id": "x", "oidc_client_secret": "y"} if "https" in changes else {}
    with pytest.raises(ValueError, match="issuer"):
        settings_for("sqlite://", **changes, **full)
