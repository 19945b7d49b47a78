"""The places of the administration, each put there by the feature that has it.

A feature calls ``add_sections`` in its ``init_app`` and lets its pages extend ``layouts/administration.html``.
Its blueprint's name begins with ``administration_``, so that the main navigation knows where one is.
"""

from collections.abc import Sequence

from flask import Flask, current_app, request, url_for
from flask_login import current_user

from servicetray.core.pages import NavEntry, NavItem

_SECTIONS = "servicetray.administration.sections"


def add_sections(app: Flask, *entries: NavEntry) -> None:
    """Let a feature put its places into the administration's own navigation."""
    known: list[NavEntry] = app.extensions.setdefault(_SECTIONS, [])
    known.extend(entries)
    known.sort(key=lambda entry: entry.position)


def sections() -> Sequence[NavItem]:
    """Return the places of the administration that this person may go to, in order."""
    entries: list[NavEntry] = current_app.extensions.get(_SECTIONS, [])
    here = request.endpoint or ""
    return tuple(
        NavItem(
            label=entry.label,
            url=url_for(entry.endpoint),
            current=here == entry.endpoint or bool(entry.under and here.startswith(entry.under)),
        )
        for entry in entries
        if any(current_user.may(permission) for permission in entry.permissions)
    )
