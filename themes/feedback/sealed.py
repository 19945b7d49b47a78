"""The sealed column of feedback, for renewing its key."""

from servicetray.core import crypto
from servicetray.core.crypto import COUNTY, SealedColumn
from themes.feedback.models import Feedback


def seal_contact(feedback: Feedback, contact: str) -> None:
    """Put how to answer under the county's key; the row has its id already."""
    feedback.contact_sealed = crypto.seal(COUNTY, contact.encode(), _context(feedback)) if contact else None


def contact_of(feedback: Feedback) -> str:
    """Return how to answer; empty where nothing was left, or it was erased."""
    if feedback.contact_sealed is None:
        return ""
    return crypto.unseal(COUNTY, feedback.contact_sealed, _context(feedback)).decode()


def _context(feedback: Feedback) -> str:
    return f"feedback:{feedback.id}"


COLUMNS = (SealedColumn(model=Feedback, column="contact_sealed", context_of=_context),)
