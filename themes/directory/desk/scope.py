"""Whose content somebody keeps: editors of content everybody's, editors of a provider that provider's alone.

What is another provider's looks like what does not exist (NotFoundError).
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import Actor, record
from servicetray.core.access import Permission
from servicetray.core.db import db
from servicetray.core.errors import DomainError, NotFoundError
from themes.directory.models import Provider, ProviderEditor


class NotAnEditorError(DomainError):
    """There is no account, it is closed, or it has no role in which one edits for a provider."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The providers whose content a person keeps."""

    providers: frozenset[uuid.UUID] | None
    """None: of all, and what has no provider."""

    @property
    def is_all(self) -> bool:
        """Whether the person keeps everything."""
        return self.providers is None

    def holds(self, provider_id: uuid.UUID | None) -> bool:
        """Whether what this provider has is the person's to keep."""
        return self.providers is None or provider_id in self.providers

    def check(self, provider_id: uuid.UUID | None) -> None:
        """Raise NotFoundError where it is not."""
        if not self.holds(provider_id):
            raise NotFoundError(str(provider_id))


def scope_of(user: User) -> Scope:
    """Return what a person keeps."""
    if user.may(Permission.CONTENT_EDIT):
        return Scope(providers=None)
    own = db.session.scalars(select(ProviderEditor.provider_id).where(ProviderEditor.user_id == user.id))
    return Scope(providers=frozenset(own))


def may_edit(user: User) -> bool:
    """Whether an account is open and has a role in which one edits for a provider."""
    return user.active and user.may(Permission.PROVIDER_EDIT)


def editors_by_provider() -> Mapping[uuid.UUID, Sequence[uuid.UUID]]:
    """Return the accounts that edit each provider, those added first standing first."""
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    for row in db.session.execute(
        select(ProviderEditor.provider_id, ProviderEditor.user_id).order_by(
            ProviderEditor.provider_id, ProviderEditor.added_at, ProviderEditor.user_id
        )
    ):
        found.setdefault(row.provider_id, []).append(row.user_id)
    return found


def editors_of(provider_id: uuid.UUID) -> Sequence[User]:
    """Return the people who edit a provider, by name; those who have left too."""
    ids = db.session.scalars(
        select(ProviderEditor.user_id).where(ProviderEditor.provider_id == provider_id)
    ).all()
    found = [user for user_id in ids if (user := accounts.user(user_id)) is not None]
    return sorted(found, key=lambda user: (user.name, user.id))


def add_editor(provider_id: uuid.UUID, user: User | None, *, actor: Actor, now: dt.datetime) -> bool:
    """Let a person edit a provider; return whether they did not already.

    Raises:
        NotAnEditorError: there is no account, it is closed, or its roles don't let it edit for a provider.
    """
    if user is None or not may_edit(user):
        raise NotAnEditorError
    if db.session.get(ProviderEditor, (provider_id, user.id)) is not None:
        return False
    db.session.add(ProviderEditor(provider_id=provider_id, user_id=user.id, added_at=now))
    db.session.flush()
    _noted(provider_id, user.id, "editor_added", actor=actor, now=now)
    return True


def remove_editor(provider_id: uuid.UUID, user_id: uuid.UUID, *, actor: Actor, now: dt.datetime) -> bool:
    """Let a person edit a provider no longer; return whether they did."""
    row = db.session.get(ProviderEditor, (provider_id, user_id))
    if row is None:
        return False
    db.session.delete(row)
    db.session.flush()
    _noted(provider_id, user_id, "editor_removed", actor=actor, now=now)
    return True


def provider(provider_id: uuid.UUID) -> Provider:
    """Return a provider, whether residents see it or not; raise NotFoundError where there is none."""
    found = db.session.get(Provider, provider_id)
    if found is None:
        raise NotFoundError(str(provider_id))
    return found


def _noted(provider_id: uuid.UUID, user_id: uuid.UUID, what: str, *, actor: Actor, now: dt.datetime) -> None:
    record(
        Action.CONTENT_CHANGED,
        actor=actor,
        object_type="provider",
        object_id=provider_id,
        now=now,
        detail={"what": what, "user": str(user_id)},
    )
