"""Tables of the exact figures: what is going on now, a free period one way at a time, and its crossings, masked."""

from collections.abc import Collection, Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import pgettext as _p

from referrals.moves import Outcome
from referrals.statistics import labels
from referrals.statistics.counting import Dimension, Measure, Stage, Waits
from referrals.statistics.queries import Figures, LoopHealth, OpenNow
from referrals.statistics.staff.queries import Allowed
from referrals.statistics.suppression import Mark, Shown
from referrals.statistics.tables import Row, Table, month_label
from servicetray.core.periods import Month

FLOW = (Measure.ACCEPTED, Measure.REACHED, Measure.STARTED, Measure.CLOSED)
STAGES = {
    Stage.SENT: labels.MEASURES[Measure.REFERRALS],
    Stage.ACCEPTED: labels.MEASURES[Measure.ACCEPTED],
    Stage.REACHED: labels.MEASURES[Measure.REACHED],
    Stage.STARTED: labels.MEASURES[Measure.STARTED],
    Stage.COMPLETED: labels.OUTCOMES[Outcome.COMPLETED],
}
"""What each stage of the way is called."""


def glance_table(
    sent: Mapping[str, Mapping[Month, int]], open_now: Sequence[OpenNow], names: Mapping[str, str]
) -> Table:
    """Return the last months, this one so far and what is open now, by kind."""
    months = list(next(iter(sent.values()), {}))
    rows = [
        Row(
            label=name,
            cells=[
                *(sent[kind][month] for month in months),
                sum(each.open for each in open_now if each.kind == kind),
                sum(late_of(each) for each in open_now if each.kind == kind),
            ],
        )
        for kind, name in names.items()
    ]
    return Table(
        name="nyt",
        caption=_("At a glance"),
        head=[
            _p("figures", "Referral"),
            *(month_label(month) for month in months[:-1]),
            *(_("%(month)s so far", month=month_label(month)) for month in months[-1:]),
            _("Open now"),
            _p("figures", "Late now"),
        ],
        rows=rows,
        foot=_sum_row(rows) if len(rows) > 1 else None,
    )


def open_table(open_now: Sequence[OpenNow], places: Mapping[str, str], names: Mapping[str, str]) -> Table:
    """Return what is open and late now, by municipality and kind."""
    found = {(each.kind, each.municipality): each for each in open_now}
    rows = []
    for code, place in places.items():
        cells: list[Shown] = []
        for kind in names:
            each = found.get((kind, code))
            cells += [each.open, each.waiting, late_of(each)] if each else [Mark.NOT_IN_USE] * 3
        rows.append(Row(label=place, cells=cells))
    return Table(
        name="kesken",
        caption=_("Open and late now"),
        head=[
            _p("figures", "Municipality"),
            *(
                head
                for name in names.values()
                for head in (
                    _("%(kind)s: open", kind=name),
                    _("%(kind)s: not taken up", kind=name),
                    _("%(kind)s: late", kind=name),
                )
            ),
        ],
        rows=rows,
        foot=_sum_row(rows) if len(rows) > 1 else None,
        note=_("Late: the day has passed by which it should have been taken up, or the next step taken."),
    )


def late_of(each: OpenNow) -> int:
    """Return how many are past their day, taken up or not."""
    return each.waiting_late + each.under_way_late


def months_table(found: Mapping[str, Figures], names: Mapping[str, str]) -> Table:
    """Return the referrals of a free period by month and kind."""
    months = next(iter(found.values())).period.months
    rows = []
    for month in months:
        numbers = [found[kind].by_month[month] for kind in names]
        rows.append(Row(label=month_label(month), cells=[*numbers, sum(numbers)]))
    return Table(
        name="kuukaudet",
        caption=_(
            "Referrals sent, %(first)s to %(last)s",
            first=month_label(months[0]),
            last=month_label(months[-1]),
        ),
        head=[_p("figures", "Month"), *names.values(), _p("figures", "All")],
        rows=rows,
        foot=_sum_row(rows),
    )


def places_table(
    figures: Figures, kind: str, places: Mapping[str, str], open_now: Mapping[tuple[str, str], int]
) -> Table:
    """Return what happened in each municipality, and what is open there now."""
    measures = (Measure.REFERRALS, *FLOW)
    rows = [
        Row(
            label=name,
            cells=[
                *(figures.counts.of(measure, kind, code) for measure in measures),
                open_now.get((kind, code), 0),
            ],
        )
        for code, name in places.items()
    ]
    return Table(
        name="kunnat",
        caption=_("By municipality"),
        head=[
            _p("figures", "Municipality"),
            *(str(labels.MEASURES[measure]) for measure in measures),
            _("Open now"),
        ],
        rows=rows,
        foot=_sum_row(rows) if len(rows) > 1 else None,
    )


def waits_table(
    name: str,
    caption: str,
    waits: Mapping[str, Waits | None],
    places: Mapping[str, str],
    *,
    whole: Waits | None,
    hidden: Collection[str],
) -> Table:
    """Return how many working days clients waited, by municipality: a quarter of them at most so long, and so on.

    Args:
        name: of the table in addresses.
        caption: which wait it is.
        waits: by municipality; where nobody was counted, none.
        places: names of the municipalities within reach.
        whole: of all of them together.
        hidden: municipalities in which the wait would be one person's, for eyes that are not the lead's.
    """
    rows = [
        Row(
            label=label,
            cells=[Mark.HIDDEN] * 5 if code in hidden and waits.get(code) else _spread(waits.get(code)),
        )
        for code, label in places.items()
    ]
    counted = [code for code in places if waits.get(code)]
    # Where one such place alone was counted, the sum of all would be its own.
    alone = len(counted) == 1 and counted[0] in hidden
    return Table(
        name=name,
        caption=caption,
        head=[
            _p("figures", "Municipality"),
            _p("figures", "Clients"),
            "25 %",
            _p("figures", "Half"),
            "75 %",
            "90 %",
        ],
        rows=rows,
        foot=Row(label=_p("figures", "All"), cells=[Mark.HIDDEN] * 5 if alone else _spread(whole))
        if len(rows) > 1
        else None,
        note=_("In working days: so long at most did that part of the clients wait.")
        + (
            " " + _("Where one person does the work, only the municipality's lead sees the waits.")
            if any(code in hidden for code in counted)
            else ""
        ),
    )


def _spread(waits: Waits | None) -> list[Shown]:
    if waits is None:
        return [0, *[Mark.NOT_IN_USE] * 4]
    return [waits.count, waits.p25, waits.p50, waits.p75, waits.p90]


def ways_table(ways: Mapping[str, Mapping[Stage, int]], names: Mapping[str, str]) -> Table:
    """Return how far the referrals of each reason came, most sent first."""
    ordered = sorted(ways.items(), key=lambda pair: (-pair[1][Stage.SENT], names.get(pair[0], pair[0])))
    return Table(
        name="syyt",
        caption=_("By reason"),
        head=[_p("figures", "Reason"), *(str(STAGES[stage]) for stage in Stage)],
        rows=[
            Row(label=names.get(code, code), cells=[stages[stage] for stage in Stage])
            for code, stages in ordered
        ],
        note=_("A referral may have several reasons, so the numbers add up to more than the referrals."),
    )


def ages_table(figures: Figures, kind: str) -> Table:
    """Return the referrals by age group at the time of sending."""
    found = figures.counts.by(Dimension.AGE_GROUP, Measure.REFERRALS, kind)
    return Table(
        name="iat",
        caption=_("By age group"),
        head=[_("Age group"), str(labels.MEASURES[Measure.REFERRALS])],
        rows=[Row(label=group.replace("-", "\N{EN DASH}"), cells=[found[group]]) for group in sorted(found)],
    )


def areas_table(figures: Figures, kind: str) -> Table:
    """Return the referrals by the sender's service area, most first."""
    found = figures.counts.by(Dimension.SERVICE_AREA, Measure.REFERRALS, kind)
    numbers = {area[:1].upper() + area[1:] or _("Not known"): number for area, number in found.items()}
    return _one_way(
        "palvelualueet",
        _("By service area of the sender"),
        _("Service area"),
        numbers,
        heading=str(labels.MEASURES[Measure.REFERRALS]),
    )


def outcomes_table(figures: Figures, kind: str) -> Table:
    """Return the closed ones by outcome, most first."""
    found = figures.counts.by(Dimension.OUTCOME, Measure.CLOSED, kind)
    return _one_way(
        "paatokset",
        _("Closed, by outcome"),
        _p("figures", "Outcome"),
        {
            str(label): found[outcome.value]
            for outcome, label in labels.OUTCOMES.items()
            if outcome.value in found
        },
        heading=str(labels.MEASURES[Measure.CLOSED]),
    )


def loop_table(health: LoopHealth, allowed: Allowed) -> Table:
    """Return whether referrals are taken up soon, whether clients let the sender hear, and whether senders did."""
    lines = (
        (_("Taken up within 7 days"), health.claimed_in_week, health.claims),
        (_("The client allowed the sender to hear of the end"), allowed.allowed, allowed.asked),
        (_("Came to an end of which the sender knows"), health.loops_closed, health.loops),
    )
    return Table(
        name="palaute",
        caption=_("Back to the sender"),
        head=[
            _p("figures", "What"),
            _p("figures", "Number"),
            _p("figures", "Out of"),
            _p("figures", "Percent"),
        ],
        rows=[
            Row(label=label, cells=[part, whole, round(100 * part / whole) if whole else Mark.NOT_IN_USE])
            for label, part, whole in lines
        ],
    )


def crossing_by_month(
    cells: Sequence[Sequence[Shown]], places: Sequence[str], months: Sequence[Month]
) -> Table:
    """Return a masked crossing of month and municipality: months downwards, so that it fits a phone."""
    return Table(
        name="kuukausi-kunta",
        caption=_("Referrals by month and municipality"),
        head=[_p("figures", "Month"), *places],
        rows=[
            Row(label=month_label(month), cells=[line[at] for line in cells])
            for at, month in enumerate(months)
        ],
    )


def crossing_by_reason(
    masked: Mapping[str, Mapping[str, Shown]], places: Mapping[str, str], names: Mapping[str, str]
) -> Table:
    """Return a masked crossing of reason and municipality."""
    return Table(
        name="syy-kunta",
        caption=_("Referrals by reason and municipality"),
        head=[_p("figures", "Reason"), *places.values()],
        rows=[
            Row(label=names.get(code, code), cells=[cells[place] for place in places])
            for code, cells in masked.items()
        ],
        note=_("A referral may have several reasons, so the numbers add up to more than the referrals."),
    )


def _one_way(name: str, caption: str, of: str, numbers: Mapping[str, int], *, heading: str) -> Table:
    ordered = sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))
    return Table(
        name=name,
        caption=caption,
        head=[of, heading],
        rows=[Row(label=label, cells=[number]) for label, number in ordered],
    )


def _sum_row(rows: Sequence[Row]) -> Row:
    columns = zip(*(row.cells for row in rows), strict=True)
    totals = [sum(cell for cell in column if isinstance(cell, int)) for column in columns]
    return Row(label=_p("figures", "Total"), cells=totals)
