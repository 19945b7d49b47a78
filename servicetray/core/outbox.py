"""Messages: rows written with what they tell of, delivered later, at least once.

A message says that something has happened and where to look; never of whom. The context holds
a reference, a link and names of units, nothing else.
"""

import datetime as dt
import smtplib
import ssl
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from enum import StrEnum

import structlog
from flask import Flask, current_app, render_template
from flask_babel import force_locale
from sqlalchemy import String, and_, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from servicetray.core.db import Model, UtcDateTime, db, enum_column, transaction, type_json
from servicetray.core.i18n import DEFAULT, in_language_of
from servicetray.core.jobs import Chore, add_chore
from servicetray.core.settings import Settings, current_settings

log = structlog.get_logger()

BATCH = 50
RETRY_MINUTES = (1, 5, 15, 60, 240, 720)
GIVE_UP_AFTER = dt.timedelta(days=3)
TIMEOUT_SECONDS = 20
CLAIM = dt.timedelta(minutes=10)
"""How long a worker has a message for itself: longer than any mail server takes."""
STUCK_AFTER = dt.timedelta(hours=1)

Send = Callable[[EmailMessage], None]


class MessageState(StrEnum):
    """Where a message is."""

    WAITING = "waiting"
    SENT = "sent"
    CANCELLED = "cancelled"
    FAILED = "failed"


class OutboxMessage(Model):
    """One e-mail to one address."""

    __tablename__ = "outbox_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(254))
    template: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(5))
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


def enqueue(
    *,
    address: str,
    template: str,
    language: str,
    context: Mapping[str, str],
    about: str,
    now: dt.datetime,
) -> OutboxMessage:
    """Add a message to the current transaction; nothing leaves before that commits."""
    message = OutboxMessage(
        address=address,
        template=template,
        language=language,
        context=dict(context),
        about=about,
        state=MessageState.WAITING,
        created_at=now,
        due_at=now,
        attempts=0,
        last_problem="",
    )
    db.session.add(message)
    db.session.flush()
    return message


def cancel(*, about: str) -> int:
    """Cancel what has not left yet about one thing; return how many."""
    waiting = db.session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.about == about, OutboxMessage.state == MessageState.WAITING)
        .order_by(OutboxMessage.id)
    ).all()
    for message in waiting:
        message.state = MessageState.CANCELLED
    db.session.flush()
    return len(waiting)


def deliver_due(*, now: dt.datetime, send: Send | None = None) -> int:
    """Send what is due, each message on its own; return how many left.

    A message is claimed before it is sent and marked afterwards, so two workers don't send it twice. Killed
    between sending and marking, it is sent again when the claim runs out: at least once, never lost.
    """
    sender = send or _smtp(current_settings())
    if sender is None:
        return 0
    due = db.session.scalars(
        select(OutboxMessage.id)
        .where(OutboxMessage.state == MessageState.WAITING, OutboxMessage.due_at <= now)
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(BATCH)
    ).all()
    return sum(_deliver(message_id, sender, now) for message_id in due)


def stuck(*, now: dt.datetime) -> int:
    """Return how many messages were given up, or have waited for more than an hour."""
    return db.session.scalars(
        select(func.count())
        .select_from(OutboxMessage)
        .where(
            or_(
                OutboxMessage.state == MessageState.FAILED,
                and_(
                    OutboxMessage.state == MessageState.WAITING,
                    OutboxMessage.created_at < now - STUCK_AFTER,
                ),
            )
        )
    ).one()


def _deliver(message_id: int, send: Send, now: dt.datetime) -> bool:
    problem = ""
    if not _claim(message_id, now):
        return False
    try:
        letter = _letter(db.session.get_one(OutboxMessage, message_id))
        # No transaction stays open while a mail server takes its time.
        db.session.rollback()
        send(letter)
    except Exception as error:  # noqa: BLE001 - a letter that can't be made must not hold the others up
        # The class alone: a server's answer may quote the address.
        problem = type(error).__name__
        log.warning("message_not_sent", message=message_id, problem=problem)
    with transaction():
        row = db.session.get(OutboxMessage, message_id, with_for_update=True)
        if row is None or row.state is not MessageState.WAITING:
            return not problem
        row.last_problem = problem
        if not problem:
            row.state, row.sent_at = MessageState.SENT, now
        elif now - row.created_at > GIVE_UP_AFTER:
            row.state = MessageState.FAILED
        else:
            wait = RETRY_MINUTES[min(row.attempts, len(RETRY_MINUTES)) - 1]
            row.due_at = now + dt.timedelta(minutes=wait)
    return not problem


def _claim(message_id: int, now: dt.datetime) -> bool:
    with transaction():
        row = db.session.get(OutboxMessage, message_id, with_for_update=True)
        if row is None or row.state is not MessageState.WAITING or row.due_at > now:
            return False
        row.due_at = now + CLAIM
        row.attempts += 1
    return True


def _letter(message: OutboxMessage) -> EmailMessage:
    settings = current_settings()
    prefix = "" if message.language == DEFAULT else f"/{message.language}"
    as_if_asked = current_app.test_request_context("/", environ_base=in_language_of(message.language))
    with as_if_asked, force_locale(message.language):
        text = render_template(
            f"email/{message.template}.txt",
            message=message.context,
            base=settings.public_url + prefix,
            service_name=settings.service_name,
        )
    subject, _, body = text.strip().partition("\n")
    letter = EmailMessage()
    letter["From"] = settings.mail_from
    letter["To"] = message.address
    letter["Subject"] = subject
    letter["Date"] = format_datetime(message.created_at)
    # The same each time, so that a mail system knows one that is sent again.
    sender = parseaddr(settings.mail_from)[1]
    written = f"{message.created_at:%Y%m%dT%H%M%S.%f}"
    letter["Message-ID"] = f"<outbox-{message.id}-{written}@{sender.rpartition('@')[2]}>"
    letter["Content-Language"] = message.language
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(body.strip() + "\n")
    return letter


def _smtp(settings: Settings) -> Send | None:
    if not settings.smtp_host:
        return None

    def send(letter: EmailMessage) -> None:
        with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_SECONDS) as server:
            if settings.smtp_starttls:
                # Without a context of ours the standard library accepts any certificate.
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            server.send_message(letter)

    return send


def init_app(app: Flask) -> None:
    """Register the delivery."""
    add_chore(app, Chore(name="outbox.deliver", work=lambda now: deliver_due(now=now)))
