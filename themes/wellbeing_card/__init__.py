"""The wellbeing card: what a professional picks for a client, on paper and on the phone, kept nowhere.

Its short code alone is a row, so that a referral can start from it.
"""

from flask import Flask

from servicetray.core.jobs import Chore, add_chore
from themes.wellbeing_card.operations import erase_expired


def init_app(app: Flask) -> None:
    """Register the pages, and the erasure of codes whose time is over."""
    # Imported here, so that the card itself can be had without its web pages.
    from themes.wellbeing_card.views import blueprint

    app.register_blueprint(blueprint)
    add_chore(app, Chore(name="card_codes.erase_expired", work=erase_expired))
