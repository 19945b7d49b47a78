"""Where the scenes of the demonstration are played: invented people do what the pages let them do, in order of time."""

import datetime as dt
import heapq
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import select

from referrals import handover
from referrals.client import operations as client
from referrals.client.messages import Said
from referrals.client.models import MessageKind
from referrals.consent import Basis, Contact, Giver, Method
from referrals.county import operations as county
from referrals.county import queries as county_queries
from referrals.county.content import ContactPerson, ReferralContent, SenderCard
from referrals.county.models import Origin, Referral
from referrals.county.operations import ConsentGiven, NewReferral
from referrals.demonstration.rows import PREFIXES, TEXT_VERSION
from referrals.demonstration.units import key
from referrals.moves import ContactChannel, Priority, Who
from referrals.municipality import operations as municipality
from referrals.municipality import queries as municipality_queries
from referrals.municipality.models import AttemptResult, Case
from referrals.municipality.queries import Route
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import Unit, User
from servicetray.core import clock
from servicetray.core.db import db
from servicetray.core.outbox import MessageState, OutboxMessage

Scene = Iterator[dt.datetime]
"""Yields when it goes on; what comes after is done at that time."""

SANNA, LAURA = "sanna.koski", "laura.niemi"
MIKKO, LIISA, JARI, EVA, OUTI = "mikko.rantala", "liisa.vuori", "jari.satama", "eva.strand", "outi.lehto"
COUNTY_OFFICER, TOWN_OFFICER = "tapio.suoja", "helena.turva"
RESIDENT: Final = SenderCard(name="Asukas itse", title="", unit="", phone="")
REFUSED: Final = "SMTPRecipientsRefused"


@dataclass(frozen=True, kw_only=True)
class Invented:
    """A client of a scene; nobody is called so at this number."""

    first_name: str
    last_name: str
    birth_year: int
    phone: str = "040 000 0171"
    reasons: tuple[str, ...] = ("inactivity",)
    interests: tuple[str, ...] = ()
    own_wish: str = ""
    what_to_heed: str = ""
    best_time: str = ""
    home_municipality: str = ""
    contact_person: ContactPerson | None = None
    giver: Giver = Giver.CLIENT
    basis: Basis | None = None
    contact: Contact | None = None
    guardians_may_be_told: bool | None = None
    channels: frozenset[ContactChannel] = frozenset({ContactChannel.PHONE, ContactChannel.TEXT_MESSAGE})
    transfer: bool = False
    protected: bool = False


@dataclass(kw_only=True)
class Stage:
    """The day on which the demonstration is made, and the time at which the scene stands."""

    today: dt.date
    now: dt.datetime
    refused: list[uuid.UUID] = field(default_factory=list)
    """Referrals whose letter a mail server would not take."""

    def at(self, working_days_ago: int, hour: int, minute: int = 0) -> dt.datetime:
        """Return a time of an earlier working day in Helsinki."""
        day = clock.add_working_days(self.today, -working_days_ago)
        return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=clock.HELSINKI).astimezone(dt.UTC)

    def person(self, name: str) -> User:
        """Return one of the invented people by the name before the @."""
        found = accounts.user_by_email(f"{name}@example.org")
        assert found is not None, name
        return found

    # ------------------------------------------------------------------------------ the county

    def send(
        self,
        who: Invented,
        *,
        by: str | None = SANNA,
        to: str = "286",
        kind: str = "exercise",
        practice: bool = False,
        origin: Origin = Origin.PROFESSIONAL,
        written_on: dt.date | None = None,
        written_by: SenderCard | None = None,
    ) -> uuid.UUID:
        """Send a referral; ``by`` is None where residents ask for themselves. Return its id."""
        actor = self.person(by) if by else None
        route, receiver = self._road(kind, to)
        card = written_by or (_card(actor) if actor else RESIDENT)
        new = _form(who, kind=kind, sender=card, origin=origin, practice=practice)
        new = replace(new, written_on=written_on, actor_sends=written_by is None)
        return county.send(new, route=route, receiver=receiver, actor=actor, now=self.now).id

    def send_again(self, referral_id: uuid.UUID, who: Invented, *, by: str = SANNA) -> None:
        """Send one that came back, mended, where it went before."""
        row, actor = self.referral(referral_id), self.person(by)
        route, receiver = self._road(row.kind_code, row.municipality_code)
        new = _form(who, kind=row.kind_code, sender=_card(actor), origin=row.origin, practice=False)
        handover.resend(row, new=new, route=route, receiver=receiver, consent=None, actor=actor, now=self.now)

    def _road(self, kind: str, municipality_code: str) -> tuple[Route, Unit]:
        route = municipality_queries.route(kind, municipality_code, on=clock.helsinki_day(self.now))
        assert route is not None
        receiver = accounts.unit(route.unit_id)
        assert receiver is not None
        return route, receiver

    def referral(self, referral_id: uuid.UUID) -> Referral:
        """Return a referral as one that is to be moved, its cases held before it."""
        handover.hold_cases(referral_id)
        found = county_queries.referral(referral_id, lock=True)
        assert found is not None
        return found

    def says(self, referral_id: uuid.UUID, kind: MessageKind, **said: str) -> None:
        """Let the client say something on their own page."""
        client.say(referral_id, kind, Said(**said), now=self.now)

    # ------------------------------------------------------------------------- the municipality

    def accept(self, referral_id: uuid.UUID, *, by: str = MIKKO) -> Case:
        """Take a referral as its adviser."""
        return handover.accept(
            self.referral(referral_id), who=Who.ADVISER, actor=self.person(by), now=self.now
        )

    def call(
        self,
        case: Case,
        *,
        by: str = MIKKO,
        result: AttemptResult = AttemptResult.REACHED,
        note: str = "",
        channel: ContactChannel = ContactChannel.PHONE,
    ) -> None:
        """Try to reach the client."""
        municipality.log_attempt(
            case, channel=channel, result=result, note=note, actor=self.person(by), now=self.now
        )

    def start(self, case: Case, *, by: str = MIKKO, note: str = "") -> None:
        """Counsel for the first time."""
        municipality.start(case, who=Who.ADVISER, actor=self.person(by), now=self.now, note=note)

    # --------------------------------------------------------------------------------- letters

    def deliver(self) -> None:
        """Let what was written about these scenes have left, but for what is to be seen as refused.

        The demonstration has no mail server; what is written from now on waits as it would without one.
        """
        refused = {f"referral:{each}" for each in self.refused}
        waiting = select(OutboxMessage).where(
            OutboxMessage.state.in_((MessageState.WAITING, MessageState.HELD)),
            OutboxMessage.created_at < self.now,
        )
        for message in db.session.scalars(waiting.order_by(OutboxMessage.id.desc())):
            message.attempts = 1
            if message.about in refused:
                # The last letter about it alone.
                refused.remove(message.about)
                message.state, message.last_problem = MessageState.FAILED, REFUSED
            else:
                message.state, message.sent_at = MessageState.SENT, message.created_at
        db.session.flush()


def play(scenes: Iterable[Callable[[Stage], Scene]], *, now: dt.datetime) -> None:
    """Play scenes side by side, so that the log tells them in the order in which they were.

    In the transaction of the caller; everything has happened before the day of ``now``.
    """
    stage = Stage(today=clock.helsinki_day(now), now=now)
    opened = [scene(stage) for scene in scenes]
    waiting = [(next(each), place) for place, each in enumerate(opened)]
    heapq.heapify(waiting)
    while waiting:
        stage.now, place = heapq.heappop(waiting)
        later = next(opened[place], None)
        if later is not None:
            assert later >= stage.now, "time runs one way"
            heapq.heappush(waiting, (later, place))
    stage.now = now
    stage.deliver()


def _card(actor: User) -> SenderCard:
    return SenderCard(name=actor.name, title=actor.title, unit=actor.unit_name, phone=actor.phone)


def _form(who: Invented, *, kind: str, sender: SenderCard, origin: Origin, practice: bool) -> NewReferral:
    return NewReferral(
        form_key=key(f"scene:{who.first_name} {who.last_name}"),
        kind_code=kind,
        prefix=PREFIXES[kind],
        content=_content(who, sender=sender),
        consent=_consent(who, written=origin is not Origin.PROFESSIONAL),
        priority=Priority.NORMAL,
        protected=who.protected,
        practice=practice,
        origin=origin,
    )


def _content(who: Invented, *, sender: SenderCard) -> ReferralContent:
    return ReferralContent(
        first_name=who.first_name,
        last_name=who.last_name,
        birth_year=who.birth_year,
        phone=who.phone,
        contact_person=who.contact_person,
        best_time=who.best_time,
        language="fi",
        reasons=who.reasons,
        interests=who.interests,
        own_wish=who.own_wish,
        what_to_heed=who.what_to_heed,
        home_municipality=who.home_municipality,
        sender=sender,
    )


def _consent(who: Invented, *, written: bool) -> ConsentGiven:
    kept: dict[str, Any] = {
        name: getattr(who, name)
        for name in ("giver", "basis", "contact", "guardians_may_be_told", "transfer")
    }
    return ConsentGiven(
        **kept,
        method=Method.WRITTEN if written else Method.ORAL,
        text_version=TEXT_VERSION,
        text_language="fi",
        feedback=not written,
        follow_up=True,
        channels=frozenset(who.channels),
    )
