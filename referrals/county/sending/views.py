"""What I have sent: one referral, and what all views of it share."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint
from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from referrals import handover
from referrals.consent import SenderStage
from referrals.county import operations, queries
from referrals.county.models import Referral, ReferralHistory
from referrals.county.sending import composing, elsewhere, following, labels, standing
from referrals.county.sending.following_forms import VOID_REASONS, AnswerForm
from referrals.county.sending.following_pages import QuestionLine, ReferralPage
from referrals.county.sending.forms import AcknowledgeForm, CancelForm
from referrals.county.sending.pages import KindLink
from referrals.kinds import queries as kinds
from referrals.kinds.queries import Kind
from referrals.moves import STOCK, MoveCode, ReferralStatus, Who
from referrals.moves.needs import MENDING_DAYS
from referrals.municipality import queries as municipality
from referrals.transfers import queries as transfers
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import Unit
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipality as municipality_of
from servicetray.core.pages import Text, render

blueprint = Blueprint("sending", __name__)


@blueprint.get("/lahetteet/<uuid:referral_id>")
@access.needs(Permission.REFERRAL_SEND)
def referral(referral_id: uuid.UUID) -> BaseResponse:
    """Show one referral: what was sent and what has become of it."""
    row = viewed(referral_id, page="referral")
    return referral_page(row)


def kind_link(kind: Kind) -> KindLink:
    """Return a kind as pages show it."""
    name = in_language(kind.name, current_language()).text
    return KindLink(
        code=kind.code,
        name=name,
        new_title=_("New %(kind)s", kind=name[:1].lower() + name[1:]),
        icon=kind.icon,
        colour=kind.colour,
    )


def day_said(day: dt.date) -> str:
    """Return a day as it is said."""
    # With its weekday, which Finnish says in the case that "by" wants: torstaina 26.11.
    return format_date(day, "EEEE d.M.")


def viewed(referral_id: uuid.UUID, *, page: str) -> Referral:
    """Return a referral that this person may see, and write down that it was looked at.

    Raises:
        NotFoundError: if there is none.
    """
    row = visible(referral_id)
    with transaction():
        record(
            Action.REFERRAL_VIEWED,
            actor=who(),
            object_type="referral",
            object_id=referral_id,
            subject=subject_key(referral_id),
            now=clock.now(),
            detail={"page": page, following.STAGE_SEEN: standing.sees(row).stage.value},
        )
    return row


def visible(referral_id: uuid.UUID) -> Referral:
    """Return a referral that this person may see.

    Raises:
        NotFoundError: if there is none.
    """
    row = queries.referral_of_sender(referral_id, sender=who())
    if row is None or not following.is_visible(row, viewer=who()):
        raise NotFoundError
    return row


def own(referral_id: uuid.UUID, *, lock: bool = True) -> Referral:
    """Return a referral, locked unless asked otherwise, whose sender's moves are this person's.

    A shared list is for looking: the moves are the sender's own, and the unit's once the sender has left.

    Raises:
        NotFoundError: if there is none.
    """
    user = who()
    row = queries.referral_of_sender(referral_id, sender=user, lock=lock)
    if row is None or not (following.is_visible(row, viewer=user) and following.may_move(row, viewer=user)):
        raise NotFoundError
    return row


def referral_page(
    row: Referral,
    *,
    cancel: CancelForm | None = None,
    answers: Mapping[uuid.UUID, AnswerForm] | None = None,
    status: int = 200,
) -> BaseResponse:
    """Answer with the page of one referral, with forms as they were sent where they are to be mended."""
    kind, unit, language, user = kind_named(row.kind_code), unit_of(row), current_language(), who()
    sees, content = standing.sees(row), None
    contacts: Sequence[tuple[Text, str]] = ()
    if standing.is_readable(row):
        content = queries.content_of(row)
        allowed = operations.terms_of(row.consent).channels
        contacts = composing.contact_lines(allowed, composing.details_of(content))
    place = municipality_of(row.municipality_code)
    withdrawn, moves = row.consent.withdrawn_at is not None, queries.history_of(row.id)
    may_move = following.may_move(row, viewer=user)
    voided = moves[-1] if moves and row.status is ReferralStatus.ENTERED_IN_ERROR else None
    stands = standing.standing_of(row, moves, viewer=user, mine_to_move=may_move, now=clock.now())
    steps = standing.timeline(row, moves)
    form = cancel or CancelForm(formdata=None)
    page = ReferralPage(
        title=_("Referral %(reference)s", reference=row.reference),
        row=row,
        kind=kind_link(kind),
        municipality=in_language(place.name if place else {}, language).text,
        unit_name=in_language(unit.name, language).text,
        unit_phone=unit.phone,
        sees=sees,
        stage=labels.STAGES[sees.stage],
        says_stage=not steps or steps[-1].stage is not sees.stage,
        outcome=labels.OUTCOMES[sees.outcome] if sees.outcome else "",
        returned_reason=return_reason(row),
        expires_on=stands.expires_on,
        cancelled_reason=_cancelled_reason(row, moves),
        voided_reason=_voided_reason(voided),
        voided_by_me=voided is not None and voided.actor_id == user.id,
        late_since=stands.late_since,
        quiet_days=stands.quiet_days,
        goes_on=next(iter(followers(row)), None) if sees.stage is SenderStage.TRANSFERRED else None,
        steps=[(labels.STAGES[step.stage], step.at) for step in steps],
        call_by=day_said(standing.call_by(row)),
        is_waiting=standing.may_cancel(row),
        content=content,
        language=composing.language_name(content.language) if content else "",
        best_time=composing.best_time_name(content.best_time) if content else "",
        contacts=contacts,
        home=elsewhere.home_name(content),
        reasons=names_of(row, content.reasons) if content else (),
        interests=names_of(row, content.interests) if content else (),
        questions=_questions(row, answers or {}) if content else (),
        form=form,
        faulty=next((each for each in (answers or {}).values() if each.errors), form),
        acknowledge_form=AcknowledgeForm(formdata=None),
        may_mend=sees.return_reason and content is not None,
        may_cancel=may_move and standing.may_cancel(row),
        may_withdraw=may_move and _may_withdraw(row),
        may_request_stop=may_move and may_ask_to_stop(row),
        may_void=may_move and handover.may_be_voided(row, who=Who.SENDER),
        # Where no more is told, even that a wish was heard would tell that counselling goes on.
        stop_requested_at=row.stop_requested_at if row.consent.feedback else None,
        withdrawn=withdrawn,
        restore_until=_restore_until(row, moves),
        voided=voided is not None,
        needs_me=may_move and sees.return_reason,
        sent_by_me=row.sender_id == user.id,
    )
    return render(page, status=status)


def may_ask_to_stop(row: Referral) -> bool:
    """Whether the sender is offered to ask for the end (R8).

    Who hears only that the municipality has it is always offered to: a missing button would tell of the end.
    """
    if standing.sees(row).stage is SenderStage.RECEIVED:
        return True
    return handover.may_request_stop(row)


def goes_on_unseen(row: Referral) -> bool:
    """Whether a referral goes on in another municipality without its sender's being allowed to hear of that."""
    return row.status is ReferralStatus.TRANSFERRED and not row.consent.feedback


def _may_withdraw(row: Referral) -> bool:
    """Whether the client may take the permission back through the sender (R9, R9b).

    Where no more is told, what it became is withdrawn with it: a missing button would tell of the transfer.
    """
    in_force = row.consent.withdrawn_at is None
    return in_force and (goes_on_unseen(row) or handover.may_withdraw(row.status, in_force=True))


def followers(row: Referral) -> Sequence[Referral]:
    """Return what a referral became by transfers, in their order."""
    found: list[Referral] = []
    while row.status is ReferralStatus.TRANSFERRED:
        next_id = transfers.became_of(row.id)
        following_one = queries.referral(next_id) if next_id is not None else None
        if following_one is None:
            break
        row = following_one
        found.append(row)
    return found


def return_reason(row: Referral) -> Text:
    """Return why a referral came back, in words."""
    return labels.RETURN_REASONS.get(row.returned_reason or "", labels.OTHER_RETURN_REASON)


def _questions(row: Referral, answers: Mapping[uuid.UUID, AnswerForm]) -> Sequence[QuestionLine]:
    found = handover.questions_of(row.id)
    names = accounts.names_of(each.answered_by for each in found)
    return [
        QuestionLine(
            question=each,
            answered_by=names.get(each.answered_by, "") if each.answered_by else "",
            form=answers.get(each.id) or answer_form(each.id, empty=True)
            if each.is_open and row.status in STOCK
            else None,
        )
        for each in found
    ]


def answer_form(question_id: uuid.UUID, *, empty: bool = False) -> AnswerForm:
    """Return the form for the answer to one question of a page."""
    # The door has looked at the token already; under a prefix it would have another name.
    told: dict[str, Any] = {"prefix": f"q{question_id.hex[:8]}", "meta": {"csrf": False}}
    return AnswerForm(formdata=None, **told) if empty else AnswerForm(**told)


def _restore_until(row: Referral, moves: Sequence[ReferralHistory]) -> dt.date | None:
    ended = next((each for each in reversed(moves) if each.move is MoveCode.R9), None)
    if ended is None or row.status is not ReferralStatus.CANCELLED or row.sealed is None:
        return None
    last = clock.helsinki_day(ended.at) + dt.timedelta(days=MENDING_DAYS)
    return last if last >= today() else None


def _voided_reason(voided: ReferralHistory | None) -> Text:
    known = {reason.value: words for reason, words in VOID_REASONS.items()}
    return known.get(voided.reason or "", "") if voided is not None else ""


def _cancelled_reason(row: Referral, moves: Sequence[ReferralHistory]) -> Text:
    if row.status is ReferralStatus.CANCELLED and moves and moves[-1].move is MoveCode.R6:
        return _("It came back and nobody took it up for 30 days.")
    known = {reason.value: words for reason, words in labels.CANCEL_REASONS.items()}
    return known.get(row.cancelled_reason or "", "")


def names_of(row: Referral, codes: Sequence[str]) -> Sequence[str]:
    """Return the names of a referral's reasons or interests."""
    names: Mapping[tuple[str, str], str] = kinds.reason_names(current_language())
    return [names.get((row.kind_code, code), code) for code in codes]


def kind_named(code: str) -> Kind:
    """Return an active kind.

    Raises:
        NotFoundError: if there is none of this code.
    """
    found = kinds.kind(code)
    if found is None:
        raise NotFoundError
    return found


def unit_of(row: Referral) -> Unit:
    """Return the counselling unit that a referral was sent to."""
    catchment = municipality.catchment(row.catchment_id)
    unit = accounts.unit(catchment.unit_id) if catchment else None
    if unit is None:
        raise NotFoundError
    return unit


def today() -> dt.date:
    """Return the Helsinki day of this request."""
    return clock.helsinki_day(clock.now())
