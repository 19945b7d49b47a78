"""Which messages have not left, of those that concern the units that somebody leads."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from referrals.county import lateness as county
from referrals.municipality import queries as municipality
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import User
from servicetray.core import outbox
from servicetray.core.access import Permission
from servicetray.core.db import Texts
from servicetray.core.letters import Matter, subject_of
from servicetray.core.mail_server import MailServerDownError
from servicetray.core.outbox import MessageState, OutboxMessage

ABOUT_REFERRAL = "referral:"
REFUSED = frozenset({"SMTPRecipientsRefused", "SMTPDataError"})
"""Names of the errors by which a mail server says that it doesn't take this letter."""


class Problem(StrEnum):
    """Why a message has not left, as far as it can be told."""

    REFUSED = "refused"
    AWAY = "away"
    NOT_TRIED = "not_tried"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class UnsentRow:
    """One message that has not left."""

    id: int
    subject: str
    """In the reader's language: what it tells of, a reference and nobody's name."""
    to: str | Texts
    """The name of the person or of the unit whose box it is; else the address."""
    address: str
    written_at: dt.datetime
    problem: Problem
    given_up: bool
    """Whether it stays here until somebody sends it again; otherwise it is tried by itself."""


def unsent_for(user: User, *, language: str, now: dt.datetime) -> Sequence[UnsentRow]:
    """Return what has not left to or about the units that somebody leads, newest first."""
    found = _unsent(user, now=now)
    names = _names(user, {message.address for message in found})
    gathered = _gathered(found)
    return tuple(
        UnsentRow(
            id=message.id,
            subject=_subject(message, gathered.get(message.id, ()), language),
            to=names.get(message.address, message.address),
            address=message.address,
            written_at=message.created_at,
            problem=_problem(message),
            given_up=message.state is MessageState.FAILED,
        )
        for message in found
    )


def count_for(user: User, *, now: dt.datetime) -> int:
    """Return how many messages to or about the units that somebody leads have not left."""
    return len(_unsent(user, now=now)) if user.may(Permission.INBOX_LEAD) else 0


def concerns(user: User, message_id: int, *, now: dt.datetime) -> bool:
    """Whether a message is one that this person is shown."""
    return any(message.id == message_id for message in _unsent(user, now=now))


def _unsent(user: User, *, now: dt.datetime) -> Sequence[OutboxMessage]:
    found = outbox.unsent(now=now)
    if not found:
        return ()
    led = user.units_for(Permission.INBOX_LEAD)
    addresses = _addresses(led)
    gathered = _gathered(found)
    told_of = {
        message.id: {
            referral_id
            for each in (message, *gathered.get(message.id, ()))
            if (referral_id := _referral_of(each)) is not None
        }
        for message in found
    }
    catchments = [place.id for place in municipality.catchments_of(led)]
    ours = county.among([*set().union(*told_of.values())], catchment_ids=catchments)
    return [message for message in found if message.address in addresses or told_of[message.id] & ours]


def _gathered(found: Iterable[OutboxMessage]) -> Mapping[int, Sequence[OutboxMessage]]:
    letters = [message.id for message in found if message.template == outbox.DIGEST]
    inside: dict[int, list[OutboxMessage]] = {}
    for each in outbox.gathered_in(letters):
        if each.digest_id is not None:
            inside.setdefault(each.digest_id, []).append(each)
    return inside


def _subject(message: OutboxMessage, gathered: Sequence[OutboxMessage], language: str) -> str:
    inside = [Matter(template=each.template, context=each.context) for each in gathered]
    return subject_of(
        Matter(template=message.template, context=message.context), gathered=inside, language=language
    )


def _addresses(unit_ids: frozenset[uuid.UUID]) -> frozenset[str]:
    boxes = {unit.mailbox for unit in accounts.units(unit_ids)}
    people = {
        person.email for each in unit_ids for person in accounts.workers_of(each, Permission.INBOX_WORK)
    }
    return frozenset((boxes | people) - {""})


def _names(user: User, addresses: set[str]) -> Mapping[str, str | Texts]:
    boxes = {unit.mailbox: unit.name for unit in accounts.units(user.units_for(Permission.INBOX_LEAD))}
    people = {
        person.email: person.name for address in addresses if (person := accounts.user_by_email(address))
    }
    return {**people, **boxes}


def _referral_of(message: OutboxMessage) -> uuid.UUID | None:
    kind, _, key = message.about.partition(":")
    return uuid.UUID(key) if f"{kind}:" == ABOUT_REFERRAL else None


def _problem(message: OutboxMessage) -> Problem:
    if not message.last_problem:
        return Problem.NOT_TRIED
    if message.last_problem in REFUSED:
        return Problem.REFUSED
    is_away = message.last_problem == MailServerDownError.__name__
    return Problem.AWAY if is_away else Problem.OTHER
