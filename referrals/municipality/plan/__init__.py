"""The client's plan: goals and steps in their own words, and services of the tray."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages and their part of the case."""
    # Imported here: erasing calls the operations, and needs none of the web.
    from referrals.municipality.inbox.case.sections import add_section
    from referrals.municipality.plan import sections, views
    from referrals.municipality.plan.models import PlanLine
    from servicetray.core import crypto

    app.register_blueprint(views.blueprint)
    add_section(app, sections.plan, position=20)
    crypto.register(
        crypto.SealedColumn(model=PlanLine, column="sealed", context_of=lambda row: f"plan_line:{row.id}")
    )
