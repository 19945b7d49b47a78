"""The list of papers that came back to the unit that entered them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import pgettext as _p
from werkzeug.wrappers import Response as BaseResponse

from referrals.county.papers import ReturnedPaper, put_away, returned_papers
from referrals.handover import ReturnReason
from referrals.municipality.inbox import labels
from referrals.municipality.inbox.pages import Words
from referrals.municipality.inbox.scope import scope_of
from referrals.municipality.inbox.views import record_listing, words_for
from referrals.offline.views import blueprint
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import Localized, in_language, transaction
from servicetray.core.i18n import current_language
from servicetray.core.pages import Page, Text, render


@dataclass(frozen=True, kw_only=True)
class ReturnedPapersPage(Page):
    """Papers that came back, longest ago first."""

    template: ClassVar[str] = "referrals/offline/returned.html"
    rows: Sequence[ReturnedPaper]
    words: Words

    def reason(self, row: ReturnedPaper) -> Text:
        """Say why it came back."""
        return labels.RETURN_REASONS[ReturnReason(row.reason)] if row.reason in set(ReturnReason) else ""

    def unit(self, row: ReturnedPaper) -> Localized:
        """Return the name of who returned it."""
        return in_language(row.unit_name, current_language())


@blueprint.get("/saapuneet/paperit")
@access.needs(Permission.INBOX_WORK)
def returned() -> BaseResponse:
    """Show the papers that one's units entered and that came back."""
    now = clock.now()
    scope = scope_of(who())
    rows = returned_papers(who().units_for(Permission.INBOX_WORK), practice=scope.practice)
    response = render(
        ReturnedPapersPage(
            title=_p("page title", "Papers that came back"), rows=rows, words=words_for(scope, now=now)
        )
    )
    record_listing(scope, [row.id for row in rows], place="paperit", now=now)
    return response


@blueprint.post("/saapuneet/paperit/<uuid:referral_id>/kuittaa")
@access.needs(Permission.INBOX_WORK)
def acknowledge(referral_id: uuid.UUID) -> BaseResponse:
    """Put a paper away whose writer has been told."""
    with transaction():
        units = who().units_for(Permission.INBOX_WORK)
        reference = put_away(referral_id, unit_ids=units, actor=who(), now=clock.now())
    flash(_("%(reference)s is put away.", reference=reference), "success")
    return redirect(url_for("offline.returned"), code=303)
