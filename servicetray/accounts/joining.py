"""Connecting the organisation's own sign-in to an account by its invitation, whatever address each knows.

The provider says who somebody is, and the link whose account it opens. Between the two the person says yes: else
whoever holds a link could have another's browser connect that one's identity. What was proved waits for this in the
browser's session, for ten minutes and for this one invitation.
"""

import datetime as dt
import uuid
from typing import Any, Final

from flask import session
from sqlalchemy.exc import IntegrityError

from servicetray.accounts import identities, invitations
from servicetray.accounts.models import User
from servicetray.accounts.oidc import Identity, Refusal, RefusedError
from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.core.db import db

IN_SESSION: Final = "joining"
LASTS: Final = dt.timedelta(minutes=10)


def keep(identity: Identity, *, invitation_id: uuid.UUID, now: dt.datetime) -> None:
    """Let an identity that the provider has just proved wait in this browser for the person's yes."""
    session[IN_SESSION] = {
        "invitation": str(invitation_id),
        "issuer": identity.issuer,
        "subject": identity.subject,
        "email": identity.email,
        "at": now.timestamp(),
    }


def waiting(*, invitation_id: uuid.UUID, now: dt.datetime) -> Identity | None:
    """Return the identity that waits in this browser for this invitation, or None."""
    kept: dict[str, Any] | None = session.get(IN_SESSION)
    if kept is None or kept["invitation"] != str(invitation_id):
        return None
    at = dt.datetime.fromtimestamp(float(kept["at"]), dt.UTC)
    if now - at > LASTS:
        return None
    return Identity(issuer=kept["issuer"], subject=kept["subject"], email=kept["email"], signed_in_at=at)


def join(key: str, identity: Identity, *, now: dt.datetime) -> User:
    """Bind an identity to the account of an invitation, and use the link up; password and codes stay as they are.

    Args:
        key: what stands in the link.
        identity: as ``waiting`` returned it.
        now: the time of this.

    Raises:
        NotFoundError: as ``invitations.opened_by``.
        InvitationGoneError: as ``invitations.opened_by``.
        RefusedError: if the identity is another account's, or the account has another identity there.
    """
    found, user = invitations.opened_by(key, now=now, lock=True)
    try:
        identities.bind(user, identity, now=now)
    except IntegrityError as error:
        # Two at once with one identity; the other one was faster.
        raise RefusedError(Refusal.TAKEN, "bound_meanwhile") from error
    found.used_at = now
    db.session.flush()
    record(
        Action.USER_CHANGED,
        actor=user,
        object_type="user",
        object_id=user.id,
        now=now,
        detail={"change": "joined_by_invitation"},
    )
    return user
