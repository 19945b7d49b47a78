"""Kinds of referral, their reasons and interests: words, order, taking into use and retiring."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext as _p
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from referrals.administration.fields import SeenForm, line, say, texts_of
from referrals.administration.pages import KindRow, KindsPage, ReasonRow, TextsPage
from referrals.changes import mark_of
from referrals.kinds import setting_up
from referrals.kinds.setting_up import NeededError, SameNameError
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import Texts, in_language, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import LANGUAGES, current_language
from servicetray.core.pages import Text, render

blueprint = Blueprint("administration_kinds", __name__)
MISSING = _l("Write it in this language too.")
KIND_TEXTS: dict[str, Text] = {
    "name": _l("The referral: “Exercise referral”"),
    "counselling": _l("What it leads to: “exercise counselling”"),
    "counselling_in": _l("To where, as said: “to exercise counselling”"),
}


class NameForm(SeenForm):
    """A name in three languages."""

    name_fi = line("Suomi", MISSING)
    name_sv = line("Svenska", MISSING)
    name_en = line("English", MISSING)


class KindForm(NameForm):
    """What a kind is called."""

    counselling_fi = line("Suomi", MISSING)
    counselling_sv = line("Svenska", MISSING)
    counselling_en = line("English", MISSING)
    counselling_in_fi = line("Suomi", MISSING)
    counselling_in_sv = line("Svenska", MISSING)
    counselling_in_en = line("English", MISSING)


@blueprint.get("/hallinta/lajit")
@access.needs(Permission.SETUP_MANAGE)
def listed() -> BaseResponse:
    """Show every kind with its reasons and interests, retired ones too."""
    language = current_language()
    reasons = setting_up.all_reasons()
    rows = []
    for kind in setting_up.all_kinds():
        name = in_language(kind.name, language)
        own = [row for row in reasons if row.kind_code == kind.code]
        rows.append(
            KindRow(
                code=kind.code,
                name=name.text,
                lang=name.lang,
                active=kind.active,
                reasons=_reasons([row for row in own if not row.interest]),
                interests=_reasons([row for row in own if row.interest]),
                asks_interests=kind.asks_interests,
            )
        )
    return render(KindsPage(title=_p("administration", "Kinds and reasons"), kinds=rows, form=FlaskForm()))


@blueprint.get("/hallinta/lajit/<code>")
@access.needs(Permission.SETUP_MANAGE)
def kind(code: str) -> BaseResponse:
    """Show the form of what a kind is called."""
    row = setting_up.kind_of(code)
    filled = _filled(name=row.name, counselling=row.counselling, counselling_in=row.counselling_in)
    return _kind_page(KindForm(formdata=None, seen=mark_of(setting_up.facts_of_kind(row)), **filled))


@blueprint.post("/hallinta/lajit/<code>")
@access.needs(Permission.SETUP_MANAGE)
def change_kind(code: str) -> BaseResponse:
    """Change what a kind is called."""
    form = KindForm()
    setting_up.kind_of(code)
    if not form.validate():
        return _kind_page(form, status=422)
    with transaction():
        row = setting_up.kind_of(code, lock=True)
        stale = form.is_stale(mark_of(setting_up.facts_of_kind(row)))
        if not stale:
            setting_up.change_kind(
                row,
                name=texts_of(form, "name"),
                counselling=texts_of(form, "counselling"),
                counselling_in=texts_of(form, "counselling_in"),
                actor=who(),
                now=clock.now(),
            )
    return _kind_page(form, status=409) if stale else _kept()


@blueprint.get("/hallinta/lajit/<code>/uusi")
@access.needs(Permission.SETUP_MANAGE)
def new_reason(code: str) -> BaseResponse:
    """Show the form of a new reason, or interest (``?kiinnostus``)."""
    setting_up.kind_of(code)
    return _reason_page(NameForm(formdata=None), interest="kiinnostus" in request.args, is_new=True)


@blueprint.post("/hallinta/lajit/<code>/uusi")
@access.needs(Permission.SETUP_MANAGE)
def add_reason(code: str) -> BaseResponse:
    """Add a reason or an interest."""
    form, interest = NameForm(), "kiinnostus" in request.args
    if not setting_up.kind_of(code).asks_interests and interest:
        raise NotFoundError
    if not form.validate():
        return _reason_page(form, interest=interest, is_new=True, status=422)
    try:
        with transaction():
            setting_up.add_reason(
                setting_up.kind_of(code, lock=True),
                name=texts_of(form, "name"),
                interest=interest,
                actor=who(),
                now=clock.now(),
            )
    except SameNameError:
        _say_same(form)
        return _reason_page(form, interest=interest, is_new=True, status=422)
    return _kept()


@blueprint.get("/hallinta/lajit/syyt/<int:reason_id>")
@access.needs(Permission.SETUP_MANAGE)
def reason(reason_id: int) -> BaseResponse:
    """Show the form of what a reason is called."""
    row = setting_up.reason_of(reason_id)
    form = NameForm(formdata=None, seen=mark_of(setting_up.facts_of_reason(row)), **_filled(name=row.name))
    return _reason_page(form, interest=row.interest)


@blueprint.post("/hallinta/lajit/syyt/<int:reason_id>")
@access.needs(Permission.SETUP_MANAGE)
def change_reason(reason_id: int) -> BaseResponse:
    """Change what a reason is called."""
    form, interest = NameForm(), setting_up.reason_of(reason_id).interest
    if not form.validate():
        return _reason_page(form, interest=interest, status=422)
    try:
        with transaction():
            row = setting_up.reason_of(reason_id, lock=True)
            stale = form.is_stale(mark_of(setting_up.facts_of_reason(row)))
            if not stale:
                setting_up.rename_reason(row, name=texts_of(form, "name"), actor=who(), now=clock.now())
    except SameNameError:
        _say_same(form)
        return _reason_page(form, interest=interest, status=422)
    return _reason_page(form, interest=interest, status=409) if stale else _kept()


@blueprint.post("/hallinta/lajit/syyt/<int:reason_id>/tila")
@access.needs(Permission.SETUP_MANAGE)
def act(reason_id: int) -> BaseResponse:
    """Retire a reason, take it into use again, or let it change places with the one before it."""
    step = request.form.get("step", "")
    try:
        with transaction():
            row, user, now = setting_up.reason_of(reason_id, lock=True), who(), clock.now()
            if step == "up":
                setting_up.move_up(row, actor=user, now=now)
            elif step in {"retire", "use"}:
                setting_up.set_active(row, active=step == "use", actor=user, now=now)
            else:
                raise NotFoundError
    except NeededError:
        flash(
            _("It has to stay: the client may always rather not say, and a kind needs a reason."), "warning"
        )
    return redirect(url_for("administration_kinds.listed"), code=303)


def _reasons(rows: Sequence[Any]) -> Sequence[ReasonRow]:
    language = current_language()
    movable = [row.id for row in rows if row.active and not row.unspecified]
    found = []
    for row in rows:
        name = in_language(row.name, language)
        found.append(
            ReasonRow(
                id=row.id,
                name=name.text,
                lang=name.lang,
                code=row.code,
                unspecified=row.unspecified,
                active=row.active,
                first=row.id not in movable[1:],
            )
        )
    return found


def _filled(**texts: Texts) -> dict[str, str]:
    return {f"{name}_{code}": text.get(code, "") for name, text in texts.items() for code in LANGUAGES}


def _kept() -> BaseResponse:
    flash(_("Kept."), "success")
    return redirect(url_for("administration_kinds.listed"), code=303)


def _say_same(form: NameForm) -> None:
    say(form.name_fi, _("There is one of this name already. Take it into use again, or choose another name."))


def _kind_page(form: KindForm, *, status: int = 200) -> BaseResponse:
    page = TextsPage(
        title=_p("administration", "Change the words of a kind"),
        form=form,
        lead=_("Senders, advisers and clients read these. Earlier referrals are shown with them, too."),
        groups=[(words, name) for name, words in KIND_TEXTS.items()],
        button=_("Keep"),
    )
    return render(page, status=status)


def _reason_page(form: NameForm, *, interest: bool, is_new: bool = False, status: int = 200) -> BaseResponse:
    if is_new:
        title = _p("administration", "New interest") if interest else _p("administration", "New reason")
        lead = _("Senders can choose it at once. Write it as the client would say it, without a diagnosis.")
    else:
        title = _p("administration", "Change the name")
        lead = _(
            "Better words for the same thing. Earlier referrals are shown with them, too; a new meaning is new."
        )
    page = TextsPage(
        title=title,
        form=form,
        lead=lead,
        groups=[(_("Name"), "name")],
        button=_("Keep"),
    )
    return render(page, status=status)
