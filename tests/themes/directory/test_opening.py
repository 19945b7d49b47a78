"""Open now, from hours, exceptions and public holidays."""

import datetime as dt

import pytest

from servicetray.core import clock
from themes.directory.opening import state

WEEK: dict[str, object] = {"days": [1, 5], "from": "08:00", "to": "16:00"}


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=clock.HELSINKI).astimezone(dt.UTC)


def told(hours: list[dict[str, object]], moment: str) -> tuple[str, str]:
    opening = state(hours, at(moment))
    assert opening is not None
    change = opening.until or opening.opens_at
    return opening.now.value, clock.helsinki(change).strftime("%d.%m. %H.%M") if change else ""


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-10T07:59", ("closed", "10.03. 08.00")),
        ("2026-03-10T08:00", ("open", "10.03. 16.00")),
        ("2026-03-10T15:59", ("open", "10.03. 16.00")),
        ("2026-03-10T16:00", ("closed", "11.03. 08.00")),
        ("2026-03-13T17:00", ("closed", "16.03. 08.00")),
        # Over the change of the clock on 29.3.2026.
        ("2026-03-28T12:00", ("closed", "30.03. 08.00")),
    ],
)
def test_ordinary_hours(moment, expected):
    assert told([WEEK], moment) == expected


def test_on_a_public_holiday_one_should_ask():
    assert told([WEEK], "2026-04-03T10:00") == ("unsure", "07.04. 08.00")
    assert told([WEEK], "2026-06-19T10:00") == ("unsure", "22.06. 08.00")
    assert told([WEEK], "2026-12-24T10:00")[0] == "unsure"


def test_an_exception_counts_instead_even_on_a_holiday():
    good_friday: dict[str, object] = {
        "days": [5, 5],
        "from": "10:00",
        "to": "12:00",
        "valid_from": "2026-04-03",
        "valid_to": "2026-04-03",
    }
    assert told([WEEK, good_friday], "2026-04-03T11:00") == ("open", "03.04. 12.00")
    closed: dict[str, object] = {"closed": True, "valid_from": "2026-07-06", "valid_to": "2026-07-12"}
    assert told([WEEK, closed], "2026-07-07T10:00") == ("closed", "13.07. 08.00")


def test_past_midnight_and_round_the_clock():
    night: dict[str, object] = {"days": [5, 6], "from": "18:00", "to": "02:00"}
    assert told([night], "2026-03-14T01:00") == ("open", "14.03. 02.00")
    always: dict[str, object] = {"days": [1, 7], "from": "00:00", "to": "00:00"}
    assert told([always], "2026-03-10T03:00")[0] == "open"


def test_a_lunch_break():
    hours: list[dict[str, object]] = [
        {"days": [2, 2], "from": "08:00", "to": "11:00"},
        {"days": [2, 2], "from": "12:00", "to": "15:00"},
    ]
    assert told(hours, "2026-03-10T11:30") == ("closed", "10.03. 12.00")


@pytest.mark.parametrize(
    "hours",
    [
        [],
        [{"info": {"fi": "Soita ja kysy"}}],
        [{**WEEK, "by_reservation": True}],
        [{"days": [1, 5], "from": "kahdeksan", "to": "16:00"}],
    ],
)
def test_where_no_times_are_told_nothing_is_said(hours):
    assert state(hours, at("2026-03-10T10:00")) is None


def test_hours_that_have_not_begun():
    assert told([{**WEEK, "valid_from": "2026-03-12"}], "2026-03-10T10:00") == ("closed", "12.03. 08.00")
    assert told([{**WEEK, "valid_from": "2027-01-01"}], "2026-03-10T10:00")[0] == "closed"
