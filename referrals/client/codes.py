"""Codes for clients: making, checking, ending. A code is shown once; what is stored opens nothing.

A code has 50 bits, so a keyed hash is enough and lets the database find it. The birth year is hashed together
with the code. Wrong code and wrong year take the same steps: one look-up, one comparison, one row in the log.
"""

import datetime as dt
import hmac
import re
import secrets
import uuid
from typing import Final

from sqlalchemy import select, update

from referrals.client.models import ClientCode, ClientVisit
from referrals.county import queries as county
from referrals.county.queries import Referral
from referrals.moves import ReferralStatus
from servicetray.audit.events import Action
from servicetray.audit.operations import Actor, record, subject_key
from servicetray.core import crypto, walls
from servicetray.core.db import db
from servicetray.core.errors import DomainError, NotFoundError

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, O, 1 and I: a code is copied from paper by hand."""
LENGTH: Final = 10
MOST_WRONG: Final = 20
"""Wrong years with a right code, after which it ends: whoever tries them has somebody else's paper."""
_DECOY: Final = "0" * 64
_BETWEEN: Final = re.compile(r"[\s\u2010-\u2015\u2212.-]+")


class ProtectedClientError(DomainError):
    """A protected client gets no code: nothing of theirs may be reached from outside."""


def make_code(referral_id: uuid.UUID, *, actor: Actor | None, now: dt.datetime) -> str:
    """Make a code for the client of a referral; an earlier one, and visits by it, end at once.

    Args:
        referral_id: the referral; the caller has checked that the actor may open it.
        actor: who hands the code over; None where residents get it for their own request.
        now: when it is made.

    Returns:
        The ten characters, to be shown once; ``written`` sets them for reading.

    Raises:
        ProtectedClientError: for a protected client.
        NotFoundError: if there is no such referral, nothing of it that the client may still see, or it is for practice.
    """
    row = county.referral(referral_id, lock=True)
    if row is None or row.practice or not is_alive(row):
        raise NotFoundError
    if row.protected:
        raise ProtectedClientError
    end_codes(referral_id, now=now)
    code = decoy()
    made = ClientCode(
        referral_id=referral_id,
        code_hash=_code_hash(code),
        year_hash=_year_hash(code, county.content_of(row).birth_year),
        made_at=now,
        made_by=actor.id if actor else None,
        wrong_tries=0,
    )
    db.session.add(made)
    db.session.flush()
    record(
        Action.CLIENT_CODE_MADE,
        actor=actor,
        object_type="referral",
        object_id=referral_id,
        subject=subject_key(referral_id),
        now=now,
    )
    return code


def decoy() -> str:
    """Return what looks like a code; it opens nothing unless it is stored."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def end_codes(referral_id: uuid.UUID, *, now: dt.datetime) -> None:
    """End every code of a referral and every visit by it."""
    db.session.execute(
        update(ClientCode)
        .where(ClientCode.referral_id == referral_id, ClientCode.ended_at.is_(None))
        .values(ended_at=now)
    )
    db.session.execute(
        update(ClientVisit)
        .where(ClientVisit.referral_id == referral_id, ClientVisit.ended_at.is_(None))
        .values(ended_at=now)
    )


def follow(referral_id: uuid.UUID, *, to: uuid.UUID) -> None:
    """Let the code that the client has, and a visit by it, lead to the referral that goes on from this one."""
    for model in (ClientCode, ClientVisit):
        db.session.execute(
            update(model)
            .where(model.referral_id == referral_id, model.ended_at.is_(None))
            .values(referral_id=to)
        )


def check(code: str, birth_year: int, *, now: dt.datetime) -> ClientCode | None:
    """Return the code that opens, or None; what was wrong is not told, and takes as long whatever it was."""
    code_hash = _code_hash(normalised(code))
    this = (ClientCode.code_hash == code_hash, ClientCode.ended_at.is_(None))
    walls.enter_as_client()
    row = db.session.scalars(select(ClientCode).where(*this)).first()
    right = hmac.compare_digest(row.year_hash if row else _DECOY, _year_hash(normalised(code), birth_year))
    if right and row is not None:
        walls.enter_as_client(row.referral_id)
        referral = county.referral(row.referral_id)
        if referral is not None and may_be_shown(referral):
            return row
    # From here on the same statements, whether there is such a code or not.
    db.session.execute(update(ClientCode).where(*this).values(wrong_tries=ClientCode.wrong_tries + 1))
    db.session.execute(
        update(ClientCode).where(*this, ClientCode.wrong_tries >= MOST_WRONG).values(ended_at=now)
    )
    known = row.referral_id if row else None
    subject = subject_key(known or uuid.uuid4())
    record(
        Action.CLIENT_REFUSED,
        actor=None,
        object_type="referral",
        object_id=known or "",
        subject=subject if known else "",
        now=now,
    )
    return None


def is_alive(row: Referral) -> bool:
    """Whether there is anything of a referral that its client may see: content, and a permission in force."""
    return (
        row.sealed is not None
        and row.consent.withdrawn_at is None
        and row.status is not ReferralStatus.ENTERED_IN_ERROR
    )


def may_be_shown(row: Referral) -> bool:
    """Whether the client's page may show anything of a referral: alive, and not of a protected client."""
    return is_alive(row) and not row.protected


def has_code(referral_id: uuid.UUID) -> bool:
    """Whether the client of a referral has a code that works."""
    return (
        db.session.scalars(
            select(ClientCode.id).where(ClientCode.referral_id == referral_id, ClientCode.ended_at.is_(None))
        ).first()
        is not None
    )


def normalised(typed: str) -> str:
    """Return a code as it is hashed: whatever case, spaces and dashes it was typed with."""
    return _BETWEEN.sub("", typed).upper()


def is_wellformed(typed: str) -> bool:
    """Whether something could be a code at all."""
    code = normalised(typed)
    return len(code) == LENGTH and all(sign in ALPHABET for sign in code)


def written(code: str) -> str:
    """Return a code set for reading: ABCDE-23456."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def throttle_name(typed: str) -> str:
    """Return the name under which tries of a code are counted, whether there is such a code or not."""
    return _code_hash(normalised(typed))


def _code_hash(code: str) -> str:
    return crypto.fingerprint("client_code", code)


def _year_hash(code: str, birth_year: int) -> str:
    return crypto.fingerprint("client_year", f"{code}|{birth_year}")
