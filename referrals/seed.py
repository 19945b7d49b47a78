"""What every installation of the queue needs: kinds, reasons, consent texts."""

from referrals.county.seed import load_consent_texts
from referrals.kinds.operations import load_seed
from servicetray.core.db import transaction


def load() -> None:
    """Load what is missing; what is there stays as its editors made it."""
    with transaction():
        load_seed()
        load_consent_texts()
