"""The lines of a client's plan. What they say, the service that they name included, is encrypted."""

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, UtcDateTime, enum_column


class LineKind(StrEnum):
    """What a line of the plan is."""

    GOAL = "goal"
    STEP = "step"
    SERVICE = "service"


class PlanLine(Model):
    """One goal, step or service; lines are added and removed, never rewritten over a colleague's."""

    __tablename__ = "plan_line"
    __table_args__ = (Index("ix_plan_line_case", "case_id", "added_at", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("counselling_case.id"))
    kind: Mapped[LineKind] = mapped_column(enum_column(LineKind))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """``LineContent``, encrypted with the municipality's key."""
    added_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    done_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """None while it is open."""
