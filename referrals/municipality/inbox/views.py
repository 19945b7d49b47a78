"""The inbox, the finished ones, and a referral that waits."""

import datetime as dt
import uuid
from collections.abc import Sequence

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import pgettext as _p
from werkzeug.wrappers import Response as BaseResponse

from referrals import handover
from referrals.county import disclosed
from referrals.county import queries as county
from referrals.handover import AlreadyClaimedError, ReturnReason
from referrals.kinds import queries as kinds
from referrals.moves import MoveCode, MoveRefused
from referrals.municipality import queries as municipality
from referrals.municipality.inbox import labels
from referrals.municipality.inbox.forms import ReturnForm
from referrals.municipality.inbox.pages import (
    Chip,
    FinishedPage,
    Group,
    InboxPage,
    ReferralPage,
    TakenPage,
    Words,
)
from referrals.municipality.inbox.queries import Inbox, Part, Wanted, finished_of, inbox_of
from referrals.municipality.inbox.scope import Scope, scope_of
from referrals.statistics.operations import working_days_since_sent
from servicetray.accounts import queries as accounts
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.pages import render
from servicetray.core.settings import current_settings

blueprint = Blueprint("inbox", __name__)

ROWS = 50
MOST_ROWS = 500


@blueprint.get("/saapuneet")
@access.needs(Permission.INBOX_WORK)
def inbox() -> Response:
    """Show what waits and the open cases, late ones first."""
    now = clock.now()
    today = clock.helsinki_day(now)
    wanted = _wanted()
    limit = max(ROWS, min(request.args.get("rivit", ROWS, type=int), MOST_ROWS))
    scope = scope_of(who())
    found = inbox_of(scope, wanted=wanted, today=today, limit=limit)
    words = words_for(scope, now=now)
    places = sorted(words.municipalities.values())
    settings = current_settings()
    response = render(
        InboxPage(
            title=_p("page title", "Referrals"),
            heading=", ".join([_p("page title", "Referrals"), *(places if len(places) == 1 else ())]),
            chips=_chips(found, wanted),
            groups=_groups(found),
            more_url=_more_url(found, wanted, limit),
            words=words,
            several_municipalities=len(places) > 1,
            now=now,
            today=today,
            claim_days=settings.claim_days,
            contact_days=settings.contact_days,
        )
    )
    shown = [row.referral_id for part in _parts(found) for row in part.rows if row.client]
    _record_listing(scope, shown, place=wanted.value, now=now)
    return response


@blueprint.get("/saapuneet/paattyneet")
@access.needs(Permission.INBOX_WORK)
def finished() -> Response:
    """Show the last cases that were closed."""
    now = clock.now()
    scope = scope_of(who())
    rows = finished_of(scope)
    response = render(
        FinishedPage(title=_p("page title", "Closed cases"), rows=rows, words=words_for(scope, now=now))
    )
    shown = [row.referral_id for row in rows if row.name]
    _record_listing(scope, shown, place="paattyneet", now=now)
    return response


@blueprint.get("/saapuneet/<uuid:referral_id>")
@access.needs(Permission.INBOX_WORK)
def referral(referral_id: uuid.UUID) -> BaseResponse:
    """Show a referral that waits; once it is accepted, lead on to its case."""
    return _referral(referral_id, ReturnForm(formdata=None), status=200)


@blueprint.post("/saapuneet/<uuid:referral_id>/ota")
@access.needs(Permission.INBOX_WORK)
def claim(referral_id: uuid.UUID) -> BaseResponse:
    """Accept a referral (R2)."""
    now = clock.now()
    try:
        with transaction():
            person = who()
            scope = scope_of(person)
            row = _locked(referral_id, scope)
            case = handover.accept(
                row, who=scope.acts_as(MoveCode.R2, catchment_id=row.catchment_id), actor=person, now=now
            )
            case_id = case.id
    except (AlreadyClaimedError, MoveRefused):
        return _taken(referral_id)
    flash(_("The referral is now yours. The next step is to contact the client."), "success")
    return redirect(url_for("inbox.case", case_id=case_id), code=303)


@blueprint.post("/saapuneet/<uuid:referral_id>/palauta")
@access.needs(Permission.INBOX_WORK)
def give_back(referral_id: uuid.UUID) -> BaseResponse:
    """Return a referral to its sender (R3)."""
    form = ReturnForm()
    if not form.validate():
        return _referral(referral_id, form, status=422)
    try:
        with transaction():
            person = who()
            scope = scope_of(person)
            row = _locked(referral_id, scope)
            handover.give_back(
                row,
                reason=ReturnReason(form.reason.data).value,
                who=scope.acts_as(MoveCode.R3, catchment_id=row.catchment_id),
                actor=person,
                now=clock.now(),
            )
    except (AlreadyClaimedError, MoveRefused):
        return _taken(referral_id)
    flash(_("The referral went back to its sender, with your reason."), "success")
    return redirect(url_for("inbox.inbox"), code=303)


@blueprint.post("/saapuneet/<uuid:referral_id>/suostumus")
@access.needs(Permission.INBOX_WORK)
def withdraw(referral_id: uuid.UUID) -> BaseResponse:
    """Write down that the client takes the permission back, before anybody has taken the referral (R9)."""
    try:
        with transaction():
            person = who()
            scope = scope_of(person)
            handover.hold_cases(referral_id)
            row = _locked(referral_id, scope)
            handover.withdraw(
                row,
                who=scope.acts_as(MoveCode.R9, catchment_id=row.catchment_id),
                actor=person,
                now=clock.now(),
            )
            said = withdrawn_words(row.erase_after)
    except (AlreadyClaimedError, MoveRefused):
        return _taken(referral_id)
    flash(said, "success")
    return redirect(url_for("inbox.inbox"), code=303)


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


def _record_listing(scope: Scope, shown: Sequence[uuid.UUID], *, place: str, now: dt.datetime) -> None:
    """Write down whose data a list has shown: one row, found by each client's key."""
    with transaction():
        record(
            Action.INBOX_LISTED,
            actor=scope.reader,
            object_type="inbox",
            object_id=place,
            now=now,
            detail={"subjects": " ".join(subject_key(referral_id) for referral_id in shown)},
        )


def _referral(referral_id: uuid.UUID, form: ReturnForm, *, status: int) -> BaseResponse:
    now = clock.now()
    scope = scope_of(who())
    found = disclosed.waiting_one(referral_id, catchment_ids=scope.catchment_ids)
    if found is None:
        return _to_case(referral_id, scope)
    row, consent = found
    same = () if row.protected else disclosed.same_person_in(row.id, catchment_ids=scope.catchment_ids)
    response = render(
        ReferralPage(
            title=row.reference,
            heading=row.content.name if row.content else _("Protected client"),
            referral=row,
            consent=consent,
            waited=working_days_since_sent(row.sent_at, now=now),
            late=row.claim_due_on < clock.helsinki_day(now),
            same_person=same,
            words=words_for(scope, now=now),
            form=form,
        ),
        status=status,
    )
    seen = [(Action.REFERRAL_VIEWED, row.id), *((Action.DUPLICATE_LOOKED_UP, other) for other, _ref in same)]
    with transaction():
        for action, seen_id in seen:
            record(
                action,
                actor=scope.reader,
                object_type="referral",
                object_id=seen_id,
                subject=subject_key(seen_id),
                now=now,
            )
    return response


def _locked(referral_id: uuid.UUID, scope: Scope) -> county.Referral:
    row = county.waiting_referral_in(referral_id, catchment_ids=scope.catchment_ids, lock=True)
    if row is None:
        raise AlreadyClaimedError
    return row


def _to_case(referral_id: uuid.UUID, scope: Scope) -> BaseResponse:
    case = municipality.latest_case_of(referral_id, catchment_ids=scope.catchment_ids)
    if case is None or not _may_open(case.id, scope):
        raise NotFoundError
    return redirect(url_for("inbox.case", case_id=case.id), code=303)


def _may_open(case_id: uuid.UUID, scope: Scope) -> bool:
    return (
        municipality.case_in(case_id, catchment_ids=scope.catchment_ids, reader_id=scope.user_id) is not None
    )


def _taken(referral_id: uuid.UUID) -> BaseResponse:
    """Say kindly that somebody was faster; who pressed twice comes to their own case."""
    scope = scope_of(who())
    case = municipality.latest_case_of(referral_id, catchment_ids=scope.catchment_ids)
    if case is None and not disclosed.came_to(referral_id, catchment_ids=scope.catchment_ids):
        raise NotFoundError
    if case is not None and case.handler_id == scope.user_id and _may_open(case.id, scope):
        return redirect(url_for("inbox.case", case_id=case.id), code=303)
    may_open = case is not None and _may_open(case.id, scope)
    names = accounts.names_of([case.handler_id]) if case else {}
    page = TakenPage(
        title=_("Somebody was a moment ahead of you"),
        handler=names.get(case.handler_id, "") if case and case.handler_id else "",
        case_url=url_for("inbox.case", case_id=case.id) if case and may_open else None,
    )
    return render(page, status=409)


def _wanted() -> Wanted:
    try:
        return Wanted(request.args.get("rajaus", Wanted.ALL.value))
    except ValueError:
        return Wanted.ALL


def _parts(found: Inbox) -> tuple[Part, ...]:
    return (found.late, found.free, found.mine, found.others)


def _chips(found: Inbox, wanted: Wanted) -> tuple[Chip, ...]:
    return tuple(
        Chip(
            label=label,
            count=found.counts[each],
            url=url_for("inbox.inbox", rajaus=None if each is Wanted.ALL else each.value),
            current=each is wanted,
        )
        for each, label in labels.WANTED.items()
    )


def _groups(found: Inbox) -> tuple[Group, ...]:
    titles = (
        _p("inbox", "Late"),
        str(labels.WANTED[Wanted.FREE]),
        str(labels.WANTED[Wanted.MINE]),
        str(labels.WANTED[Wanted.OTHERS]),
    )
    return tuple(
        Group(title=title, rows=part.rows, count=part.count, late=part is found.late)
        for title, part in zip(titles, _parts(found), strict=True)
        if part.rows
    )


def _more_url(found: Inbox, wanted: Wanted, limit: int) -> str | None:
    if limit >= MOST_ROWS or all(part.count <= len(part.rows) or not part.rows for part in _parts(found)):
        return None
    rajaus = None if wanted is Wanted.ALL else wanted.value
    return url_for("inbox.inbox", rajaus=rajaus, rivit=min(limit + ROWS, MOST_ROWS))
