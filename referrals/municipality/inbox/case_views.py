"""The page of one case, and every entry that is made on it."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import flash, redirect, url_for
from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from referrals import handover
from referrals.handover import ReturnReason
from referrals.moves import ContactChannel, MoveCode, MoveRefused, Outcome, OutcomeRefused, Who
from referrals.municipality import operations, queries
from referrals.municipality.inbox import labels
from referrals.municipality.inbox.case_file import CaseFile, case_file
from referrals.municipality.inbox.choices import RESULTS, Met, WaitingReason, Went
from referrals.municipality.inbox.forms import (
    AttemptForm,
    CaseForm,
    CloseForm,
    MeetingResultForm,
    NoteForm,
    ResumeForm,
    ReturnCaseForm,
    WaitForm,
    WithdrawForm,
    offer,
    values_of,
)
from referrals.municipality.inbox.pages import CaseForms, CasePage, Stale, timeline_of
from referrals.municipality.inbox.scope import Scope, scope_of
from referrals.municipality.inbox.views import blueprint as blueprint
from referrals.municipality.inbox.views import withdrawn_words, words_for
from referrals.municipality.models import AttemptResult, Case, MeetingForm
from servicetray.accounts.queries import User
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import transaction
from servicetray.core.errors import ConflictError, NotFoundError
from servicetray.core.pages import render

F = TypeVar("F", bound=CaseForm)

TO_CASE = "inbox.case"
TO_INBOX = "inbox.inbox"


@dataclass(frozen=True, kw_only=True)
class Acting:
    """Who enters something on which case, and when; the case is locked."""

    case: Case
    scope: Scope
    actor: User
    now: dt.datetime

    def who(self, code: MoveCode) -> Who:
        """As whom they make a move."""
        return self.scope.acts_as(code, catchment_id=self.case.catchment_id)


@blueprint.get("/asiakkuudet/<uuid:case_id>")
@access.needs(Permission.INBOX_WORK)
def case(case_id: uuid.UUID) -> BaseResponse:
    """Show a case."""
    return _shown(case_id)


@blueprint.get(
    "/asiakkuudet/<uuid:case_id>/<any(yritys, tapaaminen, odota, jatka, muistiinpano, paata, palauta, suostumus):entry>"
)
@access.needs(Permission.INBOX_WORK)
def back(case_id: uuid.UUID, entry: str) -> BaseResponse:
    """Lead back to the case from the address of one of its forms (a reload, another language)."""
    del entry
    return redirect(url_for(TO_CASE, case_id=case_id), code=303)


@blueprint.post("/asiakkuudet/<uuid:case_id>/yritys")
@access.needs(Permission.INBOX_WORK)
def attempt(case_id: uuid.UUID) -> BaseResponse:
    """Write down an attempt, and what came of it (C2 or C5 where something did)."""
    return _enter(case_id, AttemptForm(), _attempt)


@blueprint.post("/asiakkuudet/<uuid:case_id>/tapaaminen")
@access.needs(Permission.INBOX_WORK)
def meeting(case_id: uuid.UUID) -> BaseResponse:
    """Write down how the appointment went (C5 or C6)."""
    return _enter(case_id, MeetingResultForm(), _meeting)


@blueprint.post("/asiakkuudet/<uuid:case_id>/odota")
@access.needs(Permission.INBOX_WORK)
def wait(case_id: uuid.UUID) -> BaseResponse:
    """Let the case wait (C3)."""
    return _enter(case_id, WaitForm(), _wait)


@blueprint.post("/asiakkuudet/<uuid:case_id>/jatka")
@access.needs(Permission.INBOX_WORK)
def resume(case_id: uuid.UUID) -> BaseResponse:
    """Take the case up again (C4)."""
    return _enter(case_id, ResumeForm(), _resume)


@blueprint.post("/asiakkuudet/<uuid:case_id>/muistiinpano")
@access.needs(Permission.INBOX_WORK)
def note(case_id: uuid.UUID) -> BaseResponse:
    """Add a note."""
    return _enter(case_id, NoteForm(), _note)


@blueprint.post("/asiakkuudet/<uuid:case_id>/paata")
@access.needs(Permission.INBOX_WORK)
def close(case_id: uuid.UUID) -> BaseResponse:
    """Close the case with its outcome (C7)."""
    return _enter(case_id, CloseForm(), _close)


@blueprint.post("/asiakkuudet/<uuid:case_id>/palauta")
@access.needs(Permission.INBOX_WORK)
def give_case_back(case_id: uuid.UUID) -> BaseResponse:
    """Return the referral to its sender (R3); the case closes with it."""
    return _enter(case_id, ReturnCaseForm(), _give_back, to=TO_INBOX)


@blueprint.post("/asiakkuudet/<uuid:case_id>/suostumus")
@access.needs(Permission.INBOX_WORK)
def withdraw_from_case(case_id: uuid.UUID) -> BaseResponse:
    """Write down that the client takes the permission back (R9, R9b); the case is hidden with it."""
    return _enter(case_id, WithdrawForm(), _withdraw, to=TO_INBOX)


def _attempt(form: AttemptForm, acting: Acting) -> str:
    went, entered = Went(form.went.data), acting.case
    # What came of it carries the note; an attempt without a result keeps it itself.
    led_on = went in {Went.AGREED, Went.COUNSELLED}
    operations.log_attempt(
        entered,
        channel=ContactChannel(form.channel.data),
        result=RESULTS[went],
        note="" if led_on else form.typed,
        actor=acting.actor,
        now=acting.now,
    )
    if went is Went.AGREED and form.meeting_at is not None:
        operations.schedule(
            entered,
            at=form.meeting_at,
            form=MeetingForm(form.how.data),
            who=acting.who(MoveCode.C2),
            actor=acting.actor,
            now=acting.now,
            note=form.typed,
        )
        return _("The time is agreed for %(day)s.", day=format_date(form.day.data, "EEE d.M."))
    if went is Went.COUNSELLED:
        _start(form, acting)
        return _("Written down. Counselling has started.")
    tries = len([each for each in queries.attempts_of(entered.id) if each.result not in operations.MISSED])
    return ngettext(
        "Written down. There is now one attempt.", "Written down. There are now %(num)s attempts.", tries
    )


def _meeting(form: MeetingResultForm, acting: Acting) -> str:
    met = Met(form.met.data)
    if met is Met.HELD:
        _start(form, acting)
        return _("Written down. Counselling has started.")
    operations.miss_appointment(
        acting.case,
        result=AttemptResult.NO_SHOW if met is Met.NO_SHOW else AttemptResult.CANCELLED,
        note=form.typed,
        who=acting.who(MoveCode.C6),
        actor=acting.actor,
        now=acting.now,
    )
    return _("Written down. The next step is to agree on a new time.")


def _start(form: CaseForm, acting: Acting) -> None:
    operations.start(
        acting.case, who=acting.who(MoveCode.C5), actor=acting.actor, now=acting.now, note=form.typed
    )
    handover.tell_started(acting.case, now=acting.now)


def _wait(form: WaitForm, acting: Acting) -> str:
    operations.wait(
        acting.case,
        reason=WaitingReason(form.reason.data).value,
        review_on=form.until,
        who=acting.who(MoveCode.C3),
        actor=acting.actor,
        now=acting.now,
        note=form.typed,
    )
    return _("It waits until %(day)s", day=format_date(form.until, "EEE d.M."))


def _resume(form: ResumeForm, acting: Acting) -> str:
    del form
    operations.resume(acting.case, who=acting.who(MoveCode.C4), actor=acting.actor, now=acting.now)
    return _("Taken up again.")


def _note(form: NoteForm, acting: Acting) -> str:
    operations.add_note(acting.case, text=form.typed, actor=acting.actor, now=acting.now)
    return _("The note is saved.")


def _close(form: CloseForm, acting: Acting) -> str:
    handover.close(
        acting.case,
        outcome=Outcome(form.outcome.data),
        who=acting.who(MoveCode.C7),
        actor=acting.actor,
        now=acting.now,
        note=form.typed,
    )
    return _("The case is closed: %(outcome)s.", outcome=labels.OUTCOMES[Outcome(form.outcome.data)])


def _give_back(form: ReturnCaseForm, acting: Acting) -> str:
    handover.give_back_case(
        acting.case,
        reason=ReturnReason(form.reason.data).value,
        who=acting.who(MoveCode.R3),
        actor=acting.actor,
        now=acting.now,
    )
    return _("The referral went back to its sender, with your reason.")


def _withdraw(form: WithdrawForm, acting: Acting) -> str:
    del form
    handover.withdraw_case(acting.case, who=acting.who(MoveCode.R9), actor=acting.actor, now=acting.now)
    return withdrawn_words(acting.case.erase_after)


def _enter(
    case_id: uuid.UUID, form: F, operate: Callable[[F, Acting], str], *, to: str = TO_CASE
) -> BaseResponse:
    """Check a form, make its entry on the case as its page knew it, and answer."""
    if not form.validate():
        return _shown(case_id, form=form, status=422)
    try:
        with transaction():
            actor = who()
            scope = scope_of(actor)
            row = queries.case_in(case_id, catchment_ids=scope.catchment_ids, reader_id=actor.id, lock=True)
            if row is None:
                raise NotFoundError
            operations.check_version(row, form.known.version)
            said = operate(form, Acting(case=row, scope=scope, actor=actor, now=clock.now()))
    except OutcomeRefused:
        form.outcome.errors = [
            _("The case can't be closed with this outcome yet. See under Attempts what is missing.")
        ]
        return _shown(case_id, form=form, status=422)
    except (ConflictError, MoveRefused):
        return _shown(case_id, form=form, status=409)
    flash(said, "success")
    return redirect(url_for(to, case_id=case_id if to == TO_CASE else None), code=303)


def _shown(case_id: uuid.UUID, *, form: CaseForm | None = None, status: int = 200) -> BaseResponse:
    now = clock.now()
    reader = who()
    scope = scope_of(reader)
    file = case_file(case_id, scope=scope, reader=reader, now=now)
    if file is None:
        raise NotFoundError
    forms = _forms_of(file, form)
    stale = None
    if form is not None and status == 409:  # noqa: PLR2004 - a status is best read as its number
        offered = any(form is each for each in vars(forms).values())
        stale = Stale(
            changes=timeline_of(file.since(form.known)),
            kept_text="" if offered else form.typed,
        )
        form.state.data = str(file.state)
    page = CasePage(
        title=file.reference,
        heading=file.content.name if file.content else file.reference,
        file=file,
        words=words_for(scope, now=now),
        timeline=timeline_of(file.entries),
        forms=forms,
        form=form or ResumeForm(formdata=None),
        stale=stale,
        today=clock.helsinki_day(now),
    )
    response = render(page, status=status)
    with transaction():
        record(
            Action.CASE_VIEWED,
            actor=scope.reader,
            object_type="case",
            object_id=file.id,
            subject=subject_key(file.referral_id),
            now=now,
        )
    return response


def _forms_of(file: CaseFile, came_back: CaseForm | None) -> CaseForms:
    """Return the forms that the table of moves offers now; the one that came back stands among them as typed."""

    def form(kind: type[F], *, when: bool) -> F | None:
        if not when:
            return None
        if isinstance(came_back, kind):
            return came_back
        made = kind(formdata=None)
        made.state.data = str(file.state)
        return made

    offered = file.offered
    attempt_form = form(AttemptForm, when=MoveCode.C2 in offered)
    if attempt_form is not None:
        _narrow(attempt_form, file)
    close_form = form(CloseForm, when=MoveCode.C7 in offered)
    if close_form is not None:
        close_form.outcome.choices = offer(labels.OUTCOMES, file.outcomes)
    return CaseForms(
        attempt=attempt_form,
        meeting=form(MeetingResultForm, when=MoveCode.C6 in offered),
        wait=form(WaitForm, when=MoveCode.C3 in offered),
        resume=form(ResumeForm, when=MoveCode.C4 in offered),
        note=form(NoteForm, when=file.is_open),
        close=close_form,
        give_back=form(ReturnCaseForm, when=file.may_be_given_back),
        withdraw=form(WithdrawForm, when=file.may_be_withdrawn),
    )


def _narrow(form: AttemptForm, file: CaseFile) -> None:
    """Leave the ways that the client allowed, and what may follow from this status."""
    allowed = file.content.channels if file.content else ()
    if allowed:
        form.channel.choices = offer(labels.CHANNELS, allowed)
        if form.channel.data not in values_of(form.channel):
            form.channel.data = values_of(form.channel)[0]
    if MoveCode.C5 not in file.offered:
        form.went.choices = offer(labels.WENT, set(Went) - {Went.COUNSELLED})
