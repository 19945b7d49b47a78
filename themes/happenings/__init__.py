"""What takes place: events and groups, by day and by place, in the resident's own calendar too."""

from flask import Flask
from flask_babel import lazy_pgettext as _lp


def init_app(app: Flask) -> None:
    """Register the pages, the editors' places, and the chore that makes dates in time."""
    # Imported here, so that the pure modules can be had without the web pages.
    from servicetray.core.access import Permission
    from servicetray.core.areas import CONTENT
    from servicetray.core.jobs import Chore, add_chore
    from servicetray.core.pages import NavEntry, add_navigation
    from themes.happenings import desk_views, views
    from themes.happenings.calendar import Files
    from themes.happenings.operations import extend_dates

    app.extensions[views.FILES] = Files()
    app.register_blueprint(views.blueprint)
    app.register_blueprint(desk_views.blueprint)
    add_chore(app, Chore(name="happenings.extend_dates", work=extend_dates))
    editors = frozenset({Permission.CONTENT_EDIT, Permission.PROVIDER_EDIT})
    add_navigation(
        app,
        NavEntry(
            endpoint="happenings_desk.events",
            label=_lp("staff navigation", "Events"),
            permissions=editors,
            position=70,
            under="happenings_desk.",
            told=("what", "tapahtumat"),
            area=CONTENT,
        ),
        NavEntry(
            endpoint="happenings_desk.groups",
            label=_lp("staff navigation", "Groups"),
            permissions=editors,
            position=71,
            under="happenings_desk.",
            told=("what", "ryhmat"),
            area=CONTENT,
        ),
    )
