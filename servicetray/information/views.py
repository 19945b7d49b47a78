"""Addresses of the pages about the service."""

from flask import Blueprint, Response, current_app, url_for

from servicetray.core import access
from servicetray.core.i18n import current_language
from servicetray.core.pages import render
from servicetray.information.pages import STATEMENT_CHECKED, TITLES, InformationPage

blueprint = Blueprint("information", __name__)


@blueprint.get("/<any(saavutettavuus, tietosuoja, ohjeet, tietoa):name>")
@access.public
def page(name: str) -> Response:
    """Show one of the texts about the service."""
    body = f"servicetray/information/{name}.{current_language()}.html"
    others = [(title, url_for(".page", name=other)) for other, title in TITLES.items() if other != name]
    return render(InformationPage(title=TITLES[name], body=body, checked=STATEMENT_CHECKED, others=others))


@blueprint.app_template_test("served")
def is_served(endpoint: str) -> bool:
    """Whether this installation has a page: the catalogue and the queue run apart too."""
    return endpoint in current_app.view_functions
