"""Unfinished forms: sealed with the county's key, bound to their user and form, gone after 14 days."""

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, select
from werkzeug.datastructures import MultiDict

from referrals.county import operations, queries
from referrals.county.models import Draft, Referral
from referrals.county.queries import DRAFT_DAYS
from servicetray.accounts.queries import User
from servicetray.core import crypto
from servicetray.core.db import db, transaction
from servicetray.core.errors import NotFoundError

Typed = Mapping[str, Sequence[str]]
"""What was typed, by field: names of the form to values."""


@dataclass(frozen=True, kw_only=True)
class DraftRow:
    """An unfinished form as its user's list shows it."""

    form_key: uuid.UUID
    kind_code: str
    name: str
    """Of the client, as far as it was typed; empty for a protected one."""
    protected: bool
    saved_at: dt.datetime
    kept_until: dt.datetime


def save(form_key: uuid.UUID, typed: Typed, *, kind_code: str, actor: User, now: dt.datetime) -> None:
    """Keep what was typed, inside the caller's transaction; what is kept already is not written again.

    Raises:
        NotFoundError: if a form of somebody else has this key.
    """
    earlier = db.session.get(Draft, form_key)
    if earlier is not None:
        if earlier.user_id != actor.id:
            raise NotFoundError
        if earlier.kind_code != kind_code:
            # The same form, gone on as another kind: a draft is of one kind.
            operations.erase_draft(form_key, actor=actor)
        elif _unsealed(earlier, actor) == {name: list(values) for name, values in typed.items()}:
            return
    plain = json.dumps({name: list(values) for name, values in typed.items()}, ensure_ascii=False)
    sealed = crypto.seal(crypto.COUNTY, plain.encode(), _context(form_key, actor))
    operations.save_draft(form_key, kind_code=kind_code, sealed=sealed, actor=actor, now=now)


def opened(
    form_key: uuid.UUID, *, kind_code: str, user: User, now: dt.datetime
) -> MultiDict[str, str] | None:
    """Return what a person typed into a form of their own, or None if there is no such draft."""
    row = queries.draft(form_key, user=user)
    if row is None or row.kind_code != kind_code or row.saved_at <= _oldest(now):
        return None
    typed = _unsealed(row, user)
    return MultiDict((name, value) for name, values in typed.items() for value in values)


def drafts_of(user: User, *, now: dt.datetime) -> Sequence[DraftRow]:
    """Return a person's unfinished forms, the latest first."""
    rows = db.session.scalars(
        select(Draft)
        .where(Draft.user_id == user.id, Draft.saved_at > _oldest(now), ~_sent())
        .order_by(Draft.saved_at.desc(), Draft.form_key)
    ).all()
    return tuple(_row(row, _unsealed(row, user)) for row in rows)


def erase(form_key: uuid.UUID, *, user: User) -> bool:
    """Erase a person's own draft, inside the caller's transaction; tell whether there was one."""
    if queries.draft(form_key, user=user) is None:
        return False
    operations.erase_draft(form_key, actor=user)
    return True


def erase_old(now: dt.datetime) -> int:
    """Erase what has been kept long enough, or was sent meanwhile; return how many drafts went."""
    with transaction() as session:
        old = session.scalars(
            select(Draft).where(or_(Draft.saved_at <= _oldest(now), _sent())).order_by(Draft.form_key)
        ).all()
        for row in old:
            session.delete(row)
    return len(old)


def _row(row: Draft, typed: dict[str, list[str]]) -> DraftRow:
    protected = bool(typed.get("protected"))
    names = [*typed.get("first_name", []), *typed.get("last_name", [])]
    return DraftRow(
        form_key=row.form_key,
        kind_code=row.kind_code,
        name="" if protected else " ".join(names),
        protected=protected,
        saved_at=row.saved_at,
        kept_until=row.saved_at + dt.timedelta(days=DRAFT_DAYS),
    )


def _unsealed(row: Draft, user: User) -> dict[str, list[str]]:
    plain = crypto.unseal(crypto.COUNTY, row.sealed, _context(row.form_key, user))
    typed: dict[str, list[str]] = json.loads(plain)
    return typed


def _context(form_key: uuid.UUID, user: User) -> str:
    # The user is part of it: a row moved to somebody else can't be opened.
    return f"draft:{form_key}:{user.id}"


def _sent() -> ColumnElement[bool]:
    # A save on its way when the form was sent may arrive after it: such a draft is nobody's any more.
    return exists().where(Referral.form_key == Draft.form_key)


def _oldest(now: dt.datetime) -> dt.datetime:
    return now - dt.timedelta(days=DRAFT_DAYS)
