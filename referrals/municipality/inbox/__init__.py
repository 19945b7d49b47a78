"""The adviser's screens: what has come, whose it is, and the work with one client."""

from flask import Flask
from flask_babel import lazy_pgettext as _p

from referrals.municipality import sealed
from referrals.municipality.inbox import (
    assigning_views,
    languages,
    offer_views,
    referral_client_views,
    referral_views,
)
from referrals.municipality.inbox.case import client_views, move_views
from referrals.municipality.inbox.case import views as case_views
from referrals.municipality.inbox.views import blueprint
from servicetray.core import crypto
from servicetray.core.access import Permission
from servicetray.core.pages import NavEntry, add_navigation

__all__ = [
    "assigning_views",
    "case_views",
    "client_views",
    "init_app",
    "move_views",
    "offer_views",
    "referral_client_views",
    "referral_views",
]
"""The modules of views are imported so that they stand on the blueprint."""


def init_app(app: Flask) -> None:
    """Register the screens and their place in the navigation."""
    # All these views stand on one blueprint.
    app.register_blueprint(blueprint)
    crypto.register(*sealed.COLUMNS)
    languages.init_app(app)
    add_navigation(
        app,
        NavEntry(
            endpoint="inbox.inbox",
            label=_p("staff navigation", "Referrals"),
            permissions=frozenset({Permission.INBOX_WORK}),
            position=30,
            under="inbox.",
        ),
    )
