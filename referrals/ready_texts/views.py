"""Ready texts beside a case: to copy, or to begin a note with."""

import uuid

from babel.dates import format_date
from flask import Blueprint, request, url_for
from flask_babel import pgettext as _p
from werkzeug.wrappers import Response as BaseResponse

from referrals.moves import ContactChannel
from referrals.municipality import queries as municipality
from referrals.municipality.beside import Beside, Seen, opened
from referrals.municipality.inbox.case.file import case_file
from referrals.municipality.inbox.case.forms import NoteForm
from referrals.ready_texts import queries
from referrals.ready_texts.filling import Filling, fill
from referrals.ready_texts.labels import LANGUAGES, USES
from referrals.ready_texts.models import Use
from referrals.ready_texts.pages import FilledText, Group, LanguageLink, TextsPage
from referrals.ready_texts.queries import OfferedText
from servicetray.accounts import queries as accounts
from servicetray.core import access
from servicetray.core.access import Permission
from servicetray.core.db import Localized, in_language
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.pages import render

blueprint = Blueprint("ready_texts", __name__)

WAYS = {Use.TEXT_MESSAGE: ContactChannel.TEXT_MESSAGE, Use.LETTER: ContactChannel.LETTER}
"""Texts that go to the client, each by a way that the client has to have allowed."""
TO_CLIENT = frozenset(WAYS)


@blueprint.get("/asiakkuudet/<uuid:case_id>/tekstit")
@access.needs(Permission.INBOX_WORK)
def texts(case_id: uuid.UUID) -> BaseResponse:
    """Show the unit's ready texts (``?kieli=sv``); ``?teksti=<id>`` begins a note with one."""
    it = opened(case_id)
    if not it.is_open or it.content is None:
        raise NotFoundError
    seen, language = Seen.of(it), request.args.get("kieli", it.content.language)
    language = language if language in LANGUAGES else "fi"
    place = municipality.catchment(it.case.catchment_id)
    unit = accounts.unit(place.unit_id) if place else None
    known = queries.texts_for(unit.id, kind_code=it.case.kind_code) if unit else ()
    offered = [each for each in known if _may(each, it)]
    phone = unit.phone if unit else ""
    page = TextsPage(
        title=f"{_p('page title', 'Ready texts')} {it.case.reference}",
        head=it.head,
        groups=_groups(offered, it, language=language, unit_phone=phone),
        languages=[
            LanguageLink(
                code=code,
                label=label,
                url=url_for("ready_texts.texts", case_id=case_id, kieli=code),
                current=code == language,
            )
            for code, label in LANGUAGES.items()
        ],
        note=_note(offered, it, unit_phone=phone),
    )
    response = render(page)
    seen.write(page="ready_texts")
    return response


def _may(text: OfferedText, it: Beside) -> bool:
    """Whether a text may be used here: the client allowed that way, and no protected one gets a text message."""
    way = WAYS.get(text.use)
    if it.case.protected and text.use is Use.TEXT_MESSAGE:
        return False
    return way is None or (it.content is not None and way in it.content.channels)


def _groups(offered: list[OfferedText], it: Beside, *, language: str, unit_phone: str) -> list[Group]:
    groups = []
    for use, heading in USES.items():
        # What goes to the client is in the client's language, the rest in the adviser's.
        lang = language if use in TO_CLIENT else current_language()
        filled = [
            FilledText(
                id=each.id,
                use=use,
                title=in_language(each.title, current_language()),
                body=_filled(each, it, language=lang, unit_phone=unit_phone),
                note_url=(
                    url_for("ready_texts.texts", case_id=it.case.id, teksti=each.id, _anchor="muistiinpano")
                    if use is Use.NOTE
                    else ""
                ),
            )
            for each in offered
            if each.use is use
        ]
        if filled:
            groups.append(Group(use=use, heading=heading, texts=filled))
    return groups


def _filled(text: OfferedText, it: Beside, *, language: str, unit_phone: str) -> Localized:
    body = in_language(text.body, language)
    filling = Filling(
        unit_phone=unit_phone,
        adviser=it.actor.name,
        date=format_date(it.today, "d MMMM yyyy" if body.lang == "en" else "d.M.yyyy", locale=body.lang),
    )
    return Localized(fill(body.text, filling), body.lang)


def _note(offered: list[OfferedText], it: Beside, *, unit_phone: str) -> NoteForm | None:
    """Return the note begun with the text that was picked; it is saved by the case's own page."""
    wanted = request.args.get("teksti", type=uuid.UUID)
    picked = next((each for each in offered if each.id == wanted and each.use is Use.NOTE), None)
    file = case_file(it.case.id, scope=it.scope, reader=it.actor, now=it.now) if picked else None
    if picked is None or file is None:
        return None
    form = NoteForm(formdata=None)
    form.state.data = str(file.state)
    form.note.data = _filled(picked, it, language=current_language(), unit_phone=unit_phone).text
    return form
