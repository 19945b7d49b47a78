"""The page of a case as text."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from servicetray.core.pages import Page


@dataclass(frozen=True, kw_only=True)
class ShownPart:
    """One part to be copied by itself."""

    name: str
    title: str
    text: str

    @property
    def rows(self) -> int:
        """How high its field stands: every line, within reason."""
        return max(2, min(14, self.text.count("\n") + 1))


@dataclass(frozen=True, kw_only=True)
class CopyOutPage(Page):
    """Everything of a case as plain text, whole and in parts."""

    template: ClassVar[str] = "referrals/copying_out/copy_out.html"
    case_id: uuid.UUID
    heading: str
    everything: str
    parts: Sequence[ShownPart]
    file_url: str
