"""What people change of their own account: language, password, second factor."""

import datetime as dt
import json
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64Error

import pyotp

from servicetray.accounts.models import User
from servicetray.accounts.operations import (
    CONTROLLER,
    MIN_PASSWORD,
    WeakPasswordError,
    hash_password,
    sealed_totp,
    secret_fits,
)
from servicetray.accounts.sign_ins import end_all_of
from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.core import crypto
from servicetray.core.db import db
from servicetray.core.errors import DomainError
from servicetray.core.i18n import LANGUAGES

OFFER_LIVES = dt.timedelta(minutes=15)


class WrongCodeError(DomainError):
    """The code is not the one that the app would show."""


class OfferGoneError(DomainError):
    """The offered secret is too old, or somebody else's."""


def set_language(user: User, *, language: str, now: dt.datetime) -> None:
    """Choose the language of messages, and of the pages after signing in."""
    if language not in LANGUAGES or language == user.language:
        return
    user.language = language
    _record(user, "language", now=now)


def change_password(user: User, *, new: str, keep: uuid.UUID, now: dt.datetime) -> int:
    """Change a password that its owner has just proved to know; end their other sign-ins, return how many.

    Raises:
        WeakPasswordError: if it is short.
    """
    if len(new) < MIN_PASSWORD:
        raise WeakPasswordError
    user.password_hash = hash_password(new)
    db.session.flush()
    ended = end_all_of(user.id, now=now, but=keep)
    _record(user, "password", now=now, sessions_ended=str(ended))
    return ended


def offer_secret(user: User, *, now: dt.datetime) -> str:
    """Make up a TOTP secret and return it sealed, for the page that shows it to send back with the first code."""
    plain = json.dumps({"secret": pyotp.random_base32(), "at": now.timestamp()}).encode()
    return urlsafe_b64encode(crypto.seal(CONTROLLER, plain, f"totp-offer:{user.id}")).decode()


def offered_secret(offer: str, *, user: User, now: dt.datetime) -> str:
    """Return the secret that was offered.

    Raises:
        OfferGoneError: if it is more than 15 minutes old, or was not made for this person.
    """
    try:
        raw = urlsafe_b64decode(offer.encode())
        found = json.loads(crypto.unseal(CONTROLLER, raw, f"totp-offer:{user.id}"))
    except (crypto.UnreadableError, NotBase64Error, ValueError) as error:
        raise OfferGoneError from error
    if now - dt.datetime.fromtimestamp(found["at"], dt.UTC) > OFFER_LIVES:
        raise OfferGoneError
    return str(found["secret"])


def provisioning_uri(user: User, secret: str, *, issuer: str) -> str:
    """Return what an authenticator app reads from the QR code."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=issuer))


def take_secret(user: User, *, offer: str, code: str, keep: uuid.UUID, now: dt.datetime) -> int:
    """Make the offered secret the account's own, once its first code fits; end other sign-ins, return how many.

    Raises:
        OfferGoneError: if the offer is not good any more.
        WrongCodeError: if the code is not of this secret.
    """
    secret = offered_secret(offer, user=user, now=now)
    step = secret_fits(secret, code, now=now)
    if step is None:
        raise WrongCodeError
    user.totp_sealed = sealed_totp(user.id, secret)
    # The code that proved it is used up.
    user.totp_last_step = step
    db.session.flush()
    ended = end_all_of(user.id, now=now, but=keep)
    _record(user, "second_factor", now=now, sessions_ended=str(ended))
    return ended


def _record(user: User, change: str, *, now: dt.datetime, **more: str) -> None:
    db.session.flush()
    record(
        Action.USER_CHANGED,
        actor=user,
        object_type="user",
        object_id=user.id,
        now=now,
        detail={"change": change, **more},
    )
