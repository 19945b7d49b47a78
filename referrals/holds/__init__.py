"""Legal holds: what a controller's data protection officer keeps from being erased."""

from flask import Flask

from servicetray.core import crypto


def init_app(_app: Flask) -> None:
    """Let the keys of the reasons be renewed."""
    from referrals.holds.models import LegalHold

    crypto.register(
        crypto.SealedColumn(
            model=LegalHold, column="sealed_reason", context_of=lambda row: f"legal_hold:{row.id}"
        )
    )
