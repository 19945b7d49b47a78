"""The meetings of the network: the figures since the last one, the municipalities' news, agenda and minutes."""

from flask import Flask
from flask_babel import lazy_pgettext as _lp

from referrals.meetings.views import blueprint
from servicetray.core.access import Permission
from servicetray.core.pages import NavEntry, add_navigation


def init_app(app: Flask) -> None:
    """Register the pages and their place in the navigation."""
    app.register_blueprint(blueprint)
    add_navigation(
        app,
        NavEntry(
            endpoint="meetings.meetings",
            label=_lp("staff navigation", "Meetings"),
            permissions=frozenset({Permission.MEETING_VIEW}),
            position=64,
            under="meetings.",
        ),
    )
