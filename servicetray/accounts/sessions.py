"""Flask-Login on sessions of our own: the cookie carries a token, the database says what it is worth."""

import dataclasses
import datetime as dt
import math
import uuid
from dataclasses import dataclass
from typing import Any

from flask import Flask, has_request_context, request
from flask_login import LoginManager, UserMixin, current_user

from servicetray.accounts import sign_ins
from servicetray.accounts.models import User
from servicetray.accounts.sign_ins import OpenSignIn
from servicetray.core import access, clock, walls
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.i18n import current_language


class SignedInUser(UserMixin):
    """A user as held by one sign-in; rights are read anew on each request."""

    def __init__(self, token: str, sign_in: OpenSignIn | None = None) -> None:
        self.token = token
        self.sign_in = sign_in
        self.user = sign_in.user if sign_in else None

    def get_id(self) -> str:
        """Return what the cookie carries (Flask-Login)."""
        return self.token

    @property
    def id(self) -> uuid.UUID:
        """The account."""
        return self._known.id

    @property
    def unit_id(self) -> uuid.UUID | None:
        """The unit they act for."""
        return self._known.unit_id

    @property
    def name(self) -> str:
        """The person's name."""
        return self._known.name

    @property
    def title(self) -> str:
        """The person's title."""
        return self._known.title

    @property
    def unit_name(self) -> str:
        """The unit's name in the language of the page."""
        unit = self._known.unit
        return in_language(unit.name, current_language()).text if unit else ""

    def may(self, permission: Permission) -> bool:
        """Whether any role of the user allows it."""
        return self._known.may(permission)

    @property
    def _known(self) -> User:
        if self.user is None:
            raise LookupError("the account has not been loaded")
        return self.user


def who() -> User:
    """Return the account that is signed in; for views behind a door.

    Raises:
        LookupError: if nobody is.
    """
    if not current_user.is_authenticated:
        raise LookupError("nobody is signed in")
    user: Any = current_user.user
    assert isinstance(user, User)
    return user


def this_sign_in() -> OpenSignIn:
    """Return the sign-in of this request; for views behind a door.

    Raises:
        LookupError: if nobody is signed in.
    """
    if not current_user.is_authenticated:
        raise LookupError("nobody is signed in")
    found: Any = current_user.sign_in
    assert isinstance(found, OpenSignIn)
    return found


def is_practising() -> bool:
    """Whether whoever asks practises; public pages never ask, and jobs and commands never practise."""
    if not has_request_context() or access.is_public(request.endpoint) or not current_user.is_authenticated:
        return False
    return this_sign_in().practising


def may_practise() -> bool:
    """Whether whoever looks at this page sends or takes referrals, and so may practise; public pages never ask."""
    if access.is_public(request.endpoint) or not current_user.is_authenticated:
        return False
    user = who()
    return user.may(Permission.REFERRAL_SEND) or user.may(Permission.INBOX_WORK)


@dataclass(frozen=True, kw_only=True)
class TimeLeft:
    """How long this sign-in stays good, in seconds, for the script that warns."""

    idle: int
    """Without another use."""
    whole: int
    """In any case."""


def time_left() -> TimeLeft | None:
    """Return how long whoever looks at this page stays signed in; public pages never ask."""
    if access.is_public(request.endpoint) or not current_user.is_authenticated:
        return None
    found, now = this_sign_in(), clock.now()
    whole = found.ends_at - now
    idle = min(found.seen_at + sign_ins.idle_limit() - now, whole)
    return TimeLeft(idle=_seconds(idle), whole=_seconds(whole))


def _seconds(span: dt.timedelta) -> int:
    return max(0, math.floor(span.total_seconds()))


def _load(token: str) -> SignedInUser | None:
    now = clock.now()
    found = sign_ins.open_sign_in(token, now=now)
    if found is None:
        return None
    walls.enter_as_person(found.user.id)
    if now - found.seen_at >= sign_ins.TOUCH_EVERY:
        with transaction():
            sign_ins.touch_session(token, now=now)
        found = dataclasses.replace(found, seen_at=now)
    return SignedInUser(token, found)


def init_app(app: Flask) -> None:
    """Set Flask-Login up."""
    manager = LoginManager()
    # Our cookie is bound to a row in the database; a fingerprint of the browser adds nothing.
    manager.session_protection = None
    manager.user_loader(_load)
    # Not by init_app: its hook for remember-me cookies, which we don't have, reads the session on every
    # answer, so that residents' pages would say "Vary: Cookie" and no shared cache could keep them.
    app.login_manager = manager  # type: ignore[attr-defined]  # Flask-Login's own place
    app.jinja_env.globals.update(time_left=time_left, is_practising=is_practising, may_practise=may_practise)
