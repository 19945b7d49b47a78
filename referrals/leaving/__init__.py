"""Off-boarding: what leavers and closing units leave in the queue, for whoever administers people."""

from flask import Flask

from referrals.leaving.checks import held_by_person, left_in_unit, tell_leads
from servicetray.accounts.administration.remains import (
    add_closing_check,
    add_farewell,
    add_leaving_check,
)


def init_app(app: Flask) -> None:
    """Answer the administration's questions, and register the page that hands on."""
    from referrals.leaving import views

    app.register_blueprint(views.blueprint)
    add_leaving_check(app, held_by_person)
    add_closing_check(app, left_in_unit)
    add_farewell(app, tell_leads)
