"""The door of the administration: on to the first place that this person may go to."""

from flask import Blueprint, redirect
from werkzeug.wrappers import Response as BaseResponse

from servicetray.accounts.administration.sections import sections
from servicetray.core import access
from servicetray.core.access import Permission
from servicetray.core.errors import NotFoundError

blueprint = Blueprint("administration", __name__)

MAY_ENTER = frozenset({Permission.PEOPLE_MANAGE, Permission.SETUP_MANAGE, Permission.INBOX_LEAD})
"""Who has any place there: shown in the main navigation."""


@blueprint.get("/hallinta")
@access.needs(*MAY_ENTER)
def home() -> BaseResponse:
    """Lead on to the first place."""
    places = sections()
    if not places:
        raise NotFoundError
    return redirect(places[0].url, code=303)
