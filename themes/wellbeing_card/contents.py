"""What is on a card, looked up today: names, times, numbers; and what is gone since."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import pgettext as _p

from servicetray.core.db import Localized, in_language
from servicetray.core.municipalities import municipalities
from servicetray.core.pages import Text
from themes.directory import plain_text
from themes.directory import queries as directory
from themes.directory.contacts import Contact, contacts
from themes.guided_paths import queries as guided_paths
from themes.guided_paths.tree import GuidedPath
from themes.happenings import cards as happenings
from themes.happenings import labels as happening_labels
from themes.happenings.groups import GroupView, JoinState
from themes.happenings.operations import rule_of
from themes.happenings.queries import Dated, Happening, Kind, groups_with_rows, next_of, theme_ids_of
from themes.happenings.recurrence import Every
from themes.self_care.queries import programmes
from themes.tools.labels import TOOL_KINDS
from themes.tools.queries import ToolKind, tools_by_slug
from themes.topics.queries import PublishedTheme, published_themes
from themes.wellbeing_card.card import Card, Item, ItemKind

_NO_STONE = ("accent", "MenuGrid")
_GONE = frozenset({JoinState.OVER, JoinState.CANCELLED})
PROGRAMME = "self_care.one"
MOST_EVENTS = 1000
"""Events to come that are looked through."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing on a card in the language of a page. A blank text is something that nobody has told."""

    item: Item
    kind: Text
    name: Localized
    facts: Sequence[Localized]
    """When, where and what it costs, or what it is about."""
    url: str
    contact: Contact
    colour: str
    icon: str
    demonstration: bool = False


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What there still is of a card, in its order, and how many things are gone."""

    entries: Sequence[Entry]
    gone: Sequence[Item]


def contents(card: Card, *, language: str, today: dt.date) -> Contents:
    """Return what is on a card.

    Args:
        card: as it was put together, long ago perhaps.
        language: of the page.
        today: the Helsinki day.
    """
    themes = {theme.slug: theme for theme in published_themes(language=language, today=today)}
    found: dict[Item, Entry] = {}
    for kind, look in _LOOKS.items():
        items = card.of_kind(kind)
        if items:
            found.update(look(items, themes, language, today))
    return Contents(
        entries=[found[item] for item in card.items if item in found],
        gone=[item for item in card.items if item not in found],
    )


_Found = Mapping[Item, Entry]
_Themes = Mapping[str, PublishedTheme]


def _of_themes(items: Sequence[Item], themes: _Themes, language: str, today: dt.date) -> _Found:
    del language, today
    return {item: theme_entry(themes[item.ref]) for item in items if item.ref in themes}


def theme_entry(theme: PublishedTheme) -> Entry:
    """Return a whole theme as a card shows it."""
    return Entry(
        item=Item.of(ItemKind.THEME, theme.slug),
        kind=_p("wellbeing card", "Theme"),
        name=theme.name,
        facts=_told(theme.summary),
        url=url_for("topics.theme", slug=theme.slug),
        contact=Contact(),
        colour=theme.colour,
        icon=theme.icon,
    )


def _of_services(items: Sequence[Item], themes: _Themes, language: str, today: dt.date) -> _Found:
    del themes
    return {entry.item: entry for entry in services([each.id for each in items], language, today)}


def services(ids: Sequence[uuid.UUID], language: str, today: dt.date) -> Sequence[Entry]:
    """Return services as a card shows them, in the order of the ids; what residents don't see is left out."""
    reached = contacts(ids, language=language)
    return [
        Entry(
            item=Item.of(ItemKind.SERVICE, str(each.id)),
            kind=_p("wellbeing card", "Service"),
            name=each.name,
            facts=_told(each.when, each.where, each.price) or _told(each.summary),
            url=url_for("directory.service", service_id=each.id),
            contact=reached[each.id],
            colour=each.theme.colour if each.theme else _NO_STONE[0],
            icon=each.theme.icon if each.theme else _NO_STONE[1],
            demonstration=each.demonstration,
        )
        for each in directory.cards(ids, language, today=today)
    ]


def _of_groups(items: Sequence[Item], themes: _Themes, language: str, today: dt.date) -> _Found:
    wanted = {item.id for item in items}
    pairs = [pair for pair in groups_with_rows(today=today) if pair[0].id in wanted]
    return {
        entry.item: entry for entry in groups([pair for pair in pairs if is_on(pair[0])], themes, language)
    }


def is_on(view: GroupView) -> bool:
    """Whether a group still meets."""
    return view.state not in _GONE


def groups(
    pairs: Sequence[tuple[GroupView, Happening]], themes: Mapping[str, PublishedTheme], language: str
) -> Sequence[Entry]:
    """Return groups as a card shows them."""
    places = municipalities()
    theme_ids = theme_ids_of([view.id for view, _row in pairs])
    by_id = {theme.id: theme for theme in themes.values()}
    entries: list[Entry] = []
    for view, row in pairs:
        theme = next((by_id[each] for each in theme_ids.get(view.id, ()) if each in by_id), None)
        entries.append(
            Entry(
                item=Item.of(ItemKind.GROUP, str(view.id)),
                kind=_p("wellbeing card", "Group"),
                name=in_language(row.name, language),
                facts=_told(
                    Localized(happening_labels.when(rule_of(row), language), language),
                    Localized(happenings.where(row, places, language), language),
                    Localized(happenings.price(row, language), language),
                    Localized(happening_labels.joining(view, language), language),
                ),
                url=url_for("happenings.group", happening_id=view.id),
                contact=Contact(
                    phone=plain_text.spoken_number(row.phone.strip()), web=plain_text.web_address(row.url)
                ),
                colour=theme.colour if theme else _NO_STONE[0],
                icon=theme.icon if theme else "Calendar",
                demonstration=row.source == "demonstration",
            )
        )
    return entries


def _of_events(items: Sequence[Item], themes: _Themes, language: str, today: dt.date) -> _Found:
    wanted = {item.id for item in items}
    coming = [each for each in coming_events(today) if each.happening.id in wanted]
    return {entry.item: entry for entry in events(coming, themes, language)}


def coming_events(today: dt.date) -> Sequence[Dated]:
    """Return the next date of every event, the nearest first."""
    return [each for each in next_of(today=today, most=MOST_EVENTS) if each.happening.kind is Kind.EVENT]


def events(coming: Sequence[Dated], themes: Mapping[str, PublishedTheme], language: str) -> Sequence[Entry]:
    """Return events as a card shows them, each by its next date."""
    places = municipalities()
    theme_ids = theme_ids_of([each.happening.id for each in coming])
    by_id = {theme.id: theme for theme in themes.values()}
    entries: list[Entry] = []
    for each in coming:
        row = each.happening
        theme = next((by_id[one] for one in theme_ids.get(row.id, ()) if one in by_id), None)
        entries.append(
            Entry(
                item=Item.of(ItemKind.EVENT, str(row.id)),
                kind=_p("wellbeing card", "Event"),
                name=in_language(row.name, language),
                facts=_told(
                    Localized(_event_when(each, language), language),
                    Localized(happenings.where(row, places, language), language),
                    Localized(happenings.price(row, language), language),
                ),
                url=happenings.page_url(row),
                contact=Contact(
                    phone=plain_text.spoken_number(row.phone.strip()), web=plain_text.web_address(row.url)
                ),
                colour=theme.colour if theme else _NO_STONE[0],
                icon=theme.icon if theme else "Calendar",
                demonstration=row.source == "demonstration",
            )
        )
    return entries


def _event_when(dated: Dated, language: str) -> str:
    rule, date = rule_of(dated.happening), dated.date
    if rule.every is not Every.ONCE:
        return happening_labels.when(rule, language)
    # Its day may have been moved since the rule was written.
    day = happening_labels.short_day(date.day, language)
    return f"{day} {happening_labels.span(date.starts_at, date.ends_at)}"


def _of_paths(items: Sequence[Item], themes: _Themes, language: str, today: dt.date) -> _Found:
    del today
    wanted = {item.ref for item in items}
    found = [path for path in guided_paths.published() if path.slug in wanted]
    return {entry.item: entry for entry in paths(found, themes, language)}


def paths(
    found: Sequence[GuidedPath], themes: Mapping[str, PublishedTheme], language: str
) -> Sequence[Entry]:
    """Return guided paths as a card shows them."""
    entries: list[Entry] = []
    for path in found:
        theme = themes.get(path.theme)
        entries.append(
            Entry(
                item=Item.of(ItemKind.PATH, path.slug),
                kind=_p("wellbeing card", "Find help step by step"),
                name=in_language(path.name, language),
                facts=_told(in_language(path.summary, language)),
                url=url_for("guided_paths.start", slug=path.slug),
                contact=Contact(),
                colour=theme.colour if theme else _NO_STONE[0],
                icon="Compass",
            )
        )
    return entries


def _of_tools(items: Sequence[Item], themes: _Themes, language: str, today: dt.date) -> _Found:
    del themes, today
    found = tools_by_slug([item.ref for item in items], language=language)
    return {
        item: Entry(
            item=item,
            kind=TOOL_KINDS[tool.kind],
            name=tool.name,
            facts=_told(tool.summary),
            url=tool.url,
            contact=Contact(web=plain_text.web_address(tool.url)),
            colour="accent",
            icon="Tasklist",
        )
        for item in items
        if (tool := found.get(item.ref)) is not None
    }


def _of_programmes(items: Sequence[Item], themes: _Themes, language: str, today: dt.date) -> _Found:
    del today
    if PROGRAMME not in current_app.view_functions:
        return {}
    known = {each.slug: each for each in programmes()}
    found: dict[Item, Entry] = {}
    for item in items:
        programme = known.get(item.ref)
        if programme is None:
            continue
        theme = themes.get(programme.theme)
        found[item] = Entry(
            item=item,
            kind=TOOL_KINDS[ToolKind.SELF_CARE_PROGRAMME],
            name=in_language(programme.name, language),
            facts=_told(in_language(programme.summary, language)),
            url=url_for(PROGRAMME, slug=programme.slug),
            contact=Contact(),
            colour=theme.colour if theme else _NO_STONE[0],
            icon=theme.icon if theme else "Tasklist",
        )
    return found


def _told(*texts: Localized) -> Sequence[Localized]:
    return [text for text in texts if text]


_LOOKS: Mapping[ItemKind, Callable[[Sequence[Item], _Themes, str, dt.date], _Found]] = {
    ItemKind.THEME: _of_themes,
    ItemKind.SERVICE: _of_services,
    ItemKind.GROUP: _of_groups,
    ItemKind.TOOL: _of_tools,
    ItemKind.PROGRAMME: _of_programmes,
    ItemKind.EVENT: _of_events,
    ItemKind.PATH: _of_paths,
}
