"""The monthly report that makes itself: from frozen months, with sentences made from their numbers."""

from flask import Flask
from flask_babel import lazy_pgettext as _lp

from servicetray.core.access import Permission
from servicetray.core.areas import FIGURES
from servicetray.core.jobs import add_job
from servicetray.core.pages import NavEntry, add_navigation


def init_app(app: Flask) -> None:
    """Register the pages and the job, which runs after the one that freezes the month."""
    # Imported here, so that the sentences can be had without the web and the database.
    from referrals.statistics.report import groups, making, tray, views
    from referrals.statistics.report.sections import add_section

    app.register_blueprint(views.blueprint)
    add_job(app, making.job())
    add_section(app, tray.section())
    add_section(app, groups.section())
    add_navigation(
        app,
        NavEntry(
            endpoint="report.reports",
            label=_lp("staff navigation", "Monthly reports"),
            permissions=frozenset({Permission.FIGURES_COUNTY, Permission.FIGURES_MUNICIPALITY}),
            position=62,
            under="report.",
            area=FIGURES,
        ),
    )
