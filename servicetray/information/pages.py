"""The pages that these addresses show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from flask_babel import lazy_gettext as _l

from servicetray.core.pages import Page, Text

STATEMENT_CHECKED = date(2026, 11, 21)
"""When the accessibility statement was last gone through against the service."""

TITLES: dict[str, Text] = {
    "saavutettavuus": _l("Accessibility statement"),
    "tietosuoja": _l("Data protection"),
    "ohjeet": _l("Instructions"),
    "tietoa": _l("About the service"),
}


@dataclass(frozen=True, kw_only=True)
class InformationPage(Page):
    """One long text. Each language has a template of its own: prose isn't translated a sentence at a time."""

    template: ClassVar[str] = "servicetray/information/page.html"
    body: str
    """The template that holds the text in the page's language."""
    checked: date
    others: Sequence[tuple[Text, str]]
    """The other texts: title and address."""
