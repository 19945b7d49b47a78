"""A client's visit: a short session of its own, apart from those of people who sign in.

The cookie carries a token without meaning; the database says what it is worth. Ten minutes without a touch end a
visit, thirty minutes in any case. Every form of a visit carries a key made from its token.
"""

import datetime as dt
import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass
from typing import Final

from flask import request
from sqlalchemy import delete, select, update
from werkzeug.wrappers import Response

from referrals.client.codes import may_be_shown
from referrals.client.models import ClientCode, ClientVisit
from referrals.county import queries as county
from referrals.county.queries import Referral
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import crypto, walls
from servicetray.core.anonymous import KEY
from servicetray.core.db import db
from servicetray.core.settings import current_settings

IDLE: Final = dt.timedelta(minutes=10)
WHOLE: Final = dt.timedelta(minutes=30)
TOUCH_EVERY: Final = dt.timedelta(seconds=30)
KEEP_ENDED: Final = dt.timedelta(days=1)
TOKEN_BYTES: Final = 32


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A visit that goes on."""

    token: str
    referral: Referral
    wants_touch: bool

    @property
    def key(self) -> str:
        """What every form of this visit carries: no other site can know it."""
        return crypto.fingerprint("client_form", self.token)


def begin(code: ClientCode, *, now: dt.datetime) -> str:
    """Open a visit and return its token; visits long ended are swept away on the way."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    db.session.add(
        ClientVisit(
            id=uuid.uuid4(),
            token_hash=_hashed(token),
            code_id=code.id,
            referral_id=code.referral_id,
            started_at=now,
            seen_at=now,
        )
    )
    code.wrong_tries = 0
    db.session.execute(delete(ClientVisit).where(ClientVisit.started_at < now - KEEP_ENDED))
    db.session.flush()
    record(
        Action.CLIENT_ENTERED,
        actor=None,
        object_type="referral",
        object_id=code.referral_id,
        subject=subject_key(code.referral_id),
        now=now,
    )
    return token


def current(*, now: dt.datetime) -> Visit | None:
    """Return the visit of this request, or None: none begun, idled out, ended, or nothing left to show."""
    token = request.cookies.get(cookie_name(), "")
    if not token:
        return None
    walls.enter_as_client()
    row = db.session.scalars(
        select(ClientVisit)
        .join(ClientCode, ClientCode.id == ClientVisit.code_id)
        .where(
            ClientVisit.token_hash == _hashed(token),
            ClientVisit.ended_at.is_(None),
            ClientVisit.seen_at > now - IDLE,
            ClientVisit.started_at > now - WHOLE,
            ClientCode.ended_at.is_(None),
        )
    ).first()
    if row is not None:
        walls.enter_as_client(row.referral_id)
    referral = county.referral(row.referral_id) if row is not None else None
    if row is None or referral is None or not may_be_shown(referral):
        return None
    return Visit(token=token, referral=referral, wants_touch=now - row.seen_at > TOUCH_EVERY)


def touch(visit: Visit, *, now: dt.datetime) -> None:
    """Note that the client is still there."""
    db.session.execute(
        update(ClientVisit).where(ClientVisit.token_hash == _hashed(visit.token)).values(seen_at=now)
    )


def end(token: str, *, now: dt.datetime) -> None:
    """End a visit; what is no visit, or has ended, stays as it is."""
    walls.enter_as_client()
    db.session.execute(
        update(ClientVisit)
        .where(ClientVisit.token_hash == _hashed(token), ClientVisit.ended_at.is_(None))
        .values(ended_at=now)
    )


def is_of_visit(visit: Visit) -> bool:
    """Whether the posted form was made for this visit."""
    return hmac.compare_digest(visit.key.encode(), request.form.get(KEY, "").encode())


def cookie_name() -> str:
    """Return the name of the cookie; it tells of nothing."""
    return "__Host-asiointi" if current_settings().https else "asiointi"


def give_cookie(response: Response, token: str) -> None:
    """Let the browser keep the token for as long as a visit can last, for our own pages alone."""
    response.set_cookie(
        cookie_name(),
        token,
        max_age=WHOLE,
        path="/",
        secure=current_settings().https,
        httponly=True,
        samesite="Strict",
    )


def take_cookie(response: Response) -> None:
    """Let the browser forget the token."""
    response.delete_cookie(
        cookie_name(), path="/", secure=current_settings().https, httponly=True, samesite="Strict"
    )


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
