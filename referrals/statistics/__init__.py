"""The figures: events, months frozen from them, tables and charts."""

from flask import Flask
from flask_babel import lazy_pgettext as _lp

from referrals.statistics import monthly, overdue, report
from referrals.statistics.commands import statistics_commands
from referrals.statistics.public import views as public
from referrals.statistics.staff import views as staff
from servicetray.core.access import Permission
from servicetray.core.areas import FIGURES
from servicetray.core.jobs import add_job
from servicetray.core.pages import NavEntry, add_navigation


def init_app(app: Flask) -> None:
    """Register the pages, the monthly job and the commands."""
    app.register_blueprint(public.blueprint)
    app.register_blueprint(staff.blueprint)
    app.cli.add_command(statistics_commands)
    add_job(app, monthly.job())
    add_job(app, overdue.job())
    add_navigation(
        app,
        NavEntry(
            endpoint="staff_figures.figures",
            label=_lp("staff navigation", "Exact figures"),
            permissions=frozenset({Permission.FIGURES_COUNTY, Permission.FIGURES_MUNICIPALITY}),
            position=60,
            under="staff_figures.",
            area=FIGURES,
        ),
    )
    # Its job comes after the one that freezes the month.
    report.init_app(app)
