"""Messages that have not left, shown to those who lead the units that they concern."""

from flask import Flask
from flask_babel import lazy_pgettext as _p

from referrals.undelivered.views import blueprint
from servicetray.core.access import Permission
from servicetray.core.pages import NavEntry, add_navigation


def init_app(app: Flask) -> None:
    """Register the page and its place in the navigation."""
    app.register_blueprint(blueprint)
    add_navigation(
        app,
        NavEntry(
            endpoint="undelivered.messages",
            label=_p("staff navigation", "Messages"),
            permissions=frozenset({Permission.INBOX_LEAD}),
            position=50,
            under="undelivered.",
        ),
    )
