"""Nothing typed is lost: a form posted after its sign-in had lapsed waits, sealed, for its own user.

The door turns the request away. The cookie still carries the sign-in that lapsed, and the form's token fits it: that
is enough to keep what was posted for that user, for an hour, and for nothing else. After signing in, the same
person gets a page that sends it again with one press; whoever else signs in on this computer instead makes it gone.
"""

import datetime as dt
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, request, session
from flask_login import current_user
from sqlalchemy import delete, select

from servicetray.accounts.models import KeptForm, User
from servicetray.accounts.operations import CONTROLLER
from servicetray.accounts.sign_ins import lapsed_user
from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.core import access, clock, crypto
from servicetray.core.db import db, transaction
from servicetray.core.security import UNSAFE

LIVES = dt.timedelta(hours=1)
MOST_OF_A_PERSON = 5
IN_SESSION = "kept_form"
FIELD = "kept_form"
"""Name of the hidden field by which a form that is sent again says where it was kept."""
OWN_WAY = frozenset({"sending.create"})
"""Forms that keep themselves, in a way of their own (drafts of referrals last longer)."""
OURS = frozenset({"accounts", "own", "oidc", "kept"})
"""Blueprints whose forms hold passwords and codes: never kept."""
CSRF = "csrf_token"
SEE_OTHER, UNPROCESSABLE, BAD_REQUEST = 303, 422, 400

Fields = Sequence[tuple[str, str]]
Cleaner = Callable[[str], str]
_CLEANERS = "servicetray.kept_forms"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A form that waits for its user."""

    id: uuid.UUID
    path: str
    """Where it was going, query included, language not."""
    fields: Fields
    kept_at: dt.datetime


def add_cleaner(app: Flask, cleaner: Cleaner) -> None:
    """Let a feature take out of each text what must not be kept, such as identity codes."""
    app.extensions.setdefault(_CLEANERS, []).append(cleaner)


def cleaned(fields: Fields) -> Fields:
    """Return fields without the token, each value cleaned."""
    cleaners: list[Cleaner] = current_app.extensions.get(_CLEANERS, [])
    kept = []
    for name, value in fields:
        if name in {CSRF, FIELD}:
            continue
        for cleaner in cleaners:
            value = cleaner(value)  # noqa: PLW2901 - each cleans what the one before has left
        kept.append((name, value))
    return kept


def posted() -> Fields:
    """Return the fields of the form that was posted, in order."""
    return cleaned(list(request.form.items(multi=True)))


def path_here() -> str:
    """Return where this request was going, query included, language not."""
    return request.full_path.rstrip("?")


def keep(user: User, *, path: str, fields: Fields, now: dt.datetime) -> uuid.UUID:
    """Keep a form for its user, the last five of each."""
    kept_id = uuid.uuid4()
    plain = json.dumps({"path": path, "fields": fields}, ensure_ascii=False).encode()
    sealed = crypto.seal(CONTROLLER, plain, _context(kept_id, user.id))
    older = db.session.scalars(
        select(KeptForm.id)
        .where(KeptForm.user_id == user.id)
        .order_by(KeptForm.kept_at.desc(), KeptForm.id)
        .offset(MOST_OF_A_PERSON - 1)
    ).all()
    db.session.execute(delete(KeptForm).where(KeptForm.id.in_(older)))
    db.session.add(KeptForm(id=kept_id, user_id=user.id, sealed=sealed, kept_at=now))
    db.session.flush()
    record(Action.DRAFT_SAVED, actor=user, object_type="kept_form", object_id=kept_id, now=now)
    return kept_id


def kept(kept_id: uuid.UUID, *, user: User, now: dt.datetime) -> Kept | None:
    """Return a person's own form that waits, or None."""
    row = db.session.get(KeptForm, kept_id)
    if row is None or row.user_id != user.id or row.kept_at <= now - LIVES:
        return None
    found: Mapping[str, Any] = json.loads(crypto.unseal(CONTROLLER, row.sealed, _context(kept_id, user.id)))
    return Kept(
        id=row.id,
        path=found["path"],
        fields=tuple((name, value) for name, value in found["fields"]),
        kept_at=row.kept_at,
    )


def waits_for(kept_id: uuid.UUID, *, user: User, now: dt.datetime) -> bool:
    """Whether a form waits for this person; somebody else's is erased: they share a computer, not a form."""
    row = db.session.get(KeptForm, kept_id)
    if row is None:
        return False
    if row.user_id != user.id:
        db.session.delete(row)
        return False
    return row.kept_at > now - LIVES


def erase(kept_id: uuid.UUID, *, user: User) -> bool:
    """Erase a person's own form; return whether there was one."""
    gone = db.session.scalars(
        delete(KeptForm)
        .where(KeptForm.id == kept_id, KeptForm.user_id == user.id)
        .returning(KeptForm.id)
        .execution_options(synchronize_session=False)
    )
    return gone.first() is not None


def erase_old(now: dt.datetime) -> int:
    """Erase what has waited for an hour; return how many forms went."""
    with transaction() as db_session:
        gone = db_session.scalars(
            delete(KeptForm)
            .where(KeptForm.kept_at <= now - LIVES)
            .returning(KeptForm.id)
            .execution_options(synchronize_session=False)
        )
        return len(gone.all())


def init_app(app: Flask) -> None:
    """Keep what the door turns away, and let go of what was sent again."""
    app.after_request(_keep_lapsed)
    app.after_request(_let_go)


def _keep_lapsed(response: Response) -> Response:
    if request.method not in UNSAFE or response.status_code != SEE_OTHER or not is_keepable():
        return response
    if request.endpoint in OWN_WAY or current_user.is_authenticated:
        return response
    token = session.get("_user_id")
    user = lapsed_user(str(token)) if token else None
    if user is None:
        return response
    user_id, path, fields = user.id, path_here(), posted()
    with transaction() as db_session:
        owner = db_session.get(User, user_id)
        if owner is not None and fields:
            session[IN_SESSION] = str(keep(owner, path=path, fields=fields, now=clock.now()))
    return response


def is_keepable() -> bool:
    """Whether this request is a form of a page behind a door, sent by a press of its button."""
    return (
        not access.is_public(request.endpoint)
        and request.blueprint not in OURS
        # A script that saves in the background keeps what it has in its page.
        and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    )


def _let_go(response: Response) -> Response:
    taken = response.status_code < BAD_REQUEST or response.status_code == UNPROCESSABLE
    if request.method not in UNSAFE or not taken or not is_keepable() or FIELD not in request.form:
        return response
    if current_user.is_authenticated:
        try:
            kept_id = uuid.UUID(request.form[FIELD])
        except ValueError:
            return response
        user_id = current_user.id
        with transaction() as db_session:
            erase(kept_id, user=db_session.get_one(User, user_id))
    return response


def _context(kept_id: uuid.UUID, user_id: uuid.UUID) -> str:
    # The user is part of it: a row moved to somebody else can't be opened.
    return f"kept_form:{kept_id}:{user_id}"
