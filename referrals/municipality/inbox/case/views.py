"""The page of a case, and the entries that are made on it every day."""

import uuid

from flask import redirect, url_for
from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from referrals import handover
from referrals.handover import ReturnReason
from referrals.moves import ContactChannel, MoveCode, Outcome
from referrals.municipality import operations, queries
from referrals.municipality.inbox import labels
from referrals.municipality.inbox.case.forms import (
    AttemptForm,
    CaseForm,
    CloseForm,
    MeetingResultForm,
    NoteForm,
    ResumeForm,
    ReturnCaseForm,
    WaitForm,
    WithdrawForm,
)
from referrals.municipality.inbox.case.showing import TO_CASE, Acting, RefusedError, enter, show
from referrals.municipality.inbox.choices import RESULTS, Met, WaitingReason, Went
from referrals.municipality.inbox.views import blueprint, withdrawn_words
from referrals.municipality.models import AttemptResult, MeetingForm
from referrals.municipality.operations import ChannelNotAllowedError
from servicetray.core import access
from servicetray.core.access import Permission

ENTRIES = (
    "yritys",
    "tapaaminen",
    "odota",
    "jatka",
    "muistiinpano",
    "paata",
    "palauta",
    "suostumus",
    "avaa",
    "kysy",
    "siirra",
    "toiseen-kuntaan",
    "peru-otto",
    "virhe",
)
"""The addresses of the forms."""


@blueprint.get("/asiakkuudet/<uuid:case_id>")
@access.needs(Permission.INBOX_WORK)
def case(case_id: uuid.UUID) -> BaseResponse:
    """Show a case."""
    return show(case_id)


@blueprint.get(f"/asiakkuudet/<uuid:case_id>/<any({', '.join(map(repr, ENTRIES))}):entry>")
@access.needs(Permission.INBOX_WORK)
def back(case_id: uuid.UUID, entry: str) -> BaseResponse:
    """Lead back to the case from the address of one of its forms (a reload, another language)."""
    del entry
    return redirect(url_for(TO_CASE, case_id=case_id), code=303)


@blueprint.post("/asiakkuudet/<uuid:case_id>/yritys")
@access.needs(Permission.INBOX_WORK)
def attempt(case_id: uuid.UUID) -> BaseResponse:
    """Write down an attempt, and what came of it (C2 or C5 where something did)."""
    return enter(case_id, AttemptForm(), _attempt)


@blueprint.post("/asiakkuudet/<uuid:case_id>/tapaaminen")
@access.needs(Permission.INBOX_WORK)
def meeting(case_id: uuid.UUID) -> BaseResponse:
    """Write down how the appointment went (C5 or C6)."""
    return enter(case_id, MeetingResultForm(), _meeting)


@blueprint.post("/asiakkuudet/<uuid:case_id>/odota")
@access.needs(Permission.INBOX_WORK)
def wait(case_id: uuid.UUID) -> BaseResponse:
    """Let the case wait (C3)."""
    return enter(case_id, WaitForm(), _wait)


@blueprint.post("/asiakkuudet/<uuid:case_id>/jatka")
@access.needs(Permission.INBOX_WORK)
def resume(case_id: uuid.UUID) -> BaseResponse:
    """Take the case up again (C4)."""
    return enter(case_id, ResumeForm(), _resume)


@blueprint.post("/asiakkuudet/<uuid:case_id>/muistiinpano")
@access.needs(Permission.INBOX_WORK)
def note(case_id: uuid.UUID) -> BaseResponse:
    """Add a note."""
    return enter(case_id, NoteForm(), _note)


@blueprint.post("/asiakkuudet/<uuid:case_id>/paata")
@access.needs(Permission.INBOX_WORK)
def close(case_id: uuid.UUID) -> BaseResponse:
    """Close the case with its outcome (C7)."""
    return enter(case_id, CloseForm(), _close)


@blueprint.post("/asiakkuudet/<uuid:case_id>/palauta")
@access.needs(Permission.INBOX_WORK)
def give_case_back(case_id: uuid.UUID) -> BaseResponse:
    """Return the referral to its sender (R3); the case closes with it."""
    return enter(case_id, ReturnCaseForm(), _give_back)


@blueprint.post("/asiakkuudet/<uuid:case_id>/suostumus")
@access.needs(Permission.INBOX_WORK)
def withdraw_from_case(case_id: uuid.UUID) -> BaseResponse:
    """Write down that the client takes the permission back (R9, R9b); the case is hidden with it."""
    return enter(case_id, WithdrawForm(), _withdraw)


def _attempt(form: AttemptForm, acting: Acting) -> str:
    went, entered = Went(form.went.data), acting.case
    # What came of it carries the note; an attempt without a result keeps it itself.
    led_on = went in {Went.AGREED, Went.COUNSELLED}
    try:
        operations.log_attempt(
            entered,
            channel=ContactChannel(form.channel.data),
            result=RESULTS[went],
            note="" if led_on else form.typed,
            actor=acting.actor,
            now=acting.now,
        )
    except ChannelNotAllowedError as error:
        # Where one way alone is allowed it is no field of the page: the summary says it.
        form.form_errors = [
            _(
                "The client did not allow this way: %(way)s. Use one that they allowed.",
                way=labels.CHANNELS[error.channel],
            )
        ]
        raise RefusedError from error
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
