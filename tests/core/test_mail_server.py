"""Messages over a real mail server: encrypted, signed in to, and whatever it does, none is lost."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from servicetray.core import mail_server, outbox
from servicetray.core.db import db, transaction
from servicetray.core.outbox import MessageState, OutboxMessage
from tests.core.mail import PASSWORD, USER, Postbox, certificate, closed_port, serving
from tests.database import settings_for
from tests.figures import Figure

pytestmark = pytest.mark.usefixtures("database")


def write(number: int, now: dt.datetime, address: str = "neuvonta@example.org") -> None:
    """Put messages into the outbox."""
    with transaction():
        for each in range(number):
            outbox.enqueue(
                address=address,
                template="referral_arrived",
                language="fi",
                context={"reference": f"LIK-{each}", "path": "/saapuneet/1"},
                about=f"referral:{each}",
                now=now,
            )


def states() -> list[MessageState]:
    """Return where the messages are, oldest first."""
    db.session.expire_all()
    return list(db.session.scalars(select(OutboxMessage.state).order_by(OutboxMessage.id)))


@pytest.fixture
def mailing(app: Flask) -> Iterator[object]:
    """Let the application send to a server of the test's, for as long as the test lasts."""
    kept = app.extensions["servicetray.settings"]

    def to(port: int, **more: object) -> None:
        app.extensions["servicetray.settings"] = settings_for(
            kept.database_url,
            **{"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_starttls": False, **more},
        )

    yield to
    app.extensions["servicetray.settings"] = kept


def test_messages_leave_encrypted_after_signing_in_over_one_connection(mailing, now, tmp_path: Path) -> None:
    tls, trusted = certificate(tmp_path)
    write(3, now)
    with serving(box := Postbox(), tls=tls) as port:
        mailing(port, smtp_starttls=True, smtp_ca_file=trusted, smtp_user=USER, smtp_password=PASSWORD)
        assert outbox.deliver_due(now=now) == 3
    assert [letter["Subject"] for letter in box.taken] == [f"Uusi lähete LIK-{each}" for each in range(3)]
    assert (box.connections, len(box.passwords)) == (1, 1)


def test_server_that_can_not_show_its_certificate_gets_neither_message_nor_password(
    mailing, now, tmp_path: Path
) -> None:
    tls, _trusted = certificate(tmp_path)
    write(1, now)
    with serving(box := Postbox(), tls=tls) as port:
        mailing(port, smtp_starttls=True, smtp_user=USER, smtp_password=PASSWORD)
        assert outbox.deliver_due(now=now) == 0
    assert (box.taken, box.passwords) == ([], [])
    assert states() == [MessageState.WAITING]


def test_refused_address_is_given_up_at_once_and_holds_no_other_up(mailing, now) -> None:
    write(1, now, address="poissa@example.org")
    write(1, now)
    with serving(box := Postbox(refused={"poissa@example.org": "550 No such user"})) as port:
        mailing(port)
        assert outbox.deliver_due(now=now) == 1
        assert states() == [MessageState.FAILED, MessageState.SENT]
        box.refused.clear()
        with transaction():
            assert outbox.send_again(db.session.scalars(select(OutboxMessage.id)).first() or 0, now=now)
        assert outbox.deliver_due(now=now) == 1
    assert states() == [MessageState.SENT, MessageState.SENT]
    assert box.connections == 2


def test_address_that_is_refused_for_now_is_tried_again(mailing, now) -> None:
    """Grey lists answer 450 at first."""
    write(1, now)
    with serving(box := Postbox(refused={"neuvonta@example.org": "450 Try again later"})) as port:
        mailing(port)
        assert outbox.deliver_due(now=now) == 0
        assert states() == [MessageState.WAITING]
        box.refused.clear()
        assert outbox.deliver_due(now=now + dt.timedelta(minutes=1)) == 1
    assert len(box.taken) == 1


def test_server_down_for_48_hours_loses_nothing(mailing, now, figure: Figure) -> None:
    """A mail server that is down for 48 hours loses no message and doubles none."""
    write(120, now)
    moment = now
    mailing(port := closed_port())
    while moment < now + dt.timedelta(hours=48):
        assert outbox.deliver_due(now=moment) == 0
        moment += dt.timedelta(hours=3)
    assert set(states()) == {MessageState.WAITING}
    with serving(box := Postbox(), port=port):
        for _round in range(3):
            outbox.deliver_due(now=moment)
            moment += dt.timedelta(minutes=1)
    subjects = {letter["Subject"] for letter in box.taken}
    figure("waiting", 120, "messages")
    figure("unsent", states().count(MessageState.WAITING), "messages")
    figure("duplicates", len(box.taken) - len(subjects), "messages")
    assert set(states()) == {MessageState.SENT}
    assert (len(subjects), len(box.taken)) == (120, 120)


def test_server_that_is_away_costs_one_try_a_round(mailing, now) -> None:
    """The others don't wait for the same answer, and being away is nobody's third day of failing."""
    write(5, now)
    mailing(closed_port())
    outbox.deliver_due(now=now + dt.timedelta(days=30))
    tried = db.session.scalars(select(OutboxMessage.attempts).order_by(OutboxMessage.id)).all()
    assert list(tried) == [1, 0, 0, 0, 0]
    assert set(states()) == {MessageState.WAITING}


def test_slow_server_is_left_and_what_it_took_comes_again_under_the_same_id(
    mailing, now, monkeypatch: pytest.MonkeyPatch, figure: Figure
) -> None:
    """A letter that a slow server took without saying so in time comes again under the same Message-ID."""
    monkeypatch.setattr(mail_server, "TIMEOUT_SECONDS", 0.3)
    write(1, now)
    with serving(box := Postbox(slow=0.8)) as port:
        mailing(port)
        assert outbox.deliver_due(now=now) == 0
        assert states() == [MessageState.WAITING]
        box.slow = 0
        assert outbox.deliver_due(now=now + dt.timedelta(minutes=1)) == 1
    figure("unsent", states().count(MessageState.WAITING), "messages")
    figure("duplicates", len(box.taken) - 1, "messages")
    assert len({letter["Message-ID"] for letter in box.taken}) == 1
    assert states() == [MessageState.SENT]


def test_killed_between_sending_and_marking_loses_nothing(
    mailing, now, monkeypatch: pytest.MonkeyPatch, figure: Figure
) -> None:
    """A worker killed between sending and marking sends that one message again and loses none."""
    write(3, now)
    mark_sent = outbox._mark_sent

    def killed(row: OutboxMessage, at: dt.datetime) -> None:
        del row, at
        raise KeyboardInterrupt

    with serving(box := Postbox()) as port:
        mailing(port)
        monkeypatch.setattr(outbox, "_mark_sent", killed)
        with pytest.raises(KeyboardInterrupt):
            outbox.deliver_due(now=now)
        monkeypatch.setattr(outbox, "_mark_sent", mark_sent)
        assert outbox.deliver_due(now=now) == 2
        assert outbox.deliver_due(now=now + outbox.CLAIM) == 1
    figure("unsent", states().count(MessageState.WAITING), "messages")
    figure("duplicates", len(box.taken) - 3, "messages")
    assert len(box.taken) == 4
    assert len({letter["Message-ID"] for letter in box.taken}) == 3
    assert set(states()) == {MessageState.SENT}
