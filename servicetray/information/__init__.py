"""Pages about the service itself: accessibility, data protection, instructions, what this is."""

from flask import Flask

from servicetray.information.views import blueprint


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
