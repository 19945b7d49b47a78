"""Showing a case, and entering something on it: the five steps that all its views share.

Nobody saves over a colleague: a form carries the state of the case that its page knew, and an entry on another
state is refused with what has changed meanwhile, the text kept.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from referrals import handover
from referrals.moves import MoveCode, MoveRefused, OutcomeRefused, Who
from referrals.municipality import operations, queries
from referrals.municipality.inbox import labels
from referrals.municipality.inbox.case.correspondence import (
    Correspondence,
    colleagues_of,
    correspondence_of,
    has_clients_page,
)
from referrals.municipality.inbox.case.file import CaseFile, case_file
from referrals.municipality.inbox.case.forms import (
    AttemptForm,
    CaseForm,
    CloseForm,
    MeetingResultForm,
    NoteForm,
    QuickForm,
    ResumeForm,
    ReturnCaseForm,
    WaitForm,
    WithdrawForm,
)
from referrals.municipality.inbox.case.move_forms import (
    AskForm,
    AssignForm,
    ReopenForm,
    ReverseForm,
    TransferForm,
    VoidForm,
)
from referrals.municipality.inbox.case.pages import CaseForms, CasePage, Stale
from referrals.municipality.inbox.case.sections import Asked, Section, sections_of
from referrals.municipality.inbox.case.timeline import by_day, timeline_of
from referrals.municipality.inbox.case.transfer import Transfer, transfer_of
from referrals.municipality.inbox.choices import Went
from referrals.municipality.inbox.forms import offer, values_of
from referrals.municipality.inbox.scope import Scope, scope_of
from referrals.municipality.inbox.views import words_for
from referrals.municipality.models import Case
from servicetray.accounts.queries import User
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import clock
from servicetray.core.db import transaction
from servicetray.core.errors import ConflictError, NotFoundError
from servicetray.core.pages import render

F = TypeVar("F", bound=CaseForm)

TO_CASE = "inbox.case"
TO_INBOX = "inbox.inbox"
CONFLICT = 409


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


def enter(
    case_id: uuid.UUID, form: F, operate: Callable[[F, Acting], str], *, both_records: bool = False
) -> BaseResponse:
    """Check a form, make its entry on the case as its page knew it, and answer.

    Args:
        case_id: the case; the entry's audit row is written by the operation.
        form: as it was sent.
        operate: makes the entry inside the transaction and returns what to say of it. What it refuses on
            account of the form, it writes as that field's error and raises ``RefusedError``.
        both_records: hold all cases of the referral and the referral itself (``handover.hold_cases``).

    Returns:
        A way back to the case (303), or to the inbox where the actor may not open it any more; the page with
        the form to mend (422) or with what changed meanwhile (409).
    """
    if not form.validate():
        return show(case_id, form=form, status=422)
    try:
        with transaction():
            actor = who()
            scope = scope_of(actor)
            if both_records:
                _hold(case_id, scope)
            row = _case(case_id, scope, lock=True)
            operations.check_version(row, form.known.version)
            said = operate(form, Acting(case=row, scope=scope, actor=actor, now=clock.now()))
            stays = (
                queries.case_in(case_id, catchment_ids=scope.catchment_ids, reader_id=actor.id) is not None
            )
    except RefusedError:
        return show(case_id, form=form, status=422)
    except OutcomeRefused:
        if not isinstance(form, CloseForm):
            raise
        form.outcome.errors = [
            _("The case can't be closed with this outcome yet. See under Attempts what is missing.")
        ]
        return show(case_id, form=form, status=422)
    except (ConflictError, MoveRefused):
        return show(case_id, form=form, status=CONFLICT)
    flash(said, "success")
    return redirect(url_for(TO_CASE, case_id=case_id) if stays else url_for(TO_INBOX), code=303)


class RefusedError(Exception):
    """An entry is refused on account of its form, whose field says why."""


def show(case_id: uuid.UUID, *, form: CaseForm | None = None, status: int = 200) -> BaseResponse:
    """Show a case, with a form that came back; every view leaves its audit row.

    Raises:
        NotFoundError: if the reader may not open it.
    """
    now = clock.now()
    reader = who()
    scope = scope_of(reader)
    file = case_file(case_id, scope=scope, reader=reader, now=now)
    if file is None:
        raise NotFoundError
    words = words_for(scope, now=now)
    asked = Asked(file=file, scope=scope, words=words, now=now, came_back=form)
    said, transfer = correspondence_of(file), transfer_of(file, now=now)
    forms, sections = _forms_of(asked, said, transfer), sections_of(asked)
    page = CasePage(
        title=file.reference,
        heading=file.content.name if file.content else file.reference,
        file=file,
        words=words,
        timeline=by_day([*timeline_of(file.entries), *said.rows()]),
        said=said,
        transfer=transfer,
        sections=sections,
        makes_code=has_clients_page(file),
        forms=forms,
        form=form or ResumeForm(formdata=None),
        stale=_stale(file, form, forms, sections) if form is not None and status == CONFLICT else None,
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


def case_of(case_id: uuid.UUID, *, lock: bool = False) -> Case:
    """Return a case that whoever is signed in may open.

    Raises:
        NotFoundError: if they may not.
    """
    return _case(case_id, scope_of(who()), lock=lock)


def _case(case_id: uuid.UUID, scope: Scope, *, lock: bool) -> Case:
    row = queries.case_in(case_id, catchment_ids=scope.catchment_ids, reader_id=scope.user_id, lock=lock)
    if row is None:
        raise NotFoundError
    return row


def _hold(case_id: uuid.UUID, scope: Scope) -> None:
    handover.hold_cases(_case(case_id, scope, lock=False).referral_id)


def _stale(file: CaseFile, form: CaseForm, forms: CaseForms, sections: tuple[Section, ...]) -> Stale:
    offered = [*vars(forms).values(), *(each for section in sections for each in section.forms)]
    still_offered = any(form is each for each in offered)
    known, form.state.data = form.known, str(file.state)
    return Stale(
        changes=timeline_of(file.since(known)),
        still_offered=still_offered,
        kept_text="" if still_offered else form.typed,
    )


def _forms_of(asked: Asked, said: Correspondence, transfer: Transfer) -> CaseForms:
    """Return the forms that the table of moves offers now; the one that came back stands among them as typed."""
    file = asked.file
    offered = file.offered
    attempt = asked.form(AttemptForm, when=MoveCode.C2 in offered)
    if attempt is not None:
        _narrow(attempt, file, is_fresh=attempt is not asked.came_back)
    close = asked.form(CloseForm, when=MoveCode.C7 in offered)
    if close is not None:
        close.outcome.choices = offer(labels.OUTCOMES, file.outcomes)
    people = colleagues_of(file) if MoveCode.C10 in offered else ()
    assign = asked.form(AssignForm, when=bool(people))
    if assign is not None:
        assign.narrow(people)
    to_elsewhere = asked.form(TransferForm, when=bool(transfer.targets))
    if to_elsewhere is not None:
        to_elsewhere.narrow(transfer.targets)
    return CaseForms(
        attempt=attempt,
        quick=asked.form(QuickForm, when=attempt is not None and file.preset is not None),
        meeting=asked.form(MeetingResultForm, when=MoveCode.C6 in offered),
        wait=asked.form(WaitForm, when=MoveCode.C3 in offered),
        resume=asked.form(ResumeForm, when=MoveCode.C4 in offered),
        note=asked.form(NoteForm, when=file.is_open),
        close=close,
        reopen=asked.form(ReopenForm, when=MoveCode.C8 in offered),
        ask=asked.form(AskForm, when=MoveCode.C11 in offered and said.waits_for is None),
        assign=assign,
        transfer=to_elsewhere,
        give_back=asked.form(ReturnCaseForm, when=MoveCode.R3 in offered),
        reverse=asked.form(ReverseForm, when=MoveCode.R10 in offered),
        void=asked.form(VoidForm, when=MoveCode.R11 in offered),
        withdraw=asked.form(WithdrawForm, when=file.may_be_withdrawn),
    )


def _narrow(form: AttemptForm, file: CaseFile, *, is_fresh: bool) -> None:
    """Leave the ways that the client allowed, and what may follow from this status."""
    allowed = file.content.channels if file.content else ()
    if allowed:
        form.channel.choices = offer(labels.CHANNELS, allowed)
        if is_fresh or form.channel.data not in values_of(form.channel):
            form.channel.data = (file.preset or allowed[0]).value
    if MoveCode.C5 not in file.offered:
        form.went.choices = offer(labels.WENT, set(Went) - {Went.COUNSELLED})
