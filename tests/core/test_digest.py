"""Once each working morning, one letter to an address."""

import datetime as dt
from collections.abc import Sequence
from email.message import EmailMessage

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from servicetray.core import clock, digest, outbox
from servicetray.core.db import db, transaction
from servicetray.core.jobs import run_once
from servicetray.core.letters import BOTH
from servicetray.core.outbox import MessageState, OutboxMessage

pytestmark = pytest.mark.usefixtures("database")

MIKKO, BOX = "mikko@example.org", "neuvonta@example.org"


def hold(number: int, now: dt.datetime, *, address: str = MIKKO, language: str = "fi") -> None:
    """Hold matters for the next morning."""
    with transaction():
        for each in range(number):
            outbox.enqueue(
                address=address,
                template="referral_arrived",
                language=language,
                context={"reference": f"LIK-{each}", "path": f"/saapuneet/{each}"},
                about=f"referral:{each}",
                now=now,
                held=True,
            )


def morning(now: dt.datetime) -> int:
    """Do what the worker does; return how many runs there were."""
    today = clock.helsinki_day(now)

    def work() -> None:
        digest.gather(today, now=now)

    return sum(run_once(digest.JOB_NAME, period, work, now=lambda: now) for period in due(now))


def due(now: dt.datetime) -> Sequence[str]:
    return digest.working_day_due(digest.JOB_NAME, now, at=digest.HOUR)


def deliver(now: dt.datetime) -> list[EmailMessage]:
    sent: list[EmailMessage] = []
    outbox.deliver_due(now=now, send=sent.append)
    return sent


def count(state: MessageState) -> int:
    db.session.expire_all()
    return db.session.scalar(select(func.count()).where(OutboxMessage.state == state)) or 0


def test_what_is_held_leaves_as_one_letter_once(now):
    hold(3, now)
    assert deliver(now) == []
    assert (morning(now), morning(now)) == (1, 0)
    (letter,) = deliver(now)
    assert letter["Subject"] == "3 asiaa odottaa sinua"
    for each in range(3):
        assert f"Uusi lähete LIK-{each}\n  http://localhost/saapuneet/{each}" in letter.get_content()
    assert (count(MessageState.SENT), count(MessageState.HELD)) == (4, 0)
    assert deliver(now + dt.timedelta(days=1)) == []


def test_each_address_has_a_letter_of_its_own_a_box_in_both_languages(now):
    hold(1, now)
    hold(2, now, address=BOX, language=BOTH)
    morning(now)
    letters = {letter["To"]: letter for letter in deliver(now)}
    assert letters[MIKKO]["Subject"] == "Yksi asia odottaa sinua"
    assert letters[BOX]["Subject"] == "2 asiaa odottaa sinua / 2 ärenden väntar på dig"
    assert "http://localhost/sv/saapuneet/1" in letters[BOX].get_content()


@pytest.mark.parametrize(
    ("at", "is_due"),
    [
        ("2026-03-10T04:59:00+00:00", False),  # Tuesday, 6.59 in winter
        ("2026-03-10T05:00:00+00:00", True),
        ("2026-03-28T09:00:00+00:00", False),  # Saturday
        ("2026-03-30T03:59:00+00:00", False),  # the Monday after summer time began: 6.59
        ("2026-03-30T04:00:00+00:00", True),
        ("2026-10-26T04:59:00+00:00", False),  # and after it ended
        ("2026-10-26T05:00:00+00:00", True),
        ("2026-12-24T09:00:00+00:00", False),  # Christmas Eve
    ],
)
def test_it_is_seven_in_helsinki_on_working_days(at, is_due):
    assert bool(due(dt.datetime.fromisoformat(at))) is is_due


def test_mornings_that_were_missed_are_not_made_up_for(now):
    hold(2, now)
    assert due(now + dt.timedelta(days=10)) == ("2026-03-20",)


def test_what_is_cancelled_until_the_letter_leaves_is_not_in_it(now):
    hold(2, now)
    morning(now)
    with transaction():
        outbox.cancel(about="referral:0")
    (letter,) = deliver(now)
    assert letter["Subject"] == "Yksi asia odottaa sinua"
    assert "LIK-0" not in letter.get_content()


def test_letter_of_which_everything_was_cancelled_never_leaves(now):
    hold(1, now)
    morning(now)
    with transaction():
        outbox.cancel(about="referral:0")
    assert deliver(now) == []
    assert count(MessageState.CANCELLED) == 2


def test_database_refuses_a_second_letter_of_a_day(now):
    """Whatever two workers do."""
    hold(1, now)
    morning(now)
    hold(1, now)
    with pytest.raises(IntegrityError), transaction():
        digest.gather(dt.date(2026, 3, 10), now=now)


def test_what_comes_after_seven_waits_for_the_next_morning(now):
    morning(now)
    hold(1, now)
    assert morning(now) == 0
    assert morning(now + dt.timedelta(days=1)) == 1
    assert len(deliver(now + dt.timedelta(days=1))) == 1
