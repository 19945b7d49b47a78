"""The list of those who are to be asked how they are doing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from flask import Response
from flask_babel import pgettext as _p

from referrals.municipality.follow_up import labels
from referrals.municipality.follow_up.due import DueFollowUp, count_due, due_follow_ups
from referrals.municipality.follow_up.points import Point
from referrals.municipality.follow_up.views import blueprint
from referrals.municipality.inbox.pages import Words
from referrals.municipality.inbox.scope import scope_of
from referrals.municipality.inbox.views import record_listing, words_for
from servicetray.accounts import queries as accounts
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.pages import Page, Text, render

__all__ = ["blueprint", "due"]


@dataclass(frozen=True, kw_only=True)
class DuePage(Page):
    """Who is to be asked: one's own clients, then those of colleagues."""

    template: ClassVar[str] = "referrals/follow_up/due.html"
    mine: Sequence[DueFollowUp]
    others: Sequence[DueFollowUp]
    mine_count: int
    others_count: int
    handlers: Mapping[UUID, str]
    words: Words
    several_municipalities: bool

    def point(self, point: Point) -> Text:
        """Which point it is, in words."""
        return labels.POINTS[point]


@blueprint.get("/saapuneet/seurannat")
@access.needs(Permission.INBOX_WORK)
def due() -> Response:
    """Show whose follow-up is due in one's catchments, longest due first."""
    now = clock.now()
    scope = scope_of(who())
    today = clock.helsinki_day(now)
    rows, counted = due_follow_ups(scope, today=today), count_due(scope, today=today)
    response = render(
        DuePage(
            title=_p("page title", "Follow-ups that are due"),
            mine=tuple(row for row in rows if row.mine),
            others=tuple(row for row in rows if not row.mine),
            mine_count=counted.mine,
            others_count=counted.all - counted.mine,
            handlers=accounts.names_of(row.handler_id for row in rows),
            words=words_for(scope, now=now),
            several_municipalities=len(scope.municipalities) > 1,
        )
    )
    record_listing(scope, [row.referral_id for row in rows], place="seurannat", now=now)
    return response
