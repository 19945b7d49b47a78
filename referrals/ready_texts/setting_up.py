"""Setting up a unit's ready texts, by the administrator or its lead; each change is written down."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from referrals.changes import Facts, changed
from referrals.ready_texts import operations
from referrals.ready_texts.models import ReadyText, Use
from servicetray.audit.operations import Actor
from servicetray.core.db import Texts

ADDED = 1000
"""Where a new text stands: after those that a unit began with; equal ones by their id."""


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What a text is for, and its words in each language."""

    kind_code: str | None
    """None for all kinds."""
    use: Use
    title: Texts
    body: Texts


def facts_of(row: ReadyText) -> Facts:
    """Return how a text stands. Of its body a mark alone: the log holds no texts that somebody wrote."""
    return {
        "unit": str(row.unit_id),
        "kind": row.kind_code or "",
        "use": row.use.value,
        "active": str(row.active),
        **{f"title_{code}": text for code, text in row.title.items()},
        **{f"body_{code}": _mark(text) for code, text in row.body.items()},
    }


def add(unit_id: uuid.UUID, wording: Wording, *, actor: Actor, now: dt.datetime) -> ReadyText:
    """Add a text to a unit.

    Raises:
        UnknownPlaceholderError: as ``operations.add``.
    """
    made = operations.add(
        unit_id=unit_id,
        kind_code=wording.kind_code,
        use=wording.use,
        title=wording.title,
        body=wording.body,
        position=ADDED,
    )
    changed("ready_text", made.id, {}, facts_of(made), actor=actor, now=now)
    return made


def change(row: ReadyText, wording: Wording, *, actor: Actor, now: dt.datetime) -> None:
    """Change a text; whether it is in use stays.

    Raises:
        UnknownPlaceholderError: as ``operations.change``.
    """
    _change(row, wording, active=row.active, actor=actor, now=now)


def set_active(row: ReadyText, *, active: bool, actor: Actor, now: dt.datetime) -> None:
    """Retire a text, or take it into use again."""
    same = Wording(kind_code=row.kind_code, use=row.use, title=row.title, body=row.body)
    _change(row, same, active=active, actor=actor, now=now)


def adopt(unit_id: uuid.UUID, *, actor: Actor, now: dt.datetime) -> Sequence[ReadyText]:
    """Give a unit the shared texts as its own, to be changed; once, else nothing."""
    made = operations.adopt(unit_id)
    for row in made:
        changed("ready_text", row.id, {}, facts_of(row), actor=actor, now=now)
    return made


def _change(row: ReadyText, wording: Wording, *, active: bool, actor: Actor, now: dt.datetime) -> None:
    before = facts_of(row)
    operations.change(
        row,
        kind_code=wording.kind_code,
        use=wording.use,
        title=wording.title,
        body=wording.body,
        active=active,
    )
    changed("ready_text", row.id, before, facts_of(row), actor=actor, now=now)


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
