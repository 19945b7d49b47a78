"""Messages: rows written with what they tell of, delivered later, at least once.

A message says that something has happened and where to look; never of whom. The context holds
a reference, a link and names of units, or what is said of a service of the tray; nothing else. One that is held
waits for the morning's letter to its address (``digest``), which gathers what is held when it leaves.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage
from enum import StrEnum
from typing import Final

import structlog
from flask import Flask
from sqlalchemy import ColumnElement, ForeignKey, String, UniqueConstraint, and_, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, UtcDateTime, db, enum_column, transaction, type_json
from servicetray.core.jobs import Chore, add_chore
from servicetray.core.letters import Matter, letter
from servicetray.core.mail_server import MailServer, MailServerDownError, is_permanent
from servicetray.core.settings import current_settings

log = structlog.get_logger()

BATCH = 50
RETRY_MINUTES = (1, 5, 15, 60, 240, 720)
GIVE_UP_AFTER = dt.timedelta(days=3)
CLAIM = dt.timedelta(minutes=10)
"""How long a worker has a message for itself: longer than any mail server takes."""
STUCK_AFTER = dt.timedelta(hours=1)
DIGEST: Final = "digest"
"""The template of a letter that gathers what was held for its address."""

Send = Callable[[EmailMessage], None]


class MessageState(StrEnum):
    """Where a message is."""

    WAITING = "waiting"
    HELD = "held"
    SENT = "sent"
    CANCELLED = "cancelled"
    FAILED = "failed"


class OutboxMessage(Model):
    """One e-mail to one address, or one matter in the morning's e-mail to it."""

    __tablename__ = "outbox_message"
    __table_args__ = (UniqueConstraint("address", "digest_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(254))
    template: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(5))
    """One language, or two with a plus between them (``letters.BOTH``)."""
    context: Mapped[dict[str, str]] = mapped_column(type_json)
    about: Mapped[str] = mapped_column(String(80), index=True)
    """What it tells of (``referral:<id>``), so that it can be cancelled before it leaves."""
    state: Mapped[MessageState] = mapped_column(
        enum_column(MessageState), default=MessageState.WAITING, index=True
    )
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    last_problem: Mapped[str] = mapped_column(String(200), default="")
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_message.id"), index=True)
    """The letter that gathers this one; it stays ``held`` until that has left."""
    digest_on: Mapped[dt.date | None]
    """Of a letter that gathers: its Helsinki day, one a day and address."""
    asked_again_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """When somebody last asked for it to be sent again; the days of trying count anew from then."""


def enqueue(
    *,
    address: str,
    template: str,
    language: str,
    context: Mapping[str, str],
    about: str,
    now: dt.datetime,
    held: bool = False,
) -> OutboxMessage:
    """Add a message to the current transaction; nothing leaves before that commits.

    One that is ``held`` leaves with the next morning's letter to its address.
    """
    message = OutboxMessage(
        address=address,
        template=template,
        language=language,
        context=dict(context),
        about=about,
        state=MessageState.HELD if held else MessageState.WAITING,
        created_at=now,
        due_at=now,
        attempts=0,
        last_problem="",
    )
    db.session.add(message)
    db.session.flush()
    return message


def cancel(*, about: str) -> int:
    """Cancel what has not left yet about one thing, given up or not; return how many."""
    return _cancel(OutboxMessage.about == about)


def cancel_to(*, address: str) -> int:
    """Cancel what has not left yet for an address, as its owner leaves; return how many."""
    return _cancel(OutboxMessage.address == address)


def forget(*, about: str) -> int:
    """Cancel what has not left yet about one thing, and forget to whom the rest went; return how many rows."""
    _cancel(OutboxMessage.about == about)
    return _forget(OutboxMessage.about == about)


def forget_sent(*, about: str) -> int:
    """Forget to whom letters went whose key begins so: addresses of people without an account. Return how many."""
    return _forget(
        OutboxMessage.about.startswith(about, autoescape=True), OutboxMessage.state != MessageState.WAITING
    )


def send_again(message_id: int, *, now: dt.datetime) -> bool:
    """Try a message anew that was given up or waits for its next try; return whether it had not left yet."""
    message = db.session.get(OutboxMessage, message_id, with_for_update=True)
    if message is None or message.state not in {MessageState.FAILED, MessageState.WAITING}:
        return False
    message.state = MessageState.WAITING
    message.due_at = message.asked_again_at = now
    message.attempts = 0
    db.session.flush()
    return True


def deliver_due(*, now: dt.datetime, send: Send | None = None) -> int:
    """Send what is due, each message on its own; return how many left.

    A message is claimed before it is sent and marked afterwards, so two workers don't send it twice. Killed
    between sending and marking, it is sent again when the claim runs out: at least once, never lost. While the
    server is away, the round ends with the message that found out.
    """
    if send is not None:
        return _deliver_all(send, now)
    settings = current_settings()
    if not settings.smtp_host:
        return 0
    with MailServer(settings) as server:
        return _deliver_all(server, now)


def unsent(*, now: dt.datetime) -> Sequence[OutboxMessage]:
    """Return the messages that were given up or have waited for more than an hour, newest first."""
    return db.session.scalars(
        select(OutboxMessage)
        .where(_is_stuck(now))
        .order_by(OutboxMessage.created_at.desc(), OutboxMessage.id.desc())
    ).all()


def gathered_in(message_ids: Sequence[int]) -> Sequence[OutboxMessage]:
    """Return the matters that letters gather and that have neither left nor been cancelled, oldest first."""
    if not message_ids:
        return ()
    return db.session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.digest_id.in_(message_ids), OutboxMessage.state == MessageState.HELD)
        .order_by(OutboxMessage.created_at, OutboxMessage.id)
    ).all()


def stuck(*, now: dt.datetime) -> int:
    """Return how many messages were given up, or have waited for more than an hour."""
    return db.session.scalars(select(func.count()).select_from(OutboxMessage).where(_is_stuck(now))).one()


def _is_stuck(now: dt.datetime) -> ColumnElement[bool]:
    since = func.coalesce(OutboxMessage.asked_again_at, OutboxMessage.created_at, type_=UtcDateTime)
    return or_(
        OutboxMessage.state == MessageState.FAILED,
        and_(OutboxMessage.state == MessageState.WAITING, since < now - STUCK_AFTER),
    )


def oldest_waiting() -> dt.datetime | None:
    """Return since when the oldest message that is to leave has waited, or None where none does."""
    since = func.coalesce(OutboxMessage.asked_again_at, OutboxMessage.created_at, type_=UtcDateTime)
    return db.session.scalar(select(func.min(since)).where(OutboxMessage.state == MessageState.WAITING))


def _cancel(which: ColumnElement[bool]) -> int:
    unsent_states = (MessageState.WAITING, MessageState.HELD, MessageState.FAILED)
    found = db.session.scalars(
        select(OutboxMessage).where(which, OutboxMessage.state.in_(unsent_states)).order_by(OutboxMessage.id)
    ).all()
    for message in found:
        message.state = MessageState.CANCELLED
    db.session.flush()
    return len(found)


def _forget(*which: ColumnElement[bool]) -> int:
    found = db.session.scalars(
        select(OutboxMessage)
        .where(*which, OutboxMessage.address != "", OutboxMessage.state != MessageState.FAILED)
        .order_by(OutboxMessage.id)
    ).all()
    for message in found:
        message.address = ""
    db.session.flush()
    return len(found)


def _deliver_all(send: Send, now: dt.datetime) -> int:
    due = db.session.scalars(
        select(OutboxMessage.id)
        .where(OutboxMessage.state == MessageState.WAITING, OutboxMessage.due_at <= now)
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(BATCH)
    ).all()
    left = 0
    for message_id in due:
        try:
            left += _deliver(message_id, send, now)
        except MailServerDownError:
            # The others would each wait as long for the same answer; they stay due.
            break
    return left


def _deliver(message_id: int, send: Send, now: dt.datetime) -> bool:
    if not _claim(message_id, now):
        return False
    problem: Exception | None = None
    made: EmailMessage | None = None
    try:
        made = _letter(message_id)
        # No transaction stays open while a mail server takes its time.
        db.session.rollback()
        if made is not None:
            send(made)
    except Exception as error:  # noqa: BLE001 - a letter that can't be made must not hold the others up
        problem = error
        # The class alone: a server's answer may quote the address.
        log.warning("message_not_sent", message=message_id, problem=type(error).__name__)
    with transaction():
        row = db.session.get(OutboxMessage, message_id, with_for_update=True)
        if row is not None and row.state is MessageState.WAITING:
            if problem is not None:
                _put_off(row, problem, now)
            elif made is None:
                row.state = MessageState.CANCELLED
            else:
                _mark_sent(row, now)
    if isinstance(problem, MailServerDownError):
        raise problem
    return problem is None and made is not None


def _letter(message_id: int) -> EmailMessage | None:
    """Make a message's letter; None if it was to gather what has been cancelled since."""
    message = db.session.get_one(OutboxMessage, message_id)
    matters = [Matter(template=each.template, context=each.context) for each in gathered_in([message_id])]
    if message.template == DIGEST and not matters:
        return None
    return letter(
        Matter(template=message.template, context=message.context),
        gathered=matters,
        address=message.address,
        language=message.language,
        key=message.id,
        at=message.created_at,
    )


def _mark_sent(row: OutboxMessage, now: dt.datetime) -> None:
    row.state, row.sent_at, row.last_problem = MessageState.SENT, now, ""
    for each in gathered_in([row.id]):
        each.state, each.sent_at = MessageState.SENT, now


def _put_off(row: OutboxMessage, problem: Exception, now: dt.datetime) -> None:
    row.last_problem = type(problem).__name__
    tried_for = now - (row.asked_again_at or row.created_at)
    # A server that is away is no message's fault: all of them leave once it is back, however late.
    is_away = isinstance(problem, MailServerDownError)
    if is_permanent(problem) or (tried_for > GIVE_UP_AFTER and not is_away):
        row.state = MessageState.FAILED
        return
    wait = RETRY_MINUTES[min(row.attempts, len(RETRY_MINUTES)) - 1]
    row.due_at = now + dt.timedelta(minutes=RETRY_MINUTES[0] if is_away else wait)


def _claim(message_id: int, now: dt.datetime) -> bool:
    with transaction():
        row = db.session.get(OutboxMessage, message_id, with_for_update=True)
        if row is None or row.state is not MessageState.WAITING or row.due_at > now:
            return False
        row.due_at = now + CLAIM
        row.attempts += 1
    return True


def init_app(app: Flask) -> None:
    """Register the delivery."""
    add_chore(app, Chore(name="outbox.deliver", work=lambda now: deliver_due(now=now)))
