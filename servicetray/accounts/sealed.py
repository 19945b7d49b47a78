"""The sealed columns of the accounts, for renewing their key."""

from servicetray.accounts.models import KeptForm, User
from servicetray.core.crypto import SealedColumn

COLUMNS = (
    SealedColumn(model=User, column="totp_sealed", context_of=lambda row: f"totp:{row.id}"),
    SealedColumn(model=KeptForm, column="sealed", context_of=lambda row: f"kept_form:{row.id}:{row.user_id}"),
)
