"""Flask-Login on sessions of our own: the cookie carries a token, the database says what it is worth."""

import uuid
from typing import Any

from flask import Flask
from flask_login import LoginManager, UserMixin, current_user

from servicetray.accounts import operations
from servicetray.accounts.models import User
from servicetray.core import clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.i18n import current_language


class SignedInUser(UserMixin):
    """A user as held by one sign-in; rights are read anew on each request."""

    def __init__(self, token: str, user: User | None = None) -> None:
        self.token = token
        self.user = user

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


def _load(token: str) -> SignedInUser | None:
    now = clock.now()
    user = operations.session_user(token, now=now)
    if user is None:
        return None
    if operations.wants_touch(token, now=now):
        with transaction():
            operations.touch_session(token, now=now)
    return SignedInUser(token, user)


def init_app(app: Flask) -> None:
    """Set Flask-Login up."""
    manager = LoginManager()
    # Our cookie is bound to a row in the database; a fingerprint of the browser adds nothing.
    manager.session_protection = None
    manager.user_loader(_load)
    # Not by init_app: its hook for remember-me cookies, which we don't have, reads the session on every
    # answer, so that residents' pages would say "Vary: Cookie" and no shared cache could keep them.
    app.login_manager = manager  # type: ignore[attr-defined]
