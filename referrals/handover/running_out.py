"""What ends by itself once its working days are over: offers of transfer (R14), pauses of the clock (C11)."""

from flask import Flask

from referrals.handover.asking import end_old_pauses
from referrals.handover.transferring import end_old_offers
from servicetray.core.jobs import Chore, add_chore


def init_app(app: Flask) -> None:
    """Let the worker end them."""
    add_chore(app, Chore(name="handover.end_old_offers", work=end_old_offers))
    add_chore(app, Chore(name="handover.end_old_pauses", work=end_old_pauses))
