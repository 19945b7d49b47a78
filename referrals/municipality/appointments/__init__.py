"""Appointments of a case: agreed, held, missed, moved; and the adviser's own calendar file."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the page and its part of the case."""
    # Imported here: the operations of a case settle its appointments, and need none of the web.
    from referrals.municipality.appointments import sections, views
    from referrals.municipality.appointments.models import Appointment
    from referrals.municipality.inbox.case.sections import add_section
    from servicetray.core import crypto

    app.register_blueprint(views.blueprint)
    add_section(app, sections.appointment, position=10)
    crypto.register(
        crypto.SealedColumn(
            model=Appointment, column="sealed_place", context_of=lambda row: f"appointment:{row.id}"
        )
    )
