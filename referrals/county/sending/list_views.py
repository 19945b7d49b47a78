"""The list of what I have sent, and what I have not finished."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from referrals.consent import SenderStage
from referrals.county.sending import drafts, following, labels
from referrals.county.sending.following import Listing, Place, Wanted
from referrals.county.sending.following_pages import Chip, Group, Line, MinePage
from referrals.county.sending.forms import AcknowledgeForm
from referrals.county.sending.standing import Standing
from referrals.county.sending.views import blueprint, kind_link
from referrals.kinds import queries as kinds
from servicetray.accounts.sessions import who
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipalities
from servicetray.core.pages import Text, render

MINE, UNDER_WAY, REFERENCE, AFTER = "omat", "avoimet", "viite", "jatko"
"""The names in the address: they choose, and say nothing of a client."""
LONGEST_REFERENCE = 20


@blueprint.get("/lahetteet")
@access.needs(Permission.REFERRAL_SEND)
def mine() -> BaseResponse:
    """Show what I have sent, what needs me first, and what I have not finished."""
    user, now, wanted = who(), clock.now(), _wanted()
    found = following.listing(user, wanted, now=now)
    unfinished = drafts.drafts_of(user, now=now) if wanted.is_first and not wanted.reference else ()
    if found.all or unfinished:
        with transaction():
            record(
                Action.REFERRAL_LISTED,
                actor=who(),
                object_type="list",
                object_id="mine",
                now=now,
                detail={
                    "subjects": " ".join(subject_key(row.id) for row in found.all),
                    "drafts": " ".join(str(draft.form_key) for draft in unfinished),
                },
            )
    language, choices = current_language(), _choices(wanted)
    return render(
        MinePage(
            title=_("My referrals"),
            kinds={kind.code: kind_link(kind) for kind in kinds.kinds()},
            waiting=_waiting(found),
            others=_others(found),
            drafts=unfinished,
            municipalities={place.code: in_language(place.name, language).text for place in municipalities()},
            form=AcknowledgeForm(),
            chips=_chips(wanted, shared=user.unit is not None and user.unit.shared_list),
            reference=wanted.reference,
            hidden={name: value for name, value in choices.items() if name != REFERENCE},
            is_narrowed=bool(choices),
            is_first=wanted.is_first,
            first_url=_url(choices),
            next_url=_url({**choices, AFTER: str(found.next)}) if found.next else "",
        )
    )


@blueprint.post("/lahetteet/luonnokset/<uuid:form_key>/poista")
@access.needs(Permission.REFERRAL_SEND)
def discard_draft(form_key: uuid.UUID) -> BaseResponse:
    """Remove an unfinished form of mine."""
    with transaction():
        if not drafts.erase(form_key, user=who()):
            raise NotFoundError
    flash(_("The unfinished referral was removed."), "info")
    return redirect(url_for("sending.mine"), code=303)


def line_of(row: Standing) -> Line:
    """Return a referral as the list says it."""
    return Line(
        standing=row,
        stage=labels.STAGES[row.sees.stage],
        more=_more(row),
        late=row.late_since is not None or row.is_returned,
    )


def late_words(since: dt.date) -> Text:
    """Return in words that nobody has picked up a referral by its day."""
    return _("Nobody has picked it up yet; the target was %(day)s.", day=format_date(since, "d.M.yyyy"))


def quiet_words(days: int) -> Text:
    """Return in words for how many working days there has been no news."""
    return ngettext("No news for one working day.", "No news for %(num)s working days.", days)


def _more(row: Standing) -> Text:
    if row.is_returned:
        return labels.RETURN_REASONS.get(row.returned_reason or "", labels.OTHER_RETURN_REASON)
    if row.sees.outcome:
        return labels.OUTCOMES[row.sees.outcome]
    if row.late_since is not None:
        return late_words(row.late_since)
    return quiet_words(row.quiet_days) if row.quiet_days else ""


def _waiting(found: Listing) -> Sequence[Group]:
    groups = (
        Group(id="news", heading=_("New since you looked last"), lines=_lines(found.news)),
        Group(id="asked", heading=_("The municipality asks you"), lines=_lines(found.asked)),
        Group(id="needing", heading=_("Needs you"), lines=_lines(found.returned)),
    )
    return [group for group in groups if group.lines]


def _others(found: Listing) -> Sequence[Group]:
    heard = [row for row in found.over if row.sees.stage is SenderStage.RECEIVED]
    heading = _("Over, or nothing more is told to you") if heard else _("Over")
    groups = (
        Group(id="open", heading=_("Under way, the quietest first"), lines=_lines(found.open)),
        Group(id="over", heading=heading, lines=_lines(found.over)),
    )
    return [group for group in groups if group.lines]


def _lines(rows: Sequence[Standing]) -> Sequence[Line]:
    return [line_of(row) for row in rows]


def _wanted() -> Wanted:
    asked = request.args
    reference = "".join(asked.get(REFERENCE, "").split()).upper()[:LONGEST_REFERENCE]
    return Wanted(
        only_mine=MINE in asked,
        only_open=UNDER_WAY in asked,
        reference=reference,
        after=Place.parse(asked.get(AFTER, "")),
    )


def _choices(wanted: Wanted) -> dict[str, str]:
    chosen = {
        MINE: "1" if wanted.only_mine else "",
        UNDER_WAY: "1" if wanted.only_open else "",
        REFERENCE: wanted.reference,
    }
    return {name: value for name, value in chosen.items() if value}


def _url(choices: Mapping[str, Any]) -> str:
    return url_for("sending.mine", **choices)


def _chips(wanted: Wanted, *, shared: bool) -> Sequence[Sequence[Chip]]:
    rows = [(UNDER_WAY, wanted.only_open, _("All"), _("Under way"))]
    if shared:
        rows.append((MINE, wanted.only_mine, _("The whole unit"), _("Sent by me")))
    choices = _choices(wanted)
    made = []
    for name, is_on, off_label, on_label in rows:
        rest = {key: value for key, value in choices.items() if key != name}
        made.append(
            (
                Chip(label=off_label, url=_url(rest), current=not is_on),
                Chip(label=on_label, url=_url({**rest, name: "1"}), current=is_on),
            )
        )
    return made
