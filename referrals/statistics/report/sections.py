"""The parts of a report, and the list of those that other parts of the house add.

Who has something to tell of a month (how the service tray was used, which paths, how groups were attended) adds a
``ReportSection`` in its ``init_app``, or has the application do so for it. ``collect`` is asked once, in the
transaction that makes the report, and what it returns is stored with the report; ``tell`` makes the section anew from
that each time it is read, in the reader's language. A section that collects nothing does not appear.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from referrals.statistics.tables import Table
from servicetray.core.periods import Month

_SECTIONS = "referrals.report.sections"


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of a report as it is read: a heading, sentences, and tables with their numbers."""

    name: str
    """Unique in the report: the anchor of its heading."""
    heading: str
    paragraphs: Sequence[str]
    tables: Sequence[Table] = ()


@dataclass(frozen=True, kw_only=True)
class ReportSection:
    """A part of the report that another part of the house adds."""

    name: str
    position: int
    collect: Callable[[Month], Mapping[str, Any] | None]
    """The month's numbers as JSON holds them (dicts, lists, texts, whole numbers), or None: nothing to tell."""
    tell: Callable[[Mapping[str, Any], str], Section]
    """What was collected, in a language."""


def add_section(app: Flask, section: ReportSection) -> None:
    """Let a part of the house tell something in every report from now on."""
    known: list[ReportSection] = app.extensions.setdefault(_SECTIONS, [])
    known.append(section)
    known.sort(key=lambda each: (each.position, each.name))


def added_sections() -> Sequence[ReportSection]:
    """Return what was added, in order."""
    return tuple(current_app.extensions.get(_SECTIONS, ()))
