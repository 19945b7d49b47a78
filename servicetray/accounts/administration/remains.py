"""What is left behind by a person who leaves or a unit that closes, as the features that know it say.

Accounts stand below the features that hold clients' affairs; those register here what they ask of them. Numbers
and names of units alone ever come back: whoever administers people sees no client.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, current_app

from servicetray.accounts.models import User
from servicetray.audit.operations import Actor
from servicetray.core.pages import Text


@dataclass(frozen=True, kw_only=True)
class Remaining:
    """One thing that is left: what, how many, and who can see to it."""

    what: Text
    how: Text
    url: str = ""
    """Where the administrator sees to it; empty where somebody else does, or nobody can."""
    way: Text = ""
    """The words of that link."""


Check = Callable[[uuid.UUID, dt.datetime], Sequence[Remaining]]
"""Given a person's or a unit's id and the time: what is left."""
Farewell = Callable[[User, Actor | None, dt.datetime], None]
"""Given who has just been let go, by whom (None: at the command line) and when: tells those who must see to what is left."""

_LEAVING = "servicetray.administration.leaving"
_CLOSING = "servicetray.administration.closing"
_FAREWELLS = "servicetray.administration.farewells"


def add_leaving_check(app: Flask, check: Check) -> None:
    """Let a feature say what a person still holds."""
    app.extensions.setdefault(_LEAVING, []).append(check)


def add_closing_check(app: Flask, check: Check) -> None:
    """Let a feature say what keeps a unit from being closed."""
    app.extensions.setdefault(_CLOSING, []).append(check)


def add_farewell(app: Flask, tell: Farewell) -> None:
    """Let a feature act when an account is closed, in the same transaction."""
    app.extensions.setdefault(_FAREWELLS, []).append(tell)


def held_by(user_id: uuid.UUID, *, now: dt.datetime) -> Sequence[Remaining]:
    """Return what a person still holds."""
    return _asked(_LEAVING, user_id, now)


def left_in(unit_id: uuid.UUID, *, now: dt.datetime) -> Sequence[Remaining]:
    """Return what keeps a unit from being closed."""
    return _asked(_CLOSING, unit_id, now)


def say_farewell(user: User, *, actor: Actor | None, now: dt.datetime) -> None:
    """Let every feature act on an account that is being closed."""
    farewells: list[Farewell] = current_app.extensions.get(_FAREWELLS, [])
    for tell in farewells:
        tell(user, actor, now)


def _asked(name: str, object_id: uuid.UUID, now: dt.datetime) -> Sequence[Remaining]:
    checks: list[Check] = current_app.extensions.get(name, [])
    return tuple(found for check in checks for found in check(object_id, now))
