"""Overseeing the log: its rows, a client's log report, what an account has seen, and an alert."""

from flask import Flask
from flask_babel import lazy_pgettext as _lp

from servicetray.core.access import Permission
from servicetray.core.jobs import Chore, add_chore
from servicetray.core.pages import NavEntry, add_navigation

_OFFICERS = frozenset({Permission.AUDIT_READ})


def init_app(app: Flask) -> None:
    """Register the pages, the command and the alert."""
    from referrals.log_report import alerts, views
    from referrals.log_report.commands import exposure_command
    from servicetray.audit.commands import audit_commands

    app.register_blueprint(views.blueprint)
    audit_commands.add_command(exposure_command)
    add_chore(app, Chore(name=alerts.NAME, work=alerts.watch))
    add_navigation(
        app,
        NavEntry(
            endpoint="log_report.log",
            label=_lp("staff navigation", "Log"),
            permissions=_OFFICERS,
            position=80,
        ),
        NavEntry(
            endpoint="log_report.look_up",
            label=_lp("staff navigation", "Log report"),
            permissions=_OFFICERS,
            position=81,
            under="log_report.client_report",
        ),
        NavEntry(
            endpoint="log_report.exposed",
            label=_lp("staff navigation", "What was seen"),
            permissions=_OFFICERS,
            position=82,
        ),
    )
