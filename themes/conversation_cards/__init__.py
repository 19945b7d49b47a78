"""Conversation cards (puheeksi): short texts that help a professional to raise exercise or culture with a client."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages."""
    # Imported here, so that the pure modules can be had without the web pages.
    from themes.conversation_cards.views import blueprint

    app.register_blueprint(blueprint)
