"""The client's rights, as the data protection officers see to them, and the records of breaches."""

from flask import Flask
from flask_babel import lazy_pgettext as _lp

from servicetray.core import crypto
from servicetray.core.access import Permission
from servicetray.core.jobs import Chore, add_chore
from servicetray.core.pages import NavEntry, add_navigation

_OFFICERS = frozenset({Permission.RIGHTS_MANAGE})


def init_app(app: Flask) -> None:
    """Register the pages, their places in the navigation and the sealed column."""
    from referrals.rights import (
        breach_views,
        decisions,
        parts_held,
        views,
    )
    from referrals.rights.models import Rectification

    crypto.register(
        crypto.SealedColumn(
            model=Rectification, column="sealed", context_of=lambda row: f"rectification:{row.id}"
        )
    )
    parts_held.register()
    add_chore(app, Chore(name="rights.write_decisions", work=decisions.write_log))
    app.register_blueprint(views.blueprint)
    app.register_blueprint(breach_views.blueprint)
    views.register_errors(app)
    add_navigation(
        app,
        NavEntry(
            endpoint="rights.look_up",
            label=_lp("staff navigation", "Client’s rights"),
            permissions=_OFFICERS,
            position=83,
            under="rights.",
        ),
        NavEntry(
            endpoint="breaches.breaches",
            label=_lp("staff navigation", "Data breaches"),
            permissions=_OFFICERS,
            position=84,
            under="breaches.",
        ),
    )
