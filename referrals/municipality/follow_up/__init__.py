"""Following up how the client is doing, where they agreed: at the start and after 3, 6 and 12 months."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the page and its part of the case."""
    # Imported here: the operations of a case lay the points out, and need none of the web.
    from referrals.municipality.follow_up import due_views, sections
    from referrals.municipality.follow_up.models import FollowUp
    from referrals.municipality.inbox.case.sections import add_section
    from servicetray.core import crypto

    # The page of one case and the list of all that are due stand on one blueprint.
    app.register_blueprint(due_views.blueprint)
    add_section(app, sections.follow_up, position=30)
    crypto.register(
        crypto.SealedColumn(model=FollowUp, column="sealed", context_of=lambda row: f"follow_up:{row.id}")
    )
