"""How the service tray was used in the month, as a part of the monthly report."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import pgettext as _p

from referrals.statistics.report.sections import ReportSection, Section
from referrals.statistics.tables import Row, Table
from servicetray.core import clock
from servicetray.core.periods import Month
from servicetray.usage import queries
from servicetray.usage.labels import USES
from servicetray.usage.queries import Period, Use

NAME: Final = "palvelutarjotin"


def section() -> ReportSection:
    """Return the part of the report that tells of the tray."""
    return ReportSection(name=NAME, position=20, collect=collect, tell=tell)


def collect(month: Month) -> Mapping[str, Any] | None:
    """Return the month's totals by use, or None where nothing was counted."""
    first, end = month.bounds
    days = Period(clock.helsinki_day(first), clock.helsinki_day(end - clock.helsinki(end).resolution))
    totals = queries.totals(days)
    return {use.value: count for use, count in totals.items()} if any(totals.values()) else None


def tell(collected: Mapping[str, Any], language: str) -> Section:
    """Tell what was collected, in a language."""
    with force_locale(language):
        return Section(
            name=NAME,
            heading=_("Usage of the service tray"),
            paragraphs=[
                _(
                    "Pages are counted without knowing by whom: how often something was read, not by how many "
                    "people."
                )
            ],
            tables=[uses_table({use: int(collected.get(use.value, 0)) for use in Use})],
        )


def uses_table(totals: Mapping[Use, int]) -> Table:
    """Return how often each kind of use happened."""
    return Table(
        name=NAME,
        caption=_("How the service tray was used"),
        head=[_p("usage", "What"), _p("usage", "Times")],
        rows=[Row(label=str(USES[use]), cells=[totals[use]]) for use in Use],
    )
