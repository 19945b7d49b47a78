"""The demonstration has the published counts, and goes on."""

import datetime as dt
from collections import Counter

from referrals.demonstration.planning import COUNTED_TO, SHARES, START, Slot, referral_id, slots_of
from servicetray.core import clock

TODAY = dt.date(2026, 11, 21)


def slots(first: dt.date, last: dt.date) -> list[Slot]:
    """Return the referrals of some days."""
    return [slot for n in range((last - first).days + 1) for slot in slots_of(first + dt.timedelta(days=n))]


def test_the_published_counts_are_exact():
    kinds = Counter(slot.kind for slot in slots(START, COUNTED_TO))
    assert kinds == {"exercise": 937, "culture": 59}
    culture = [slot for slot in slots(dt.date(2024, 4, 2), COUNTED_TO) if slot.kind == "culture"]
    assert len(culture) == 59


def test_municipalities_have_their_shares():
    counted = slots(START, COUNTED_TO)
    for kind, shares in SHARES.items():
        assert Counter(slot.municipality for slot in counted if slot.kind == kind) == shares


def test_each_referral_falls_on_a_working_day_on_which_its_catchment_was_open():
    for slot in slots(START, TODAY):
        assert clock.is_working_day(slot.day)
        assert slot.window.opens_on <= slot.day
        assert slot.window.closes_on is None or slot.day <= slot.window.closes_on


def test_it_goes_on_at_about_the_same_rate():
    later = slots(COUNTED_TO + dt.timedelta(days=1), TODAY)
    months = (TODAY - COUNTED_TO).days / 30.4
    kinds = Counter(slot.kind for slot in later)
    assert 50 < kinds["exercise"] / months < 75
    assert 5 < kinds["culture"] / months < 12
    assert all(slot.window.continued for slot in later if slot.kind == "culture" and slot.day.year > 2025)


def test_a_day_is_the_same_whenever_it_is_made():
    day = dt.date(2025, 9, 9)
    again = slots_of(day)
    assert slots_of(day) == again
    assert [slot.rng.random() for slot in again] == [slot.rng.random() for slot in slots_of(day)]
    made = [referral_id(slot) for slot in slots(START, TODAY)]
    assert len(set(made)) == len(made)
