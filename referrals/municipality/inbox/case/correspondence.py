"""What has been said around a case: questions to its sender, messages of its client, and who takes part."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import pgettext as _p

from referrals import handover
from referrals.client import identification
from referrals.client import queries as client
from referrals.client.labels import CALL_TIMES, CLAIMS, CallTime
from referrals.client.messages import Message
from referrals.handover import Question
from referrals.municipality import queries
from referrals.municipality.inbox.case.file import CaseFile
from referrals.municipality.inbox.case.timeline import TimelineRow
from servicetray.accounts import queries as accounts
from servicetray.core.access import Permission
from servicetray.core.pages import Text
from servicetray.core.settings import current_settings


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question to the sender, and who wrote what."""

    question: Question
    by: str
    answered_by: str


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What the client said on their own page, in words."""

    id: uuid.UUID
    title: Text
    at: dt.datetime
    phone: str
    """A number that they give: a claim, shown beside the one that is known."""
    best_time: Text
    handled: bool


@dataclass(frozen=True, kw_only=True)
class Correspondence:
    """Everything that was said from outside."""

    asked: Sequence[Asked]
    claims: Sequence[Claim]

    @property
    def waits_for(self) -> Asked | None:
        """The question for which the clock stands still."""
        return next((each for each in self.asked if each.question.is_pausing), None)

    @property
    def new_claims(self) -> Sequence[Claim]:
        """What nobody has marked as seen."""
        return [each for each in self.claims if not each.handled]

    def rows(self) -> tuple[TimelineRow, ...]:
        """Return what belongs to the timeline: the sender's answers, and what the client said."""
        answers = [
            TimelineRow(
                title=_p("timeline", "Answer from the sender"),
                at=each.question.answered_at,
                by=each.answered_by,
                text=each.question.answer,
            )
            for each in self.asked
            if each.question.answered_at is not None
        ]
        said = [
            TimelineRow(
                title=str(each.title), at=each.at, by=_p("timeline", "the client"), text=str(each.best_time)
            )
            for each in self.claims
        ]
        return (*answers, *said)


def correspondence_of(file: CaseFile) -> Correspondence:
    """Return what the sender and the client have said around a case that the reader may open."""
    questions = handover.questions_of(file.referral_id)
    names = accounts.names_of(
        person for each in questions for person in (each.asked_by, each.answered_by) if person
    )
    said = client.messages_of(file.referral_id, municipality_code=file.municipality_code)
    return Correspondence(
        asked=tuple(
            Asked(
                question=each,
                by=names.get(each.asked_by, ""),
                answered_by=names.get(each.answered_by, "") if each.answered_by else "",
            )
            for each in questions
        ),
        # Nothing of a protected client comes from outside.
        claims=() if file.protected else tuple(_claim(each) for each in said),
    )


def has_clients_page(file: CaseFile) -> bool:
    """Whether the client of a case can get a code for a page of their own."""
    return (
        file.is_open
        and not file.protected
        and not file.practice
        and identification.is_open(current_settings())
    )


def colleagues_of(file: CaseFile) -> Sequence[tuple[str, str]]:
    """Return the people to whom a case can be handed: id and name, without who has it now."""
    place = queries.catchment(file.catchment_id)
    if place is None:
        return ()
    people = accounts.workers_of(place.unit_id, Permission.INBOX_WORK)
    return tuple((str(each.id), each.name) for each in people if each.id != file.handler_id)


def _claim(message: Message) -> Claim:
    hours = message.said.best_time
    known = hours in set(CallTime)
    return Claim(
        id=message.id,
        title=CLAIMS[message.kind],
        at=message.at,
        phone=message.said.phone,
        best_time=CALL_TIMES[CallTime(hours)]
        if known and hours
        else (hours and _("at %(hours)s", hours=hours)),
        handled=message.handled_at is not None,
    )
