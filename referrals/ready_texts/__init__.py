"""Texts that an adviser picks from: they fill a note, or are copied into a message or letter of the adviser's own.

Nothing is ever sent from here.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the page and its part of the case."""
    from referrals.municipality.inbox.case.sections import add_section
    from referrals.ready_texts import sections, views

    app.register_blueprint(views.blueprint)
    add_section(app, sections.ready_texts, position=40)
