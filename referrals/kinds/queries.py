"""Questions about kinds of referral and their reasons."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from referrals.kinds.models import Reason, ReferralKind
from servicetray.core.db import Texts, db, in_language


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of referral."""

    code: str
    name: Texts
    counselling: Texts
    counselling_in: Texts
    prefix: str
    colour: str
    icon: str
    asks_interests: bool


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A reason or an interest that can be chosen."""

    code: str
    name: Texts
    unspecified: bool


def _kind(row: ReferralKind) -> Kind:
    return Kind(
        code=row.code,
        name=row.name,
        counselling=row.counselling,
        counselling_in=row.counselling_in,
        prefix=row.prefix,
        colour=row.colour,
        icon=row.icon,
        asks_interests=row.asks_interests,
    )


def kinds() -> Sequence[Kind]:
    """Return the active kinds in order."""
    rows = db.session.scalars(
        select(ReferralKind)
        .where(ReferralKind.active.is_(True))
        .order_by(ReferralKind.position, ReferralKind.code)
    ).all()
    return tuple(_kind(row) for row in rows)


def kind(code: str) -> Kind | None:
    """Return an active kind, or None."""
    return next((each for each in kinds() if each.code == code), None)


def reasons(kind_code: str) -> Sequence[Choice]:
    """Return the reasons of a kind that can be chosen now, in order."""
    return _choices(kind_code, interest=False)


def interests(kind_code: str) -> Sequence[Choice]:
    """Return the interests of a kind that can be chosen now, in order."""
    return _choices(kind_code, interest=True)


def reason_names(language: str) -> dict[tuple[str, str], str]:
    """Return the names of all reasons and interests, inactive ones too, by (kind, code)."""
    rows = db.session.scalars(select(Reason).order_by(Reason.id)).all()
    return {(row.kind_code, row.code): in_language(row.name, language).text for row in rows}


def _choices(kind_code: str, *, interest: bool) -> Sequence[Choice]:
    rows = db.session.scalars(
        select(Reason)
        .where(Reason.kind_code == kind_code, Reason.interest.is_(interest), Reason.active.is_(True))
        .order_by(Reason.position, Reason.id)
    ).all()
    return tuple(Choice(code=row.code, name=row.name, unspecified=row.unspecified) for row in rows)
