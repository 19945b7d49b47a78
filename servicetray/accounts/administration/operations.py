"""What administrators do with accounts. Nobody changes their own rights, and one administrator always stays."""

import datetime as dt
import hashlib
import json
import secrets
import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from servicetray.accounts.administration.remains import say_farewell
from servicetray.accounts.invitations import invite
from servicetray.accounts.models import RoleGrant, UnitKind, User
from servicetray.accounts.operations import (
    UNIT_OF_ROLE,
    AccountClosedError,
    EmailTakenError,
    NewGrant,
    change_roles,
    create_user,
    deactivate,
    reactivate,
    reset_secrets,
)
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.core import outbox
from servicetray.core.db import db
from servicetray.core.errors import DomainError, NotFoundError

UNIT_NEEDED: Mapping[Role, UnitKind] = {**UNIT_OF_ROLE, Role.DATA_PROTECTION_OFFICER: UnitKind.OFFICE}
"""The roles that are given in a unit, and the kind of it; the others hold everywhere."""
FIELDS = ("email", "name", "title", "phone", "language", "unit_id")


class OwnRightsError(DomainError):
    """Somebody would change their own roles or close their own account: another administrator does that."""


class LastAdministratorError(DomainError):
    """Nobody would be left who administers people."""


class ChangedMeanwhileError(DomainError):
    """What was to be changed is not any more as it was when the form was opened."""


def stamp(*values: object) -> str:
    """Return a mark of what a form showed, by which a change in between is noticed."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def details_stamp(user: User) -> str:
    """Return the mark of a person's details."""
    return stamp(*(getattr(user, field) for field in FIELDS))


def roles_stamp(user: User) -> str:
    """Return the mark of a person's roles and of whether the account is open."""
    held = sorted((grant.role.value, str(grant.unit_id or "")) for grant in user.grants)
    return stamp(held, user.active)


def account(user_id: uuid.UUID) -> User:
    """Return an account, held for this transaction.

    Raises:
        NotFoundError: if there is none.
    """
    found = db.session.get(User, user_id, with_for_update={"of": User})
    if found is None:
        raise NotFoundError
    return found


def add_person(
    *,
    details: Mapping[str, str],
    grants: Sequence[NewGrant],
    actor: User,
    now: dt.datetime,
) -> User:
    """Open an account that nobody can enter yet, and send its owner the link to set their own secrets.

    Raises:
        EmailTakenError: if the address is in use.
    """
    user, _secret = create_user(
        email=details["email"],
        name=details["name"],
        title=details["title"],
        phone=details["phone"],
        language=details["language"],
        # Nobody ever learns it.
        password=secrets.token_urlsafe(32),
        grants=grants,
        unit_id=main_unit(grants, present=None),
        now=now,
        actor=actor,
    )
    invite(user, actor=actor, now=now)
    return user


def change_person(
    user: User,
    *,
    details: Mapping[str, str],
    unit_id: uuid.UUID | None,
    seen: str,
    actor: User,
    now: dt.datetime,
) -> bool:
    """Change what is known of a person; return whether anything changed.

    Where the address changes, the old one is told, unsent letters to it are cancelled, and sign-ins end.

    Raises:
        ChangedMeanwhileError: if somebody else changed it since the form was opened.
        EmailTakenError: if the new address is another account's.
    """
    if details_stamp(user) != seen:
        raise ChangedMeanwhileError
    wanted: dict[str, object] = {**details, "email": details["email"].strip().lower(), "unit_id": unit_id}
    changed = [field for field in FIELDS if getattr(user, field) != wanted[field]]
    if not changed:
        return False
    was = user.email
    if "email" in changed:
        taken = select(User.id).where(User.email == wanted["email"], User.id != user.id)
        if db.session.scalars(taken).first() is not None:
            raise EmailTakenError
    for field in changed:
        setattr(user, field, wanted[field])
    db.session.flush()
    record(
        Action.USER_CHANGED,
        actor=actor,
        object_type="user",
        object_id=user.id,
        now=now,
        detail={"change": "details", "fields": ",".join(changed)},
    )
    if "email" in changed:
        outbox.cancel_to(address=was)
        outbox.enqueue(
            address=was,
            template="address_changed",
            language=user.language,
            context={},
            about=f"user:{user.id}",
            now=now,
        )
    return True


def give_roles(user: User, *, grants: Sequence[NewGrant], seen: str, actor: User, now: dt.datetime) -> int:
    """Give a person these roles instead of those they have, and end their sign-ins; return how many were open.

    Raises:
        OwnRightsError: if they are the administrator's own.
        ChangedMeanwhileError: if somebody else changed them since the form was opened.
        LastAdministratorError: if nobody else administers people.
        AccountClosedError: if the account is closed.
    """
    if user.id == actor.id:
        raise OwnRightsError
    if roles_stamp(user) != seen:
        raise ChangedMeanwhileError
    if not any(grant.role is Role.ADMINISTRATOR for grant in grants):
        _require_another_administrator(user)
    before = ",".join(sorted({grant.role.value for grant in user.grants}))
    record(
        Action.USER_CHANGED,
        actor=actor,
        object_type="user",
        object_id=user.id,
        now=now,
        detail={"change": "roles_before", "roles": before},
    )
    return change_roles(
        user, grants=grants, unit_id=main_unit(grants, present=user.unit_id), now=now, actor=actor
    )


def close_account(user: User, *, actor: User, now: dt.datetime) -> int:
    """Close a leaver's account, and let those know who must see to what is left; return how many sign-ins ended.

    Raises:
        OwnRightsError: if it is the administrator's own.
        LastAdministratorError: if nobody else administers people.
        AccountClosedError: if it is closed already.
    """
    if user.id == actor.id:
        raise OwnRightsError
    _require_another_administrator(user)
    ended = deactivate(user, now=now, actor=actor)
    say_farewell(user, actor=actor, now=now)
    return ended


def open_account(user: User, *, actor: User, now: dt.datetime) -> None:
    """Open a closed account again; its owner sets new secrets by a link.

    Raises:
        AccountOpenError: if it is open.
    """
    reactivate(user, now=now, actor=actor)
    invite(user, actor=actor, now=now)


def renew_secrets(user: User, *, actor: User, now: dt.datetime) -> None:
    """Make password and codes worthless, end every sign-in, and send a link for new ones.

    Raises:
        OwnRightsError: if they are the administrator's own: those are changed on one's own page.
        AccountClosedError: if the account is closed.
    """
    if user.id == actor.id:
        raise OwnRightsError
    reset_secrets(user, password=secrets.token_urlsafe(32), now=now, actor=actor)
    invite(user, actor=actor, now=now)


def invite_again(user: User, *, actor: User, now: dt.datetime) -> None:
    """Send a new link to somebody who has not used theirs.

    Raises:
        AccountClosedError: if the account is closed.
    """
    if not user.active:
        raise AccountClosedError
    invite(user, actor=actor, now=now)


def main_unit(grants: Sequence[NewGrant], *, present: uuid.UUID | None) -> uuid.UUID | None:
    """Return the unit that somebody with these roles acts for: the present one while it is among theirs."""
    places = [grant.unit_id for grant in grants if grant.unit_id is not None]
    return present if present in places else next(iter(places), None)


def _require_another_administrator(user: User) -> None:
    # All of them are held: of two who close each other's account at once, the second finds that none is left.
    holders = db.session.scalars(
        select(User)
        .where(
            User.active.is_(True),
            User.id.in_(select(RoleGrant.user_id).where(RoleGrant.role == Role.ADMINISTRATOR)),
        )
        .order_by(User.id)
        .with_for_update(of=User)
    ).all()
    if user.id in {each.id for each in holders} and len(holders) == 1:
        raise LastAdministratorError
