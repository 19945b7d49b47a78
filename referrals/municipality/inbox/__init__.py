"""The adviser's screens: what has come, whose it is, and the work with one client."""

from flask import Flask
from flask_babel import lazy_pgettext as _p

from referrals.municipality import sealed
from referrals.municipality.inbox import assigning_views as assigning_views
from referrals.municipality.inbox import offer_views as offer_views
from referrals.municipality.inbox import referral_views as referral_views
from referrals.municipality.inbox.case import client_views as client_views
from referrals.municipality.inbox.case import move_views as move_views
from referrals.municipality.inbox.case import views
from servicetray.core import crypto
from servicetray.core.access import Permission
from servicetray.core.pages import NavEntry, add_navigation


def init_app(app: Flask) -> None:
    """Register the screens and their place in the navigation."""
    # The views of one case stand on the same blueprint.
    app.register_blueprint(views.blueprint)
    crypto.register(*sealed.COLUMNS)
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
