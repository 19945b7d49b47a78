"""How many places of a group are taken: whoever keeps the enrolments says so; nobody does where none are kept."""

import uuid
from collections.abc import Callable, Collection, Mapping

from flask import Flask, current_app

Count = Callable[[Collection[uuid.UUID]], Mapping[uuid.UUID, int]]
"""Returns the places taken by group id; a group that is left out has none."""

_COUNT = "servicetray.happenings.places"


def register(app: Flask, count: Count) -> None:
    """Let the feature that keeps enrolments tell how many places are taken. One alone does."""
    app.extensions[_COUNT] = count


def taken(group_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    """Return the places taken by group id; 0 for all where nobody keeps enrolments."""
    count: Count | None = current_app.extensions.get(_COUNT)
    known = count(group_ids) if count is not None and group_ids else {}
    return {group_id: known.get(group_id, 0) for group_id in group_ids}
