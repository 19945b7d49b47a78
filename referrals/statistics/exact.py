"""The exact figures: of the whole county for its coordinator, of the own municipality for its lead."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _

from referrals.kinds import queries as kinds
from referrals.kinds.queries import Kind
from referrals.moves import Outcome
from referrals.statistics import labels, queries, tables
from referrals.statistics.charts import Stage, funnel
from referrals.statistics.counting import Dimension, Measure
from referrals.statistics.periods import Period
from referrals.statistics.queries import Figures
from referrals.statistics.tables import Table
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import User
from servicetray.core.access import Permission
from servicetray.core.db import in_language
from servicetray.core.municipalities import municipalities

ON_THE_WAY: Final = (Measure.REFERRALS, Measure.ACCEPTED, Measure.REACHED, Measure.STARTED)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Whose figures a person sees."""

    places: dict[str, str]
    """Municipalities by code, with their names."""
    whole_county: bool

    @property
    def codes(self) -> Sequence[str] | None:
        """The municipalities to count, or None for all there ever were."""
        return None if self.whole_county else tuple(self.places)

    @property
    def name(self) -> str:
        """Of whom the figures are, in words."""
        return _("The whole county") if self.whole_county else ", ".join(self.places.values())


def reach_of(person: User, *, language: str) -> Reach:
    """Return whose figures a person may see: a coordinator the county's, a lead those of the own unit's place."""
    names = {each.code: in_language(each.name, language).text for each in municipalities()}
    if person.may(Permission.FIGURES_COUNTY):
        return Reach(places=names, whole_county=True)
    units = accounts.units(person.units_for(Permission.FIGURES_MUNICIPALITY))
    own = {unit.municipality_code for unit in units}
    return Reach(places={code: name for code, name in names.items() if code in own}, whole_county=False)


@dataclass(frozen=True, kw_only=True)
class Exact:
    """Everything that the page shows of one kind and period."""

    kind: Kind
    kinds: Sequence[Kind]
    found: dict[str, Figures]
    """Of each kind, by its code."""
    names: dict[str, str]
    open_now: dict[tuple[str, str], int]
    reach: Reach
    language: str

    @property
    def figures(self) -> Figures:
        """Of the kind that was chosen."""
        return self.found[self.kind.code]

    @property
    def total_open(self) -> int:
        """How many are open now within reach."""
        return sum(self.open_now.get((self.kind.code, code), 0) for code in self.reach.places)

    def stages(self) -> list[Stage]:
        """Return the way from sent to counselling completed."""
        counts, code = self.figures.counts, self.kind.code
        completed = counts.by(Dimension.OUTCOME, Measure.CLOSED, code).get(Outcome.COMPLETED.value, 0)
        return funnel(
            [
                *((str(labels.MEASURES[measure]), counts.of(measure, code)) for measure in ON_THE_WAY),
                (str(labels.OUTCOMES[Outcome.COMPLETED]), completed),
            ]
        )

    def months(self) -> Table:
        """Return all kinds by month."""
        return tables.months_table(self.found, self.names)

    def by_place(self) -> Table:
        """Return what happened to the kind's referrals in each municipality within reach."""
        return tables.places_table(self.figures, self.kind.code, self.reach.places, self.open_now)

    def breakdowns(self) -> list[Table]:
        """Return the other tables of the kind that have something to show; none crosses two dimensions."""
        code = self.kind.code
        made = (
            tables.reasons_table(self.figures, code, kinds.reason_names(self.language)),
            tables.ages_table(self.figures, code),
            tables.areas_table(self.figures, code),
            tables.outcomes_table(self.figures, code),
        )
        return [table for table in made if table.rows]

    def wait(self, measure: Measure) -> int | None:
        """Return a median wait in working days, or None where nobody was counted."""
        return self.figures.counts.median(measure, self.kind.code)


def exact_figures(period: Period, *, kind_code: str, reach: Reach, language: str, now: dt.datetime) -> Exact:
    """Return the exact figures of a period within somebody's reach."""
    known = kinds.kinds()
    return Exact(
        kind=next(each for each in known if each.code == kind_code),
        kinds=known,
        found={
            each.code: queries.figures(period, kind=each.code, municipalities=reach.codes) for each in known
        },
        names={each.code: in_language(each.name, language).text for each in known},
        open_now=queries.stock_before(now),
        reach=reach,
        language=language,
    )
