"""Opening hours on their way between a channel and the form."""

import datetime as dt
from typing import Any

import pytest

from themes.directory.desk import hours
from themes.directory.opening import Openness, state

WEEKDAYS = {"days": [1, 5], "from": "08:00", "to": "16:00"}
ROUND_THE_CLOCK = {"days": None, "from": "00:00", "to": "24:00", "info": {"fi": "Päivystys"}}
BOOKED = {"days": None, "from": None, "to": None, "by_reservation": True, "kind": "Daily"}
CHRISTMAS = {"days": None, "valid_from": "2026-12-24", "valid_to": "2026-12-26", "closed": True}
LATER = {"days": [6, 6], "from": "10:00", "to": "14:00", "valid_from": "2026-09-01"}
TOLD: list[dict[str, Any]] = [CHRISTMAS, WEEKDAYS, ROUND_THE_CLOCK, BOOKED, LATER]


def sent_back(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        *(hours.read(row, exception=False) for row in hours.weekly(told)),
        *(hours.read(row, exception=True) for row in hours.exceptions(told)),
    ]


def test_what_nobody_changes_stays_the_same():
    assert sent_back(TOLD) == hours.canonical(TOLD)
    assert [row["valid_to"] for row in hours.canonical(TOLD)] == [None, None, None, None, "2026-12-26"]


def test_one_day_alone_is_an_exception_of_that_day():
    typed = {**hours.exceptions([CHRISTMAS])[0], "valid_to": None}
    assert hours.read(typed, exception=True)["valid_to"] == "2026-12-24"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-12-23 12:00", Openness.OPEN),
        ("2026-12-24 12:00", Openness.CLOSED),
        ("2026-12-19 12:00", Openness.CLOSED),
    ],
)
def test_whether_it_is_open_now_follows_from_what_was_typed(at, expected):
    found = state(sent_back([WEEKDAYS, CHRISTMAS]), dt.datetime.fromisoformat(f"{at}+02:00"))
    assert found is not None
    assert found.now is expected


def test_an_empty_row_says_nothing():
    blank = {name: None if name != "closed" else False for name in hours.weekly([WEEKDAYS])[0]}
    assert hours.is_blank(blank)
    assert not hours.is_blank({**blank, "opens": hours.MIDNIGHT})
