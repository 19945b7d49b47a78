"""The closed list of public tables, and the shape in which they are published and read."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from referrals.statistics.counting import Stage as Stage
from referrals.statistics.suppression import Mark, Shown
from servicetray.core.periods import Month


class PublicTable(StrEnum):
    """Everything that is ever published; there are no free periods and no crossings of two dimensions."""

    MONTHS = "months"
    """The county's referrals by month. Rows: ``2024-03``. Total: the year, with its December."""
    PLACES = "places"
    """Referrals by quarter and municipality. Rows: ``2024-Q1/286``, ``/group``, ``/county``; no total of its own."""
    REASONS = "reasons"
    """A year's referrals by reason; one with two reasons counts under both. Total: referrals of the year."""
    AGES = "ages"
    """A year's referrals by age group at sending. Total: referrals of the year."""
    OUTCOMES = "outcomes"
    """A year's closed cases by outcome. Total: closed cases."""
    FUNNEL = "funnel"
    """A year's events. Rows: the values of ``Stage``; no total."""
    LOOP = "loop"
    """A year's health of the loop. Rows: the values of ``LoopRow``; no total."""


class LoopRow(StrEnum):
    """Rows of the loop's health."""

    CLAIMED_IN_TIME = "claimed_in_time"
    """Of the referrals accepted, how many within seven days from sending: whole percents."""
    LOOPS_CLOSED = "loops_closed"
    """Of the referrals of the year that came to an end, how many whose sender heard of it: whole percents."""
    DAYS_TO_ACCEPTED = "days_to_accepted"
    """Median of working days from sending."""
    DAYS_TO_REACHED = "days_to_reached"


GROUP: Final = "group"
"""In place of a municipality: all with fewer than ``SMALL_PLACE`` inhabitants, always together."""
COUNTY_ROW: Final = "county"
SMALL_PLACE: Final = 10_000
LEAST_FOR_SHARES: Final = 10
"""Shares and medians are published from so many on."""


class WithheldReason(StrEnum):
    """Why something is not published."""

    PROTECTION = "protection"
    """Too little would stay hidden behind the table's small numbers."""
    CORRECTION = "correction"
    """The difference from what was published before would tell of too few."""
    NO_DETAIL = "no_detail"
    """Months of an earlier system came without this detail."""


@dataclass(frozen=True, kw_only=True)
class PublicNumbers:
    """One table of one year: row codes × kinds."""

    table: PublicTable
    year: int
    rows: tuple[str, ...]
    kinds: tuple[str, ...]
    """Codes, in the order of the catalogue of kinds."""
    cells: Mapping[tuple[str, str], Shown]
    """By (row, kind); complete."""
    total: Mapping[str, Shown] = field(default_factory=dict)
    """By kind; empty where the table has none."""


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A month that was frozen anew."""

    period: str
    version: int
    reason: str
    frozen_at: dt.datetime
    kinds_published: tuple[str, ...]
    """Kinds whose published numbers rest on this version; of the others it is withheld or changes nothing."""


@dataclass(frozen=True, kw_only=True)
class Withheld:
    """What a release says it does not publish."""

    table: PublicTable
    kind: str
    period: str
    """``2024``, ``2024-Q1``, or ``2024-03`` for a correction or a month added later."""
    reason_code: WithheldReason


@dataclass(frozen=True, kw_only=True)
class ReleaseHead:
    """A version of a year's tables, without its numbers."""

    year: int
    version: int
    published_at: dt.datetime
    until: Month
    digest: str


@dataclass(frozen=True, kw_only=True)
class Release(ReleaseHead):
    """A version of a year's tables as published: it never changes."""

    threshold: int
    """Counts below it are hidden in this year."""
    tables: Mapping[PublicTable, PublicNumbers]
    """Every table of the list; one whose period is not over has no rows."""
    corrections: Sequence[Correction]
    withheld: Sequence[Withheld]
    sources: Mapping[str, str]
    """By month (``2023-05``): the earlier system that its numbers come from; own months are not there."""
    grouped: tuple[str, ...]
    """Codes of the municipalities in ``GROUP``."""


@dataclass(frozen=True, kw_only=True)
class PublicationState:
    """Whether a frozen month is published."""

    month: Month
    release: ReleaseHead | None
    """The first release that holds it, or None."""
    is_current: bool
    """Whether the newest version of the month was looked at by a release."""


def quarter_of(month: Month) -> str:
    """Return the code of a month's quarter: ``2024-Q1``."""
    return f"{month.year:04}-Q{(month.month + 2) // 3}"


def is_number(cell: Shown) -> bool:
    """Whether a cell shows a number."""
    return not isinstance(cell, Mark)
