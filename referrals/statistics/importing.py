"""Months from before this product: numbers of another system, brought in as frozen months with their source named.

The file is a table in CSV, one number a row (docs/statistics.md has an example). A month is brought in whole, from
one source, and only where it has no events of our own: the two are never mixed.
"""

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, NoReturn

from referrals.statistics import monthly, queries
from referrals.statistics.counting import COUNTY, FLOWS, Cell, Counts, Measure
from referrals.statistics.models import FrozenMonth
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.core.errors import DomainError
from servicetray.core.periods import Month, NotAMonthError

COLUMNS: Final = ("kind", "month", "municipality", "measure", "number", "source")
MEASURES: Final = tuple(measure for measure in FLOWS if measure not in {Measure.IN, Measure.OUT})
"""What another system may have counted; the balance of the open stock is ours alone."""
LONGEST_SOURCE: Final = 200
MOST: Final = 1_000_000
_DIGITS: Final = len(str(MOST))


class Problem(NamedTuple):
    """What is wrong in the file, and in which line (from 1, the heading's)."""

    line: int
    text: str


class UnfitFileError(DomainError):
    """The file can't be brought in as it is; nothing of it was."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"line {line}: {text}" for line, text in self.problems))


@dataclass(frozen=True, kw_only=True)
class ImportedMonth:
    """The numbers of one month as the file gives them, the county's added up where it does not."""

    month: Month
    source: str
    line: int
    counts: Counts


class _Row(NamedTuple):
    line: int
    month: Month
    cell: Cell
    number: int
    source: str


class _Refused(ValueError):  # noqa: N818 - a reason, not a failure of ours
    pass


def read(
    text: str, *, kinds: Collection[str], municipalities: Collection[str], now: dt.datetime
) -> Sequence[ImportedMonth]:
    """Read and check the file, oldest month first.

    Args:
        text: CSV with a heading; commas or semicolons.
        kinds: codes of the kinds that there are.
        municipalities: codes of the municipalities that there are.
        now: months that are not over are refused.

    Raises:
        UnfitFileError: naming every line that can't be brought in, and why.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    heading = lines[0] if lines else ""
    reader = csv.DictReader(lines, delimiter=";" if ";" in heading else ",", strict=True)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise UnfitFileError([Problem(1, f"the heading has to be {','.join(COLUMNS)}")])
    problems: list[Problem] = []
    rows: list[_Row] = []
    try:
        for values in reader:
            try:
                rows.append(
                    _row(values, reader.line_num, kinds=kinds, municipalities=municipalities, now=now)
                )
            except _Refused as refused:
                problems.append(Problem(reader.line_num, str(refused)))
    except csv.Error as error:
        problems.append(Problem(reader.line_num, str(error)))
    if not rows and not problems:
        problems.append(Problem(1, "there are no numbers"))
    months = _by_month(rows, problems)
    if problems:
        raise UnfitFileError(sorted(problems))
    return [_whole(months[month]) for month in sorted(months)]


def bring_in(
    months: Sequence[ImportedMonth], *, actor: User | None, now: dt.datetime, correction: str | None = None
) -> Sequence[FrozenMonth]:
    """Freeze the months of a file; with a reason, as the next versions of months brought in before.

    Raises:
        UnfitFileError: if a month has events of its own, is frozen already, or (with a reason) is not there.
        UnfitReasonError: if the reason can't be shown.
    """
    if correction is not None:
        correction = monthly.fit_reason(correction)
    first = queries.first_event_at()
    own_from = Month.of(first) if first else None
    known = {each.month: queries.newest(each.month) for each in months}
    problems = [
        Problem(each.line, why)
        for each in months
        if (why := _in_the_way(each.month, known[each.month], own_from, correcting=correction is not None))
    ]
    if problems:
        raise UnfitFileError(problems)
    made = []
    for each in months:
        before = known[each.month]
        frozen = monthly.store(
            each.month,
            each.counts,
            version=before.version + 1 if before else 1,
            now=now,
            correction=correction,
            source=each.source,
        )
        if before is not None:
            monthly.note_correction(frozen, before=before, actor=actor, now=now)
        record(
            Action.FIGURES_IMPORTED,
            actor=actor,
            object_type="month",
            object_id=frozen.period,
            now=now,
            detail={"version": str(frozen.version), "digest": frozen.digest},
        )
        made.append(frozen)
    return made


def _in_the_way(month: Month, known: FrozenMonth | None, own_from: Month | None, *, correcting: bool) -> str:
    if own_from is not None and month >= own_from:
        return f"{month} is counted from events of our own, which begin in {own_from}"
    if known is not None and known.source is None:
        return f"{month} is frozen from events of our own"
    if known is not None and not correcting:
        return f"{month} has been brought in already; say why it is to be corrected"
    if known is None and correcting:
        return f"{month} has not been brought in, so there is nothing to correct"
    return ""


def _row(
    values: Mapping[str | None, str | None],
    line: int,
    *,
    kinds: Collection[str],
    municipalities: Collection[str],
    now: dt.datetime,
) -> _Row:
    if None in values or None in values.values():
        _refuse(f"there have to be {len(COLUMNS)} columns")
    kind, period, place, measure, number, source = ((values[name] or "").strip() for name in COLUMNS)
    if kind not in kinds:
        _refuse(f"the kind {kind!r} is not known; there are {', '.join(sorted(kinds))}")
    try:
        month = Month.parse(period)
    except NotAMonthError:
        _refuse(f"{period!r} is not a month like 2023-12")
    if not month.is_finished(now):
        _refuse(f"{month} is not over")
    if place and place not in municipalities:
        _refuse(f"the municipality {place!r} is not known; leave it empty for the whole county")
    if measure not in MEASURES:
        _refuse(f"the measure {measure!r} can't be brought in; there are {', '.join(MEASURES)}")
    if not (number.isascii() and number.isdigit() and len(number) <= _DIGITS and int(number) <= MOST):
        _refuse(f"{number!r} is not a number from 0 to {MOST}")
    if not source or len(source) > LONGEST_SOURCE:
        _refuse(f"the source has to be named, in at most {LONGEST_SOURCE} characters")
    return _Row(line, month, Cell(Measure(measure), kind, place), int(number), source)


def _refuse(why: str) -> NoReturn:
    raise _Refused(why)


def _by_month(rows: Sequence[_Row], problems: list[Problem]) -> Mapping[Month, Mapping[Cell, _Row]]:
    months: dict[Month, dict[Cell, _Row]] = defaultdict(dict)
    for row in rows:
        there = months[row.month]
        first = next(iter(there.values()), row)
        if row.cell in there:
            problems.append(Problem(row.line, f"the same number stands in line {there[row.cell].line}"))
        elif row.source != first.source:
            problems.append(Problem(row.line, f"{row.month} has another source in line {first.line}"))
        else:
            there[row.cell] = row
    for there in months.values():
        for cell, row in there.items():
            parts = sum(each.number for each in there.values() if _is_part(each.cell, cell))
            if cell.municipality == COUNTY and parts > row.number:
                problems.append(Problem(row.line, f"the municipalities add up to {parts}, which is more"))
    return months


def _whole(rows: Mapping[Cell, _Row]) -> ImportedMonth:
    numbers = {cell: row.number for cell, row in rows.items()}
    for cell in rows:
        county = cell._replace(municipality=COUNTY)
        if county not in rows:
            numbers[county] = sum(row.number for row in rows.values() if _is_part(row.cell, county))
    first = next(iter(rows.values()))
    return ImportedMonth(month=first.month, source=first.source, line=first.line, counts=Counts(numbers))


def _is_part(cell: Cell, county: Cell) -> bool:
    return cell.municipality != COUNTY and cell._replace(municipality=COUNTY) == county
