"""Administration of people and units: accounts, roles, invitations, those who leave; never a client."""

from flask import Flask
from flask_babel import lazy_pgettext as _p

from servicetray.accounts import invitations
from servicetray.accounts.administration import (
    invitation_views,
    organisation_views,
    people_views,
    right_views,
    unit_views,
    views,
)
from servicetray.accounts.administration.sections import add_sections, sections
from servicetray.core.access import Permission
from servicetray.core.pages import NavEntry, add_navigation


def init_app(app: Flask) -> None:
    """Register the pages and their places."""
    invitations.init_app(app)
    app.jinja_env.globals["administration_sections"] = sections
    app.register_blueprint(views.blueprint)
    app.register_blueprint(people_views.blueprint)
    app.register_blueprint(right_views.blueprint)
    app.register_blueprint(unit_views.blueprint)
    app.register_blueprint(organisation_views.blueprint)
    app.register_blueprint(invitation_views.blueprint)
    add_navigation(
        app,
        NavEntry(
            endpoint="administration.home",
            label=_p("staff navigation", "Administration"),
            permissions=views.MAY_ENTER,
            position=90,
            under="administration",
        ),
    )
    add_sections(
        app,
        NavEntry(
            endpoint="administration_people.people",
            label=_p("administration", "People"),
            permissions=frozenset({Permission.PEOPLE_MANAGE}),
            position=10,
            under="administration_people",
        ),
        NavEntry(
            endpoint="administration_units.units",
            label=_p("administration", "Units"),
            permissions=frozenset({Permission.PEOPLE_MANAGE}),
            position=20,
            under="administration_units",
        ),
    )
