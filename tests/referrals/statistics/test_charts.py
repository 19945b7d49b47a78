"""Charts are measured, not drawn: the geometry tells the same as the table."""

import pytest

from referrals.statistics.charts import HATCH, LEFT, PLOT, Series, funnel, scale_step, stacked_bars
from referrals.statistics.suppression import Mark

EXERCISE = Series(name="Liikuntalähete", colour="kaarna", fill="a")
CULTURE = Series(name="Kulttuurilähete", colour="kanerva", fill="b")


def test_bars_are_as_long_as_their_numbers_and_stand_one_after_the_other():
    chart = stacked_bars([("1/2024", [50, 25]), ("2/2024", [100, Mark.NOT_IN_USE])], [EXERCISE, CULTURE])
    first, second, third = chart.bars
    assert third.width == pytest.approx(2 * first.width)
    assert second.width == pytest.approx(first.width / 2)
    assert second.x == pytest.approx(first.x + first.width + 1)
    assert first.x == third.x == LEFT
    assert [value.text for value in chart.values] == ["50 + 25", "100"]


def test_a_hidden_number_has_a_bar_that_says_nothing_of_it():
    chart = stacked_bars([("6/2024", [44, Mark.HIDDEN]), ("7/2024", [21, Mark.HIDDEN])], [EXERCISE, CULTURE])
    hidden = [bar for bar in chart.bars if bar.series is None]
    assert [bar.width for bar in hidden] == [HATCH, HATCH]
    assert chart.has_hidden
    assert chart.values[0].text == "44"


def test_the_scale_begins_at_zero_and_holds_the_longest_bar():
    chart = stacked_bars([("1/2024", [96])], [EXERCISE])
    assert [tick.text for tick in chart.ticks] == ["0", "20", "40", "60", "80", "100"]
    assert max(bar.x + bar.width for bar in chart.bars) <= LEFT + PLOT


@pytest.mark.parametrize(
    ("largest", "step"), [(0, 1), (5, 1), (6, 2), (11, 5), (96, 20), (101, 50), (999, 200)]
)
def test_steps_of_the_scale_are_round(largest, step):
    assert scale_step(largest) == step


def test_a_chart_of_nothing_is_empty():
    assert stacked_bars([("1/2024", [0, 0])], [EXERCISE, CULTURE]).bars == []


def test_stages_are_shares_of_what_was_sent():
    assert [stage.percent for stage in funnel([("sent", 200), ("reached", 150)])] == [100, 75]
    assert funnel([("sent", 0), ("reached", 0)]) == []
