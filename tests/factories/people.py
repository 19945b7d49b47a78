"""People and units, and signing them in as a browser would."""

import datetime as dt
import uuid
from collections.abc import Sequence

import pyotp

from servicetray.accounts.models import Unit, UnitKind, User
from servicetray.accounts.operations import NewGrant, create_unit, create_user
from servicetray.accounts.permissions import Role
from servicetray.accounts.sign_ins import open_session
from servicetray.core import clock
from servicetray.core.db import db, transaction
from servicetray.core.municipalities import Municipality
from tests.client import Client

PASSWORD = "a long enough password"
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SECRETS: dict[uuid.UUID, str] = {}


def municipality(code: str = "286", name: str = "Kouvola") -> Municipality:
    """Return a municipality, made where it is missing."""
    found = db.session.get(Municipality, code)
    if found is None:
        with transaction() as session:
            session.add(
                Municipality(
                    code=code,
                    name={"fi": name, "sv": name, "en": name},
                    name_in={"fi": f"kunnassa {name}", "sv": f"i {name}", "en": f"in {name}"},
                    population=50_000,
                )
            )
        found = db.session.get(Municipality, code)
    assert found is not None
    return found


def unit(
    kind: UnitKind = UnitKind.SENDING,
    *,
    name: str = "Testilän sote-asema",
    municipality_code: str = "286",
    service_area: str = "vastaanottopalvelut",
    mailbox: str = "",
) -> Unit:
    """Make a unit."""
    municipality(municipality_code)
    with transaction():
        return create_unit(
            kind=kind,
            name={"fi": name, "sv": name, "en": name},
            municipality_code=municipality_code,
            service_area=service_area,
            phone="040 000 0100",
            mailbox=mailbox,
        )


def user(
    *roles: Role,
    units: Sequence[Unit | None] = (),
    name: str = "Testi Henkilö",
    email: str | None = None,
    language: str = "fi",
) -> User:
    """Make an account with roles, each in every one of the units (or in none)."""
    places = [place.id if place else None for place in units] or [None]
    with transaction():
        made, secret = create_user(
            email=email or f"{uuid.uuid4().hex[:12]}@example.org",
            name=name,
            title="sairaanhoitaja",
            phone="040 000 0101",
            language=language,
            password=PASSWORD,
            grants=[NewGrant(role=role, unit_id=place) for role in roles for place in places],
            unit_id=places[0],
            now=START,
        )
    SECRETS[made.id] = secret
    return made


def sign_in(client: Client, person: User) -> Client:
    """Sign somebody in, as the second step of ``/kirjaudu`` does when the code was right; return the client."""
    # Without the two pages: hundreds of tests need somebody at the keyboard, and accounts/ tests how they come in.
    with transaction():
        token = open_session(person, now=clock.now())
    with client.session_transaction() as session:
        session.clear()
        session.permanent = True
        session["_user_id"] = token
        session["_fresh"] = True
    return client


def sign_in_by_pages(client: Client, person: User) -> Client:
    """Sign somebody in as they do it themselves: address and password, then the code."""
    email, secret = person.email, SECRETS[person.id]
    form = client.read("/kirjaudu").form()
    second = client.send(form, email=email, password=PASSWORD).form()
    # Each code works once: a person who signs in twice in a test takes the next step's.
    for step in (-1, 0, 1):
        code = pyotp.TOTP(secret).at(dt.datetime.now(dt.UTC), counter_offset=step)
        response = client.post(second.action, data=second.data(code=code))
        if response.status_code == 303:
            return client
    raise AssertionError("three codes were refused")
