"""The professional's screens: sending a referral, and what became of it."""

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from referrals.county import sealed

# Most are read for their views, which are on the same blueprint.
from referrals.county.sending import again_views as again_views
from referrals.county.sending import drafts
from referrals.county.sending import keeping as keeping
from referrals.county.sending import list_views as list_views
from referrals.county.sending import move_views as move_views
from referrals.county.sending import receipt_views as receipt_views
from referrals.county.sending.form_views import blueprint
from servicetray.core import crypto
from servicetray.core.access import Permission
from servicetray.core.jobs import Chore, add_chore
from servicetray.core.pages import NavEntry, add_navigation

_SENDERS = frozenset({Permission.REFERRAL_SEND})


def init_app(app: Flask) -> None:
    """Register the screens, their places in the navigation and the erasure of old drafts."""
    app.register_blueprint(blueprint)
    crypto.register(*sealed.COLUMNS)
    add_navigation(
        app,
        NavEntry(
            endpoint="sending.new_any",
            label=_p("navigation", "New referral"),
            permissions=_SENDERS,
            position=20,
            under="sending.new",
        ),
        NavEntry(
            endpoint="sending.mine",
            label=_l("My referrals"),
            permissions=_SENDERS,
            position=10,
            under="sending.referral",
        ),
    )
    add_chore(app, Chore(name="drafts.erase_old", work=drafts.erase_old))
