"""The sealed columns of the county's record, for renewing its key."""

from referrals.county.models import Draft, Referral
from servicetray.core.crypto import SealedColumn

COLUMNS = (
    SealedColumn(model=Referral, column="sealed", context_of=lambda row: f"referral:{row.id}"),
    SealedColumn(model=Draft, column="sealed", context_of=lambda row: f"draft:{row.form_key}:{row.user_id}"),
)
