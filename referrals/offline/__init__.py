"""Working while the service can't be reached: blank forms to print and to keep."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages and the command."""
    # Read for its views, which are on the same blueprint.
    from referrals.offline import (
        paper_views as paper_views,
    )
    from referrals.offline import (
        returned_views as returned_views,
    )
    from referrals.offline import views
    from referrals.offline.commands import blank_forms

    app.register_blueprint(views.blueprint)
    app.cli.add_command(blank_forms)
