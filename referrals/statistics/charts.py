"""Charts as geometry: the template draws what is measured here, and a table with the numbers stands beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from referrals.statistics.suppression import Mark, Shown

LEFT: Final = 56
TOP: Final = 4
ROW: Final = 22
BAR: Final = 15
PLOT: Final = 240
RIGHT: Final = 74
GAP: Final = 1
HATCH: Final = 12
"""Width of a hidden bar, the same for each: it says nothing of the number."""
TICKS: Final = (1, 2, 5)


@dataclass(frozen=True, kw_only=True)
class Series:
    """One kind: its name, its colour, and how its bars are filled."""

    name: str
    colour: str
    fill: str
    """The CSS class ``a`` or ``b``."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One piece of a row."""

    x: float
    y: float
    width: float
    series: Series | None
    """None: hidden."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """A text in the chart."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Everything to draw, in the units of the view box."""

    width: int
    height: int
    bars: Sequence[Bar]
    labels: Sequence[Words]
    """At the start of each row."""
    values: Sequence[Words]
    """At the end of each row."""
    ticks: Sequence[Words]
    """Below each line of the scale; the line stands at its x."""
    line_height: int
    series: Sequence[Series]
    has_hidden: bool


def stacked_bars(
    rows: Sequence[tuple[str, Sequence[Shown]]], series: Sequence[Series], *, longest: int | None = None
) -> Chart:
    """Return a chart of horizontal bars, one row for each label, its pieces in the order of the series.

    Args:
        rows: labels with what is drawn of each.
        series: one for each piece of a row.
        longest: the sum that the scale holds, where several charts share one; by default this chart's own.
    """
    largest = max((_length(parts) for _, parts in rows), default=0) if longest is None else longest
    step = scale_step(largest)
    end = max(step, -(-largest // step) * step)
    unit = PLOT / end
    bars: list[Bar] = []
    labels: list[Words] = []
    values: list[Words] = []
    for number, (label, parts) in enumerate(rows):
        y = TOP + ROW * number + 4
        labels.append(Words(x=LEFT - 6, y=y + 12, text=label))
        x = float(LEFT)
        for part, one in zip(parts, series, strict=True):
            width = HATCH if part is Mark.HIDDEN else part * unit if isinstance(part, int) else 0.0
            if width > 0:
                bars.append(
                    Bar(x=_round(x), y=y, width=_round(width), series=None if part is Mark.HIDDEN else one)
                )
                x += width + GAP
        values.append(Words(x=_round(x + 5), y=y + 12, text=_said(parts)))
    bottom = TOP + ROW * len(rows) + 6
    return Chart(
        width=LEFT + PLOT + RIGHT,
        height=bottom + 20,
        bars=bars,
        labels=labels,
        values=values,
        ticks=[
            Words(x=_round(LEFT + at * unit), y=bottom + 16, text=str(at)) for at in range(0, end + 1, step)
        ],
        line_height=bottom - TOP,
        series=series,
        has_hidden=any(bar.series is None for bar in bars),
    )


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One chart of several that share a scale."""

    title: str
    chart: Chart


def small_multiples(
    panels: Sequence[tuple[str, Sequence[tuple[str, Sequence[Shown]]]]], series: Sequence[Series]
) -> list[Panel]:
    """Return a chart for each panel, all on one scale, so that bars compare across them."""
    longest = max((_length(parts) for _, rows in panels for _, parts in rows), default=0)
    return [Panel(title=title, chart=stacked_bars(rows, series, longest=longest)) for title, rows in panels]


def scale_step(largest: int) -> int:
    """Return a round step that divides a scale up to this number into at most five."""
    power = 1
    while True:
        for factor in TICKS:
            if factor * power * 5 >= largest:
                return factor * power
        power *= 10


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One step of the way from sent to finished, with its share of the first in percent."""

    label: str
    number: Shown
    percent: int | None
    """None where either number is not shown."""

    @property
    def length(self) -> int:
        """How long its bar is, in percent: never longer than the first one's."""
        return min(100, max(0, self.percent or 0))


def funnel(stages: Sequence[tuple[str, Shown]]) -> list[Stage]:
    """Return the stages with their shares of the first one; none where nothing was sent."""
    if not stages:
        return []
    first = stages[0][1]
    if isinstance(first, int) and first <= 0:
        return []
    return [Stage(label=label, number=number, percent=_share(number, first)) for label, number in stages]


def _share(number: Shown, whole: Shown) -> int | None:
    if isinstance(number, int) and isinstance(whole, int) and whole > 0:
        return round(100 * number / whole)
    return None


def _length(parts: Sequence[Shown]) -> int:
    return sum(part for part in parts if isinstance(part, int))


def _said(parts: Sequence[Shown]) -> str:
    """Return the numbers of a row, such as ``78 + 6``; hidden ones are told by their hatching alone."""
    return " + ".join(str(part) for part in parts if isinstance(part, int) and part != 0)


def _round(number: float) -> float:
    return round(number, 1)
