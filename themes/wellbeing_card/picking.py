"""What a professional may pick from while putting a card together: a theme, or what a search finds."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from themes.directory import queries as directory
from themes.directory.filters import Group, page_number
from themes.happenings.queries import groups_with_rows, theme_ids_of
from themes.search.plan import LONGEST_QUERY
from themes.search.queries import search
from themes.tools.queries import tools_of_theme
from themes.topics.queries import PublishedTheme, published_themes
from themes.wellbeing_card import contents
from themes.wellbeing_card.card import Card, Item, ItemKind
from themes.wellbeing_card.contents import Entry

PAGE_SIZE = 10
_MOST_GROUPS = 30


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the address asks for; what nobody knows is passed over."""

    query: str = ""
    theme: str = ""
    municipality: str = ""
    page: str | None = None

    def __post_init__(self) -> None:
        # Shown again in the page, where control characters have no place.
        plain = "".join(sign if sign.isprintable() else " " for sign in self.query[:LONGEST_QUERY])
        object.__setattr__(self, "query", " ".join(plain.split()))

    def __bool__(self) -> bool:
        return bool(self.query or self.theme)


@dataclass(frozen=True, kw_only=True)
class Pick:
    """What can be added, without what would not be found again."""

    themes: Sequence[PublishedTheme]
    theme: PublishedTheme | None
    """The one that is looked through."""
    whole: Entry | None
    services: Sequence[Entry]
    total: int
    """Of services; a page's worth of them is here."""
    groups: Sequence[Entry]
    tools: Sequence[Entry]
    page: int
    last: int


def pick(asked: Asked, *, language: str, today: dt.date) -> Pick:
    """Return what an address asks for, a page of services at a time.

    Args:
        asked: words, a theme's slug, a municipality's code.
        language: of the page.
        today: the Helsinki day.
    """
    themes = published_themes(language=language, today=today)
    theme = next((each for each in themes if each.slug == asked.theme), None)
    if not asked.query and theme is None:
        return Pick(
            themes=themes, theme=None, whole=None, services=(), total=0, groups=(), tools=(), page=1, last=1
        )
    entries = directory.entries(language=language, today=today, theme_id=theme.id if theme else None)
    ids = [
        each.id
        for each in entries
        if not asked.municipality or each.has(Group.MUNICIPALITY, asked.municipality)
    ]
    if asked.query:
        answer = search(asked.query, language=language, limit=len(ids) or 1, allowed=frozenset(ids))
        ids = [hit.service_id for hit in answer.hits]
    page, last = page_number(asked.page, total=len(ids), size=PAGE_SIZE)
    first = theme is not None and page == 1 and not asked.query
    return Pick(
        themes=themes,
        theme=theme,
        whole=contents.theme_entry(theme) if theme is not None and first else None,
        services=contents.services(ids[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], language, today),
        total=len(ids),
        groups=_groups(asked, theme, themes, language, today) if page == 1 else (),
        tools=_tools(theme, asked, language, today) if theme is not None and first else (),
        page=page,
        last=last,
    )


def _groups(
    asked: Asked,
    theme: PublishedTheme | None,
    themes: Sequence[PublishedTheme],
    language: str,
    today: dt.date,
) -> Sequence[Entry]:
    pairs = [
        pair
        for pair in groups_with_rows(today=today)
        if contents.is_on(pair[0])
        and (not asked.municipality or pair[0].municipality_code in {None, asked.municipality})
    ]
    if theme is not None:
        of = theme_ids_of([view.id for view, _row in pairs])
        pairs = [pair for pair in pairs if theme.id in of.get(pair[0].id, ())]
    if asked.query:
        # A group is few words: those who look for one by name find it, all else is found by its theme.
        wanted = asked.query.casefold()
        pairs = [pair for pair in pairs if any(wanted in name.casefold() for name in pair[0].name.values())]
    return contents.groups(pairs[:_MOST_GROUPS], {each.slug: each for each in themes}, language)


def _tools(theme: PublishedTheme, asked: Asked, language: str, today: dt.date) -> Sequence[Entry]:
    items = tuple(
        Item.of(ItemKind.PROGRAMME if tool.own else ItemKind.TOOL, tool.slug)
        for tool in tools_of_theme(theme.id, language=language, municipality=asked.municipality or None)
    )
    return contents.contents(Card(items=items), language=language, today=today).entries
