"""Enrolling in the groups of the tray: without an account, with a waiting list, and who came."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register pages, chores and the sealed column, where this installation has both the tray and the queue."""
    # Imported here: the records of county and municipality call the operations, and need none of the web.
    from flask_babel import lazy_pgettext as _lp

    from referrals.enrolment import (
        case_views,
        desk_views,
        keeping,
        parts,
        queries,
        rights_views,
        sealed,
        sections,
        views,
    )
    from referrals.municipality.inbox.case.sections import add_section
    from servicetray.core import crypto
    from servicetray.core.access import Permission
    from servicetray.core.jobs import Chore, add_chore
    from servicetray.core.pages import NavEntry, add_navigation
    from servicetray.core.settings import Parts, Settings
    from themes.happenings import places

    crypto.register(*sealed.COLUMNS)
    parts.register()
    add_chore(app, Chore(name="enrolment.keep", work=keeping.keep))
    settings = app.extensions["servicetray.settings"]
    assert isinstance(settings, Settings)
    if settings.parts is not Parts.BOTH:
        return
    places.register(app, queries.places_taken)
    for blueprint in (
        views.blueprint,
        desk_views.blueprint,
        case_views.blueprint,
        rights_views.blueprint,
    ):
        app.register_blueprint(blueprint)
    add_section(app, sections.groups, position=21)
    add_navigation(
        app,
        NavEntry(
            endpoint="group_desk.groups",
            label=_lp("staff navigation", "My groups"),
            permissions=frozenset({Permission.INBOX_WORK, Permission.PROVIDER_EDIT}),
            position=35,
            under="group_desk.",
        ),
        NavEntry(
            endpoint="enrolment_rights.look_up",
            label=_lp("staff navigation", "Enrolments"),
            permissions=frozenset({Permission.RIGHTS_MANAGE}),
            position=85,
            under="enrolment_rights.",
        ),
    )
