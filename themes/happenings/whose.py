"""Whose events and groups somebody keeps: an editor of a provider sees and changes that provider's alone."""

import uuid
from collections.abc import Sequence

from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import User
from servicetray.accounts.sessions import who
from themes.directory import queries as directory
from themes.directory.desk.scope import editors_of, scope_of
from themes.happenings import desk_queries, queries
from themes.happenings.desk_queries import DeskRow
from themes.happenings.models import Happening, Kind


def required(happening_id: uuid.UUID, *, kind: Kind, lock: bool = False) -> Happening:
    """Return an event or group that the person at the keyboard keeps; raise NotFoundError for any other id."""
    found = queries.required(happening_id, kind=kind, lock=lock)
    scope_of(who()).check(found.provider_id)
    return found


def listed(kind: Kind) -> Sequence[DeskRow]:
    """Return the events or groups that the person keeps, those that begin last first."""
    return desk_queries.for_desk(kind, providers=scope_of(who()).providers)


def providers(language: str) -> Sequence[tuple[uuid.UUID, str]]:
    """Return the providers that the person may choose, with their names."""
    scope = scope_of(who())
    return [(key, name) for key, name in directory.all_providers(language) if scope.holds(key)]


def leader(email: str, it: Happening | None) -> User | None:
    """Return whom a group's form names as its leader, or None where that can't be.

    A leader sees who has enrolled. Editors of content name anybody who works here; an editor of a provider names
    whoever leads the group already, or somebody who edits for the same providers.
    """
    found = accounts.user_by_email(email)
    if found is None or not found.active:
        return None
    scope = scope_of(who())
    if scope.providers is None or (it is not None and it.leader_id == found.id):
        return found
    colleagues = {user.id for key in scope.providers for user in editors_of(key)}
    return found if found.id in colleagues else None
