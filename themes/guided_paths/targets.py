"""What the end of a path points to, as links in the language of the page."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import gettext as _

from servicetray.core.db import Localized, in_language
from servicetray.core.i18n import DEFAULT
from themes.directory.queries import ServiceCard, cards, shown_ids
from themes.guided_paths import queries
from themes.guided_paths.tree import End, Target, TargetKind
from themes.search.queries import search
from themes.self_care.queries import programmes
from themes.tools.queries import tools_by_slug
from themes.topics.pages import HELPLINES
from themes.topics.queries import published_themes

MOST_CARDS = 3
"""Services shown at once for the words of an end; a link leads to all."""


@dataclass(frozen=True, kw_only=True)
class TargetLink:
    """One thing to do next."""

    kind: TargetKind
    name: Localized
    url: str
    about: Localized
    """One sentence; may be empty."""
    cards: Sequence[ServiceCard] = ()
    """The first services that a search finds."""
    outside: bool = False
    """Whether it leads out of the tray."""


def links(end: End, *, language: str, today: dt.date) -> Sequence[TargetLink]:
    """Return the targets of an end that are there, in its order; what has gone since is left out."""
    found = (_link(target, language, today) for target in end.targets)
    return tuple(link for link in found if link is not None)


def _link(target: Target, language: str, today: dt.date) -> TargetLink | None:
    if target.kind is TargetKind.SEARCH:
        return _search(target, language, today)
    if target.kind is TargetKind.SERVICE:
        return _service(target, language, today)
    return {
        TargetKind.PROGRAMME: _programme,
        TargetKind.TOOL: _tool,
        TargetKind.THEME: _theme,
        TargetKind.NUMBER: _number,
        TargetKind.CONTACT: _contact,
        TargetKind.PATH: _path,
    }[target.kind](target.value, language, today)


def _search(target: Target, language: str, today: dt.date) -> TargetLink | None:
    allowed = shown_ids(today=today)
    # Many services are told in Finnish alone: better those, marked so, than none.
    for words in dict.fromkeys((target.search_words[language], target.search_words[DEFAULT])):
        answer = search(words, language=language, limit=MOST_CARDS, allowed=allowed)
        if answer.total:
            break
    else:
        return None
    shown = cards([hit.service_id for hit in answer.hits], language, today=today)
    return TargetLink(
        kind=target.kind,
        name=Localized(_("All services: %(words)s", words=words), language),
        url=url_for("search.search", q=words),
        about=Localized("", language),
        cards=shown,
    )


def _service(target: Target, language: str, today: dt.date) -> TargetLink | None:
    try:
        found = cards([uuid.UUID(target.value)], language, today=today)
    except ValueError:
        return None
    if not found:
        return None
    card = found[0]
    url = url_for("directory.service", service_id=card.id)
    return TargetLink(kind=target.kind, name=card.name, url=url, about=card.summary)


def _programme(slug: str, language: str, today: dt.date) -> TargetLink | None:
    del today
    found = next((each for each in programmes() if each.slug == slug), None)
    if found is None:
        return None
    return TargetLink(
        kind=TargetKind.PROGRAMME,
        name=in_language(found.name, language),
        url=url_for("self_care.one", slug=slug),
        about=in_language(found.summary, language),
    )


def _tool(slug: str, language: str, today: dt.date) -> TargetLink | None:
    del today
    tool = tools_by_slug([slug], language=language).get(slug)
    if tool is None:
        return None
    return TargetLink(kind=TargetKind.TOOL, name=tool.name, url=tool.url, about=tool.summary, outside=True)


def _theme(slug: str, language: str, today: dt.date) -> TargetLink | None:
    themes = published_themes(language=language, today=today)
    theme = next((each for each in themes if each.slug == slug), None)
    if theme is None:
        return None
    url = url_for("topics.theme", slug=slug)
    return TargetLink(kind=TargetKind.THEME, name=theme.name, url=url, about=theme.summary)


def _number(digits: str, language: str, today: dt.date) -> TargetLink | None:
    del today
    line = next((each for each in HELPLINES if each.number.replace(" ", "") == digits), None)
    if line is None:
        return None
    return TargetLink(
        kind=TargetKind.NUMBER,
        name=Localized(f"{line.name} " + line.number.replace(" ", "\u00a0"), language),
        url=line.address,
        about=Localized(str(line.about), language),
    )


def _contact(kind: str, language: str, today: dt.date) -> TargetLink | None:
    del today
    # Lives above the tray, and need not be there.
    if kind not in queries.CONTACTS or "contact_me.form" not in current_app.view_functions:
        return None
    names = {
        "exercise": _("Exercise counselling of your municipality"),
        "culture": _("Culture counselling of your municipality"),
    }
    return TargetLink(
        kind=TargetKind.CONTACT,
        name=Localized(names[kind], language),
        url=url_for("contact_me.form", kind=kind),
        about=Localized(_("Leave your number and a counsellor calls you. You need no referral."), language),
    )


def _path(slug: str, language: str, today: dt.date) -> TargetLink | None:
    del today
    found = next((each for each in queries.published() if each.slug == slug), None)
    if found is None:
        return None
    return TargetLink(
        kind=TargetKind.PATH,
        name=in_language(found.name, language),
        url=url_for("guided_paths.start", slug=slug),
        about=in_language(found.summary, language),
    )
