"""The wellbeing card's short code: from what a professional picked, a referral can start."""

from flask import Flask

from servicetray.core.jobs import Chore, add_chore
from themes.wellbeing_card.operations import erase_expired


def init_app(app: Flask) -> None:
    """Register the erasure of codes whose time is over."""
    add_chore(app, Chore(name="card_codes.erase_expired", work=erase_expired))
