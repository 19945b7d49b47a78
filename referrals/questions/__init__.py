"""Questions of an adviser to the sender, and the clock that stands still for them (C11)."""

from flask import Flask

from servicetray.core import crypto


def init_app(_app: Flask) -> None:
    """Let the county's key be renewed in the questions too."""
    from referrals.questions import sealed

    crypto.register(*sealed.COLUMNS)
