"""A case as text to paste, and as a file, for the municipality's own client system."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages and the way to them from a case."""
    from referrals.municipality.copying_out import sections, views
    from referrals.municipality.inbox.case.sections import add_section

    app.register_blueprint(views.blueprint)
    add_section(app, sections.copy_out, position=90)
