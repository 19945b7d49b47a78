"""Invitations: links by which people set their own password and codes; whoever invites sees neither.

The link is made as the letter leaves, from the invitation's id and the secret key; the database holds nothing
that opens it. It stands in the query, which no log keeps. It is good once, and for three days.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable, Mapping
from typing import Final

from flask import Flask
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from servicetray.accounts.models import Invitation, User
from servicetray.accounts.operations import (
    CONTROLLER,
    INVITATION,
    MIN_PASSWORD,
    WeakPasswordError,
    cancel_invitations,
    sealed_totp,
    secret_fits,
)
from servicetray.accounts.own_account import WrongCodeError, offered_secret
from servicetray.audit.events import Action
from servicetray.audit.operations import Actor, record
from servicetray.core import clock, outbox
from servicetray.core.db import db
from servicetray.core.errors import DomainError, NotFoundError
from servicetray.core.settings import current_settings

LASTS: Final = dt.timedelta(hours=72)
PATH: Final = "/kirjaudu/kutsu"


class InvitationGoneError(DomainError):
    """The link was good once: it has been used, replaced, or is too old."""


def invite(user: User, *, actor: Actor | None, now: dt.datetime) -> Invitation:
    """Write a person a link for setting their secrets; links that they got before are worthless from now on."""
    cancel_invitations(user.id, now=now)
    made = Invitation(
        id=uuid.uuid4(), user_id=user.id, made_at=now, ends_at=now + LASTS, used_at=None, cancelled_at=None
    )
    db.session.add(made)
    db.session.flush()
    until = clock.helsinki(made.ends_at)
    outbox.enqueue(
        address=user.email,
        template=INVITATION,
        language=user.language,
        context={
            "invitation": str(made.id),
            "by": f"{until.day}.{until.month}.{until.year} {until:%H.%M}",
        },
        about=f"{INVITATION}:{made.id}",
        now=now,
    )
    record(
        Action.USER_CHANGED,
        actor=actor,
        object_type="user",
        object_id=user.id,
        now=now,
        detail={"change": "invited"},
    )
    return made


def key_of(invitation_id: str) -> str:
    """Return what stands in the link of an invitation; letters ask for it as they leave."""
    return str(_serializer().dumps(invitation_id))


def opened_by(key: str, *, now: dt.datetime, lock: bool = False) -> tuple[Invitation, User]:
    """Return the invitation that a link belongs to, and whose it is.

    Raises:
        NotFoundError: if we never made such a link.
        InvitationGoneError: if it has been used, replaced, or is too old, or the account is closed.
    """
    try:
        invitation_id = uuid.UUID(_serializer().loads(key))
    except (BadSignature, ValueError, TypeError, AttributeError) as error:
        raise NotFoundError from error
    found = db.session.get(Invitation, invitation_id, with_for_update=lock or None)
    if found is None:
        raise NotFoundError
    user = db.session.get_one(User, found.user_id, with_for_update={"of": User} if lock else None)
    if found.used_at or found.cancelled_at or now >= found.ends_at or not user.active:
        raise InvitationGoneError
    return found, user


def accept(key: str, *, password: str, password_hash: str, offer: str, code: str, now: dt.datetime) -> User:
    """Set the secrets that a person has chosen by their link, and use the link up.

    Args:
        key: what stands in the link.
        password: as it was typed, for its length alone.
        password_hash: its hash, made before the transaction: Argon2 takes its time.
        offer: the TOTP secret as it was offered (``own_account.offer_secret``).
        code: the first code of that secret.
        now: the time of this.

    Raises:
        NotFoundError: as ``opened_by``.
        InvitationGoneError: as ``opened_by``.
        WeakPasswordError: if the password is short.
        OfferGoneError: if the page stood open for too long.
        WrongCodeError: if the code is not of this secret.
    """
    found, user = opened_by(key, now=now, lock=True)
    if len(password) < MIN_PASSWORD:
        raise WeakPasswordError
    secret = offered_secret(offer, user=user, now=now)
    step = secret_fits(secret, code, now=now)
    if step is None:
        raise WrongCodeError
    user.password_hash = password_hash
    user.totp_sealed = sealed_totp(user.id, secret)
    # The code that proved it is used up.
    user.totp_last_step = step
    found.used_at = now
    db.session.flush()
    record(
        Action.USER_CHANGED,
        actor=user,
        object_type="user",
        object_id=user.id,
        now=now,
        detail={"change": "secrets_set"},
    )
    return user


def waiting(user_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, Invitation]:
    """Return the unused invitation of each of these people who has one, old ones too."""
    wanted = set(user_ids)
    if not wanted:
        return {}
    rows = db.session.scalars(
        select(Invitation)
        .where(
            Invitation.user_id.in_(wanted), Invitation.used_at.is_(None), Invitation.cancelled_at.is_(None)
        )
        .order_by(Invitation.made_at, Invitation.id)
    ).all()
    return {row.user_id: row for row in rows}


def init_app(app: Flask) -> None:
    """Let the letter's template make the link, and tell of the organisation's own sign-in where there is one."""
    app.jinja_env.globals["signs_in_elsewhere"] = lambda: bool(current_settings().oidc_issuer)
    app.jinja_env.globals["invitation_link"] = lambda invitation_id: f"{PATH}?avain={key_of(invitation_id)}"


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(
        current_settings().secret_key.get_secret_value(),
        salt=f"servicetray.invitation|{CONTROLLER}",
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )
