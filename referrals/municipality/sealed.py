"""The sealed columns of the municipality's record, for renewing its key."""

from referrals.municipality.models import Attempt, Case, CaseHistory, Note
from servicetray.core.crypto import SealedColumn

COLUMNS = (
    SealedColumn(model=Case, column="sealed", context_of=lambda row: f"case:{row.id}"),
    SealedColumn(model=CaseHistory, column="sealed_note", context_of=lambda row: f"note:{row.case_id}"),
    SealedColumn(model=Attempt, column="sealed_note", context_of=lambda row: f"note:{row.case_id}"),
    SealedColumn(model=Note, column="sealed", context_of=lambda row: f"note:{row.case_id}"),
)
