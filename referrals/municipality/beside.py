"""The pages beside a case: its appointments, plan, follow-up and texts. Who may open them, and their audit rows."""

import datetime as dt
import uuid
from dataclasses import dataclass

from referrals.moves import OPEN_CASE
from referrals.municipality import operations, queries
from referrals.municipality.content import CaseContent
from referrals.municipality.inbox.scope import Scope, scope_of
from referrals.municipality.models import Case
from servicetray.accounts.queries import User
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import clock
from servicetray.core.db import transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.pages import Page


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A case that somebody may open, as a page beside it needs it."""

    case: Case
    content: CaseContent | None
    """None once it is erased."""
    scope: Scope
    actor: User
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        """The Helsinki day."""
        return clock.helsinki_day(self.now)

    @property
    def is_open(self) -> bool:
        """Whether there is still work to do."""
        return self.case.status in OPEN_CASE

    @property
    def heading(self) -> str:
        """The client's name, or the reference once the name is erased."""
        return self.content.name if self.content else self.case.reference

    @property
    def head(self) -> "Head":
        """What every one of these pages begins with."""
        return Head(
            case_id=self.case.id,
            heading=self.heading,
            reference=self.case.reference,
            protected=self.case.protected,
            practice=self.case.practice,
            is_open=self.is_open,
        )


@dataclass(frozen=True, kw_only=True)
class Head:
    """Whose page it is."""

    case_id: uuid.UUID
    heading: str
    reference: str
    protected: bool
    practice: bool
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class BesidePage(Page):
    """A page beside a case; its title never names the client."""

    head: Head


def opened(case_id: uuid.UUID, *, lock: bool = False) -> Beside:
    """Return a case that the person at the keyboard may open.

    Raises:
        NotFoundError: if it is elsewhere, hidden, another's protected client, or nowhere.
    """
    actor = who()
    scope = scope_of(actor)
    case = queries.case_in(case_id, catchment_ids=scope.catchment_ids, reader_id=actor.id, lock=lock)
    if case is None:
        raise NotFoundError
    return Beside(case=case, content=operations.content_of(case), scope=scope, actor=actor, now=clock.now())


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What an audit row says of a page that was opened; taken before the session forgets the case."""

    case_id: uuid.UUID
    referral_id: uuid.UUID
    scope: Scope
    now: dt.datetime

    @classmethod
    def of(cls, it: Beside) -> "Seen":
        """Take it from an opened case."""
        return cls(case_id=it.case.id, referral_id=it.case.referral_id, scope=it.scope, now=it.now)

    def write(self, *, page: str, action: Action = Action.CASE_VIEWED) -> None:
        """Write the row in a transaction of its own; ``page`` is the part of the case, one word."""
        with transaction():
            record(
                action,
                actor=self.scope.reader,
                object_type="case",
                object_id=self.case_id,
                subject=subject_key(self.referral_id),
                now=self.now,
                detail={"page": page},
            )


def noted(case: Case, *, what: str, actor: User, now: dt.datetime) -> None:
    """Write the audit row of an entry beside a case; ``what`` is one word, never a text."""
    record(
        Action.CASE_NOTED,
        actor=actor,
        object_type="case",
        object_id=case.id,
        subject=subject_key(case.referral_id),
        now=now,
        detail={"what": what},
    )
