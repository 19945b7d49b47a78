"""The clock: by when a referral is to be claimed and its client first tried."""

import datetime as dt
from dataclasses import dataclass
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from referrals.moves import PAUSE_LIMIT, Priority, TargetDays, days_late, due, target_days

DAYS = TargetDays()
TUESDAY = dt.datetime(2026, 3, 10, 9, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Chosen:
    """Settings of an installation."""

    claim_days: int = 2
    contact_days: int = 4
    soon_days: int = 1


def test_targets_are_five_and_ten_working_days():
    dates = due(TUESDAY, days=DAYS)
    assert (dates.claim_by, dates.contact_by) == (date(2026, 3, 17), date(2026, 3, 24))


def test_soon_means_three_working_days_for_both():
    dates = due(TUESDAY, days=DAYS, priority=Priority.SOON)
    assert (dates.claim_by, dates.contact_by) == (date(2026, 3, 13), date(2026, 3, 13))


def test_targets_are_settings_and_soon_never_lengthens_them():
    chosen = target_days(Chosen())
    assert chosen.of(Priority.NORMAL) == (2, 4)
    assert chosen.of(Priority.SOON) == (1, 1)
    assert target_days(Chosen(soon_days=3)).of(Priority.SOON) == (2, 3)


def test_christmas_does_not_count():
    dates = due(dt.datetime(2026, 12, 23, 9, 0, tzinfo=dt.UTC), days=DAYS, priority=Priority.SOON)
    assert dates.claim_by == date(2026, 12, 30)


def test_the_day_of_sending_is_the_one_in_helsinki():
    late_on_monday = dt.datetime(2026, 3, 9, 22, 30, tzinfo=dt.UTC)
    assert due(late_on_monday, days=DAYS).starts_on == date(2026, 3, 10)


def test_an_absence_moves_the_start_to_its_last_day():
    away = due(TUESDAY, days=DAYS, absence_until=date(2026, 3, 22))
    assert (away.starts_on, away.claim_by) == (date(2026, 3, 22), date(2026, 3, 27))
    over = due(TUESDAY, days=DAYS, absence_until=date(2026, 3, 1))
    assert over.starts_on == date(2026, 3, 10)


def test_a_question_to_the_sender_pauses_ten_working_days_at_most():
    assert due(TUESDAY, days=DAYS, paused_days=2).claim_by == date(2026, 3, 19)
    assert due(TUESDAY, days=DAYS, paused_days=40) == due(TUESDAY, days=DAYS, paused_days=PAUSE_LIMIT)


def test_a_target_is_late_only_after_its_last_day():
    assert days_late(date(2026, 3, 13), date(2026, 3, 13)) == 0
    assert days_late(date(2026, 3, 13), date(2026, 3, 15)) == 0
    assert days_late(date(2026, 3, 13), date(2026, 3, 17)) == 2


@given(
    st.datetimes(
        min_value=dt.datetime(2023, 1, 1),  # noqa: DTZ001 - hypothesis wants naive bounds
        max_value=dt.datetime(2040, 1, 1),  # noqa: DTZ001 - hypothesis puts the zone in
        timezones=st.just(dt.UTC),
    ),
    st.sampled_from(Priority),
    st.none() | st.dates(min_value=date(2023, 1, 1), max_value=date(2040, 1, 1)),
    st.integers(min_value=0, max_value=20),
)
def test_a_claim_is_never_due_after_the_first_attempt_nor_before_sending(
    sent_at: dt.datetime, priority: Priority, absence_until: date | None, paused_days: int
):
    dates = due(sent_at, days=DAYS, priority=priority, absence_until=absence_until, paused_days=paused_days)
    assert dates.starts_on < dates.claim_by <= dates.contact_by
