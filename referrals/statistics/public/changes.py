"""How a number has changed from the period before, told from shown numbers alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from referrals.statistics.publication.tables import PublicTable, Release
from referrals.statistics.suppression import Mark, Shown
from referrals.statistics.tables import month_label
from servicetray.core.periods import Month

MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, kw_only=True)
class Change:
    """A number of a period beside that of the period before."""

    period: str
    before: str
    number: Shown
    earlier: Shown

    @property
    def difference(self) -> int | None:
        """The change, or None where either number is not shown."""
        if isinstance(self.number, int) and isinstance(self.earlier, int):
            return self.number - self.earlier
        return None

    @property
    def text(self) -> str:
        """The change in words; empty where there is nothing to compare."""
        if not isinstance(self.number, int):
            return ""
        said = format_decimal(self.number)
        if self.difference is None:
            return _("%(period)s: %(number)s", period=self.period, number=said)
        facts = {"period": self.period, "number": said, "before": self.before}
        if self.difference == 0:
            return _("%(period)s: %(number)s, as many as in %(before)s", **facts)
        if self.difference > 0:
            return ngettext(
                "%(period)s: %(number)s, one more than in %(before)s (+1)",
                "%(period)s: %(number)s, %(num)s more than in %(before)s (+%(num)s)",
                self.difference,
                **facts,
            )
        return ngettext(
            "%(period)s: %(number)s, one fewer than in %(before)s (−1)",
            "%(period)s: %(number)s, %(num)s fewer than in %(before)s (−%(num)s)",
            -self.difference,
            **facts,
        )


def changes(kind: str, releases: Mapping[int, Release], year: int) -> Sequence[Change]:
    """Return how a kind changed: its newest month of a year, and the year where it and the one before are whole.

    Args:
        kind: code of the kind.
        releases: what is published, by year; of years without a release there is nothing.
        year: the year that is shown.
    """
    months = shown_months(kind, releases)
    newest = max((month for month in months if month.year == year), default=None)
    found = []
    if newest is not None:
        before = newest.previous()
        # Two systems may have counted differently: their months are not compared.
        same = _source(before, releases) == _source(newest, releases)
        found.append(
            Change(
                period=month_label(newest),
                before=month_label(before),
                number=months[newest],
                earlier=months.get(before, Mark.NOT_IN_USE) if same else Mark.NOT_IN_USE,
            )
        )
    whole = [each for each in (year, year - 1) if _is_whole(each, months) and not releases[each].sources]
    if whole == [year, year - 1]:
        totals = [
            releases[each].tables[PublicTable.MONTHS].total.get(kind, Mark.NOT_IN_USE) for each in whole
        ]
        found.append(Change(period=str(year), before=str(year - 1), number=totals[0], earlier=totals[1]))
    return [each for each in found if each.text]


def shown_months(kind: str, releases: Mapping[int, Release]) -> dict[Month, Shown]:
    """Return what is shown of the months in which a kind was in use."""
    return {
        Month.parse(code): cell
        for release in releases.values()
        for code in release.tables[PublicTable.MONTHS].rows
        if (cell := release.tables[PublicTable.MONTHS].cells.get((code, kind), Mark.NOT_IN_USE))
        is not Mark.NOT_IN_USE
    }


def _source(month: Month, releases: Mapping[int, Release]) -> str:
    release = releases.get(month.year)
    return release.sources.get(str(month), "") if release else ""


def _is_whole(year: int, months: Mapping[Month, Shown]) -> bool:
    return sum(month.year == year for month in months) == MONTHS_OF_A_YEAR
