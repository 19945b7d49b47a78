"""The pages of a plan."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask_wtf import FlaskForm

from referrals.municipality.beside import BesidePage
from referrals.municipality.plan.forms import GuideForm, LineForm, SearchForm
from referrals.municipality.plan.labels import HEADINGS
from referrals.municipality.plan.models import LineKind
from referrals.municipality.plan.sheets import PlanTexts
from servicetray.core.pages import Text
from themes.directory.queries import ServiceCard


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line, in words."""

    id: uuid.UUID
    kind: LineKind
    text: str
    service_id: uuid.UUID | None
    card: ServiceCard | None
    """Of its service, while residents see it."""
    done_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class Part:
    """The lines of one kind."""

    kind: LineKind
    heading: Text
    lines: Sequence[Line]


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a search found."""

    words: str
    cards: Sequence[ServiceCard]
    total: int


@dataclass(frozen=True, kw_only=True)
class SheetLink:
    """The printed plan in one language."""

    label: str
    lang: str
    url: str


@dataclass(frozen=True, kw_only=True)
class PlanPage(BesidePage):
    """The plan, and the ways to add to it."""

    template: ClassVar[str] = "referrals/plan/plan.html"
    parts: Sequence[Part]
    line_form: LineForm | None
    """None where the case is closed."""
    search_form: SearchForm | None
    guide_form: GuideForm | None
    """None where no service is in the plan, or the case can't be closed so now."""
    found: Found | None
    sheets: Sequence[SheetLink]
    form: FlaskForm
    """The one that came back with mistakes, for the title and the error summary."""
    refused: str
    """Why an entry was not made, where it was not the form's fault."""


@dataclass(frozen=True, kw_only=True)
class SheetPage(BesidePage):
    """The plan on paper."""

    template: ClassVar[str] = "referrals/plan/sheet.html"
    texts: PlanTexts
    parts: Sequence[Part]
    made_on: str
    adviser: str
    unit_name: str
    unit_phone: str
    next_time: str
    next_place: str
    sheets: Sequence[SheetLink]


def parts_of(lines: Iterable[Line]) -> tuple[Part, ...]:
    """Return the lines by kind; a kind without lines is not there."""
    by_kind: dict[LineKind, list[Line]] = {kind: [] for kind in HEADINGS}
    for line in lines:
        by_kind[line.kind].append(line)
    return tuple(
        Part(kind=kind, heading=HEADINGS[kind], lines=found) for kind, found in by_kind.items() if found
    )
