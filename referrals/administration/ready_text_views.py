"""Ready texts of a counselling unit: added, changed, retired; the shared ones taken as its own."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext as _p
from werkzeug.wrappers import Response as BaseResponse

from referrals.administration.desk import Desk, desk_of
from referrals.administration.fields import OneOfList, SeenForm, box, choices_of, line, say, texts_of
from referrals.administration.pages import (
    ReadyTextPage,
    ReadyTextRow,
    ReadyTextsPage,
    TextUse,
    UnitLink,
)
from referrals.changes import mark_of
from referrals.ready_texts import filling, queries, setting_up
from referrals.ready_texts.labels import USES
from referrals.ready_texts.queries import Use
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import LANGUAGES, current_language
from servicetray.core.pages import render

blueprint = Blueprint("administration_ready_texts", __name__)
BOTH = (Permission.SETUP_MANAGE, Permission.INBOX_LEAD)
MISSING = _l("Write it in this language too.")
ALL_KINDS = ""
LONGEST = 1500


class ReadyTextForm(SeenForm):
    """What a text is for, and its words in three languages."""

    use = OneOfList(_l("What is it for?"), choices=choices_of({each.value: USES[each] for each in Use}))
    kind = OneOfList(_l("For which counselling?"), default=ALL_KINDS)
    title_fi = line("Suomi", MISSING, most=80)
    title_sv = line("Svenska", MISSING, most=80)
    title_en = line("English", MISSING, most=80)
    body_fi = box("Suomi", MISSING, most=LONGEST)
    body_sv = box("Svenska", MISSING, most=LONGEST)
    body_en = box("English", MISSING, most=LONGEST)

    def offer(self, kinds: Mapping[str, str]) -> None:
        """Set the kinds that can be chosen."""
        self.kind.choices = choices_of({ALL_KINDS: _("For all kinds")} | dict(kinds))

    @property
    def wording(self) -> setting_up.Wording:
        """The text, of a form that is valid."""
        return setting_up.Wording(
            kind_code=self.kind.data or None,
            use=Use(self.use.data),
            title=texts_of(self, "title"),
            body=texts_of(self, "body"),
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that something is filled into all that stands in braces."""
        fine = bool(super().validate(extra_validators))
        for code in LANGUAGES:
            field = self[f"body_{code}"]
            try:
                filling.check(field.data or "")
            except filling.UnknownPlaceholderError as error:
                fine = False
                say(
                    field,
                    _(
                        "Nothing is filled into “%(found)s”. Braces go around unit_phone, adviser and date alone.",
                        found=error.found,
                    ),
                )
        return fine


@blueprint.get("/hallinta/valmiit-tekstit")
@access.needs(*BOTH)
def listed() -> BaseResponse:
    """Show the texts of one unit (``?yksikko=<id>``, else the first): its own, or the shared ones."""
    desk = desk_of(who())
    wanted = request.args.get("yksikko", type=uuid.UUID)
    unit_id = wanted if wanted is not None else next(iter(desk.units), None)
    if unit_id is not None and unit_id not in desk.units:
        raise NotFoundError
    own = queries.own_texts(unit_id) if unit_id else ()
    rows = [_row(each, desk, active=each.active) for each in own] or [
        _row(each, desk, active=True) for each in queries.first_texts()
    ]
    page = ReadyTextsPage(
        title=_p("administration", "Ready texts"),
        unit_id=unit_id,
        unit=desk.units[unit_id] if unit_id else "",
        units=[UnitLink(id=key, name=name, current=key == unit_id) for key, name in desk.units.items()],
        uses=[
            TextUse(code=use.value, heading=heading, rows=[row for row in rows if row.use is use])
            for use, heading in USES.items()
        ],
        is_own=bool(own),
    )
    return render(page)


@blueprint.get("/hallinta/valmiit-tekstit/<uuid:unit_id>/uusi")
@access.needs(*BOTH)
def new(unit_id: uuid.UUID) -> BaseResponse:
    """Show the form of a new text."""
    return _page(ReadyTextForm(formdata=None), _desk(unit_id), unit_id, is_new=True)


@blueprint.post("/hallinta/valmiit-tekstit/<uuid:unit_id>/uusi")
@access.needs(*BOTH)
def add(unit_id: uuid.UUID) -> BaseResponse:
    """Add a text to a unit."""
    desk, form = _desk(unit_id), ReadyTextForm()
    form.offer(desk.kinds)
    if not form.validate():
        return _page(form, desk, unit_id, is_new=True, status=422)
    with transaction():
        _desk(unit_id)
        setting_up.add(unit_id, form.wording, actor=who(), now=clock.now())
    return _kept(unit_id)


@blueprint.post("/hallinta/valmiit-tekstit/<uuid:unit_id>/omiksi")
@access.needs(*BOTH)
def adopt(unit_id: uuid.UUID) -> BaseResponse:
    """Take the shared texts as the unit's own."""
    with transaction():
        _desk(unit_id)
        setting_up.adopt(unit_id, actor=who(), now=clock.now())
    flash(_("These are now your unit's own texts. Change them as you like."), "success")
    return redirect(url_for("administration_ready_texts.listed", yksikko=unit_id), code=303)


@blueprint.get("/hallinta/valmiit-tekstit/<uuid:unit_id>/<uuid:text_id>")
@access.needs(*BOTH)
def text(unit_id: uuid.UUID, text_id: uuid.UUID) -> BaseResponse:
    """Show the form of a text."""
    desk, row = _desk(unit_id), _text(text_id, unit_id)
    form = ReadyTextForm(
        formdata=None,
        seen=mark_of(setting_up.facts_of(row)),
        use=row.use.value,
        kind=row.kind_code or ALL_KINDS,
        **{f"title_{code}": row.title.get(code, "") for code in LANGUAGES},
        **{f"body_{code}": row.body.get(code, "") for code in LANGUAGES},
    )
    return _page(form, desk, unit_id)


@blueprint.post("/hallinta/valmiit-tekstit/<uuid:unit_id>/<uuid:text_id>")
@access.needs(*BOTH)
def change(unit_id: uuid.UUID, text_id: uuid.UUID) -> BaseResponse:
    """Change a text, unless somebody else has since it was shown."""
    desk, form = _desk(unit_id), ReadyTextForm()
    _text(text_id, unit_id)
    form.offer(desk.kinds)
    if not form.validate():
        return _page(form, desk, unit_id, status=422)
    with transaction():
        desk, row = _desk(unit_id), _text(text_id, unit_id, lock=True)
        stale = form.is_stale(mark_of(setting_up.facts_of(row)))
        if not stale:
            setting_up.change(row, form.wording, actor=who(), now=clock.now())
    return _page(form, desk, unit_id, status=409) if stale else _kept(unit_id)


@blueprint.post("/hallinta/valmiit-tekstit/<uuid:unit_id>/<uuid:text_id>/tila")
@access.needs(*BOTH)
def act(unit_id: uuid.UUID, text_id: uuid.UUID) -> BaseResponse:
    """Retire a text, or take it into use again."""
    step = request.form.get("step", "")
    if step not in {"retire", "use"}:
        raise NotFoundError
    with transaction():
        _desk(unit_id)
        row = _text(text_id, unit_id, lock=True)
        setting_up.set_active(row, active=step == "use", actor=who(), now=clock.now())
    return redirect(url_for("administration_ready_texts.listed", yksikko=unit_id), code=303)


def _desk(unit_id: uuid.UUID) -> Desk:
    desk = desk_of(who())
    if unit_id not in desk.units:
        raise NotFoundError
    return desk


def _text(text_id: uuid.UUID, unit_id: uuid.UUID, *, lock: bool = False) -> Any:
    row = queries.text_of(text_id, unit_id=unit_id, lock=lock)
    if row is None:
        raise NotFoundError
    return row


def _row(each: Any, desk: Desk, *, active: bool) -> ReadyTextRow:
    language = current_language()
    title, body = in_language(each.title, language), in_language(each.body, language)
    return ReadyTextRow(
        id=each.id,
        use=each.use,
        title=title.text,
        lang=title.lang,
        body=body.text,
        body_lang=body.lang,
        kind=desk.kinds.get(each.kind_code, each.kind_code) if each.kind_code else _("For all kinds"),
        active=active,
    )


def _page(
    form: ReadyTextForm, desk: Desk, unit_id: uuid.UUID, *, is_new: bool = False, status: int = 200
) -> BaseResponse:
    form.offer(desk.kinds)
    page = ReadyTextPage(
        title=_p("administration", "New ready text")
        if is_new
        else _p("administration", "Change a ready text"),
        form=form,
        unit_id=unit_id,
        unit=desk.units[unit_id],
        placeholders=_placeholders(),
        # The first text of a unit's own takes the place of those that it has by now.
        replaces_shared=is_new and not queries.own_texts(unit_id),
    )
    return render(page, status=status)


def _placeholders() -> Sequence[tuple[str, str]]:
    return (
        ("{unit_phone}", _("the unit's phone number")),
        ("{adviser}", _("the adviser's name")),
        ("{date}", _("the day on which it is used")),
    )


def _kept(unit_id: uuid.UUID) -> BaseResponse:
    flash(_("Kept."), "success")
    return redirect(url_for("administration_ready_texts.listed", yksikko=unit_id), code=303)
