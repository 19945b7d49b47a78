"""Feedback on services and on the site: given without an account, answered in time."""

from flask import Flask
from flask_babel import lazy_pgettext as _lp


def init_app(app: Flask) -> None:
    """Register the form, the editors' queue, the reminder and the erasure."""
    # Imported here, so that the pure modules can be had without the web pages.
    from servicetray.core import crypto
    from servicetray.core.access import Permission
    from servicetray.core.areas import CONTENT
    from servicetray.core.jobs import Chore, add_chore
    from servicetray.core.pages import NavEntry, add_navigation
    from servicetray.core.settings import Parts, Settings
    from themes.feedback import desk_views, operations, sealed, views

    settings = app.extensions["servicetray.settings"]
    assert isinstance(settings, Settings)
    crypto.register(*sealed.COLUMNS)
    if settings.parts is Parts.CATALOGUE:
        # It may neither seal nor see who works here: its pages give the address to write to.
        return
    app.register_blueprint(views.blueprint)
    app.register_blueprint(desk_views.blueprint)
    add_chore(app, Chore(name="feedback.remind", work=operations.remind))
    add_chore(app, Chore(name="feedback.erase_contacts", work=operations.erase_contacts))
    add_chore(app, Chore(name="feedback.erase_old", work=operations.erase_old))
    add_navigation(
        app,
        NavEntry(
            endpoint="feedback_desk.queue",
            label=_lp("staff navigation", "Feedback"),
            permissions=frozenset({Permission.CONTENT_EDIT}),
            position=75,
            under="feedback_desk.",
            area=CONTENT,
        ),
    )
