"""Giving rows of the inbox, or everything that somebody has, to another adviser: a lead's work."""

import uuid
from collections.abc import Sequence

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_babel import pgettext as _p
from werkzeug.wrappers import Response as BaseResponse

from referrals.municipality.inbox import assigning
from referrals.municipality.inbox.assigning import Left, Row, What
from referrals.municipality.inbox.leading import workers_of
from referrals.municipality.inbox.pages import Choice, HandOverPage, LeftPage
from referrals.municipality.inbox.scope import scope_of
from referrals.municipality.inbox.views import blueprint, words_for
from servicetray.accounts import queries as accounts
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.errors import NotFoundError
from servicetray.core.pages import render


@blueprint.get("/saapuneet/siirra-vastuu")
@access.needs(Permission.INBOX_LEAD)
def hand_over() -> Response:
    """Show whose cases may be handed over, and those of the one who was chosen."""
    return _page(status=200, problem="")


@blueprint.post("/saapuneet/anna")
@access.needs(Permission.INBOX_LEAD)
def give() -> BaseResponse:
    """Give the chosen rows to an adviser (R2, C10); say which of them stayed, and why."""
    person, now = who(), clock.now()
    scope = scope_of(person)
    rows = list(dict.fromkeys(filter(None, map(Row.parse, request.form.getlist("rivi")))))[: assigning.MOST]
    to_id = _uuid(request.form.get("kenelle", ""))
    workers = workers_of(scope)
    back = url_for("inbox.hand_over") if request.form.get("sivu") == "vastuu" else url_for("inbox.inbox")
    if not rows or to_id is None or to_id not in workers:
        problem = _("Choose at least one row.") if not rows else _("Choose to whom.")
        if request.form.get("sivu") == "vastuu":
            return _page(status=422, problem=problem)
        flash(problem + " " + _("Nothing was changed."), "warning")
        return redirect(back, code=303)
    name = workers[to_id]
    left = assigning.give(rows, to_id=to_id, actor_id=scope.user_id, led=scope.led, now=now)
    given = len(rows) - len(left)
    said = ngettext(
        "One referral or case was given to %(name)s.",
        "%(num)s referrals and cases were given to %(name)s.",
        given,
        name=name,
    )
    if left:
        return _stayed(left, said=said if given else "", back=back)
    flash(said, "success")
    return redirect(back, code=303)


def _stayed(left: Sequence[Left], *, said: str, back: str) -> Response:
    page = LeftPage(title=_("Not all of them could be given"), said=said, left=left, back_url=back)
    return render(page, status=409)


def _page(*, status: int, problem: str) -> Response:
    now = clock.now()
    scope = scope_of(who())
    if not scope.led:
        raise NotFoundError
    chosen = _uuid(request.values.get("kenelta", ""))
    counts = assigning.holders_in(scope)
    names = accounts.names_of(counts)
    holders = sorted(counts, key=lambda key: (names.get(key, ""), key))
    held = assigning.held_by(chosen, scope=scope) if chosen in counts and chosen is not None else ()
    ticked = set(request.form.getlist("rivi")) if status != 200 else None  # noqa: PLR2004 - an HTTP status
    return render(
        HandOverPage(
            title=_p("page title", "Hand over cases"),
            holders=tuple(
                Choice(
                    value=str(key),
                    label=f"{names.get(key, '–')} ({counts[key]})",
                    chosen=key == chosen,
                )
                for key in holders
            ),
            holder=names.get(chosen, "") if chosen else "",
            holder_id=str(chosen) if held else "",
            rows=tuple(
                (str(row), each, ticked is None or str(row) in ticked)
                for each in held
                for row in (Row(what=What.CASE, id=each.id),)
            ),
            workers=tuple(
                Choice(value=str(key), label=name, chosen=str(key) == request.form.get("kenelle"))
                for key, name in workers_of(scope).items()
                if key != chosen
            ),
            words=words_for(scope, now=now),
            problem=problem,
        ),
        status=status,
    )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
