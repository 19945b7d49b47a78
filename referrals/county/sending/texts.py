"""The words that leave with a referral: for the client's records, in the language of the page."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from babel.lists import format_list
from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from referrals.consent import Giver, Method
from referrals.county.content import ReferralContent
from referrals.county.models import Referral
from referrals.county.sending import labels


@dataclass(frozen=True, kw_only=True)
class RecordTexts:
    """Texts to copy. A social care record gets no health reasons: it does not need them."""

    patient: str
    social: str


def record_texts(
    row: Referral,
    content: ReferralContent,
    *,
    unit: str,
    reasons: Sequence[str],
    call_by: dt.date | None,
    booked: str = "",
) -> RecordTexts:
    """Return what to write into the client's records of a referral that was sent.

    Args:
        row: the referral.
        content: what it tells of the client.
        unit: the name of the counselling unit.
        reasons: their names.
        call_by: by when the client is contacted; None once that is no longer to come.
        booked: the day and time that was chosen, as it is said; empty where none was.
    """
    sent = _(
        "Referral %(reference)s sent on %(day)s with the client's permission to: %(unit)s.",
        reference=row.reference,
        day=format_date(row.sent_at, "d.M.yyyy"),
        unit=unit,
    )
    contact = ""
    if booked:
        contact = _("The client and the adviser have a time: %(time)s.", time=booked)
    elif call_by is not None:
        contact = _("The adviser contacts the client by %(day)s.", day=format_date(call_by, "d.M.yyyy"))
    why = _("Reasons: %(reasons)s.", reasons=_listed(reasons).lower()) if reasons else ""
    wish = _("The client's wish: %(wish)s", wish=content.own_wish) if content.own_wish else ""
    permission = _permission(row)
    return RecordTexts(
        patient=_joined(sent, why, wish, permission, contact),
        social=_joined(sent, permission, contact),
    )


def _permission(row: Referral) -> str:
    given = row.consent
    words = {
        (Giver.CLIENT, Method.ORAL): _("The client gave the permission in speech."),
        (Giver.CLIENT, Method.WRITTEN): _("The client gave the permission in writing."),
        (Giver.GUARDIAN, Method.ORAL): _("A guardian gave the permission in speech."),
        (Giver.GUARDIAN, Method.WRITTEN): _("A guardian gave the permission in writing."),
        (Giver.REPRESENTATIVE, Method.ORAL): _("A representative gave the permission in speech."),
        (Giver.REPRESENTATIVE, Method.WRITTEN): _("A representative gave the permission in writing."),
    }[given.giver, given.method]
    basis = f" ({labels.BASES[given.basis]})" if given.basis else ""
    answers = _(
        "Feedback to the sender: %(feedback)s. Later calls: %(follow_up)s. Move to another municipality: %(transfer)s.",
        feedback=_yes_no(given.feedback),
        follow_up=_yes_no(given.follow_up),
        transfer=_yes_no(given.transfer),
    )
    return f"{words.removesuffix('.')}{basis}. {answers}"


def _yes_no(answer: bool) -> str:  # noqa: FBT001 - the answer is the whole argument
    return _("yes") if answer else _("no")


def _listed(words: Sequence[str]) -> str:
    return format_list(list(words), locale=get_locale() or "fi")


def _joined(*parts: str) -> str:
    return "\n".join(part for part in parts if part)
