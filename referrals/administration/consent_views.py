"""Consent texts: the versions of each kind, and the next one beside the present."""

import datetime as dt
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext as _p
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from referrals.administration.fields import Day, box, say, texts_of
from referrals.administration.pages import (
    Compared,
    ConsentKind,
    ConsentTextPage,
    ConsentTextsPage,
    ConsentVersion,
    Words,
)
from referrals.county import consent_texts
from referrals.kinds import queries as kinds
from referrals.kinds.queries import Kind
from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language, transaction
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import LANGUAGES, current_language
from servicetray.core.identity_codes import contains_code
from servicetray.core.pages import render

blueprint = Blueprint("administration_consent", __name__)
LONGEST = 2000
NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
NAMES_TO_COME = (consent_texts.PLACE, consent_texts.UNIT)
MISSING = _l("Write the text in this language too: all three begin on the same day.")


class ConsentTextForm(FlaskForm):
    """The next version of a text, in three languages."""

    valid_from = Day(_l("Read aloud from this day on"), missing=_l("Choose the day."))
    body_fi = box("Suomi", MISSING, most=LONGEST)
    body_sv = box("Svenska", MISSING, most=LONGEST)
    body_en = box("English", MISSING, most=LONGEST)
    elsewhere_fi = box(_l("Counselled in another municipality, in Finnish"), MISSING, most=LONGEST)
    elsewhere_sv = box(_l("Counselled in another municipality, in Swedish"), MISSING, most=LONGEST)
    elsewhere_en = box(_l("Counselled in another municipality, in English"), MISSING, most=LONGEST)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that no text holds an identity code."""
        fine = bool(super().validate(extra_validators))
        for code in LANGUAGES:
            for field in (self[f"body_{code}"], self[f"elsewhere_{code}"]):
                if contains_code(field.data or ""):
                    say(field, _("Take the personal identity code out. It isn't needed here."))
                    fine = False
            other = self[f"elsewhere_{code}"]
            if other.data and not all(name in other.data for name in NAMES_TO_COME):
                say(
                    other,
                    _("Write {place} and {unit} where the names of the municipality and the unit come."),
                )
                fine = False
        return fine


@blueprint.get("/hallinta/suostumustekstit")
@access.needs(Permission.SETUP_MANAGE)
def listed() -> BaseResponse:
    """Show every version of every kind's text."""
    today = _today()
    found = []
    for kind in kinds.kinds():
        versions = consent_texts.versions_of(kind.code)
        now_read = next((each.version for each in versions if each.valid_from <= today), "")
        rows = [
            ConsentVersion(
                version=each.version,
                valid_from=each.valid_from,
                state=_state(each.valid_from, today=today, is_read=each.version == now_read),
                texts=[(code, NAMES[code], body) for code, body in each.bodies.items()],
                elsewhere=[(code, NAMES[code], body) for code, body in each.elsewhere.items()],
                may_withdraw=each.valid_from > today,
            )
            for each in versions
        ]
        found.append(ConsentKind(code=kind.code, name=_name(kind), versions=rows))
    return render(
        ConsentTextsPage(title=_p("administration", "Consent texts"), kinds=found, form=FlaskForm())
    )


@blueprint.get("/hallinta/suostumustekstit/<kind_code>/uusi")
@access.needs(Permission.SETUP_MANAGE)
def new(kind_code: str) -> BaseResponse:
    """Show the form of the next version, filled with the latest one."""
    kind = _kind(kind_code)
    latest = next(iter(consent_texts.versions_of(kind.code)), None)
    filled: dict[str, str] = {}
    if latest is not None:
        for code in LANGUAGES:
            filled[f"body_{code}"] = latest.bodies.get(code, "")
            filled[f"elsewhere_{code}"] = latest.elsewhere.get(code, "")
    return _page(ConsentTextForm(formdata=None, **filled), kind)


@blueprint.post("/hallinta/suostumustekstit/<kind_code>/uusi")
@access.needs(Permission.SETUP_MANAGE)
def create(kind_code: str) -> BaseResponse:
    """Show the new version beside the present one, or keep it."""
    kind, form = _kind(kind_code), ConsentTextForm()
    if request.form.get("step") != "keep":
        return _page(form, kind, compare=True)
    if not form.validate() or form.valid_from.data is None:
        return _page(form, kind, compare=True, status=422)
    try:
        with transaction():
            version = consent_texts.add_version(
                kind.code,
                texts_of(form, "body"),
                texts_of(form, "elsewhere"),
                valid_from=form.valid_from.data,
                actor=who(),
                now=clock.now(),
            )
    except consent_texts.NotToComeError as error:
        day = format_date(error.earliest, "d.M.yyyy")
        say(
            form.valid_from,
            _("A text can begin on %(day)s at the earliest: today's may be being read.", day=day),
        )
        return _page(form, kind, compare=True, status=422)
    except consent_texts.DayTakenError as error:
        say(form.valid_from, _("Version %(version)s begins on that day already.", version=error.version))
        return _page(form, kind, compare=True, status=422)
    flash(_("Version %(version)s is kept. It is read aloud from its day on.", version=version), "success")
    return redirect(url_for("administration_consent.listed"), code=303)


@blueprint.post("/hallinta/suostumustekstit/<kind_code>/<version>/poista")
@access.needs(Permission.SETUP_MANAGE)
def take_back(kind_code: str, version: str) -> BaseResponse:
    """Take away a version that nobody has heard yet."""
    kind = _kind(kind_code)
    with transaction():
        consent_texts.take_back_version(kind.code, version, actor=who(), now=clock.now())
    flash(_("The version is taken away. Nobody has heard it."), "success")
    return redirect(url_for("administration_consent.listed"), code=303)


def compared(old: Mapping[str, str], new: Mapping[str, str]) -> Sequence[Compared]:
    """Return both texts of each language, word by word, with what goes and what comes marked."""
    return [_compared(code, old.get(code, ""), new.get(code, "")) for code in LANGUAGES]


def _compared(code: str, old: str, new: str) -> Compared:
    was, is_now = old.split(), new.split()
    left, right = [], []
    for step, a, b, c, d in SequenceMatcher(None, was, is_now, autojunk=False).get_opcodes():
        if a < b:
            left.append(Words(text=" ".join(was[a:b]), mark="" if step == "equal" else "del"))
        if c < d:
            right.append(Words(text=" ".join(is_now[c:d]), mark="" if step == "equal" else "ins"))
    return Compared(lang=code, name=NAMES[code], old=left, new=right)


def _page(form: ConsentTextForm, kind: Kind, *, compare: bool = False, status: int = 200) -> BaseResponse:
    present = consent_texts.version_on(kind.code, on=_today())
    page = ConsentTextPage(
        title=_p("administration", "New consent text"),
        form=form,
        kind=_name(kind),
        compared=compared(present.bodies if present else {}, texts_of(form, "body")) if compare else (),
        compared_elsewhere=compared(present.elsewhere if present else {}, texts_of(form, "elsewhere"))
        if compare
        else (),
    )
    return render(page, status=status)


def _state(valid_from: dt.date, *, today: dt.date, is_read: bool) -> str:
    if valid_from > today:
        return _p("consent text", "To come")
    return _p("consent text", "Read aloud now") if is_read else _p("consent text", "Earlier")


def _kind(code: str) -> Kind:
    found = kinds.kind(code)
    if found is None:
        raise NotFoundError
    return found


def _name(kind: Kind) -> str:
    return in_language(kind.name, current_language()).text


def _today() -> dt.date:
    return clock.helsinki_day(clock.now())
