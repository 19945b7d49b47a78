"""Where editors keep the words of the search, and see why it finds what it finds."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse
from wtforms import SelectField

from servicetray.accounts.sessions import who
from servicetray.core import access, clock
from servicetray.core.access import Permission
from servicetray.core.db import transaction
from servicetray.core.i18n import LANGUAGES, current_language
from servicetray.core.pages import Page, Text, render
from servicetray.core.periods import Period
from servicetray.usage.queries import Counted, empty_searches
from themes.directory import queries as directory
from themes.directory.queries import ServiceCard
from themes.finding.queries import Asked, find
from themes.happenings.fields import line
from themes.happenings.forms import SPOKEN
from themes.search import wordlist
from themes.search.explaining import Reason, reasons
from themes.search.operations import LONGEST_OFFICIAL, add_synonym, remove_synonym, tidy
from themes.search.words import Pair

blueprint = Blueprint("search_desk", __name__)

MOST_TRIED = 5
MOST_PAIRS = 100
MOST_EMPTY = 20
EMPTY_DAYS = 90
PLACES: dict[str, Text] = {
    "name": _lp("search", "name"),
    "name_parts": _lp("search", "part of the name"),
    "keywords": _lp("search", "keywords"),
    "summary": _lp("search", "summary"),
    "body": _lp("search", "description"),
    "parts": _lp("search", "part of another word"),
}


class PairForm(FlaskForm):
    """A new pair."""

    language = SelectField(_lp("search", "Language"))
    everyday = line(_l("Everyday word"), _l("Write the word that people use."), most=64)
    official = line(_l("Official word"), _l("Write the word that services use."), most=LONGEST_OFFICIAL)


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A service that a query finds, and why."""

    card: ServiceCard
    reasons: Sequence[tuple[Reason, Sequence[Text]]]


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    """The words of the search."""

    template: ClassVar[str] = "themes/search/desk.html"
    form: PairForm
    language: str
    beginning: str
    pairs: Sequence[tuple[Pair, bool]]
    removed: Sequence[Pair]
    trying: str
    tried: Sequence[Tried]
    mended: str
    empty: Sequence[Counted]
    """What was looked for in vain lately, where its words may be kept."""
    empty_days: int
    languages: Sequence[tuple[str, Text]]
    most: int


@blueprint.get("/sisalto/hakusanat")
@access.needs(Permission.CONTENT_EDIT)
def words() -> BaseResponse:
    """Show the pairs of a language (``kieli``) that begin so (``alku``), and what a query (``kokeile``) finds."""
    return _page(_form(fresh=True))


@blueprint.post("/sisalto/hakusanat")
@access.needs(Permission.CONTENT_EDIT)
def add() -> BaseResponse:
    """Let an everyday word lead to an official one."""
    form = _form()
    pair = None
    if form.validate():
        pair = tidy(form.language.data, form.everyday.data or "", form.official.data or "")
        if pair is None:
            form.everyday.errors = [_("Write one everyday word, and another word that it stands for.")]
    if pair is None:
        return _page(form, status=422)
    with transaction():
        is_new = add_synonym(pair, actor=who(), now=clock.now())
    flash(_("Kept.") if is_new else _("The pair was there already."), "success")
    return redirect(url_for("search_desk.words", kieli=pair.language, alku=pair.everyday), code=303)


@blueprint.post("/sisalto/hakusanat/poista")
@access.needs(Permission.CONTENT_EDIT)
def remove() -> BaseResponse:
    """Take a pair away, or put one of the software's own back."""
    pair = Pair(
        **{name: request.form.get(name, "") for name in ("language", "everyday", "official")},
    )
    back = request.form.get("palauta") == "1"
    with transaction():
        change = add_synonym if back and pair in wordlist.removed(pair.language) else remove_synonym
        done = change(pair, actor=who(), now=clock.now())
    if done:
        flash(_("The pair is in use again.") if back else _("Taken away."), "success")
    beginning = pair.everyday if back else request.form.get("alku")
    return redirect(
        url_for("search_desk.words", kieli=pair.language or None, alku=beginning or None), code=303
    )


def _form(*, fresh: bool = False) -> PairForm:
    form = PairForm(formdata=None, language=_language()) if fresh else PairForm()
    form.language.choices = _languages()
    return form


def _languages() -> list[tuple[str, Text]]:
    return [(code, SPOKEN[code]) for code in LANGUAGES]


def _language() -> str:
    asked = request.args.get("kieli")
    return asked if asked in LANGUAGES else current_language()


def _page(form: PairForm, *, status: int = 200) -> BaseResponse:
    language, today = _language(), clock.helsinki_day(clock.now())
    beginning = request.args.get("alku", "").strip().lower()[:64]
    trying = Asked(query=request.args.get("kokeile", "")).query
    tried, mended = _tried(trying, language) if trying else ((), "")
    return render(
        DeskPage(
            title=_("Words of the search"),
            form=form,
            language=language,
            beginning=beginning,
            pairs=wordlist.pairs(language, beginning, most=MOST_PAIRS),
            removed=wordlist.removed(language),
            trying=trying,
            tried=tried,
            mended=mended,
            empty=empty_searches(
                Period(first=today - dt.timedelta(days=EMPTY_DAYS), last=today), limit=MOST_EMPTY
            ),
            empty_days=EMPTY_DAYS,
            languages=_languages(),
            most=MOST_PAIRS,
        ),
        status=status,
    )


def _tried(query: str, language: str) -> tuple[Sequence[Tried], str]:
    today = clock.helsinki_day(clock.now())
    found = find(Asked(query=query), language=language, today=today)
    ids = [hit.service_id for hit in islice(found.answer.read(), MOST_TRIED)]
    cards = directory.cards(ids, language, today=today)
    tried = [
        Tried(
            card=card,
            reasons=[
                (reason, [PLACES[column] for column in reason.columns])
                for reason in reasons(found.answer.wanted, card.id)
            ],
        )
        for card in cards
    ]
    return tried, ", ".join(f"{typed} → {known}" for typed, known in found.answer.corrected.items())
