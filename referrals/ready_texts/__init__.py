"""Texts that an adviser picks from: they fill a note, or are copied into a message or letter of the adviser's own.

Nothing is ever sent from here.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the page and its part of the case."""
    from referrals.municipality.inbox.case.sections import add_section  # noqa: PLC0415 - what works without pages needs none of these
    from referrals.ready_texts import sections, views  # noqa: PLC0415 - what works without pages needs none of these

    app.register_blueprint(views.blueprint)
    add_section(app, sections.ready_texts, position=40)
