"""Messages are written with what they tell of, and leave at least once."""

import datetime as dt
import smtplib
from email.message import EmailMessage

import pytest

from servicetray.core import outbox
from servicetray.core.db import db, transaction
from servicetray.core.outbox import GIVE_UP_AFTER, MessageState, OutboxMessage

pytestmark = pytest.mark.usefixtures("database")


def write(now: dt.datetime, language: str = "fi") -> None:
    """Put one message into the outbox."""
    with transaction():
        outbox.enqueue(
            address="neuvonta@example.org",
            template="referral_arrived",
            language=language,
            context={"reference": "LIK-4F7K2M", "path": "/saapuneet/1"},
            about="referral:1",
            now=now,
        )


def state() -> MessageState:
    """Return where the only message is."""
    db.session.expire_all()
    return db.session.query(OutboxMessage).one().state


def refuse(letter: EmailMessage) -> None:
    """Be a mail server that is down."""
    del letter
    raise smtplib.SMTPServerDisconnected


def test_message_leaves_once_it_is_written(now: dt.datetime) -> None:
    """It has a subject, the link and the language, and is not sent a second time."""
    sent: list[EmailMessage] = []
    write(now)
    assert outbox.deliver_due(now=now, send=sent.append) == 1
    assert outbox.deliver_due(now=now, send=sent.append) == 0
    assert state() is MessageState.SENT
    (letter,) = sent
    assert letter["To"] == "neuvonta@example.org"
    assert letter["Subject"]
    assert "/saapuneet/1" in letter.get_content()


def test_message_of_a_failed_transaction_never_leaves(now: dt.datetime) -> None:
    """What did not happen is not told."""
    with pytest.raises(ZeroDivisionError):
        _half_done(now)
    assert outbox.deliver_due(now=now, send=lambda letter: None) == 0


def _half_done(now: dt.datetime) -> None:
    with transaction():
        outbox.enqueue(
            address="a@example.org",
            template="referral_arrived",
            language="fi",
            context={},
            about="x",
            now=now,
        )
        raise ZeroDivisionError


def test_message_waits_out_a_server_that_is_down(now: dt.datetime) -> None:
    """After two days without a server it still leaves, and is sent once."""
    write(now)
    moment, tries = now, 0
    while moment < now + dt.timedelta(hours=48):
        tries += outbox.deliver_due(now=moment, send=refuse)
        moment += dt.timedelta(hours=1)
    assert (tries, state()) == (0, MessageState.WAITING)
    sent: list[EmailMessage] = []
    outbox.deliver_due(now=moment + dt.timedelta(hours=12), send=sent.append)
    assert len(sent) == 1


def test_message_that_never_leaves_is_marked_failed(now: dt.datetime) -> None:
    """After three days somebody has to look."""
    write(now)
    outbox.deliver_due(now=now + GIVE_UP_AFTER + dt.timedelta(minutes=1), send=refuse)
    assert state() is MessageState.FAILED


def test_cancelled_message_stays(now: dt.datetime) -> None:
    """A withdrawn referral is not announced any more."""
    write(now)
    with transaction():
        assert outbox.cancel(about="referral:1") == 1
    assert outbox.deliver_due(now=now, send=lambda letter: None) == 0


def test_letter_that_can_not_be_made_holds_no_other_up(now: dt.datetime) -> None:
    """A fault in one template is that message's alone; it is tried again and then given up."""
    with transaction():
        outbox.enqueue(
            address="a@example.org", template="no_such", language="fi", context={}, about="x", now=now
        )
    write(now + dt.timedelta(seconds=1))
    sent: list[EmailMessage] = []
    assert outbox.deliver_due(now=now + dt.timedelta(minutes=1), send=sent.append) == 1
    broken = db.session.query(OutboxMessage).filter_by(template="no_such").one()
    assert (broken.state, broken.last_problem) == (MessageState.WAITING, "TemplateNotFound")
    outbox.deliver_due(now=now + GIVE_UP_AFTER + dt.timedelta(minutes=1), send=sent.append)
    db.session.expire_all()
    assert broken.state is MessageState.FAILED
    assert outbox.stuck(now=now) == 1


def test_killed_between_sending_and_marking_it_is_sent_again_under_the_same_id(now: dt.datetime) -> None:
    """At least once; a mail system can tell that the two are one."""
    sent: list[EmailMessage] = []

    def killed(letter: EmailMessage) -> None:
        sent.append(letter)
        raise KeyboardInterrupt

    write(now)
    with pytest.raises(KeyboardInterrupt):
        outbox.deliver_due(now=now, send=killed)
    assert outbox.deliver_due(now=now + dt.timedelta(minutes=1), send=sent.append) == 0
    assert outbox.deliver_due(now=now + outbox.CLAIM, send=sent.append) == 1
    first, second = sent
    assert first["Message-ID"] == second["Message-ID"]
