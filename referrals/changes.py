"""Writing down what somebody set up, with what it was before: one row of the audit log, without clients."""

import datetime as dt
import hashlib
from collections.abc import Mapping

from servicetray.audit.events import Action
from servicetray.audit.operations import Actor, record

Facts = Mapping[str, str]
"""What can be set of one thing, in plain words: ``{"languages": "fi,sv"}``."""


def changed(
    what: str, object_id: object, before: Facts, after: Facts, *, actor: Actor | None, now: dt.datetime
) -> None:
    """Record a change of the setting up: what differs, as "before → after". Nothing is written where nothing does."""
    differs = {
        name: f"{before.get(name, '')} → {after.get(name, '')}"
        for name in {**before, **after}
        if before.get(name, "") != after.get(name, "")
    }
    if differs:
        record(
            Action.SETUP_CHANGED,
            actor=actor,
            object_type=what,
            object_id=object_id,
            now=now,
            detail=differs,
        )


def mark_of(facts: Facts) -> str:
    """Return a short mark of how something stood when a form was shown: two people's changes never mix."""
    told = "\n".join(f"{name}={value}" for name, value in sorted(facts.items()))
    return hashlib.sha256(told.encode()).hexdigest()[:32]
