"""Accounts: making them, checking who is at the door, opening and ending sign-ins."""

import datetime as dt
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select, update

from servicetray.accounts.models import RoleGrant, SignInSession, Unit, UnitKind, User
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.operations import Actor, record
from servicetray.core import crypto
from servicetray.core.db import Texts, db
from servicetray.core.errors import DomainError
from servicetray.core.settings import current_settings

CONTROLLER = "accounts"
STEP_SECONDS = 30
MIN_PASSWORD = 12
TOUCH_EVERY = dt.timedelta(seconds=60)
KEEP_ENDED = dt.timedelta(days=1)

hasher = PasswordHasher()
_DECOY = hasher.hash(secrets.token_urlsafe(16))
"""Verified against where there is no such account, so that time tells nothing."""


class WeakPasswordError(DomainError):
    """The password has fewer than 12 characters."""


class EmailTakenError(DomainError):
    """There is an account with this address already."""


class AccountClosedError(DomainError):
    """The account has been closed already."""


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
) -> Unit:
    """Add a unit."""
    unit = Unit(
        id=unit_id or uuid.uuid4(),
        kind=kind,
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
        password_hash=hasher.hash(password),
        totp_sealed=_sealed_totp(user_id, secret),
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
    return _changed(user, "deactivated", now=now, actor=actor)


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
    user.password_hash = hasher.hash(password)
    user.totp_sealed = _sealed_totp(user.id, secret)
    user.totp_last_step = 0
    _changed(user, "secrets_reset", now=now, actor=actor)
    return secret


def _changed(user: User, change: str, *, now: dt.datetime, actor: Actor | None) -> int:
    # The account first: whoever is signing in at this moment waits for it, or is waited for and then ended.
    db.session.flush()
    ended = db.session.scalars(
        update(SignInSession)
        .where(SignInSession.user_id == user.id, SignInSession.ended_at.is_(None))
        .values(ended_at=now)
        .returning(SignInSession.id)
        .execution_options(synchronize_session="fetch")
    ).all()
    record(
        Action.USER_CHANGED,
        actor=actor,
        object_type="user",
        object_id=user.id,
        now=now,
        detail={"change": change, "sessions_ended": str(len(ended))},
    )
    return len(ended)


def _sealed_totp(user_id: uuid.UUID, secret: str) -> bytes:
    return crypto.seal(CONTROLLER, secret.encode(), f"totp:{user_id}")


def check_password(user: User | None, password: str) -> bool:
    """Whether the password is the user's; takes as long where there is no user."""
    try:
        hasher.verify(user.password_hash if user else _DECOY, password)
    except (VerificationError, InvalidHashError):
        return False
    return user is not None and user.active


def use_code(user: User, code: str, *, now: dt.datetime) -> bool:
    """Check a TOTP code (RFC 6238, one step of drift either way) and use it up: a replay is refused."""
    typed = "".join(code.split()).encode()
    secret = crypto.unseal(CONTROLLER, user.totp_sealed, f"totp:{user.id}").decode()
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    current = int(now.timestamp()) // STEP_SECONDS
    for step in (current - 1, current, current + 1):
        # As bytes: what was typed may be anything, and text outside ASCII can't be compared.
        if hmac.compare_digest(totp.generate_otp(step).encode(), typed) and step > user.totp_last_step:
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
    return False


def open_session(user: User, *, now: dt.datetime) -> str:
    """Open a sign-in and return its token; the database keeps a hash of it alone."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        SignInSession(token_hash=_hashed(token), user_id=user.id, started_at=now, seen_at=now, ended_at=None)
    )
    db.session.flush()
    record(Action.SIGNED_IN, actor=user, object_type="user", object_id=user.id, now=now)
    return token


def end_session(token: str, *, now: dt.datetime) -> None:
    """End one sign-in, at once and for good; one that has idled out, too."""
    session = _session_of(token)
    if session is None or session.ended_at is not None:
        return
    session.ended_at = now
    user = db.session.get_one(User, session.user_id)
    record(Action.SIGNED_OUT, actor=user, object_type="user", object_id=user.id, now=now)


def forget_old_sessions(*, now: dt.datetime) -> int:
    """Remove sign-ins that ended long ago (the audit log still tells of them); return how many."""
    oldest = now - dt.timedelta(hours=current_settings().session_hours) - KEEP_ENDED
    removed = db.session.scalars(
        delete(SignInSession)
        .where(SignInSession.started_at < oldest)
        .returning(SignInSession.id)
        .execution_options(synchronize_session=False)
    )
    return len(removed.all())


def session_user(token: str, *, now: dt.datetime) -> User | None:
    """Return who holds a token, or None once it has ended, idled out, aged out or the account was closed."""
    settings = current_settings()
    session = _session_of(token)
    if session is None or session.ended_at is not None:
        return None
    if now - session.seen_at > dt.timedelta(minutes=settings.session_idle_minutes):
        return None
    if now - session.started_at > dt.timedelta(hours=settings.session_hours):
        return None
    user = db.session.get(User, session.user_id)
    return user if user is not None and user.active else None


def lapsed_user(token: str) -> User | None:
    """Return whose sign-in a token was, also after it has idled or aged out; None once it was ended.

    It proves whose browser this is and opens no door: what was typed may be kept for them, nothing be shown.
    """
    session = _session_of(token)
    if session is None or session.ended_at is not None:
        return None
    user = db.session.get(User, session.user_id)
    return user if user is not None and user.active else None


def wants_touch(token: str, *, now: dt.datetime) -> bool:
    """Whether the sign-in was last marked as used more than a minute ago."""
    session = _session_of(token)
    return session is not None and now - session.seen_at >= TOUCH_EVERY


def touch_session(token: str, *, now: dt.datetime) -> None:
    """Mark a sign-in as in use."""
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.token_hash == _hashed(token), SignInSession.ended_at.is_(None))
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


def _session_of(token: str) -> SignInSession | None:
    return db.session.scalars(select(SignInSession).where(SignInSession.token_hash == _hashed(token))).first()


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
