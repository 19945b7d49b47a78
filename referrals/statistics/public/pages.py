"""The pages of the public figures."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from referrals.statistics.charts import Chart, Panel, Stage
from referrals.statistics.public.formats.dictionary import Chapter
from referrals.statistics.publication.tables import ReleaseHead
from referrals.statistics.tables import Table
from servicetray.core.pages import Page


@dataclass(frozen=True, kw_only=True)
class YearLink:
    """A year to choose."""

    year: int
    url: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class VersionLink:
    """An earlier version of the same year."""

    version: int
    url: str
    published_at: dt.datetime
    current: bool


@dataclass(frozen=True, kw_only=True)
class File:
    """A table (or the whole year) in one format."""

    name: str
    """``CSV``, ``Excel`` …"""
    icon: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Headline:
    """One kind in a few words."""

    name: str
    colour: str
    total: int | None
    """All so far, over the years that are over; None where a year's total is not shown."""
    since: str
    until: str
    changes: Sequence[str]
    """The newest numbers beside those before them, in words."""
    health: Sequence[str]
    """How fast referrals are taken up and how many senders heard of the end, in words."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """The way from sent to completed of one kind."""

    name: str
    colour: str
    stages: Sequence[Stage]


@dataclass(frozen=True, kw_only=True)
class Section:
    """One table with its heading, pictures and files."""

    heading: str
    table: Table
    files: Sequence[File]
    chart: Chart | None = None
    panels: Sequence[Panel] = ()
    ways: Sequence[Way] = ()


@dataclass(frozen=True, kw_only=True)
class CorrectionLine:
    """A month that was frozen anew."""

    month: str
    version: int
    reason: str
    day: dt.datetime


@dataclass(frozen=True, kw_only=True)
class PublicFiguresPage(Page):
    """The figures of one year that everybody may see."""

    template: ClassVar[str] = "referrals/statistics/public.html"
    year: int
    years: Sequence[YearLink]
    headlines: Sequence[Headline]
    sections: Sequence[Section]
    """The months first, the totals of all years last."""
    whole: Sequence[File]
    """The whole year in one file."""
    release: ReleaseHead
    threshold: int
    has_hidden: bool
    has_unused: bool
    has_withheld: bool
    year_is_over: bool
    last_month: str
    corrections: Sequence[CorrectionLine]
    withheld: Sequence[str]
    """What was left out and why, in words."""
    sources: Sequence[str]
    """Earlier systems, with their months."""
    cite: str
    permanent: str
    """Address of this very version."""
    newest: str
    """Address of the newest version where this is not it; else empty."""
    versions: Sequence[VersionLink]


@dataclass(frozen=True, kw_only=True)
class NoFiguresPage(Page):
    """Before the first month is over."""

    template: ClassVar[str] = "referrals/statistics/public_none.html"


@dataclass(frozen=True, kw_only=True)
class DictionaryPage(Page):
    """What every word of the figures means."""

    template: ClassVar[str] = "referrals/statistics/public_dictionary.html"
    chapters: Sequence[Chapter]
    json_url: str
