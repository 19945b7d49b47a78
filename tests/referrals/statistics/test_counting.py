"""What counts, and what does not."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest

from referrals.moves import EventDirection, EventName, Outcome
from referrals.statistics.counting import Cell, Dimension, Happening, Measure, Waits, count

AT = dt.datetime(2026, 3, 10, 9, 0, tzinfo=dt.UTC)
KIND = "exercise"


def happening(name: EventName, direction: EventDirection = EventDirection.NONE, **changes: Any) -> Happening:
    """Return an event of Kouvola."""
    plain = Happening(
        at=AT,
        name=name,
        direction=direction,
        kind=KIND,
        municipality="286",
        service_area="vastaanottopalvelut",
        reasons=("inactivity", "overweight"),
        age_group="30-64",
        outcome=None,
        working_days=None,
    )
    return plain._replace(**changes)


def test_a_voided_referral_does_not_count_and_a_resent_one_counts_once():
    counts = count(
        [
            happening(EventName.SENT, EventDirection.IN),
            happening(EventName.SENT, EventDirection.IN),
            happening(EventName.RETURNED, EventDirection.OUT),
            happening(EventName.RESENT, EventDirection.IN),
            happening(EventName.VOIDED, EventDirection.OUT),
        ]
    )
    assert counts.of(Measure.REFERRALS, KIND) == 1
    assert counts.of(Measure.IN, KIND) == 3
    assert counts.of(Measure.OUT, KIND) == 2


def test_an_acceptance_that_was_reversed_does_not_count():
    counts = count([happening(EventName.ACCEPTED), happening(EventName.ACCEPT_REVERSED)])
    assert counts.of(Measure.ACCEPTED, KIND) == 0


def test_municipalities_add_up_to_the_county():
    counts = count(
        [
            happening(EventName.SENT),
            happening(EventName.SENT, municipality="075"),
            happening(EventName.SENT, municipality="075"),
        ]
    )
    assert (counts.of(Measure.REFERRALS, KIND, "286"), counts.of(Measure.REFERRALS, KIND, "075")) == (1, 2)
    assert counts.of(Measure.REFERRALS, KIND) == 3


def test_a_referral_counts_under_each_of_its_reasons():
    counts = count([happening(EventName.SENT), happening(EventName.SENT, reasons=("overweight",))])
    assert counts.by(Dimension.REASON, Measure.REFERRALS, KIND) == {"inactivity": 1, "overweight": 2}


def test_closed_ones_are_split_by_outcome():
    counts = count(
        [
            happening(EventName.CLOSED, outcome=Outcome.COMPLETED),
            happening(EventName.CLOSED, outcome=Outcome.NOT_REACHED),
            happening(EventName.CLOSED, outcome=Outcome.COMPLETED),
        ]
    )
    assert counts.by(Dimension.OUTCOME, Measure.CLOSED, KIND) == {"completed": 2, "not_reached": 1}


def test_at_least_half_waited_at_most_the_median():
    waits = [happening(EventName.FIRST_CONTACT, working_days=days) for days in (9, 2, 4, 7)]
    assert count(waits).median(Measure.DAYS_TO_REACHED, KIND) == 4
    assert count([]).median(Measure.DAYS_TO_REACHED, KIND) is None


def test_kinds_are_counted_apart():
    counts = count([happening(EventName.SENT), happening(EventName.SENT, kind="culture")])
    assert counts.of(Measure.REFERRALS, "culture") == 1


def test_every_event_is_counted_somehow():
    for name in EventName:
        assert count([happening(name)]).numbers


def test_within_each_number_of_a_spread_at_least_that_share_had_waited():
    waits = [happening(EventName.ACCEPTED, working_days=days) for days in (0, 1, 1, 2, 3, 5, 8, 13, 21, 34)]
    counts = count([*waits, happening(EventName.ACCEPTED, working_days=None)])
    expected = Waits(10, 1, 3, 13, 21)
    assert counts.waits(Measure.DAYS_TO_ACCEPTED, KIND) == expected
    assert counts.waits(Measure.DAYS_TO_ACCEPTED, KIND, "286") == expected
    assert counts.waits(Measure.DAYS_TO_REACHED, KIND) is None
    assert counts.numbers[Cell(Measure.DAYS_TO_ACCEPTED, KIND, "", Dimension.SPREAD, "count")] == 10


@pytest.mark.parametrize("days", [(4,), (4, 9), (9, 2, 4, 7), tuple(range(100)), (0, 0, 0, 50)])
def test_the_shares_are_those_of_the_ordered_waits(days):
    ordered = sorted(days)
    found = Waits.of(Counter(days))
    assert found is not None
    assert (found.p25, found.p50, found.p75, found.p90) == tuple(
        ordered[-(-share * len(days) // 100) - 1] for share in (25, 50, 75, 90)
    )


def test_a_claim_is_within_the_week_up_to_its_fifth_working_day():
    counts = count(happening(EventName.ACCEPTED, working_days=days) for days in (0, 5, 6, None))
    assert (counts.of(Measure.CLAIMS, KIND), counts.of(Measure.CLAIMED_IN_WEEK, KIND)) == (3, 2)


@pytest.mark.parametrize(
    ("event", "loops", "closed"),
    [
        (happening(EventName.CLOSED, EventDirection.OUT, sender_told=True), 1, 1),
        (happening(EventName.CLOSED, EventDirection.OUT, sender_told=False), 1, 0),
        # A resident's own request: nobody waits for the end.
        (happening(EventName.CLOSED, EventDirection.OUT, sender_told=None), 0, 0),
        (happening(EventName.CANCELLED, EventDirection.NONE), 1, 1),
        (happening(EventName.CANCELLED, EventDirection.OUT), 0, 0),
        (happening(EventName.EXPIRED), 1, 0),
        (happening(EventName.RETURNED, EventDirection.OUT), 0, 0),
        (happening(EventName.WITHDRAWN, EventDirection.OUT), 0, 0),
    ],
)
def test_a_loop_is_closed_when_the_sender_knows_the_end(event, loops, closed):
    counts = count([event])
    assert (counts.of(Measure.LOOPS, KIND), counts.of(Measure.LOOPS_CLOSED, KIND)) == (loops, closed)
