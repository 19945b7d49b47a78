"""The address of the search."""

from flask import Blueprint, Response, request

from servicetray.core import access, clock
from servicetray.core.i18n import current_language
from servicetray.core.pages import render
from themes.finding.pages import search_page
from themes.finding.queries import Asked, find

blueprint = Blueprint("search", __name__)


@blueprint.get("/haku")
@access.public
def search() -> Response:
    """Find services: ``q`` the words, ``kunta`` a municipality's code, ``sivu`` the page."""
    asked = Asked(
        query=request.args.get("q", ""),
        municipality=request.args.get("kunta"),
        page=request.args.get("sivu"),
    )
    today = clock.helsinki_day(clock.now())
    return render(search_page(find(asked, language=current_language(), today=today)))
