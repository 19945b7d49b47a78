"""What of the tray is counted, and by which names the figures of its usage tell it.

A page is counted by its address; so one that moves to another address has to be named here anew. A test asks whether
each endpoint is there.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence

from flask import Flask
from flask_babel import lazy_pgettext as _lp

from servicetray.core import clock
from servicetray.core.db import Texts, in_language
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipalities
from servicetray.usage import counting, operations, outbound
from servicetray.usage.counting import CountedPage
from servicetray.usage.queries import Use
from themes.directory import queries as directory
from themes.directory.details import service_details
from themes.directory.providers import provider_details
from themes.guided_paths import queries as paths
from themes.happenings import queries as happenings
from themes.search import wordlist
from themes.search.analysis import LANGUAGES, analyse
from themes.self_care import queries as self_care
from themes.tools.queries import tools_by_slug
from themes.topics.queries import published_themes

OF_NAMES = 2
"""The weight from which on a word of the vocabulary is one of names or keywords: longer texts may name people."""


def init_app(app: Flask) -> None:
    """Have the tray's pages, searches and outward links counted."""
    counting.add_pages(app, *PAGES)
    operations.set_vocabulary(app, knows_all)
    outbound.add_source(app, "service", _links_of_service, _service_names)
    outbound.add_source(app, "provider", _links_of_provider, _provider_names)
    outbound.add_source(app, "tool", _links_of_tool, _tool_names)


def knows_all(said: Sequence[str]) -> bool:
    """Whether each word is in our vocabulary: in a name, among keywords, in the word lists, or a municipality."""
    lists = wordlist.words()
    vocabulary = wordlist.vocabulary(lists)
    places = [place.name for place in municipalities()]
    return all(
        word in lists.stop
        or any(_knows(word, vocabulary[language].words, places, language) for language in LANGUAGES)
        for word in said
    )


def _knows(word: str, known: Mapping[str, int], places: Sequence[Texts], language: str) -> bool:
    forms = {word, *analyse(word, language).strong}
    return any(known.get(form, 0) >= OF_NAMES for form in forms) or any(
        not forms.isdisjoint(analyse(name[language].lower(), language).strong)
        for name in places
        if name.get(language)
    )


def _ids(keys: Collection[str]) -> list[uuid.UUID]:
    found = []
    for key in keys:
        try:
            found.append(uuid.UUID(key))
        except ValueError:
            continue
    return found


def _service_names(keys: Collection[str], language: str) -> Mapping[str, str]:
    names = directory.service_names(_ids(keys))
    return {str(each): in_language(name, language).text for each, name in names.items()}


def _provider_names(keys: Collection[str], language: str) -> Mapping[str, str]:
    names = directory.provider_names(_ids(keys))
    return {str(each): in_language(name, language).text for each, name in names.items()}


def _theme_names(keys: Collection[str], language: str) -> Mapping[str, str]:
    today = clock.helsinki_day(clock.now())
    return {
        theme.slug: theme.name.text
        for theme in published_themes(language=language, today=today)
        if theme.slug in keys
    }


def _happening_names(keys: Collection[str], language: str) -> Mapping[str, str]:
    return {
        str(each.id): in_language(each.name, language).text for each in happenings.texts_to_index(_ids(keys))
    }


def _path_names(keys: Collection[str], language: str) -> Mapping[str, str]:
    return {
        path.slug: in_language(path.name, language).text for path in paths.published() if path.slug in keys
    }


def _programme_names(keys: Collection[str], language: str) -> Mapping[str, str]:
    return {
        each.slug: in_language(each.name, language).text
        for each in self_care.programmes()
        if each.slug in keys
    }


def _links_of_service(public_id: str) -> Collection[str]:
    language, today = current_language(), clock.helsinki_day(clock.now())
    try:
        found = service_details(uuid.UUID(public_id), language=language, today=today)
    except (NotFoundError, ValueError):
        return ()
    return [*(channel.url for channel in found.channels), found.provider_url]


def _links_of_provider(public_id: str) -> Collection[str]:
    language, today = current_language(), clock.helsinki_day(clock.now())
    try:
        return [provider_details(uuid.UUID(public_id), language=language, today=today).url]
    except (NotFoundError, ValueError):
        return ()


def _links_of_tool(public_id: str) -> Collection[str]:
    return [tool.url for tool in tools_by_slug([public_id], language=current_language()).values()]


def _tool_names(keys: Collection[str], language: str) -> Mapping[str, str]:
    return {slug: tool.name.text for slug, tool in tools_by_slug(keys, language=language).items()}


PAGES = (
    CountedPage(endpoint="topics.front", page="front", label=_lp("usage", "Front page")),
    CountedPage(
        endpoint="topics.theme", page="theme", by="slug", label=_lp("usage", "Themes"), names=_theme_names
    ),
    CountedPage(endpoint="directory.services", page="services", label=_lp("usage", "List of services")),
    CountedPage(
        endpoint="directory.service",
        page="service",
        by="service_id",
        label=_lp("usage", "Services"),
        names=_service_names,
    ),
    CountedPage(endpoint="easy.start", page="easy", label=_lp("usage", "Easy to read")),
    CountedPage(
        endpoint="easy.service",
        page="easy_service",
        by="service_id",
        label=_lp("usage", "Services in easy language"),
        names=_service_names,
    ),
    CountedPage(endpoint="directory.providers", page="providers", label=_lp("usage", "List of providers")),
    CountedPage(
        endpoint="directory.provider",
        page="provider",
        by="provider_id",
        label=_lp("usage", "Providers"),
        names=_provider_names,
    ),
    CountedPage(
        endpoint="directory.municipality",
        page="municipality",
        by="slug",
        label=_lp("usage", "Municipalities"),
    ),
    CountedPage(endpoint="search.search", page="search", label=_lp("usage", "Search page")),
    CountedPage(endpoint="happenings.events", page="events", label=_lp("usage", "List of events")),
    CountedPage(
        endpoint="happenings.event",
        page="event",
        by="happening_id",
        label=_lp("usage", "Events"),
        names=_happening_names,
    ),
    CountedPage(endpoint="happenings.groups", page="groups", label=_lp("usage", "List of groups")),
    CountedPage(
        endpoint="happenings.group",
        page="group",
        by="happening_id",
        label=_lp("usage", "Groups"),
        names=_happening_names,
    ),
    CountedPage(endpoint="tools.all_tools", page="tools", label=_lp("usage", "Tests")),
    CountedPage(
        endpoint="self_care.all_programmes", page="programmes", label=_lp("usage", "List of programmes")
    ),
    CountedPage(
        endpoint="self_care.one",
        page="programme",
        by="slug",
        label=_lp("usage", "Self-care programmes"),
        names=_programme_names,
    ),
    CountedPage(endpoint="guided_paths.help", page="help", label=_lp("usage", "Find help")),
    CountedPage(
        endpoint="guided_paths.start",
        page="path",
        by="slug",
        label=_lp("usage", "Paths"),
        names=_path_names,
        use=Use.PATH,
    ),
    CountedPage(
        endpoint="wellbeing_card.show", page="card", label=_lp("usage", "Wellbeing cards"), use=Use.CARD
    ),
    CountedPage(
        endpoint="conversation_cards.one",
        page="conversation",
        by="slug",
        label=_lp("usage", "Conversation cards"),
    ),
    CountedPage(
        endpoint="information.page", page="information", by="name", label=_lp("usage", "About the service")
    ),
)
