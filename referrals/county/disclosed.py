"""What the county discloses to the advisers of a municipality while a referral waits for them.

Only what is `sent`, to their own catchment, with its consent in force. Of a protected client nothing but
that somebody waits: the content is for the one who accepts.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, false, func, literal, select
from sqlalchemy.orm import join, raiseload

from referrals.consent import Contact, Giver, Method
from referrals.county import queries
from referrals.county.content import ReferralContent
from referrals.county.models import Consent, Origin, Referral
from referrals.moves import STOCK, ContactChannel, Priority, ReferralStatus, SenderKind
from referrals.worklist import LAST_DAY, Asked, Cursor, Flag, Pile, Place, Segment, Source, Tab
from servicetray.core import clock, walls
from servicetray.core.db import db


@dataclass(frozen=True, kw_only=True)
class WaitingReferral:
    """One referral that waits to be accepted."""

    id: uuid.UUID
    reference: str
    kind_code: str
    municipality_code: str
    catchment_id: uuid.UUID
    priority: Priority
    sent_at: dt.datetime
    claim_due_on: dt.date
    protected: bool
    practice: bool
    sender: SenderKind
    """Who hears of it, if anybody."""
    paper_on: dt.date | None
    """The Helsinki day on the paper that it was entered from; None where it was sent here."""
    channels: tuple[ContactChannel, ...]
    """Ways of contact that the client allowed."""
    content: ReferralContent | None
    """None for a protected client."""


@dataclass(frozen=True, kw_only=True)
class DisclosedConsent:
    """What the consent says, for the page of one referral."""

    giver: Giver
    contact: Contact | None
    guardians_may_be_told: bool | None
    method: Method
    given_at: dt.datetime
    feedback: bool
    follow_up: bool
    transfer: bool


@dataclass(frozen=True, kw_only=True)
class SamePerson:
    """An open referral that is possibly of the same client: its reference is all that another unit learns."""

    id: uuid.UUID
    reference: str
    catchment_id: uuid.UUID


Signs = Mapping[Flag, Callable[[SQLColumnExpression[uuid.UUID]], ColumnElement[bool]]]
"""What other records say of a referral: when a flag is said of the one with this id."""


def waiting_source(
    catchment_ids: Sequence[uuid.UUID], *, today: dt.date, signs: Signs, practice: bool = False
) -> Source:
    """Return what waits in catchments as a list of work asks about it; made once for all its questions."""
    late = Referral.claim_due_on < today
    said = {flag: said_of(Referral.id) for flag, said_of in signs.items()}
    return Source(
        rows=join(Referral, Consent, and_(Consent.referral_id == Referral.id, Consent.replaced_at.is_(None))),
        base=(
            Referral.catchment_id.in_(catchment_ids),
            # Written into the statement, so that the database may use the index of what waits.
            Referral.status == literal(ReferralStatus.SENT, Referral.status.type, literal_execute=True),
            Consent.withdrawn_at.is_(None),
            Referral.practice.is_(practice),
            Referral.restricted_at.is_(None),
        ),
        place=(
            # Whoever booked a time of today and was not taken yet is to be taken before others of today are met.
            case(
                (late, int(Segment.LATE)),
                (said.get(Flag.TODAY, false()), int(Segment.TODAY)),
                else_=int(Segment.FREE),
            ),
            case((Referral.priority == Priority.SOON, 0), else_=1),
            func.coalesce(Referral.claim_due_on, LAST_DAY),
            literal(0),
            Referral.sent_at,
            Referral.id,
        ),
        tab=literal(Tab.FREE.value),
        municipality_code=Referral.municipality_code,
        kind_code=Referral.kind_code,
        language_code=Referral.language_code,
        signs={
            Flag.LATE: late,
            Flag.SOON: Referral.priority == Priority.SOON,
            Flag.STOP: Referral.stop_requested_at.is_not(None),
            **said,
        },
    )


def waiting_places(source: Source, *, asked: Asked, cursor: Cursor | None, limit: int) -> Sequence[Place]:
    """Return where a page of what waits stands, nearest to the cursor first; nothing is read."""
    return tuple(
        Place(*row) for row in db.session.execute(source.places(asked, cursor=cursor, limit=limit)).all()
    )


def waiting_piles(source: Source) -> Sequence[Pile]:
    """Return what waits, counted by all that can be said of it."""
    return source.read(db.session.execute(source.piles()).all())


def waiting_rows(
    source: Source, *, referral_ids: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, tuple[WaitingReferral, frozenset[Flag]]]:
    """Return those of the referrals that wait, each with what is said of it."""
    if not referral_ids:
        return {}
    rows = db.session.execute(
        select(Referral, Consent.channels, *(sign.label(flag.name) for flag, sign in source.signs.items()))
        .select_from(source.rows)
        .where(*source.base, Referral.id.in_(referral_ids))
        .options(raiseload(Referral.consent))
        .order_by(Referral.id)
    ).all()
    return {
        row.Referral.id: (
            _row(row.Referral, row.channels),
            frozenset(flag for flag in source.signs if getattr(row, flag.name)),
        )
        for row in rows
    }


def waiting_one(
    referral_id: uuid.UUID, *, catchment_ids: Sequence[uuid.UUID]
) -> tuple[WaitingReferral, DisclosedConsent] | None:
    """Return a referral that waits in one of the catchments, with what was consented to, else None."""
    row = queries.waiting_referral_in(referral_id, catchment_ids=catchment_ids)
    if row is None:
        return None
    consent = row.consent
    return _row(row, consent.channels), DisclosedConsent(
        giver=consent.giver,
        contact=consent.contact,
        guardians_may_be_told=consent.guardians_may_be_told,
        method=consent.method,
        given_at=consent.given_at,
        feedback=consent.feedback,
        follow_up=consent.follow_up,
        transfer=consent.transfer,
    )


def came_to(referral_id: uuid.UUID, *, catchment_ids: Sequence[uuid.UUID]) -> bool:
    """Whether a referral, waiting or not, was sent to one of the catchments."""
    statement = select(Referral.id).where(
        Referral.id == referral_id, Referral.catchment_id.in_(catchment_ids)
    )
    with walls.everywhere():
        return db.session.scalars(statement).first() is not None


def same_person_as(referral_id: uuid.UUID) -> Sequence[SamePerson]:
    """Return other open referrals of the same person and kind, in whichever unit, oldest first.

    Found by the blind index: no name is read. A protected client is never among them.
    """
    this = select(Referral.person_index, Referral.kind_code).where(Referral.id == referral_id).subquery()
    statement = (
        select(Referral.id, Referral.reference, Referral.catchment_id)
        .join(
            this,
            (this.c.person_index == Referral.person_index) & (this.c.kind_code == Referral.kind_code),
        )
        .where(
            Referral.id != referral_id,
            Referral.status.in_(STOCK),
            Referral.protected.is_(False),
        )
        .order_by(Referral.sent_at, Referral.id)
    )
    with walls.everywhere():
        rows = db.session.execute(statement).all()
    return tuple(
        SamePerson(id=row.id, reference=row.reference, catchment_id=row.catchment_id) for row in rows
    )


def _row(row: Referral, channels: Sequence[str]) -> WaitingReferral:
    return WaitingReferral(
        id=row.id,
        reference=row.reference,
        kind_code=row.kind_code,
        municipality_code=row.municipality_code,
        catchment_id=row.catchment_id,
        priority=row.priority,
        sent_at=row.sent_at,
        claim_due_on=row.claim_due_on,
        protected=row.protected,
        practice=row.practice,
        sender=row.sender_kind,
        paper_on=clock.helsinki_day(row.clock_from) if row.origin is Origin.PAPER else None,
        channels=tuple(ContactChannel(channel) for channel in channels),
        content=None if row.protected else queries.content_of(row),
    )
