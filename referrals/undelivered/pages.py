"""The page of messages that have not left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask_wtf import FlaskForm

from referrals.undelivered import labels
from referrals.undelivered.queries import UnsentRow
from servicetray.core.db import Localized, in_language
from servicetray.core.i18n import current_language
from servicetray.core.pages import Page, Text


@dataclass(frozen=True, kw_only=True)
class MessagesPage(Page):
    """The messages that have not left, and how many there are beyond those shown."""

    template: ClassVar[str] = "referrals/undelivered/messages.html"
    rows: Sequence[UnsentRow]
    more: int
    form: FlaskForm

    def to(self, row: UnsentRow) -> Localized:
        """Whose box it is, in the page's language where there is one."""
        if isinstance(row.to, str):
            return Localized(row.to, current_language())
        return in_language(row.to, current_language())

    def problem(self, row: UnsentRow) -> Text:
        """Why it has not left."""
        return labels.PROBLEMS[row.problem]
