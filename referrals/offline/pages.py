"""The pages of blank forms."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from referrals.offline.blank import Sheet
from servicetray.core.pages import Page


@dataclass(frozen=True, kw_only=True)
class FormLink:
    """The blank form of a kind, to read and to keep."""

    name: str
    icon: str
    colour: str
    page_url: str
    pdf_url: str
    enter_url: str
    """Where a paper of the kind is entered; empty for whoever has none to enter."""


@dataclass(frozen=True, kw_only=True)
class BlankFormsPage(Page):
    """Every blank form there is."""

    template: ClassVar[str] = "referrals/offline/forms.html"
    forms: Sequence[FormLink]


@dataclass(frozen=True, kw_only=True)
class BlankFormPage(Page):
    """One of them, ready to be printed."""

    template: ClassVar[str] = "referrals/offline/blank.html"
    sheet: Sheet
    pdf_url: str
