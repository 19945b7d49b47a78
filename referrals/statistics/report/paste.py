"""A text and a picture that are ready for a web page or a newsletter: of published numbers alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _
from flask_babel import pgettext as _p

from referrals.statistics.report.numbers import Numbers, PublishedMonths
from referrals.statistics.report.sentences import Speech, speech
from referrals.statistics.suppression import Mark, Shown, sum_of
from referrals.statistics.tables import month_label
from servicetray.core.periods import Month

FEWEST_MONTHS: Final = 2
"""A picture of a single bar says nothing."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One month of the picture: a number for each kind, or None where it is not shown."""

    label: str
    numbers: Sequence[int | None]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What the picture shows, and the same in words."""

    title: str
    kinds: Sequence[str]
    hidden: str
    """What stands beside a bar that is not shown; empty where all are."""
    bars: Sequence[Bar]
    source: str
    in_words: str


@dataclass(frozen=True, kw_only=True)
class Paste:
    """What can be pasted."""

    text: str
    picture: Picture | None


def paste_of(numbers: Numbers, kinds: Mapping[str, str], *, language: str, source: str) -> Paste | None:
    """Return what may be told to everybody; None where the month is not published.

    Args:
        numbers: of the report.
        kinds: names of the kinds by code, in the language.
        language: in which it is told.
        source: where the public figures are, as it stands at the end.
    """
    published = numbers.published
    if published is None:
        return None
    told = {kind: name for kind, name in kinds.items() if _in_use(published, kind)}
    say = speech(language)
    month = numbers.month
    title = _p("monthly report", "Referrals to counselling, %(month)s", month=month_label(month))
    sentences = [*_of_month(published, month, told, say), *_of_year(published, month, told, say)]
    where = _p("monthly report", "Source: %(source)s", source=source)
    return Paste(
        text="\n\n".join([title, " ".join(sentences), where]),
        picture=_picture(published, told, say, where),
    )


def _of_month(
    published: PublishedMonths, month: Month, kinds: Mapping[str, str], say: Speech
) -> Iterable[str]:
    now, before = published.months[month], published.months.get(month.previous(), {})
    parts = [now.get(kind, Mark.NOT_IN_USE) for kind in kinds]
    total = sum_of(parts)
    if isinstance(total, int):
        earlier = sum_of([before.get(kind, Mark.NOT_IN_USE) for kind in kinds])
        yield say.came("", total, before=_number(earlier), month_before=month.previous())
        year_before = Month(month.year - 1, month.month)
        then = sum_of([published.months.get(year_before, {}).get(kind, Mark.NOT_IN_USE) for kind in kinds])
        if isinstance(then, int):
            yield say.a_year_ago(total, then, month=year_before)
        if len(kinds) == 1:
            return
    for kind, name in kinds.items():
        shown = now.get(kind, Mark.NOT_IN_USE)
        if isinstance(shown, int):
            yield say.came(name, shown, before=_number(before.get(kind)), month_before=month.previous())
        elif shown is not Mark.NOT_IN_USE:
            yield say.hidden(name, month=month)


def _of_year(
    published: PublishedMonths, month: Month, kinds: Mapping[str, str], say: Speech
) -> Iterable[str]:
    for kind, name in kinds.items():
        total = published.year.get(kind)
        if isinstance(total, int):
            yield say.in_the_year(name, total, year=month.year)


def _picture(
    published: PublishedMonths, kinds: Mapping[str, str], say: Speech, source: str
) -> Picture | None:
    months = list(published.months)
    if len(months) < FEWEST_MONTHS:
        return None
    cells = {
        month: [published.months[month].get(kind, Mark.NOT_IN_USE) for kind in kinds] for month in months
    }
    hidden = any(cell in {Mark.HIDDEN, Mark.WITHHELD} for row in cells.values() for cell in row)
    lines = [say.picture(first=months[0], last=months[-1])]
    for month, row in cells.items():
        told = [
            f"{name} {_in_words(cell, say)}"
            for name, cell in zip(kinds.values(), row, strict=True)
            if cell is not Mark.NOT_IN_USE
        ]
        lines.append(f"{month_label(month)}: {', '.join(told)}.")
    return Picture(
        title=_p("monthly report", "Referrals to counselling by month"),
        kinds=list(kinds.values()),
        hidden=_("hidden, not to scale") if hidden else "",
        bars=[
            # What was not in use yet has no bar at all; what is not shown has one that says nothing.
            Bar(label=month_label(month), numbers=[0 if c is Mark.NOT_IN_USE else _number(c) for c in row])
            for month, row in cells.items()
        ],
        source=source,
        in_words=" ".join(lines),
    )


def _in_use(published: PublishedMonths, kind: str) -> bool:
    shown = [cells.get(kind, Mark.NOT_IN_USE) for cells in published.months.values()]
    return any(cell is not Mark.NOT_IN_USE for cell in shown)


def _in_words(cell: Shown, say: Speech) -> str:
    return say.digits(cell) if isinstance(cell, int) else _p("figures", "hidden")


def _number(cell: Shown | None) -> int | None:
    return cell if isinstance(cell, int) else None
