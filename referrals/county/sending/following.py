"""A sender's list: what is new, what waits for them, then the quietest first; what is over comes last.

Read a page at a time, however long the list is. Nothing that the consent hides shows through: a referral whose
sender hears only that it was received stands where that puts it, whatever became of it since.
"""

import datetime as dt
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from referrals.consent import ConsentTerms, SenderStage, sender_is_told
from referrals.county.models import Consent, Referral, ReferralHistory
from referrals.county.sending import standing
from referrals.county.sending.standing import RECEIVED, STAGES, Standing
from referrals.moves import REFERRAL_MOVES, STOCK, MoveCode, ReferralStatus
from referrals.questions import queries as questions
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import User
from servicetray.accounts.sessions import is_practising
from servicetray.audit import queries as audit
from servicetray.audit.events import Action
from servicetray.audit.operations import subject_key
from servicetray.core.db import db

PAGE: Final = 25
"""Referrals a page, besides those that want something of the sender."""
NEWS_DAYS: Final = 90
"""What happened longer ago is no news, opened or not."""
MOST_NEWS: Final = 50
STAGE_SEEN: Final = "stage"
"""The detail of an audit row that says what stage a page showed: counselling that has begun has no date here."""


class Part(StrEnum):
    """The two parts that are paged, as addresses name them."""

    OPEN = "avoimet"
    OVER = "muut"


@dataclass(frozen=True, kw_only=True)
class Place:
    """The last referral of a page: the next one begins after it."""

    part: Part
    at: dt.datetime
    id: uuid.UUID

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read what an address carries; None where it is no place."""
        match = re.fullmatch(r"([a-z]+)\.(\d{1,17})\.([0-9a-f]{32})", text)
        if match is None or match[1] not in set(Part):
            return None
        at = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=int(match[2]))
        return cls(part=Part(match[1]), at=at, id=uuid.UUID(match[3]))

    def __str__(self) -> str:
        since = self.at - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
        return f"{self.part}.{since // dt.timedelta(microseconds=1)}.{self.id.hex}"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which referrals a person asks to see."""

    only_mine: bool = False
    """Leave out what colleagues sent, where the unit shares its list."""
    only_open: bool = False
    reference: str = ""
    """A part of the reference; empty asks for all."""
    after: Place | None = None

    @property
    def is_first(self) -> bool:
        """Whether this is the beginning of the list, where news and what waits for the sender stands."""
        return self.after is None


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A page of the list. No referral stands in it twice."""

    news: Sequence[Standing] = ()
    """What happened since the sender opened it last, newest first."""
    asked: Sequence[Standing] = ()
    """Where the municipality asks something, the longest wait first."""
    returned: Sequence[Standing] = ()
    """What came back, soonest to expire first."""
    open: Sequence[Standing] = ()
    """Longest without news first."""
    over: Sequence[Standing] = ()
    """Nothing more is to be heard of these; newest first."""
    next: Place | None = None

    @property
    def all(self) -> Sequence[Standing]:
        """Everything on the page."""
        return [*self.news, *self.asked, *self.returned, *self.open, *self.over]


def listing(viewer: User, wanted: Wanted, *, now: dt.datetime) -> Listing:
    """Return a page of what a person sent, and of what their unit did where it shares its list."""
    theirs = _of(viewer, wanted)
    returned, asked = _waiting(theirs)
    news = [each for each in _news(viewer, theirs, now=now) if each not in {*returned, *asked}]
    first = [*news, *asked, *returned]
    open_ids, over_ids, after = _paged(theirs, wanted, besides=first)
    shown = [*(first if wanted.is_first else ()), *open_ids, *over_ids]
    found = _standings(shown, viewer=viewer, now=now)

    def those(ids: Sequence[uuid.UUID]) -> list[Standing]:
        return [found[each] for each in ids if each in found]

    if not wanted.is_first:
        return Listing(open=those(open_ids), over=those(over_ids), next=after)
    return Listing(
        news=those(news),
        asked=those(asked),
        returned=those(returned),
        open=those(open_ids),
        over=those(over_ids),
        next=after,
    )


def is_visible(row: Referral, *, viewer: User) -> bool:
    """Whether somebody who may ask for a referral is shown it.

    A protected client's is shown to the sender alone, and one that a transfer made only where the sender may
    hear of the transfer.
    """
    if row.protected and row.sender_id != viewer.id:
        return False
    if row.consent.feedback:
        return True
    return not db.session.scalar(select(exists().where(*_moved_in(row.id))))


def may_move(row: Referral, *, viewer: User) -> bool:
    """Whether the moves of the sender are a person's: their own, and a colleague's who has left.

    The caller has asked that they may see it.
    """
    if row.sender_id == viewer.id:
        return True
    sender = accounts.user(row.sender_id) if row.sender_id else None
    return sender is not None and not sender.active


def _of(viewer: User, wanted: Wanted) -> tuple[ColumnElement[bool], ...]:
    theirs: ColumnElement[bool] = Referral.sender_id == viewer.id
    if viewer.unit is not None and viewer.unit.shared_list and not wanted.only_mine:
        shared = and_(Referral.sending_unit_id == viewer.unit_id, Referral.protected.is_(False))
        theirs = or_(theirs, shared)
    conditions = [
        theirs,
        Referral.status != ReferralStatus.ENTERED_IN_ERROR,
        Referral.practice.is_(is_practising()),
        or_(Consent.feedback.is_(True), ~exists().where(*_moved_in(Referral.id))),
    ]
    if wanted.reference:
        conditions.append(Referral.reference.contains(wanted.reference, autoescape=True))
    return tuple(conditions)


_CONSENT: Final = (Consent, (Consent.referral_id == Referral.id) & Consent.replaced_at.is_(None))
_IN_FORCE: Final = Consent.withdrawn_at.is_(None)
_TOLD: Final = and_(Consent.feedback.is_(True), _IN_FORCE)
_IS_RETURNED: Final = and_(Referral.status == ReferralStatus.RETURNED, _IN_FORCE)
_IS_OPEN: Final = and_(
    _IN_FORCE,
    or_(
        Referral.status == ReferralStatus.SENT,
        and_(Referral.status == ReferralStatus.ACCEPTED, Consent.feedback.is_(True)),
    ),
)
"""The sender waits to hear more of it, as ``standing.more_is_to_come`` says of one that is loaded."""


def _moved_in(referral_id: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        ReferralHistory.referral_id == referral_id,
        ReferralHistory.move == MoveCode.R13,
        ReferralHistory.from_status.is_(None),
    )


def _moves_told(*, feedback: bool) -> frozenset[MoveCode]:
    terms = ConsentTerms(
        disclosure=True, feedback=feedback, follow_up=False, transfer=False, channels=frozenset()
    )
    told = {
        code
        for code in STAGES
        if (event := REFERRAL_MOVES[code].event) is not None and sender_is_told(terms, event)
    }
    return frozenset(told | {RECEIVED})


_ALWAYS: Final = _moves_told(feedback=False)
_FEEDBACK: Final = _moves_told(feedback=True)


def _told_at(*more: ColumnElement[bool]) -> ColumnElement[dt.datetime]:
    """The last step of a referral that its sender may know of."""
    return (
        select(func.max(ReferralHistory.at))
        .where(
            ReferralHistory.referral_id == Referral.id,
            or_(ReferralHistory.move.in_(_ALWAYS), and_(_TOLD, ReferralHistory.move.in_(_FEEDBACK))),
            *more,
        )
        .correlate(Referral, Consent)
        .scalar_subquery()
    )


def _waiting(theirs: Sequence[ColumnElement[bool]]) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    """Return what came back, soonest to expire first, and what is asked about, sent longest ago first."""
    rows = db.session.execute(
        select(Referral.id, Referral.status)
        .join(*_CONSENT)
        .where(*theirs, _IN_FORCE, Referral.status.in_(STOCK | {ReferralStatus.RETURNED}))
        .order_by(Referral.returned_at, Referral.sent_at, Referral.id)
    ).all()
    in_stock = [row.id for row in rows if row.status in STOCK]
    asked = questions.open_among(in_stock) if in_stock else frozenset()
    returned = [row.id for row in rows if row.status is ReferralStatus.RETURNED]
    return returned, [each for each in in_stock if each in asked]


def _news(viewer: User, theirs: Sequence[ColumnElement[bool]], *, now: dt.datetime) -> list[uuid.UUID]:
    """Return what others did to this person's own referrals since they opened them, newest first.

    That a page was opened is in the audit log: there is no other mark to be kept.
    """
    since = max(now - dt.timedelta(days=NEWS_DAYS), viewer.created_at)
    others = or_(ReferralHistory.actor_id.is_(None), ReferralHistory.actor_id != viewer.id)
    news_at = _told_at(others, ReferralHistory.move != MoveCode.R1)
    has_begun = and_(
        _TOLD, Referral.status == ReferralStatus.ACCEPTED, Referral.counselling_started.is_(True)
    )
    rows = db.session.execute(
        select(Referral.id, news_at.label("news_at"), has_begun.label("has_begun"))
        .join(*_CONSENT)
        .where(*theirs, Referral.sender_id == viewer.id, news_at >= since)
        .order_by(news_at.desc(), Referral.id)
    ).all()
    if not rows:
        return []
    looked = audit.last_seen(
        Action.REFERRAL_VIEWED,
        actor_id=viewer.id,
        subjects=[subject_key(row.id) for row in rows],
        since=since,
    )
    fresh = []
    for row in rows:
        seen = looked.get(str(row.id))
        begun_unseen = row.has_begun and seen and seen.detail.get(STAGE_SEEN) != SenderStage.STARTED
        if seen is None or seen.at < row.news_at or begun_unseen:
            fresh.append(row.id)
    return fresh[:MOST_NEWS]


def _paged(
    theirs: Sequence[ColumnElement[bool]], wanted: Wanted, *, besides: Sequence[uuid.UUID]
) -> tuple[list[uuid.UUID], list[uuid.UUID], Place | None]:
    rest = [*theirs, Referral.id.not_in(besides)] if besides else list(theirs)
    after, most = wanted.after, PAGE + 1
    found: list[tuple[Part, uuid.UUID, dt.datetime]] = []
    if after is None or after.part is Part.OPEN:
        statement = _rows(Part.OPEN, rest, after=after).limit(most)
        found += [(Part.OPEN, row.id, row.told_at) for row in db.session.execute(statement)]
    if len(found) < most and not wanted.only_open:
        own = after if after is not None and after.part is Part.OVER else None
        statement = _rows(Part.OVER, rest, after=own).limit(most - len(found))
        found += [(Part.OVER, row.id, row.told_at) for row in db.session.execute(statement)]
    shown = found[:PAGE]
    part_, id_, at = shown[-1] if shown else (Part.OVER, uuid.UUID(int=0), None)
    last = Place(part=part_, at=at, id=id_) if at is not None and len(found) > PAGE else None
    return (
        [row[1] for row in shown if row[0] is Part.OPEN],
        [row[1] for row in shown if row[0] is Part.OVER],
        last,
    )


def _rows(
    part: Part, conditions: Sequence[ColumnElement[bool]], *, after: Place | None
) -> Select[uuid.UUID, dt.datetime]:
    # A referral without any step that may be told (none is known) would have no place: it was sent, at least.
    told_at = func.coalesce(_told_at(), Referral.sent_at)
    belongs = _IS_OPEN if part is Part.OPEN else ~or_(_IS_OPEN, _IS_RETURNED)
    statement = select(Referral.id, told_at.label("told_at")).join(*_CONSENT).where(*conditions, belongs)
    if part is Part.OPEN:
        if after is not None:
            further = or_(told_at > after.at, and_(told_at == after.at, Referral.id > after.id))
            statement = statement.where(further)
        return statement.order_by(told_at, Referral.id)
    if after is not None:
        further = or_(told_at < after.at, and_(told_at == after.at, Referral.id > after.id))
        statement = statement.where(further)
    return statement.order_by(told_at.desc(), Referral.id)


def _standings(ids: Sequence[uuid.UUID], *, viewer: User, now: dt.datetime) -> dict[uuid.UUID, Standing]:
    if not ids:
        return {}
    rows = db.session.scalars(select(Referral).where(Referral.id.in_(ids)).order_by(Referral.id)).all()
    moves = standing.histories(ids)
    gone = accounts.inactive_among({row.sender_id for row in rows} - {viewer.id})
    return {
        row.id: standing.standing_of(
            row,
            moves.get(row.id, []),
            viewer=viewer,
            mine_to_move=row.sender_id == viewer.id or row.sender_id in gone,
            now=now,
        )
        for row in rows
    }
