"""Rules of target times. A later one never changes what an earlier one has counted."""

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model


class TargetRule(Model):
    """Targets in working days that hold for what is sent on a day or after it, until the next rule."""

    __tablename__ = "target_rule"

    valid_from: Mapped[dt.date] = mapped_column(primary_key=True)
    claim_days: Mapped[int]
    contact_days: Mapped[int]
    soon_days: Mapped[int]
