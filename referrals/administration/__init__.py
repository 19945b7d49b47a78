"""Administration of the queue: who receives what and when, kinds, target times, texts; and nothing of clients."""

from flask import Flask
from flask_babel import lazy_pgettext as _p

from servicetray.accounts.administration.sections import add_sections
from servicetray.core.access import Permission
from servicetray.core.pages import NavEntry


def init_app(app: Flask) -> None:
    """Register the pages and their places in the administration's navigation."""
    from referrals.administration import (
        absence_views,
        catchment_views,
        consent_views,
        kind_views,
        ready_text_views,
        target_views,
    )

    both = frozenset({Permission.SETUP_MANAGE, Permission.INBOX_LEAD})
    setup = frozenset({Permission.SETUP_MANAGE})
    for views, endpoint, label, who, position in (
        (catchment_views, "listed", _p("administration", "Catchments"), both, 50),
        (absence_views, "listed", _p("administration", "Absences"), both, 55),
        (ready_text_views, "listed", _p("administration", "Ready texts"), both, 57),
        (kind_views, "listed", _p("administration", "Kinds and reasons"), setup, 60),
        (consent_views, "listed", _p("administration", "Consent texts"), setup, 65),
        (target_views, "listed", _p("administration", "Target times"), setup, 70),
    ):
        blueprint = views.blueprint
        app.register_blueprint(blueprint)
        add_sections(
            app,
            NavEntry(
                endpoint=f"{blueprint.name}.{endpoint}",
                label=label,
                permissions=who,
                position=position,
                under=f"{blueprint.name}.",
            ),
        )
