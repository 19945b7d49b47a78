"""The sealed columns of what clients said, for renewing keys."""

from referrals.client.models import ClientMessage
from servicetray.core.crypto import SealedColumn

COLUMNS = (
    SealedColumn(model=ClientMessage, column="sealed", context_of=lambda row: f"client_message:{row.id}"),
)
