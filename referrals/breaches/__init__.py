"""Breaches of personal data (GDPR, articles 33 and 34), and the release of what was entered in error."""

from flask import Flask

from referrals.breaches.models import Breach
from servicetray.core import crypto


def init_app(app: Flask) -> None:
    """Make the sealed assessments known, so that their key can be renewed."""
    del app
    crypto.register(
        crypto.SealedColumn(model=Breach, column="sealed", context_of=lambda row: f"breach:{row.id}")
    )
