"""The inbox and the finished ones: lists, and the way from one page of them to the next."""

import datetime as dt
import uuid
from collections.abc import Sequence

from flask import Blueprint, Response, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import pgettext as _p

from referrals.county.papers import count_returned
from referrals.kinds import queries as kinds
from referrals.municipality.follow_up.due import count_due
from referrals.municipality.inbox import labels, narrowing
from referrals.municipality.inbox.finished import FinishedPlace, finished_of
from referrals.municipality.inbox.leading import notices_of, workers_under
from referrals.municipality.inbox.offers import offers_for
from referrals.municipality.inbox.pages import FinishedPage, Group, InboxPage, Words
from referrals.municipality.inbox.queries import inbox_of
from referrals.municipality.inbox.scope import Scope, scope_of
from referrals.target_times.queries import targets_at
from referrals.undelivered import queries as undelivered
from referrals.worklist import Segment
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.i18n import current_language
from servicetray.core.pages import render

blueprint = Blueprint("inbox", __name__)


@blueprint.get("/saapuneet")
@access.needs(Permission.INBOX_WORK)
def inbox() -> Response:
    """Show a page of what waits and of the open cases, late ones first."""
    now = clock.now()
    today = clock.helsinki_day(now)
    person = who()
    scope = scope_of(person)
    found = inbox_of(scope, asked=narrowing.asked_for(scope), cursor=narrowing.cursor_for(), now=now)
    words = words_for(scope, now=now)
    places = sorted(words.municipalities.values())
    targets = targets_at(now)
    offers = offers_for(scope)
    response = render(
        InboxPage(
            title=_p("page title", "Referrals"),
            heading=", ".join([_p("page title", "Referrals"), *(places if len(places) == 1 else ())]),
            tabs=narrowing.tabs_of(found),
            filters=narrowing.filters_of(found, scope, words),
            offers=offers,
            follow_ups=count_due(scope, today=today),
            papers_back=count_returned(person.units_for(Permission.INBOX_WORK), practice=scope.practice),
            groups=tuple(
                Group(
                    title=labels.SEGMENTS[part.segment],
                    rows=part.rows,
                    count=part.count,
                    late=part.segment is Segment.LATE,
                )
                for part in found.parts
            ),
            nothing=narrowing.nothing_found(found),
            previous_url=narrowing.address(found.asked, before=found.before) if found.before else None,
            next_url=narrowing.address(found.asked, after=found.after) if found.after else None,
            words=words,
            several_municipalities=len(places) > 1,
            now=now,
            today=today,
            claim_days=targets.claim,
            contact_days=targets.contact,
            leads=bool(scope.led),
            unsent=undelivered.count_for(person, now=now),
            notices=notices_of(scope, words, today=today) if scope.led else (),
            workers=workers_under(scope) if scope.led else (),
        )
    )
    shown = [row.referral_id for row in found.rows if row.client]
    record_listing(
        scope, shown, place=found.asked.tab.value, now=now, offers=[str(offer.id) for offer in offers]
    )
    return response


@blueprint.get("/saapuneet/paattyneet")
@access.needs(Permission.INBOX_WORK)
def finished() -> Response:
    """Show a page of the closed cases, latest first."""
    now = clock.now()
    scope = scope_of(who())
    after = FinishedPlace.parse(request.args.get("jalkeen", ""))
    found = finished_of(scope, after=after)
    response = render(
        FinishedPage(
            title=_p("page title", "Closed cases"),
            rows=found.rows,
            words=words_for(scope, now=now),
            first_url=url_for("inbox.finished") if after else None,
            next_url=url_for("inbox.finished", jalkeen=str(found.more)) if found.more else None,
        )
    )
    shown = [row.referral_id for row in found.rows if row.name]
    record_listing(scope, shown, place="paattyneet", now=now)
    return response


def withdrawn_words(erase_after: dt.datetime | None) -> str:
    """Say that a permission has been taken back, and when the content goes."""
    return _(
        "The permission is taken back. The referral is now hidden, and its content will be erased on %(day)s.",
        day=format_date(erase_after, "d.M.yyyy"),
    )


def words_for(scope: Scope, *, now: dt.datetime) -> Words:
    """Return the names of kinds, reasons and municipalities in the language of the page."""
    language = current_language()
    return Words(
        kinds={kind.code: kind for kind in kinds.kinds()},
        reasons=kinds.reason_names(language),
        municipalities={
            code: in_language(name, language).text for code, name in scope.municipalities.items()
        },
        now=now,
    )


def record_listing(
    scope: Scope,
    shown: Sequence[uuid.UUID],
    *,
    place: str,
    now: dt.datetime,
    offers: Sequence[str] = (),
) -> None:
    """Write down whose data a list has shown: one row, found by each client's key; offers have a row of theirs."""
    with transaction():
        record(
            Action.INBOX_LISTED,
            actor=scope.reader,
            object_type="inbox",
            object_id=place,
            now=now,
            detail={"subjects": " ".join(subject_key(referral_id) for referral_id in shown)},
        )
        if offers:
            record(
                Action.OFFER_VIEWED,
                actor=scope.reader,
                object_type="inbox",
                object_id=place,
                now=now,
                detail={"offers": " ".join(offers)},
            )
