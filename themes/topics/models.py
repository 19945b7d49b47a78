"""Themes: the tray's own division of what keeps people well."""

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, Texts, TextsType


class Theme(Model):
    """One theme; unpublished while it has no name or its day has not come."""

    __tablename__ = "theme"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    position: Mapped[int]
    name: Mapped[Texts] = mapped_column(TextsType)
    summary: Mapped[Texts] = mapped_column(TextsType)
    """One line for a tile."""
    lead: Mapped[Texts] = mapped_column(TextsType)
    """Two sentences for the top of the theme's page."""
    colour: Mapped[str] = mapped_column(String(20))
    """``data-color`` of the design system."""
    icon: Mapped[str] = mapped_column(String(40))
    """Name of an Aksel icon."""
    published_from: Mapped[dt.date | None]
    thl_theme: Mapped[str] = mapped_column(String(200))
    """The theme of THL's national service concept that it belongs to."""
