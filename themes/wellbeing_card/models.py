"""Short codes of wellbeing cards: public ids and an end, nothing else."""

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, UtcDateTime, type_json


class CardCode(Model):
    """What one code stands for. Neither who made it nor for whom is kept, and the code itself only hashed."""

    __tablename__ = "card_code"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    services: Mapped[list[str]] = mapped_column(type_json)
    """Public ids of services, in the order of the card."""
    themes: Mapped[list[str]] = mapped_column(type_json)
    """Slugs of themes; then, with a colon in each, the marks of all that is on the card, in its order."""
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
