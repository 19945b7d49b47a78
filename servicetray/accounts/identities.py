"""Whose an identity at the organisation's own sign-in is. No account is ever made by one."""

import datetime as dt

from sqlalchemy import select

from servicetray.accounts.models import LinkedIdentity, User
from servicetray.accounts.oidc import Identity, Refusal, RefusedError
from servicetray.audit.events import Action
from servicetray.audit.operations import Actor, record
from servicetray.core.db import db
from servicetray.core.settings import current_settings

MAX_SUBJECT = 255


def account_of(identity: Identity, *, now: dt.datetime) -> User:
    """Return the active account that an identity is bound to, bound now by its verified e-mail where allowed.

    Raises:
        RefusedError: if it is nobody's here, or the account is closed: both look alike.
    """
    linked = _linked(identity)
    user = db.session.get(User, linked.user_id) if linked else _by_email(identity)
    if user is None or not user.active:
        raise RefusedError(Refusal.UNKNOWN, "no_account")
    if linked is None:
        link(user, issuer=identity.issuer, subject=identity.subject, actor=None, now=now)
    return user


def link(user: User, *, issuer: str, subject: str, actor: Actor | None, now: dt.datetime) -> None:
    """Bind an identity to an account: an account has one at each issuer.

    Raises:
        sqlalchemy.exc.IntegrityError: if either is bound already.
    """
    db.session.add(LinkedIdentity(user_id=user.id, issuer=issuer, subject=subject, linked_at=now))
    db.session.flush()
    record(Action.IDENTITY_LINKED, actor=actor or user, object_type="user", object_id=user.id, now=now)


def bind(user: User, identity: Identity, *, now: dt.datetime) -> None:
    """Bind an identity to the account that its owner was invited to; to be bound to it already is as good.

    Raises:
        RefusedError: if the identity is another account's, or the account has another identity there.
        sqlalchemy.exc.IntegrityError: if somebody else binds one of the two at the same moment.
    """
    if not identity.subject or len(identity.subject) > MAX_SUBJECT:
        raise RefusedError(Refusal.FAILED, "subject")
    linked = _linked(identity)
    if linked is not None and linked.user_id == user.id:
        return
    if linked is not None or is_linked(user):
        raise RefusedError(Refusal.TAKEN, "bound_already")
    link(user, issuer=identity.issuer, subject=identity.subject, actor=None, now=now)


def unlink(user: User, *, actor: Actor, now: dt.datetime) -> bool:
    """Take every identity away from an account; return whether there was one."""
    rows = db.session.scalars(
        select(LinkedIdentity).where(LinkedIdentity.user_id == user.id).order_by(LinkedIdentity.id)
    ).all()
    for row in rows:
        db.session.delete(row)
    if rows:
        db.session.flush()
        record(
            Action.USER_CHANGED,
            actor=actor,
            object_type="user",
            object_id=user.id,
            now=now,
            detail={"change": "identity_unlinked"},
        )
    return bool(rows)


def is_linked(user: User) -> bool:
    """Whether an account has an identity at the issuer of the settings."""
    return (
        db.session.scalars(
            select(LinkedIdentity.id).where(
                LinkedIdentity.user_id == user.id, LinkedIdentity.issuer == current_settings().oidc_issuer
            )
        ).first()
        is not None
    )


def _linked(identity: Identity) -> LinkedIdentity | None:
    return db.session.scalars(
        select(LinkedIdentity).where(
            LinkedIdentity.issuer == identity.issuer, LinkedIdentity.subject == identity.subject
        )
    ).first()


def _by_email(identity: Identity) -> User | None:
    if not identity.email or not identity.subject or len(identity.subject) > MAX_SUBJECT:
        return None
    if not current_settings().oidc_link_by_email:
        return None
    user = db.session.scalars(
        select(User).where(User.email == identity.email).with_for_update(of=User)
    ).first()
    # Another person may have been given the address of one who left: their first identity stays theirs.
    return user if user is not None and not is_linked(user) else None
