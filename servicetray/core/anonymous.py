"""Forms for people without a session: no cookie, and yet neither another site nor a machine sends them.

A form carries a signed key that names it, its purpose and when it was made. It must come from our own page, be
old enough to have been filled in by a person, and leave the field empty that people don't see. The key's id makes
a second sending of the same form the same form.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from flask import request
from itsdangerous import BadSignature, URLSafeSerializer

from servicetray.core.access import View
from servicetray.core.security import csrf
from servicetray.core.settings import current_settings

KEY: Final = "form_key"
"""Name of the hidden field with the key."""
TRAP: Final = "homepage"
"""Name of the field that is hidden from people, and that machines fill in."""
FASTEST: Final = dt.timedelta(seconds=3)
LONGEST: Final = dt.timedelta(hours=12)
OWN_ORIGIN: Final = "same-origin"


class FormProblem(StrEnum):
    """Why a form is not taken as it is."""

    FORGED = "forged"
    """The key is not ours, or of another form; or another site sent it."""
    TOO_OLD = "too_old"
    TOO_FAST = "too_fast"
    TRAPPED = "trapped"


@dataclass(frozen=True, kw_only=True)
class FormKey:
    """A key that is ours."""

    id: uuid.UUID
    made_at: dt.datetime


def takes_forms(view: View) -> View:
    """Mark a view as taking forms without a session: its own check stands in for the session's token."""
    csrf.exempt(view)
    return view


def make_key(purpose: str, *, now: dt.datetime) -> str:
    """Return a new key for a form of a purpose."""
    return str(_signer(purpose).dumps([uuid.uuid4().hex, int(now.timestamp())]))


def read_key(purpose: str) -> FormKey | None:
    """Return the key of the posted form, or None where it is not ours."""
    try:
        name, made = _signer(purpose).loads(request.form.get(KEY, ""))
        return FormKey(id=uuid.UUID(str(name)), made_at=dt.datetime.fromtimestamp(int(made), dt.UTC))
    except (BadSignature, ValueError, TypeError):
        return None


def problem_of(purpose: str, *, now: dt.datetime, fastest: dt.timedelta = FASTEST) -> FormProblem | None:
    """Return why the posted form is not taken as it is, or None."""
    key = read_key(purpose)
    if key is None or not is_from_our_page():
        return FormProblem.FORGED
    if request.form.get(TRAP, ""):
        return FormProblem.TRAPPED
    if now - key.made_at > LONGEST:
        return FormProblem.TOO_OLD
    return FormProblem.TOO_FAST if now - key.made_at < fastest else None


def is_from_our_page() -> bool:
    """Whether the browser says that a page of ours sent the form.

    Every browser of the last years says so by Sec-Fetch-Site, the older ones by Origin. Who says neither is no
    browser, and is judged by the key alone.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == OWN_ORIGIN
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _signer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        current_settings().secret_key.get_secret_value(), salt=f"anonymous-form:{purpose}"
    )
