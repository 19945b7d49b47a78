"""Filling in the form as a professional does, for tests."""

from collections.abc import Callable
from typing import Any

from referrals.county.seed import load_consent_texts
from referrals.kinds.operations import load_seed
from referrals.municipality.models import Catchment
from servicetray.accounts.models import User
from servicetray.core.db import transaction
from tests.client import Client
from tests.factories import people, referrals
from tests.reading import Reading

SEND = "Lähetä lähete"

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
"""A form that is ready to be sent; the rest is as the form has it."""


def ground() -> Catchment:
    """Make what sending needs: kinds, consent texts, and a catchment that is open."""
    with transaction():
        load_seed()
        load_consent_texts()
    return referrals.catchment(languages=("fi", "sv"))


def signed_in(new_client: Callable[[], Client], person: User | None = None) -> Client:
    """Return a browser in which a professional has signed in."""
    return people.sign_in(new_client(), person or referrals.professional())


def fill(client: Client, *, kind: str = "exercise", button: str | None = SEND, status: int = 200, **changes: Any) -> Reading:
    """Open the form, answer it (with these changes), press a button, and read what comes."""
    form = client.read(f"/lahetteet/uusi/{kind}").form(SEND)
    return client.send(form, button=button, status=status, **{**ANSWERS, **changes})
