"""How the tray is used: numbers by day, without cookies, identifiers or addresses."""

from flask import Flask
from flask_babel import lazy_pgettext as _lp


def init_app(app: Flask) -> None:
    """Register the figures of usage and count pages in front of every cache; so it is called last."""
    # Imported here, so that the pure modules can be had without the web pages.
    from servicetray.core.access import Permission
    from servicetray.core.areas import FIGURES
    from servicetray.core.jobs import Chore, add_chore
    from servicetray.core.pages import NavEntry, add_navigation
    from servicetray.usage import counting, operations, outbound, views

    operations.init_app(app)
    counting.init_app(app)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(views.links)
    app.jinja_env.globals["outward"] = outbound.outward
    add_chore(app, Chore(name="usage.forget_old", work=operations.forget_old))
    add_navigation(
        app,
        NavEntry(
            endpoint="usage.figures",
            label=_lp("staff navigation", "Usage"),
            permissions=frozenset({Permission.FIGURES_COUNTY, Permission.CONTENT_EDIT}),
            position=63,
            under="usage.",
            area=FIGURES,
        ),
    )
