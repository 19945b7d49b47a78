"""Everything that the page of exact figures shows, for one person's reach."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from flask_babel import pgettext as _p

from referrals.kinds import queries as kinds
from referrals.kinds.queries import Kind
from referrals.moves import Outcome
from referrals.statistics import queries
from referrals.statistics.charts import Stage as Bar
from referrals.statistics.charts import funnel
from referrals.statistics.counting import Dimension, Measure, Stage
from referrals.statistics.publication.tables import SMALL_PLACE
from referrals.statistics.queries import Figures, OpenNow
from referrals.statistics.report import groups
from referrals.statistics.report.tray import uses_table
from referrals.statistics.staff import crossing, tables
from referrals.statistics.staff import queries as staff
from referrals.statistics.staff.reach import Reach, of_one_person
from referrals.statistics.tables import Row, Table
from referrals.statistics.tallying import Span, referrals_by_month
from servicetray.core.db import in_language
from servicetray.core.municipalities import municipalities
from servicetray.core.periods import Month, Period
from servicetray.usage import queries as usage

GLANCE = 3
"""This month, the last one, and the one before it to compare with."""
WAITS = {
    "odotus-vastaanottoon": Measure.DAYS_TO_ACCEPTED,
    "odotus-tavoittamiseen": Measure.DAYS_TO_REACHED,
}
MOST_SEARCHES = 10
MOST_MONTHS_CROSSED = 36
"""A longer period has no crossing by month: its table would be read by nobody."""


@dataclass(frozen=True, kw_only=True)
class Now:
    """What a person comes for first: the last months, and what is open."""

    glance: Table
    open: Table


@dataclass(frozen=True, kw_only=True)
class Exact:
    """The figures of a kind in a free period."""

    kind: Kind
    kinds: Sequence[Kind]
    found: Mapping[str, Figures]
    """Of each kind, by its code."""
    names: Mapping[str, str]
    stages: Sequence[Bar]
    months: Table
    places: Table
    waits: Sequence[Table]
    loop: Table
    breakdowns: Sequence[Table]
    """What has something to show; none crosses two dimensions but how far the referrals of a reason came."""
    crossings: Sequence[Table]
    """Masked; the county's alone."""
    tray: Sequence[Table]
    """How the tray was used, what was looked for in vain, who enrolled in groups; the county's alone."""

    @property
    def figures(self) -> Figures:
        """Of the kind that was chosen."""
        return self.found[self.kind.code]

    @property
    def tables(self) -> Sequence[Table]:
        """All of them, in the order of the page."""
        return (
            self.months,
            self.places,
            *self.waits,
            self.loop,
            *self.breakdowns,
            *self.crossings,
            *self.tray,
        )


def now_at(now: dt.datetime, *, reach: Reach, names: Mapping[str, str]) -> Now:
    """Return the last months and what is open, within somebody's reach."""
    this = Month.of(now)
    period = Period(_back(this, GLANCE - 1).first_day, this.last_day)
    start, end = period.bounds
    places = tuple(reach.codes) if reach.codes is not None else None
    sent = {
        kind: referrals_by_month(Span(start=start, end=end, kind=kind, municipalities=places), period)
        for kind in names
    }
    open_now = [each for each in queries.open_and_late(now) if _within(each, reach)]
    return Now(
        glance=tables.glance_table(sent, open_now, names),
        open=tables.open_table(open_now, reach.places, names),
    )


def exact_figures(
    period: Period, *, kind_code: str, reach: Reach, language: str, now: dt.datetime, threshold: int
) -> Exact:
    """Return the figures of a period within somebody's reach; crossings are masked below the threshold."""
    known = kinds.kinds()
    names = names_of(known, language)
    found = {each.code: queries.figures(period, kind=each.code, municipalities=reach.codes) for each in known}
    figures = found[kind_code]
    reasons = {code: name for (kind, code), name in kinds.reason_names(language).items() if kind == kind_code}
    ways = queries.funnel_by(Dimension.REASON, period, kind=kind_code, municipalities=reach.codes)
    breakdowns = (
        tables.ways_table(ways, reasons),
        tables.ages_table(figures, kind_code),
        tables.areas_table(figures, kind_code),
        tables.outcomes_table(figures, kind_code),
    )
    loop = tables.loop_table(
        queries.loop_health(period, kind=kind_code, municipalities=reach.codes),
        staff.allowed_to_tell(period, kind=kind_code, municipalities=reach.codes),
    )
    return Exact(
        kind=next(each for each in known if each.code == kind_code),
        kinds=known,
        found=found,
        names=names,
        stages=_stages(figures, kind_code),
        months=tables.months_table(found, names),
        places=tables.places_table(figures, kind_code, reach.places, queries.stock_before(now)),
        waits=_waits(figures, kind_code, reach),
        loop=loop,
        breakdowns=[table for table in breakdowns if table.rows],
        crossings=_crossings(period, kind_code, reach, reasons, threshold) if reach.whole_county else (),
        tray=(*_tray(period), *_groups_of(period, language)) if reach.whole_county else (),
    )


def names_of(known: Sequence[Kind], language: str) -> dict[str, str]:
    """Return the names of kinds by code."""
    return {each.code: in_language(each.name, language).text for each in known}


def _tray(period: Period) -> Sequence[Table]:
    """Return the tables of the tray's use that have something to show."""
    days = usage.Period(period.first, period.last)
    totals = usage.totals(days)
    if not any(totals.values()):
        return ()
    vain = usage.empty_searches(days, limit=MOST_SEARCHES)
    made = (
        uses_table(totals),
        Table(
            name="tyhjat-haut",
            caption=_("Looked for in vain"),
            head=[_p("usage", "What"), _p("usage", "Times")],
            rows=[Row(label=each.key, cells=[each.count]) for each in vain],
        ),
    )
    return [table for table in made if table.rows]


def _groups_of(period: Period, language: str) -> Sequence[Table]:
    """Return the tables of groups: of every month of which the period has a day, as they are counted by month."""
    found = groups.collected(period.months[0], period.months[-1])
    note = _(
        "Enrolled: for a place or for the waiting list, cancelled later or not. Began: came for the first time, as "
        "the leader noted it. Whole months are counted, also where the period holds only a part of one."
    )
    return [replace(table, note=note) for table in groups.tables_of(found, language)] if found else ()


def _back(month: Month, times: int) -> Month:
    for _step in range(times):
        month = month.previous()
    return month


def _within(each: OpenNow, reach: Reach) -> bool:
    return reach.whole_county or each.municipality in reach.places


def _stages(figures: Figures, kind: str) -> Sequence[Bar]:
    """Return the way from sent to counselling completed."""
    measures = {
        Stage.SENT: Measure.REFERRALS,
        Stage.ACCEPTED: Measure.ACCEPTED,
        Stage.REACHED: Measure.REACHED,
        Stage.STARTED: Measure.STARTED,
    }
    numbers = {stage: figures.counts.of(measure, kind) for stage, measure in measures.items()}
    closed = figures.counts.by(Dimension.OUTCOME, Measure.CLOSED, kind)
    numbers[Stage.COMPLETED] = closed.get(Outcome.COMPLETED.value, 0)
    return funnel([(str(tables.STAGES[stage]), numbers[stage]) for stage in Stage])


def _waits(figures: Figures, kind: str, reach: Reach) -> Sequence[Table]:
    hidden = of_one_person(kind, figures.period, reach.places) if reach.whole_county else frozenset()
    captions = {
        Measure.DAYS_TO_ACCEPTED: _("From sending to acceptance"),
        Measure.DAYS_TO_REACHED: _("From sending to first contact"),
    }
    return [
        tables.waits_table(
            name,
            captions[measure],
            {code: figures.counts.waits(measure, kind, code) for code in reach.places},
            reach.places,
            whole=figures.waits[measure],
            hidden=hidden,
        )
        for name, measure in WAITS.items()
    ]


def _crossings(
    period: Period, kind: str, reach: Reach, reasons: Mapping[str, str], threshold: int
) -> Sequence[Table]:
    groups = _groups(reach)
    by_month = staff.sent_by_place_and_month(period, kind=kind)
    if not by_month:
        return ()
    by_reason = staff.sent_by_place_and_reason(period, kind=kind)
    columns = {
        reason: {name: sum(found.get(code, 0) for code in codes) for name, codes in groups.items()}
        for reason, found in by_reason.items()
    }
    names = {name: name for name in groups}
    made = [tables.crossing_by_reason(crossing.mask_columns(columns, threshold=threshold), names, reasons)]
    if len(period.months) <= MOST_MONTHS_CROSSED:
        numbers = [
            [sum(by_month.get(code, {}).get(month, 0) for code in codes) for month in period.months]
            for codes in groups.values()
        ]
        masked = crossing.mask_both(numbers, threshold=threshold)
        made.insert(0, tables.crossing_by_month(masked, list(groups), period.months))
    return made


def _groups(reach: Reach) -> dict[str, Sequence[str]]:
    """Return the columns of a crossing with the municipalities in each: small ones together, as in public."""
    small = [each.code for each in municipalities() if each.population < SMALL_PLACE]
    groups: dict[str, Sequence[str]] = {
        name: (code,) for code, name in reach.places.items() if code not in small
    }
    if small:
        groups[_("Under 10,000 inhabitants")] = small
    return groups
