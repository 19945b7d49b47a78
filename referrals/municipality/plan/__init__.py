"""The client's plan: goals and steps in their own words, and services of the tray."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages and their part of the case."""
    # Imported here: erasing calls the operations, and needs none of the web.
    from referrals.municipality.inbox.case.sections import add_section  # noqa: PLC0415 - what works without pages needs none of these
    from referrals.municipality.plan import sections, views  # noqa: PLC0415 - what works without pages needs none of these
    from referrals.municipality.plan.models import PlanLine  # noqa: PLC0415 - what works without pages needs none of these
    from servicetray.core import crypto  # noqa: PLC0415 - what works without pages needs none of these

    app.register_blueprint(views.blueprint)
    add_section(app, sections.plan, position=20)
    crypto.register(
        crypto.SealedColumn(model=PlanLine, column="sealed", context_of=lambda row: f"plan_line:{row.id}")
    )
