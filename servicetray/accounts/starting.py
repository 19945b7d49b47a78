"""Where somebody begins after signing in: the one rule.

The navigation stands in an order of its own, the same for everybody: what comes first in it may be a side matter of
one's work, such as one's own groups for whoever keeps a provider's services.
"""

from typing import Final

from flask import current_app, url_for

from servicetray.accounts.queries import User
from servicetray.core.access import Permission
from servicetray.core.pages import navigation

_MOST_WORK: Final = (
    (Permission.REFERRAL_SEND, "sending.mine"),
    (Permission.INBOX_WORK, "inbox.inbox"),
    (Permission.FIGURES_COUNTY, "staff_figures.figures"),
    (Permission.CONTENT_EDIT, "service_desk.services"),
    (Permission.PROVIDER_EDIT, "service_desk.services"),
)
"""Where the work of a permission waits; of somebody's several the first, since clients wait there."""


def place_of_most_work(user: User) -> str | None:
    """Return the address of the place where most of somebody's work waits, None where there is no place for them.

    A place that this installation lacks (it may have the tray or the queue alone) is passed over. Whoever has none
    of these permissions begins with the first place of the navigation.
    """
    for permission, endpoint in _MOST_WORK:
        if user.may(permission) and endpoint in current_app.view_functions:
            return url_for(endpoint)
    places = navigation()
    return places[0].url if places else None
