"""Tools: links to self-assessments, self-care programmes and other places outside the tray."""

from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, Texts, TextsType, enum_column, type_json


class ToolKind(StrEnum):
    """What a link leads to."""

    SELF_ASSESSMENT = "self_assessment"
    SELF_CARE_PROGRAMME = "self_care_programme"
    SELF_CARE = "self_care"
    INFORMATION = "information"
    SERVICE = "service"


class Tool(Model):
    """One link beside a theme."""

    __tablename__ = "tool"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[ToolKind] = mapped_column(enum_column(ToolKind))
    name: Mapped[Texts] = mapped_column(TextsType)
    provider_name: Mapped[Texts] = mapped_column(TextsType)
    url: Mapped[str] = mapped_column(String(500))
    summary: Mapped[Texts] = mapped_column(TextsType)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), index=True)
    municipality_code: Mapped[str | None] = mapped_column(ForeignKey("municipality.code"))
    minutes: Mapped[int | None]
    """About how long it takes."""
    sign_in: Mapped[bool] = mapped_column(default=False)
    languages: Mapped[list[str]] = mapped_column(type_json)
    """Codes of the languages that it is kept in."""
