"""Questions about the county's record."""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import Select, select

from referrals.county import content as contents
from referrals.county.content import ReferralContent
from referrals.county.models import Consent, Draft, ReferralHistory
from referrals.county.models import ConsentText as ConsentText
from referrals.county.models import Origin as Origin
from referrals.county.models import Referral as Referral
from referrals.moves import STOCK, ReferralStatus
from referrals.rights.restriction import unrestricted
from servicetray.accounts.queries import User
from servicetray.core import walls
from servicetray.core.db import db
from servicetray.core.errors import NotFoundError

DRAFT_DAYS = 14


def referral(referral_id: uuid.UUID, *, lock: bool = False) -> Referral | None:
    """Return a referral with its consent, or None. For operations; views ask one of the scoped questions.

    Locked for a move, it is open to whoever has its other record, and both stay so to the end of the transaction.
    """
    if lock:
        walls.hold_together(referral_id)
    return _one(select(Referral).where(Referral.id == referral_id), lock=lock)


def referral_of_sender(referral_id: uuid.UUID, *, sender: User, lock: bool = False) -> Referral | None:
    """Return a referral that this person sent, or that their unit shares, else None.

    Raises:
        RestrictedError: if its use is restricted.
    """
    statement = select(Referral).where(Referral.id == referral_id)
    if sender.unit is not None and sender.unit.shared_list:
        statement = statement.where(
            (Referral.sender_id == sender.id) | (Referral.sending_unit_id == sender.unit_id)
        )
    else:
        statement = statement.where(Referral.sender_id == sender.id)
    return unrestricted(_one(statement, lock=lock))


def waiting_referral_in(
    referral_id: uuid.UUID, *, catchment_ids: Sequence[uuid.UUID], lock: bool = False
) -> Referral | None:
    """Return a referral that waits in one of these catchments with its consent in force, else None.

    Raises:
        RestrictedError: if its use is restricted.
    """
    found = _one(
        select(Referral)
        .join(Consent, (Consent.referral_id == Referral.id) & Consent.replaced_at.is_(None))
        .where(
            Referral.id == referral_id,
            Referral.catchment_id.in_(catchment_ids),
            Referral.status == ReferralStatus.SENT,
            Consent.withdrawn_at.is_(None),
        ),
        lock=lock,
    )
    return unrestricted(found)


def waiting_in(
    referral_ids: Sequence[uuid.UUID], *, catchment_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, str]:
    """Return the references of those of these referrals that wait in these catchments, by id.

    Protected clients are in no list.
    """
    if not referral_ids:
        return {}
    rows = db.session.execute(
        select(Referral.id, Referral.reference)
        .where(
            Referral.id.in_(referral_ids),
            Referral.catchment_id.in_(catchment_ids),
            Referral.status == ReferralStatus.SENT,
            Referral.protected.is_(False),
            Referral.restricted_at.is_(None),
        )
        .order_by(Referral.id)
    ).all()
    return {row.id: row.reference for row in rows}


def sent_with(form_key: uuid.UUID, *, sender: User) -> Referral | None:
    """Return what this person already sent with a form, or None."""
    return _one(select(Referral).where(Referral.form_key == form_key, Referral.sender_id == sender.id))


def is_practice(referral_id: uuid.UUID) -> bool:
    """Whether a referral is an invented client's; one that a transaction holds is not asked for again."""
    row = db.session.get(Referral, referral_id)
    return row is not None and row.practice


def practice_before(instant: dt.datetime, *, limit: int) -> Sequence[uuid.UUID]:
    """Return the referrals of practice that were sent before an instant, the oldest first."""
    return db.session.scalars(
        select(Referral.id)
        .where(Referral.practice.is_(True), Referral.sent_at < instant)
        .order_by(Referral.sent_at, Referral.id)
        .limit(limit)
    ).all()


def open_for_same_person(
    person_index: str, *, kind_code: str, sender: User, practice: bool = False
) -> Sequence[Referral]:
    """Return open referrals of the same person and kind that this sender may open already."""
    mine = Referral.sender_id == sender.id
    if sender.unit is not None and sender.unit.shared_list:
        mine = mine | (Referral.sending_unit_id == sender.unit_id)
    return db.session.scalars(
        select(Referral)
        .where(
            Referral.person_index == person_index,
            Referral.practice.is_(practice),
            Referral.kind_code == kind_code,
            Referral.status.in_(STOCK),
            Referral.protected.is_(False),
            mine,
        )
        .order_by(Referral.sent_at.desc(), Referral.id)
    ).all()


def content_of(row: Referral) -> ReferralContent:
    """Return what a referral tells of the client.

    Raises:
        NotFoundError: once it is erased.
    """
    if row.sealed is None:
        raise NotFoundError
    return contents.unseal(row.sealed, row.id)


def history_of(referral_id: uuid.UUID) -> Sequence[ReferralHistory]:
    """Return the moves of a referral, oldest first."""
    return db.session.scalars(
        select(ReferralHistory)
        .where(ReferralHistory.referral_id == referral_id)
        .order_by(ReferralHistory.at, ReferralHistory.id)
    ).all()


def consent_text(kind_code: str, language: str, *, on: dt.date) -> ConsentText | None:
    """Return the words to read aloud on a day: the newest version that is valid, in the language asked.

    Those for a client who is counselled in another municipality: ``consent_texts.elsewhere_of``.
    """
    return db.session.scalars(
        select(ConsentText)
        .where(
            ConsentText.kind_code == kind_code,
            ConsentText.language == language,
            ConsentText.elsewhere.is_(False),
            ConsentText.valid_from <= on,
        )
        .order_by(ConsentText.valid_from.desc(), ConsentText.id.desc())
        .limit(1)
    ).first()


def draft(form_key: uuid.UUID, *, user: User) -> Draft | None:
    """Return a person's own unfinished form, or None."""
    return db.session.scalars(
        select(Draft).where(Draft.form_key == form_key, Draft.user_id == user.id)
    ).first()


def newest_draft(kind_code: str, *, user: User, now: dt.datetime) -> Draft | None:
    """Return a person's latest unfinished form of a kind, or None."""
    return db.session.scalars(
        select(Draft)
        .where(
            Draft.user_id == user.id,
            Draft.kind_code == kind_code,
            Draft.saved_at > now - dt.timedelta(days=DRAFT_DAYS),
        )
        .order_by(Draft.saved_at.desc(), Draft.form_key)
        .limit(1)
    ).first()


def _one(statement: Select[Referral], *, lock: bool = False) -> Referral | None:
    if lock:
        statement = statement.with_for_update(of=Referral)
    return db.session.scalars(statement.order_by(Referral.id).limit(1)).first()
