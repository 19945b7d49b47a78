"""The part of the monthly report on how the tray was used."""

import datetime as dt

from referrals.statistics.report.tray import collect, tell
from servicetray.core.db import transaction
from servicetray.core.periods import Month
from servicetray.usage import operations
from servicetray.usage.queries import Use
from servicetray.usage.tally import Batch


def test_the_month_is_told_and_an_empty_one_is_not(database):
    batch = Batch()
    batch.uses[dt.date(2026, 2, 28), Use.VIEW, "front"] = 1
    batch.uses[dt.date(2026, 3, 1), Use.VIEW, "front"] = 4
    batch.uses[dt.date(2026, 3, 31), Use.SEARCH, ""] = 2
    batch.uses[dt.date(2026, 4, 1), Use.CARD, ""] = 8
    with transaction():
        operations.add(batch)
    collected = collect(Month(2026, 3))
    assert collected == {
        "view": 4,
        "search": 2,
        "empty_search": 0,
        "card": 0,
        "path": 0,
        "outbound": 0,
    }
    assert tell(collected, "fi").heading == "Palvelutarjottimen käyttö"
    assert [row.cells for row in tell(collected, "sv").tables[0].rows][:2] == [[4], [2]]
    assert collect(Month(2025, 3)) is None
