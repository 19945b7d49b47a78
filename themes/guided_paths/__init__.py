"""Löydä apua: guided paths from a few questions to self-care, a service or somebody to talk with.

The paths are data: files of the product under ``paths/``, and versions that editors have written.
"""

from flask import Flask
from flask_babel import lazy_pgettext as _lp


def init_app(app: Flask) -> None:
    """Register the residents' pages, the editors' desk and the checker."""
    # Imported here, so that the pure modules can be had without the web pages.
    from servicetray.core.access import Permission
    from servicetray.core.areas import CONTENT
    from servicetray.core.pages import NavEntry, add_navigation
    from themes.guided_paths import desk_views, views
    from themes.guided_paths.commands import paths

    app.register_blueprint(views.blueprint)
    app.register_blueprint(desk_views.blueprint)
    app.cli.add_command(paths)
    add_navigation(
        app,
        NavEntry(
            endpoint="paths_desk.listing",
            label=_lp("staff navigation", "Paths"),
            permissions=frozenset({Permission.CONTENT_EDIT}),
            position=74,
            under="paths_desk.",
            area=CONTENT,
        ),
    )
