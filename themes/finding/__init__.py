"""The search page: words, a place, and the services that answer them; and the editors' words of the search."""

from flask import Flask
from flask_babel import lazy_pgettext as _lp


def init_app(app: Flask) -> None:
    """Register the search, its suggestions and the editors' page."""
    # Imported here, so that the pure modules can be had without the web pages.
    from servicetray.core.access import Permission
    from servicetray.core.areas import CONTENT
    from servicetray.core.pages import NavEntry, add_navigation
    from themes.finding import desk_views, views
    from themes.finding.commands import rebuild_command

    app.register_blueprint(views.blueprint)
    app.register_blueprint(desk_views.blueprint)
    app.cli.add_command(rebuild_command)
    add_navigation(
        app,
        NavEntry(
            endpoint="search_desk.words",
            label=_lp("staff navigation", "Words of the search"),
            permissions=frozenset({Permission.CONTENT_EDIT}),
            position=73,
            under="search_desk.",
            area=CONTENT,
        ),
    )
