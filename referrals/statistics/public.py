"""What everybody may see, made of frozen months alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from referrals.kinds import queries as kinds
from referrals.kinds.queries import Kind
from referrals.statistics import queries
from referrals.statistics.models import FrozenMonth
from referrals.statistics.pages import Correction, Headline
from referrals.statistics.periods import Month
from referrals.statistics.suppression import PublicYear, publish
from referrals.statistics.tables import Table, month_label, public_months
from servicetray.core.db import in_language


@dataclass(frozen=True, kw_only=True)
class PublicFigures:
    """Every number that is published, by kind and year."""

    kinds: Sequence[Kind]
    """In the order of the columns; only those that were ever in use."""
    names: dict[str, str]
    published: dict[str, dict[int, PublicYear]]
    months: Sequence[FrozenMonth]
    """Oldest first, the newest version of each."""

    @property
    def years(self) -> list[int]:
        """Years with frozen months, newest first."""
        return sorted({Month.parse(each.period).year for each in self.months}, reverse=True)

    def table(self, year: int) -> Table:
        """Return the table of a year."""
        return public_months(year, self.published, self.names)

    def headlines(self, *, until: int) -> list[Headline]:
        """Return what each kind had in all up to the end of a year, where no year's total is withheld."""
        found = []
        for kind in self.kinds:
            totals = {
                year: each.total
                for year, each in self.published[kind.code].items()
                if year <= until and isinstance(each.total, int)
            }
            past = [year for year in self.published[kind.code] if totals and year <= max(totals)]
            if totals and set(past) == set(totals):
                first = min(self.published[kind.code][past[0]].months)
                found.append(
                    Headline(
                        name=self.names[kind.code],
                        colour=kind.colour,
                        total=sum(totals.values()),
                        since=month_label(first),
                        until=month_label(Month(max(totals), 12)),
                    )
                )
        return found

    def corrections(self, year: int) -> list[Correction]:
        """Return what was frozen anew in a year's months."""
        return [
            Correction(
                month=month_label(month),
                version=each.version,
                reason=each.correction,
                day=each.frozen_at,
            )
            for each in self.months
            if each.correction and (month := Month.parse(each.period)).year == year
        ]


def public_figures(*, language: str, threshold: int) -> PublicFigures:
    """Return everything that is published, with what must be hidden hidden."""
    counts = queries.frozen_referrals()
    used = {kind for numbers in counts.values() for kind in numbers}
    shown = [kind for kind in kinds.kinds() if kind.code in used]
    return PublicFigures(
        kinds=shown,
        names={kind.code: in_language(kind.name, language).text for kind in shown},
        published={
            kind.code: publish(
                {month: numbers[kind.code] for month, numbers in counts.items() if kind.code in numbers},
                threshold=threshold,
            )
            for kind in shown
        },
        months=queries.frozen_months(),
    )
