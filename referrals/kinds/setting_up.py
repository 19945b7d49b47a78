"""Setting up kinds, reasons and interests. What was ever chosen stays readable: nothing is deleted, it is retired."""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence

from sqlalchemy import func, select

from referrals.changes import Facts, changed
from referrals.kinds.models import Reason, ReferralKind
from servicetray.audit.operations import Actor
from servicetray.core.db import Texts, db
from servicetray.core.errors import ConflictError, DomainError, NotFoundError

LONGEST_CODE = 40


class NeededError(DomainError):
    """It can't be retired: "rather not say" is the client's right, and a kind without a reason can't be sent."""


class SameNameError(ConflictError):
    """The kind has one of this name."""


def all_kinds() -> Sequence[ReferralKind]:
    """Return every kind in order, retired ones too."""
    return db.session.scalars(select(ReferralKind).order_by(ReferralKind.position, ReferralKind.code)).all()


def all_reasons() -> Sequence[Reason]:
    """Return every reason and interest: by kind, reasons first, in order, retired ones last."""
    return db.session.scalars(
        select(Reason).order_by(
            Reason.kind_code, Reason.interest, Reason.active.desc(), Reason.position, Reason.id
        )
    ).all()


def kind_of(code: str, *, lock: bool = False) -> ReferralKind:
    """Return a kind, retired or not.

    Raises:
        NotFoundError: if there is none.
    """
    row = db.session.get(ReferralKind, code, with_for_update=lock)
    if row is None:
        raise NotFoundError
    return row


def reason_of(reason_id: int, *, lock: bool = False) -> Reason:
    """Return a reason or an interest, retired or not.

    Raises:
        NotFoundError: if there is none.
    """
    row = db.session.get(Reason, reason_id, with_for_update=lock)
    if row is None:
        raise NotFoundError
    return row


def facts_of_kind(row: ReferralKind) -> Facts:
    """Return how a kind stands."""
    names = ((f"{what}_{code}", text) for what in _KIND_TEXTS for code, text in getattr(row, what).items())
    return {**dict(names), "active": str(row.active)}


def facts_of_reason(row: Reason) -> Facts:
    """Return how a reason or an interest stands."""
    return {
        **{f"name_{code}": text for code, text in row.name.items()},
        "active": str(row.active),
        "position": str(row.position),
    }


_KIND_TEXTS = ("name", "counselling", "counselling_in")


def change_kind(
    row: ReferralKind,
    *,
    name: Texts,
    counselling: Texts,
    counselling_in: Texts,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Change what a kind is called; its code and the beginning of its references stay."""
    before = facts_of_kind(row)
    row.name, row.counselling, row.counselling_in = name, counselling, counselling_in
    db.session.flush()
    changed("referral_kind", row.code, before, facts_of_kind(row), actor=actor, now=now)


def add_reason(kind: ReferralKind, *, name: Texts, interest: bool, actor: Actor, now: dt.datetime) -> Reason:
    """Add a reason or an interest, before the one that stands alone; its code is made of its Finnish name, for good.

    Raises:
        SameNameError: if the kind has one of this name, retired or not.
    """
    own = [row for row in all_reasons() if row.kind_code == kind.code]
    _check_name(name, [row for row in own if row.interest == interest])
    made = Reason(
        kind_code=kind.code,
        code=_code(name["fi"], {row.code for row in own}),
        name=name,
        position=1 + (db.session.scalar(select(func.max(Reason.position))) or 0),
        interest=interest,
        unspecified=False,
        active=True,
    )
    db.session.add(made)
    db.session.flush()
    _number(kind.code, interest=interest)
    changed("referral_reason", f"{kind.code} {made.code}", {}, facts_of_reason(made), actor=actor, now=now)
    return made


def rename_reason(row: Reason, *, name: Texts, actor: Actor, now: dt.datetime) -> None:
    """Change what a reason is called, also on what was sent with it; a new meaning is a new reason.

    Raises:
        SameNameError: if another of the kind is called so.
    """
    before = facts_of_reason(row)
    others = [
        each
        for each in all_reasons()
        if each.kind_code == row.kind_code and each.interest == row.interest and each.id != row.id
    ]
    _check_name(name, others)
    row.name = name
    db.session.flush()
    changed(
        "referral_reason", f"{row.kind_code} {row.code}", before, facts_of_reason(row), actor=actor, now=now
    )


def set_active(row: Reason, *, active: bool, actor: Actor, now: dt.datetime) -> None:
    """Retire a reason or take it into use again; referrals that have it keep it.

    Raises:
        NeededError: if it is "rather not say", or the last reason of its kind.
    """
    if not active:
        others = [
            each
            for each in all_reasons()
            if each.kind_code == row.kind_code
            and not each.interest
            and not each.unspecified
            and each.active
            and each.id != row.id
        ]
        if row.unspecified or (not row.interest and not others):
            raise NeededError
    before = facts_of_reason(row)
    row.active = active
    db.session.flush()
    _number(row.kind_code, interest=row.interest)
    changed(
        "referral_reason", f"{row.kind_code} {row.code}", before, facts_of_reason(row), actor=actor, now=now
    )


def move_up(row: Reason, *, actor: Actor, now: dt.datetime) -> None:
    """Let a reason change places with the one before it; the first one, and the one that stands alone, stay."""
    before = facts_of_reason(row)
    shown = _ordered(row.kind_code, interest=row.interest)
    place = next((n for n, each in enumerate(shown) if each.id == row.id), 0)
    if place == 0 or row.unspecified:
        return
    shown[place - 1], shown[place] = shown[place], shown[place - 1]
    for number, each in enumerate(shown):
        each.position = number
    db.session.flush()
    changed(
        "referral_reason", f"{row.kind_code} {row.code}", before, facts_of_reason(row), actor=actor, now=now
    )


def _ordered(kind_code: str, *, interest: bool) -> list[Reason]:
    rows = db.session.scalars(
        select(Reason)
        .where(Reason.kind_code == kind_code, Reason.interest.is_(interest), Reason.active.is_(True))
        .order_by(Reason.unspecified, Reason.position, Reason.id)
    ).all()
    return list(rows)


def _number(kind_code: str, *, interest: bool) -> None:
    for number, each in enumerate(_ordered(kind_code, interest=interest)):
        each.position = number
    db.session.flush()


def _check_name(name: Texts, others: Sequence[Reason]) -> None:
    if any(each.name.get("fi", "").casefold() == name["fi"].casefold() for each in others):
        raise SameNameError


def _code(name: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[: LONGEST_CODE - 4] or "reason"
    numbered = (stem if number == 1 else f"{stem}_{number}" for number in range(1, len(taken) + 2))
    return next(code for code in numbered if code not in taken)
