"""The figures: events, months frozen from them, tables and charts."""

from flask import Flask

from referrals.statistics import monthly
from referrals.statistics.commands import statistics_commands
from servicetray.core.jobs import add_job


def init_app(app: Flask) -> None:
    """Register the monthly job and the commands."""
    add_job(app, monthly.job())
    app.cli.add_command(statistics_commands)
