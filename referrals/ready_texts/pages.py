"""The page of ready texts beside a case."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from referrals.municipality.beside import BesidePage
from referrals.municipality.inbox.case.forms import NoteForm
from referrals.ready_texts.models import Use
from servicetray.core.db import Localized
from servicetray.core.pages import Text


@dataclass(frozen=True, kw_only=True)
class FilledText:
    """A text, filled in."""

    id: uuid.UUID
    use: Use
    title: Localized
    body: Localized
    note_url: str
    """Where the note is written with it; empty for those that are copied."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """The texts of one use."""

    use: Use
    heading: Text
    texts: Sequence[FilledText]


@dataclass(frozen=True, kw_only=True)
class LanguageLink:
    """The texts in one language."""

    code: str
    label: Text
    url: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class TextsPage(BesidePage):
    """What may be picked."""

    template: ClassVar[str] = "referrals/ready_texts/texts.html"
    groups: Sequence[Group]
    languages: Sequence[LanguageLink]
    note: NoteForm | None
    """Filled with the text that was picked."""
