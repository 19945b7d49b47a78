"""The figures: events, months frozen from them, tables and charts."""

from flask import Flask
from flask_babel import lazy_pgettext as _lp

from referrals.statistics import monthly, views
from referrals.statistics.commands import statistics_commands
from servicetray.core.access import Permission
from servicetray.core.jobs import add_job
from servicetray.core.pages import NavEntry, add_navigation


def init_app(app: Flask) -> None:
    """Register the pages, the monthly job and the commands."""
    app.register_blueprint(views.blueprint)
    app.cli.add_command(statistics_commands)
    add_job(app, monthly.job())
    add_navigation(
        app,
        NavEntry(
            endpoint="statistics.figures",
            label=_lp("staff navigation", "Figures"),
            permissions=frozenset({Permission.FIGURES_COUNTY, Permission.FIGURES_MUNICIPALITY}),
            position=60,
            under="statistics.",
        ),
    )
