"""Browsers that somebody has signed in with before, told by a signed cookie (OWASP: "device cookies").

A stranger's guesses may close an account's door to every unknown browser. The cookie lets the person's own
through: such a browser has a count of its own (``throttle``). It opens nothing by itself.

A ward's computer has several users, so the cookie holds a token for each of the last few. A token names
nobody: whose it is shows only by trying the signature of an account, and a reset makes it worthless.
"""

import hashlib
import secrets
from collections.abc import Iterator

from flask import Response, current_app, request
from itsdangerous import BadSignature, TimestampSigner
from werkzeug.wrappers import Response as BaseResponse

from servicetray.accounts.models import User
from servicetray.core.i18n import DEFAULT, LANGUAGES, root_path
from servicetray.core.settings import current_settings

DAYS = 180
PEOPLE = 8
"""Whose tokens one browser keeps, at most."""
DOOR = "/kirjaudu"
BROWSERS = (
    # The order matters: each pretends to be those after it.
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_BETWEEN = "~"
_MOST_CHARACTERS = 200
_SECONDS = DAYS * 24 * 60 * 60


def cookie_name() -> str:
    """Return the cookie's name; the prefix makes browsers refuse one that came without TLS."""
    return (
        "__Secure-servicetray_device" if current_app.config["SESSION_COOKIE_SECURE"] else "servicetray_device"
    )


def known_device(user: User | None) -> str:
    """Return what tells this browser from others of the user, or "" where they never signed in with it."""
    for token in _tokens():
        try:
            return _signer(user).unsign(token, max_age=_SECONDS).decode("ascii")
        except BadSignature:
            continue
    return ""


def remember(response: Response | BaseResponse, user: User) -> None:
    """Give the browser a new token for somebody who has just come through both steps."""
    others = [token for token in _tokens() if not _signer(user).validate(token, max_age=_SECONDS)]
    mine = _signer(user).sign(secrets.token_urlsafe(12)).decode("ascii")
    for code in LANGUAGES:
        # The doors alone: no page for residents ever gets to see it.
        prefix = "" if code == DEFAULT else f"/{code}"
        response.set_cookie(
            cookie_name(),
            _BETWEEN.join([mine, *others][:PEOPLE]),
            max_age=_SECONDS,
            path=f"{root_path()}{prefix}{DOOR}",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite=current_app.config["SESSION_COOKIE_SAMESITE"],
        )


def label(user_agent: str) -> str:
    """Return browser and system in two names, such as ``Firefox, Windows``; "" for each that is unknown.

    Nothing else of what a browser says of itself is kept.
    """
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return ", ".join(part for part in (browser, system) if part)


def _tokens() -> list[str]:
    return list(_each_token())[:PEOPLE]


def _each_token() -> Iterator[str]:
    # A neighbour on the county's domain could set one of the same name beside ours.
    for value in request.cookies.getlist(cookie_name()):
        yield from (token for token in value.split(_BETWEEN) if 0 < len(token) <= _MOST_CHARACTERS)


def _signer(user: User | None) -> TimestampSigner:
    # Where there is no such account the same work is done, so that time tells nothing. With the password's
    # hash in it, a reset ends what was signed before.
    whose = f"{user.id}|{user.password_hash}" if user else "nobody"
    return TimestampSigner(
        current_settings().secret_key.get_secret_value(),
        salt=f"servicetray.device|{whose}",
        key_derivation="hmac",
        digest_method=hashlib.sha256,
    )
