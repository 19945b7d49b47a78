"""The tray: themes, the directory of services, and what fills and searches it. It holds no client data."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages and the commands of the tray."""
    # Imported here, so that a pure module of the tray can be had without its web pages.
    from servicetray.core import caching  # noqa: PLC0415
    from themes.directory.views import blueprint as directory  # noqa: PLC0415
    from themes.finding.views import blueprint as finding  # noqa: PLC0415
    from themes.ptv.commands import ptv  # noqa: PLC0415
    from themes.topics.views import blueprint as topics  # noqa: PLC0415
    from themes.wellbeing_card import init_app as wellbeing_card  # noqa: PLC0415

    caching.init_app(app)
    app.register_blueprint(topics)
    app.register_blueprint(directory)
    app.register_blueprint(finding)
    app.cli.add_command(ptv)
    wellbeing_card(app)
