"""Accounts: making and changing them, and checking who is at the door. Sign-ins: ``sign_ins``."""

import datetime as dt
import hmac
import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update

from servicetray.accounts.models import Invitation, MessageWish, RoleGrant, Unit, UnitKind, User
from servicetray.accounts.organisations import organisation_for
from servicetray.accounts.permissions import Role
from servicetray.accounts.sign_ins import end_all_of
from servicetray.accounts.sign_ins import end_session as end_session
from servicetray.accounts.sign_ins import forget_old_sessions as forget_old_sessions
from servicetray.accounts.sign_ins import lapsed_user as lapsed_user
from servicetray.accounts.sign_ins import open_session as open_session
from servicetray.audit.events import Action
from servicetray.audit.operations import Actor, record
from servicetray.core import crypto, outbox
from servicetray.core.db import Texts, db
from servicetray.core.errors import DomainError

CONTROLLER = "accounts"
STEP_SECONDS = 30
MIN_PASSWORD = 12
INVITATION = "invitation"
"""What a letter with a link for new secrets tells of, and its template."""

hasher = PasswordHasher()
_DECOY = hasher.hash(secrets.token_urlsafe(16))
"""Verified against where there is no such account, so that time tells nothing."""


class WeakPasswordError(DomainError):
    """The password has fewer than 12 characters."""


class EmailTakenError(DomainError):
    """There is an account with this address already."""


class AccountClosedError(DomainError):
    """The account has been closed already."""


class AccountOpenError(DomainError):
    """The account is open."""


class UnitNeededError(DomainError):
    """A role works in a unit of a kind, and was given none or one of another kind."""

    def __init__(self, role: Role, kind: UnitKind) -> None:
        super().__init__(role, kind)
        self.role = role
        self.kind = kind


UNIT_OF_ROLE: dict[Role, UnitKind] = {
    Role.PROFESSIONAL: UnitKind.SENDING,
    Role.ADVISER: UnitKind.COUNSELLING,
    Role.MUNICIPAL_LEAD: UnitKind.COUNSELLING,
}
"""The roles that reach nothing without a unit, and the kind of unit that each works in."""


@dataclass(frozen=True, kw_only=True)
class NewGrant:
    """A role to give, in a unit where the role is bound to one."""

    role: Role
    unit_id: uuid.UUID | None = None


def create_unit(
    *,
    kind: UnitKind,
    name: Texts,
    municipality_code: str | None = None,
    service_area: str = "",
    phone: str = "",
    mailbox: str = "",
    unit_id: uuid.UUID | None = None,
    organisation_id: uuid.UUID | None = None,
) -> Unit:
    """Add a unit: to an organisation, or to the one that such units belong to."""
    organisation_id = organisation_id or organisation_for(kind=kind, municipality_code=municipality_code).id
    unit = Unit(
        id=unit_id or uuid.uuid4(),
        kind=kind,
        organisation_id=organisation_id,
        name=name,
        municipality_code=municipality_code,
        service_area=service_area,
        phone=phone,
        mailbox=mailbox,
        shared_list=False,
        active=True,
    )
    db.session.add(unit)
    db.session.flush()
    return unit


def require_unit(roles: Iterable[Role], unit: Unit | None) -> None:
    """Check that every role that works in a unit has one of the right kind.

    Raises:
        UnitNeededError: for the first that has not.
    """
    for role in roles:
        kind = UNIT_OF_ROLE.get(role)
        if kind is not None and (unit is None or unit.kind is not kind):
            raise UnitNeededError(role, kind)


def create_user(  # noqa: PLR0913 - what an account is made of
    *,
    email: str,
    name: str,
    password: str,
    grants: Sequence[NewGrant],
    now: dt.datetime,
    title: str = "",
    phone: str = "",
    language: str = "fi",
    unit_id: uuid.UUID | None = None,
    totp_secret: str | None = None,
    actor: Actor | None = None,
) -> tuple[User, str]:
    """Add an account and return it with its TOTP secret, which is shown once.

    Raises:
        WeakPasswordError: if the password is short.
        EmailTakenError: if the address is in use.
    """
    if len(password) < MIN_PASSWORD:
        raise WeakPasswordError
    address = email.strip().lower()
    if db.session.scalars(select(User.id).where(User.email == address)).first():
        raise EmailTakenError
    secret = totp_secret or pyotp.random_base32()
    user_id = uuid.uuid4()
    user = User(
        id=user_id,
        email=address,
        name=name,
        title=title,
        phone=phone,
        language=language,
        unit_id=unit_id,
        password_hash=hash_password(password),
        totp_sealed=sealed_totp(user_id, secret),
        totp_last_step=0,
        active=True,
        created_at=now,
        grants=[RoleGrant(role=grant.role, unit_id=grant.unit_id) for grant in grants],
    )
    db.session.add(user)
    db.session.flush()
    roles = ",".join(sorted(grant.role.value for grant in grants))
    record(
        Action.USER_CREATED,
        actor=actor,
        object_type="user",
        object_id=user.id,
        now=now,
        detail={"roles": roles},
    )
    return user, secret


def deactivate(user: User, *, now: dt.datetime, actor: Actor | None = None) -> int:
    """Close an account and end all its sign-ins; return how many were open.

    Raises:
        AccountClosedError: if it is closed already.
    """
    if not user.active:
        raise AccountClosedError
    user.active = False
    # Whoever has left is not written to any more.
    outbox.cancel_to(address=user.email)
    cancel_invitations(user.id, now=now)
    return _changed(user, "deactivated", now=now, actor=actor)


def reactivate(user: User, *, now: dt.datetime, actor: Actor) -> None:
    """Open a closed account again, without a way in: its owner sets new secrets by an invitation.

    Raises:
        AccountOpenError: if it is open.
    """
    if user.active:
        raise AccountOpenError
    user.active = True
    lock_out(user)
    _changed(user, "reactivated", now=now, actor=actor)


def lock_out(user: User) -> None:
    """Give an account secrets that nobody knows."""
    user.password_hash = hash_password(secrets.token_urlsafe(32))
    user.totp_sealed = sealed_totp(user.id, pyotp.random_base32())
    user.totp_last_step = 0


def cancel_invitations(user_id: uuid.UUID, *, now: dt.datetime) -> int:
    """Make a person's unused links worthless, and keep them from leaving; return how many there were."""
    rows = db.session.scalars(
        select(Invitation)
        .where(Invitation.user_id == user_id, Invitation.used_at.is_(None), Invitation.cancelled_at.is_(None))
        .order_by(Invitation.id)
    ).all()
    for row in rows:
        row.cancelled_at = now
        outbox.cancel(about=f"{INVITATION}:{row.id}")
    db.session.flush()
    return len(rows)


def reset_secrets(user: User, *, password: str, now: dt.datetime, actor: Actor | None = None) -> str:
    """Give an account a new password and TOTP secret, end all its sign-ins, and return the secret.

    Browsers that were known to the account are strangers again (``devices``).

    Raises:
        AccountClosedError: if the account is closed.
        WeakPasswordError: if the password is short.
    """
    if not user.active:
        raise AccountClosedError
    if len(password) < MIN_PASSWORD:
        raise WeakPasswordError
    secret = pyotp.random_base32()
    user.password_hash = hash_password(password)
    user.totp_sealed = sealed_totp(user.id, secret)
    user.totp_last_step = 0
    cancel_invitations(user.id, now=now)
    _changed(user, "secrets_reset", now=now, actor=actor)
    return secret


def set_message_wish(user: User, *, wish: MessageWish, actor: Actor, now: dt.datetime) -> None:
    """Let a person choose when they hear: of each thing at once, or once each working morning."""
    if user.message_wish is wish:
        return
    user.message_wish = wish
    db.session.flush()
    record(
        Action.USER_CHANGED,
        actor=actor,
        object_type="user",
        object_id=user.id,
        now=now,
        detail={"change": "message_wish", "wish": wish.value},
    )


def set_box_wish(unit: Unit, *, wish: MessageWish, actor: Actor, now: dt.datetime) -> None:
    """Choose when a unit's shared box hears: of each thing at once, or once each working morning."""
    if unit.message_wish is wish:
        return
    unit.message_wish = wish
    db.session.flush()
    record(
        Action.UNIT_CHANGED,
        actor=actor,
        object_type="unit",
        object_id=unit.id,
        now=now,
        detail={"change": "message_wish", "wish": wish.value},
    )


def change_roles(
    user: User, *, grants: Sequence[NewGrant], unit_id: uuid.UUID | None, now: dt.datetime, actor: Actor
) -> int:
    """Give an account these roles instead of those it has, end all its sign-ins; return how many were open.

    Whoever gains or loses a right begins anew with the pages of the new roles alone.

    Raises:
        AccountClosedError: if the account is closed.
    """
    if not user.active:
        raise AccountClosedError
    wanted = {(grant.role, grant.unit_id) for grant in grants}
    kept = [grant for grant in user.grants if (grant.role, grant.unit_id) in wanted]
    known = {(grant.role, grant.unit_id) for grant in kept}
    new = [
        RoleGrant(role=role, unit_id=place)
        for role, place in sorted(wanted - known, key=lambda pair: (pair[0].value, str(pair[1])))
    ]
    for grant in set(user.grants) - set(kept):
        db.session.delete(grant)
    user.grants = [*kept, *new]
    user.unit_id = unit_id
    roles = ",".join(sorted({grant.role.value for grant in user.grants}))
    return _changed(user, "roles", now=now, actor=actor, roles=roles)


def _changed(user: User, change: str, *, now: dt.datetime, actor: Actor | None, **more: str) -> int:
    # The account first: whoever is signing in at this moment waits for it, or is waited for and then ended.
    db.session.flush()
    ended = end_all_of(user.id, now=now)
    record(
        Action.USER_CHANGED,
        actor=actor,
        object_type="user",
        object_id=user.id,
        now=now,
        detail={"change": change, "sessions_ended": str(ended), **more},
    )
    return ended


def sealed_totp(user_id: uuid.UUID, secret: str) -> bytes:
    """Return a TOTP secret as the account's row keeps it."""
    return crypto.seal(CONTROLLER, secret.encode(), f"totp:{user_id}")


def check_password(user: User | None, password: str) -> bool:
    """Whether the password is the user's; takes as long where there is no user."""
    try:
        hasher.verify(user.password_hash if user else _DECOY, password)
    except (VerificationError, InvalidHashError):
        return False
    return user is not None and user.active


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password."""
    return hasher.hash(password)


def use_code(user: User, code: str, *, now: dt.datetime) -> bool:
    """Check a TOTP code (RFC 6238, one step of drift either way) and use it up: a replay is refused."""
    secret = crypto.unseal(CONTROLLER, user.totp_sealed, f"totp:{user.id}").decode()
    step = secret_fits(secret, code, now=now, after=user.totp_last_step)
    if step is None:
        return False
    used = db.session.scalars(
        update(User)
        .where(
            User.id == user.id,
            User.totp_last_step < step,
            # Neither closed nor reset a moment ago.
            User.active.is_(True),
            User.totp_sealed == user.totp_sealed,
        )
        .values(totp_last_step=step)
        .returning(User.id)
        .execution_options(synchronize_session=False)
    )
    won = used.first() is not None
    db.session.expire(user, ["totp_last_step"])
    return won


def secret_fits(secret: str, code: str, *, now: dt.datetime, after: int = 0) -> int | None:
    """Return the time step at which a secret gives this code, later than ``after``, or None."""
    # As bytes: what was typed may be anything, and text outside ASCII can't be compared.
    typed = "".join(code.split()).encode()
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    current = int(now.timestamp()) // STEP_SECONDS
    for step in (current - 1, current, current + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), typed) and step > after:
            return step
    return None
