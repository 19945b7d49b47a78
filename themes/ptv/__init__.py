"""The national Finnish Service Catalogue (Palvelutietovaranto, PTV) as a source of the tray's content.

``v11`` and ``v12`` read the records of the open API's versions into one ``model``; ``sources`` fetches them from a
folder, ``http_source`` and ``v12_source`` over HTTP, each with its own version's adapter (``adapters``);
``jobs.import_from`` walks a source and writes what it finds through ``themes.directory.operations``. What is gone
from there is retired (``retiring``); what a run did, and why a service is not shown, editors read (``desk_views``).
"""

from flask import Flask
from flask_babel import lazy_pgettext as _lp


def init_app(app: Flask) -> None:
    """Register the command, and the editors' pages."""
    # Imported here, so that the pure modules can be had without the web pages.
    from servicetray.core.access import Permission
    from servicetray.core.areas import CONTENT
    from servicetray.core.pages import NavEntry, add_navigation
    from servicetray.core.settings import Parts, Settings
    from themes.ptv import desk_views
    from themes.ptv.commands import ptv

    settings = app.extensions["servicetray.settings"]
    assert isinstance(settings, Settings)
    app.cli.add_command(ptv)
    if settings.parts is Parts.CATALOGUE:
        # Nobody signs in to it.
        return
    app.register_blueprint(desk_views.blueprint)
    add_navigation(
        app,
        NavEntry(
            endpoint="import_desk.why",
            label=_lp("staff navigation", "Why is it not shown?"),
            permissions=frozenset({Permission.CONTENT_EDIT, Permission.PROVIDER_EDIT}),
            position=77,
            area=CONTENT,
        ),
        NavEntry(
            endpoint="import_desk.runs",
            label=_lp("staff navigation", "Imports"),
            permissions=frozenset({Permission.CONTENT_EDIT}),
            position=78,
            under="import_desk.run",
            area=CONTENT,
        ),
    )
