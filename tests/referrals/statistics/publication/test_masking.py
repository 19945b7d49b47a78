"""All public tables of a kind and year are masked together, and later ones never undo earlier ones."""

import random
from dataclasses import replace

import pytest

from referrals.statistics.publication.masking import Year, continues, mask, merged_kinds
from referrals.statistics.publication.tables import LoopRow, PublicTable, WithheldReason
from referrals.statistics.suppression import Mark, single
from servicetray.core.periods import Month
from tests.referrals.statistics.publication.worlds import PLACES, cut, drawn, simple

BUSY = drawn(2024, rate=57, chance=random.Random(1))


def with_places(*numbers: int) -> Year:
    """Return a first quarter of 60 + 50 + 40 referrals on places."""
    parts = {("2024-Q1", place): number for place, number in zip(PLACES, numbers, strict=True)}
    return simple({1: 60, 2: 50, 3: 40}, until=3, places=parts, place_order=PLACES)


def places_of(year: Year) -> list[object]:
    """Return what is shown of the places of the first quarter, then of the county."""
    cells = mask(year, threshold=5).cells
    return [cells[PublicTable.PLACES, f"2024-Q1/{place}"] for place in (*PLACES, "county")]


def test_a_small_group_is_covered_by_the_smallest_place_of_a_large_quarter():
    assert places_of(with_places(20, 40, 80, 10)) == [20, 40, 80, 10, 150]
    assert places_of(with_places(22, 42, 82, 4)) == [Mark.HIDDEN, 42, 82, Mark.HIDDEN, 150]


def test_a_hidden_month_hides_its_quarter_and_a_place_in_it():
    year = simple({1: 60, 2: 3, 3: 40}, until=3, place_order=PLACES)
    year = replace(
        year, places=dict(zip((("2024-Q1", place) for place in PLACES), (20, 30, 45, 8), strict=True))
    )
    assert places_of(year) == [Mark.HIDDEN, 30, 45, 8, Mark.HIDDEN]


def test_months_of_another_system_without_places_say_so():
    masked = mask(simple({1: 60, 2: 50, 3: 40}, until=3, place_order=PLACES), threshold=5)
    assert (PublicTable.PLACES, "2024-Q1", WithheldReason.NO_DETAIL) in masked.withheld
    assert masked.cells[PublicTable.PLACES, "2024-Q1/286"] is Mark.WITHHELD


def test_year_tables_come_with_december():
    november = mask(cut(BUSY, Month(2024, 11)), threshold=5)
    assert {table for table, _row in november.cells} == {PublicTable.MONTHS, PublicTable.PLACES}
    assert november.totals == {PublicTable.MONTHS: Mark.NOT_YET}
    december = mask(BUSY, threshold=5)
    assert {table for table, _row in december.cells} == set(PublicTable)
    total = sum(BUSY.months.values())
    assert december.totals[PublicTable.MONTHS] == december.cells[PublicTable.FUNNEL, "sent"] == total
    assert (
        december.cells[PublicTable.FUNNEL, "completed"] == december.cells[PublicTable.OUTCOMES, "completed"]
    )


def test_the_total_of_outcomes_is_not_shown_beside_a_hidden_one():
    assert mask(BUSY, threshold=5).totals[PublicTable.OUTCOMES] == sum(BUSY.outcomes.values())
    year = replace(BUSY, outcomes={**BUSY.outcomes, "deceased": 2})
    assert mask(year, threshold=5).totals[PublicTable.OUTCOMES] is Mark.HIDDEN


@pytest.mark.parametrize(
    ("part", "whole", "cell"),
    [(80, 100, 80), (97, 100, Mark.HIDDEN), (4, 100, Mark.HIDDEN), (1, 9, Mark.HIDDEN)],
)
def test_a_share_is_shown_where_both_its_parts_may_be(part, whole, cell):
    year = replace(BUSY, shares={LoopRow.CLAIMED_IN_TIME: (part, whole)}, medians={})
    cells = mask(year, threshold=5).cells
    assert cells[PublicTable.LOOP, LoopRow.CLAIMED_IN_TIME] == cell
    assert cells[PublicTable.LOOP, LoopRow.LOOPS_CLOSED] is Mark.WITHHELD


def test_a_median_needs_ten():
    for of, cell in ((9, Mark.HIDDEN), (10, 4)):
        cells = mask(replace(BUSY, medians={LoopRow.DAYS_TO_REACHED: (4, of)}), threshold=5).cells
        assert cells[PublicTable.LOOP, LoopRow.DAYS_TO_REACHED] == cell


def test_reasons_that_would_tell_a_hidden_one_are_withheld():
    total = sum(BUSY.months.values())
    order = ("inactivity", "sleep", "unspecified")
    fine = replace(BUSY, reasons={"inactivity": total - 20, "sleep": 40}, reason_order=order)
    assert mask(fine, threshold=5).cells[PublicTable.REASONS, "unspecified"] is Mark.HIDDEN
    tight = replace(fine, reasons={"inactivity": total - 40, "sleep": 38, "unspecified": 2})
    masked = mask(tight, threshold=5)
    assert masked.cells[PublicTable.REASONS, "inactivity"] is Mark.WITHHELD
    assert (PublicTable.REASONS, "2024", WithheldReason.PROTECTION) in masked.withheld


@pytest.mark.parametrize("rate", [3, 6, 12, 25, 57])
def test_what_was_published_stays_as_it_was(rate):
    year = drawn(2024, rate=rate, chance=random.Random(rate))
    before = None
    for number in range(1, 13):
        after = mask(cut(year, Month(2024, number)), threshold=5)
        if before is not None:
            assert before.cells.items() <= after.cells.items()
            assert continues(before, after, threshold=5)
        before = after


def test_a_correction_stands_beside_what_was_published_only_if_the_difference_is_not_small():
    before = mask(cut(BUSY, Month(2024, 4)), threshold=5)
    march = Month(2024, 3)

    def corrected(by: int, place: str) -> Year:
        months = {**BUSY.months, march: BUSY.months[march] + by}
        key = ("2024-Q1", place)
        return cut(
            replace(BUSY, months=months, places={**BUSY.places, key: BUSY.places[key] + by}), Month(2024, 4)
        )

    assert continues(before, mask(corrected(0, "286"), threshold=5), threshold=5)
    assert continues(before, mask(corrected(6, "286"), threshold=5), threshold=5)
    assert not continues(before, mask(corrected(1, "286"), threshold=5), threshold=5)
    assert not continues(before, mask(corrected(-4, "286"), threshold=5), threshold=5)


def test_a_correction_never_shows_what_was_hidden_nor_hides_what_was_shown():
    before = mask(simple({1: 60, 2: 3, 3: 40}, until=3), threshold=5)
    for february, march in ((13, 40), (3, 4)):
        after = mask(simple({1: 60, 2: february, 3: march}, until=3), threshold=5)
        assert not continues(before, after, threshold=5)


def test_no_small_number_is_ever_shown():
    for seed in range(40):
        year = drawn(2024, rate=seed / 2 + 1, chance=random.Random(seed), first=1 + seed % 9)
        for (table, row), cell in mask(year, threshold=5).cells.items():
            if table is not PublicTable.LOOP:
                assert not isinstance(cell, int) or cell >= 5, (table, row)
    assert single(4, 5) is Mark.HIDDEN


def test_kinds_come_in_the_order_of_the_catalogue_and_old_ones_last():
    assert merged_kinds(["exercise", "culture"], {"culture", "nature", "exercise"}) == (
        "exercise",
        "culture",
        "nature",
    )
