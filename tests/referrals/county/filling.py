"""Filling in the form as a professional does, for tests."""

from collections.abc import Callable
from typing import Any

from referrals.county.seed import load_consent_texts
from referrals.kinds.operations import load_seed
from referrals.municipality.models import Catchment
from servicetray.accounts import queries as accounts
from servicetray.accounts.models import Unit, User
from servicetray.accounts.operations import open_session
from servicetray.core import clock
from servicetray.core.db import transaction
from tests.client import Client
from tests.factories import referrals
from tests.reading import Form, Reading

SEND, PREVIEW, SAVE = "Lähetä lähete", "Päivitä esikatselu", "Tallenna kesken"
FORM = "/lahetteet/uusi/exercise"

ANSWERS: dict[str, Any] = {
    "municipality": "286",
    "first_name": "Veikko",
    "last_name": "Tiainen",
    "birth_year": "1948",
    "channels": ["phone"],
    "phone": "040 000 0174",
    "reasons": ["inactivity", "musculoskeletal"],
    "own_wish": "Haluaisin jaksaa kävellä kauppaan.",
    "consent_given": "y",
    "feedback": "yes",
    "follow_up": "no",
    "transfer": "no",
}
"""A form that is ready to be sent; everything else is as the empty form has it."""


TEXTS = (
    "card_code",
    "first_name",
    "last_name",
    "birth_year",
    "other_language",
    "interpreter",
    "phone",
    "email",
    "address",
    "contact_name",
    "contact_relation",
    "contact_phone",
    "own_wish",
    "what_to_heed",
    "interpreted_by",
)
"""The fields into which one writes freely."""


def ground(unit: Unit | None = None, **changes: Any) -> Catchment:
    """Make what sending needs: kinds, consent texts, and a catchment that is open."""
    with transaction():
        load_seed()
        load_consent_texts()
    return referrals.catchment(unit, **{"languages": ("fi", "sv"), **changes})


def signed_in(new_client: Callable[[], Client], person: User | None = None) -> Client:
    """Return a browser in which a professional has signed in (how one signs in is tested elsewhere)."""
    person = person or referrals.professional()
    client, person_id = new_client(), person.id
    with transaction():
        user = accounts.user(person_id)
        assert user is not None
        token = open_session(user, now=clock.now())
    with client.session_transaction() as session:
        session.update({"_user_id": token, "_fresh": True})
        session.permanent = True
    return client


def form_of(page: Reading) -> Form:
    """Return the form of a referral from its page, whatever the page's language."""
    return next(
        Form(element, page.path) for element in page.main.iter("form") if element.get("id") == "lahete"
    )


def fill(
    client: Client, *, path: str = FORM, button: str = SEND, status: int = 200, **changes: Any
) -> Reading:
    """Open the form, answer it (with these changes), press a button, and read what comes."""
    form = form_of(client.read(path))
    return client.send(form, button=button, status=status, **{**ANSWERS, **changes})
