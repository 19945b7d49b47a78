"""Kinds of referral and their reasons: data that an administrator can add to."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, Texts, TextsType


class ReferralKind(Model):
    """A kind of counselling that clients are referred to (liikuntalähete, kulttuurilähete)."""

    __tablename__ = "referral_kind"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    position: Mapped[int]
    name: Mapped[Texts] = mapped_column(TextsType)
    """The referral: Liikuntalähete."""
    counselling: Mapped[Texts] = mapped_column(TextsType)
    """What it leads to: liikuntaneuvonta."""
    counselling_in: Mapped[Texts] = mapped_column(TextsType)
    """To where, as said: liikuntaneuvontaan."""
    prefix: Mapped[str] = mapped_column(String(5), unique=True)
    """Starts the reference: LIK."""
    colour: Mapped[str] = mapped_column(String(20))
    icon: Mapped[str] = mapped_column(String(40))
    asks_interests: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)


class Reason(Model):
    """A reason for a referral, or for culture an interest, of one kind."""

    __tablename__ = "referral_reason"
    __table_args__ = (UniqueConstraint("kind_code", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind_code: Mapped[str] = mapped_column(ForeignKey("referral_kind.code"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[Texts] = mapped_column(TextsType)
    position: Mapped[int]
    interest: Mapped[bool] = mapped_column(default=False)
    """An interest (musiikki) rather than a reason."""
    unspecified: Mapped[bool] = mapped_column(default=False)
    """The answer "en halua eritellä": it can't stand beside another."""
    active: Mapped[bool] = mapped_column(default=True)
