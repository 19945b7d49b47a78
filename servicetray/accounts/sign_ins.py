"""Sign-ins: opening, ending and listing them. The cookie carries a token, the database keeps its hash."""

import datetime as dt
import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from servicetray.accounts.models import SignInMethod, SignInSession, User
from servicetray.audit.events import Action
from servicetray.audit.operations import Actor, acts_in, record
from servicetray.core.db import db
from servicetray.core.errors import NotFoundError
from servicetray.core.settings import current_settings

TOUCH_EVERY = dt.timedelta(seconds=60)
KEEP_ENDED = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class OpenSignIn:
    """A sign-in that is good at this moment, and until when it stays so without another use."""

    id: uuid.UUID
    user: User
    method: SignInMethod
    proved_at: dt.datetime
    seen_at: dt.datetime
    ends_at: dt.datetime
    """The absolute limit: no use moves it."""
    practising: bool = False
    """Whether the person practises in it, with invented clients alone."""


@dataclass(frozen=True, kw_only=True)
class SignInRow:
    """An open sign-in as a list shows it."""

    id: uuid.UUID
    method: SignInMethod
    device: str
    started_at: dt.datetime
    seen_at: dt.datetime


def idle_limit() -> dt.timedelta:
    """Return how long a sign-in lives without use."""
    return dt.timedelta(minutes=current_settings().session_idle_minutes)


def _age_limit() -> dt.timedelta:
    return dt.timedelta(hours=current_settings().session_hours)


def open_session(
    user: User,
    *,
    now: dt.datetime,
    method: SignInMethod = SignInMethod.PASSWORD_TOTP,
    device: str = "",
) -> str:
    """Open a sign-in and return its token; the database keeps a hash of it alone."""
    token = secrets.token_urlsafe(32)
    session = SignInSession(
        token_hash=_hashed(token),
        user_id=user.id,
        method=method,
        device=device,
        started_at=now,
        proved_at=now,
        seen_at=now,
        ended_at=None,
    )
    db.session.add(session)
    db.session.flush()
    acts_in(session.id)
    record(
        Action.SIGNED_IN,
        actor=user,
        object_type="user",
        object_id=user.id,
        now=now,
        detail={"method": method.value},
    )
    return token


def end_session(token: str, *, now: dt.datetime) -> SignInMethod | None:
    """End one sign-in, at once and for good, one that has idled out too; return how it was opened.

    None is returned where there was nothing to end.
    """
    session = _session_of(token)
    if session is None or session.ended_at is not None:
        return None
    session.ended_at = now
    user = db.session.get_one(User, session.user_id)
    record(Action.SIGNED_OUT, actor=user, object_type="user", object_id=user.id, now=now)
    return session.method


def end_sign_in(sign_in_id: uuid.UUID, *, user: User, actor: Actor, now: dt.datetime) -> None:
    """End one open sign-in of an account from a list: the person's own, or the administrator's of them.

    Raises:
        NotFoundError: if it is none of this account's, or has ended already.
    """
    session = db.session.get(SignInSession, sign_in_id)
    if session is None or session.user_id != user.id or session.ended_at is not None:
        raise NotFoundError
    session.ended_at = now
    record(Action.SESSION_ENDED, actor=actor, object_type="user", object_id=user.id, now=now)


def end_others(user: User, *, but: uuid.UUID | None, actor: Actor, now: dt.datetime) -> int:
    """End every open sign-in of an account but one (None: all of them); return how many were open."""
    ended = end_all_of(user.id, now=now, but=but)
    record(
        Action.SESSION_ENDED,
        actor=actor,
        object_type="user",
        object_id=user.id,
        now=now,
        detail={"sessions_ended": str(ended)},
    )
    return ended


def end_all_of(user_id: uuid.UUID, *, now: dt.datetime, but: uuid.UUID | None = None) -> int:
    """End an account's open sign-ins, for an operation that records why; return how many were open."""
    ended = update(SignInSession).where(SignInSession.user_id == user_id, SignInSession.ended_at.is_(None))
    if but is not None:
        ended = ended.where(SignInSession.id != but)
    rows = db.session.scalars(
        ended.values(ended_at=now).returning(SignInSession.id).execution_options(synchronize_session="fetch")
    )
    return len(rows.all())


def sign_ins_of(user_id: uuid.UUID, *, now: dt.datetime) -> Sequence[SignInRow]:
    """Return the sign-ins of an account that are good at this moment, the last used first."""
    rows = db.session.scalars(
        select(SignInSession)
        .where(
            SignInSession.user_id == user_id,
            SignInSession.ended_at.is_(None),
            SignInSession.seen_at >= now - idle_limit(),
            SignInSession.started_at >= now - _age_limit(),
        )
        .order_by(SignInSession.seen_at.desc(), SignInSession.id)
    ).all()
    return tuple(
        SignInRow(
            id=row.id,
            method=row.method,
            device=row.device,
            started_at=row.started_at,
            seen_at=row.seen_at,
        )
        for row in rows
    )


def forget_old_sessions(*, now: dt.datetime) -> int:
    """Remove sign-ins that ended long ago (the audit log still tells of them); return how many."""
    oldest = now - _age_limit() - KEEP_ENDED
    removed = db.session.scalars(
        delete(SignInSession)
        .where(SignInSession.started_at < oldest)
        .returning(SignInSession.id)
        .execution_options(synchronize_session=False)
    )
    return len(removed.all())


def open_sign_in(token: str, *, now: dt.datetime) -> OpenSignIn | None:
    """Return what a token opens, or None once it has ended, idled out, aged out or the account was closed."""
    session = _session_of(token)
    if session is None or session.ended_at is not None:
        return None
    if now - session.seen_at > idle_limit() or now - session.started_at > _age_limit():
        return None
    user = db.session.get(User, session.user_id)
    if user is None or not user.active:
        return None
    acts_in(session.id)
    return OpenSignIn(
        id=session.id,
        user=user,
        method=session.method,
        proved_at=session.proved_at,
        seen_at=session.seen_at,
        ends_at=session.started_at + _age_limit(),
        practising=session.practising,
    )


def lapsed_user(token: str) -> User | None:
    """Return whose sign-in a token was, also after it has idled or aged out; None once it was ended.

    It proves whose browser this is and opens no door: what was typed may be kept for them, nothing be shown.
    """
    session = _session_of(token)
    if session is None or session.ended_at is not None:
        return None
    user = db.session.get(User, session.user_id)
    return user if user is not None and user.active else None


def touch_session(token: str, *, now: dt.datetime) -> None:
    """Mark a sign-in as in use."""
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.token_hash == _hashed(token), SignInSession.ended_at.is_(None))
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


def prove_again(sign_in_id: uuid.UUID, *, now: dt.datetime) -> None:
    """Mark that the person has just shown their second factor again in an open sign-in."""
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.id == sign_in_id, SignInSession.ended_at.is_(None))
        .values(proved_at=now)
        .execution_options(synchronize_session=False)
    )


def practise(sign_in_id: uuid.UUID, *, on: bool) -> None:
    """Begin or end practising in an open sign-in; it ends with the sign-in in any case."""
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.id == sign_in_id, SignInSession.ended_at.is_(None))
        .values(practising=on)
        .execution_options(synchronize_session=False)
    )


def _session_of(token: str) -> SignInSession | None:
    return db.session.scalars(select(SignInSession).where(SignInSession.token_hash == _hashed(token))).first()


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
