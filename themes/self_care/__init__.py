"""Self-care programmes of our own, read step by step. Nobody is asked who reads; the reader keeps the place."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages."""
    # Imported here, so that the pure modules can be had without the web pages.
    from themes.self_care.views import blueprint

    app.register_blueprint(blueprint)
