"""The sealed columns of questions and answers, for renewing the county's key."""

from referrals.questions.models import ReferralQuestion
from servicetray.core.crypto import SealedColumn

COLUMNS = (
    SealedColumn(model=ReferralQuestion, column="sealed", context_of=lambda row: f"question:{row.id}"),
    SealedColumn(model=ReferralQuestion, column="sealed_answer", context_of=lambda row: f"answer:{row.id}"),
)
