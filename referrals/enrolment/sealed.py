"""The sealed column of enrolments, for renewing keys."""

from referrals.enrolment.content import context
from referrals.enrolment.models import Enrolment
from servicetray.core.crypto import SealedColumn

COLUMNS = (SealedColumn(model=Enrolment, column="sealed", context_of=lambda row: context(row.id)),)
