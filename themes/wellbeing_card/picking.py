"""What a professional may pick from while putting a card together: a theme, or what a search finds."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from themes.directory import queries as directory
from themes.directory.filters import Filters, Group, Narrowing, page_number
from themes.finding import queries as finding
from themes.finding.narrowing import FoundNarrowing
from themes.finding.queries import Finding, find
from themes.guided_paths import queries as guided_paths
from themes.happenings.queries import Kind, groups_with_rows, theme_ids_of
from themes.search.plan import LONGEST_QUERY
from themes.tools.queries import tools_of_theme
from themes.topics.queries import PublishedTheme, published_themes
from themes.wellbeing_card import contents
from themes.wellbeing_card.card import Card, Item, ItemKind
from themes.wellbeing_card.contents import Entry as Shown

PAGE_SIZE = 10
_MOST_GROUPS = 30
_MOST_EVENTS = 10


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
    whole: Shown | None = None
    services: Sequence[Shown] = ()
    total: int = 0
    """Of services; a page's worth of them is here."""
    groups: Sequence[Shown] = ()
    events: Sequence[Shown] = ()
    paths: Sequence[Shown] = ()
    tools: Sequence[Shown] = ()
    page: int = 1
    last: int = 1


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
        return Pick(themes=themes, theme=None)
    looking = _Looking(asked=asked, theme=theme, themes=themes, language=language, today=today)
    ids = looking.services()
    page, last = page_number(asked.page, total=len(ids), size=PAGE_SIZE)
    shown = Pick(
        themes=themes,
        theme=theme,
        services=contents.services(ids[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], language, today),
        total=len(ids),
        page=page,
        last=last,
    )
    if page > 1:
        return shown
    shown = replace(shown, groups=looking.groups(), events=looking.events(), paths=looking.paths())
    if theme is None or asked.query:
        return shown
    return replace(shown, whole=contents.theme_entry(theme), tools=looking.tools(theme))


@dataclass(frozen=True, kw_only=True)
class _Looking:
    """One look for things to add."""

    asked: Asked
    theme: PublishedTheme | None
    themes: Sequence[PublishedTheme]
    language: str
    today: dt.date

    @property
    def by_slug(self) -> Mapping[str, PublishedTheme]:
        return {each.slug: each for each in self.themes}

    @cached_property
    def found(self) -> Finding:
        """What the residents' search finds for the words."""
        asked = finding.Asked(query=self.asked.query, municipality=self.asked.municipality or None)
        return find(asked, language=self.language, today=self.today)

    def found_of(self, kind: Kind) -> frozenset[uuid.UUID]:
        return frozenset(card.happening_id for card in self.found.coming if card.kind is kind)

    def services(self) -> Sequence[uuid.UUID]:
        chosen: dict[Group, tuple[str, ...]] = {}
        if self.asked.municipality:
            chosen[Group.MUNICIPALITY] = (self.asked.municipality,)
        if not self.asked.query:
            theme_id = self.theme.id if self.theme else None
            entries = directory.entries(language=self.language, today=self.today, theme_id=theme_id)
            return [each.id for each in Narrowing(entries, Filters(chosen)).results]
        if self.theme:
            chosen[Group.THEME] = (self.theme.slug,)
        found = self.found
        narrowing = FoundNarrowing(found.answer, found.facets, found.by_id, Filters(chosen))
        return [each.id for each in narrowing.results]

    def groups(self) -> Sequence[Shown]:
        pairs = [
            pair
            for pair in groups_with_rows(today=self.today)
            if contents.is_on(pair[0]) and self._here(pair[0].municipality_code)
        ]
        of = theme_ids_of([view.id for view, _row in pairs])
        pairs = [pair for pair in pairs if self._of_theme(of.get(pair[0].id, ()))]
        if self.asked.query:
            ids, wanted = self.found_of(Kind.GROUP), self.asked.query.casefold()
            # The search finds what can be joined; who knows a group by its name finds it when it is full, too.
            pairs = [
                pair
                for pair in pairs
                if pair[0].id in ids or any(wanted in name.casefold() for name in pair[0].name.values())
            ]
        return contents.groups(pairs[:_MOST_GROUPS], self.by_slug, self.language)

    def events(self) -> Sequence[Shown]:
        coming = [
            each
            for each in contents.coming_events(self.today)
            if self._here(each.happening.municipality_code)
            and (not self.asked.query or each.happening.id in self.found_of(Kind.EVENT))
        ]
        of = theme_ids_of([each.happening.id for each in coming])
        coming = [each for each in coming if self._of_theme(of.get(each.happening.id, ()))]
        return contents.events(coming[:_MOST_EVENTS], self.by_slug, self.language)

    def paths(self) -> Sequence[Shown]:
        every = {path.slug: path for path in guided_paths.published()}
        slugs: Iterable[str] = (
            (each.slug for each in guided_paths.fitting(self.asked.query, self.language))
            if self.asked.query
            else every
        )
        of = [every[slug] for slug in slugs if self.theme is None or every[slug].theme == self.theme.slug]
        return contents.paths(of, self.by_slug, self.language)

    def tools(self, theme: PublishedTheme) -> Sequence[Shown]:
        place = self.asked.municipality or None
        items = tuple(
            Item.of(ItemKind.PROGRAMME if tool.own else ItemKind.TOOL, tool.slug)
            for tool in tools_of_theme(theme.id, language=self.language, municipality=place)
        )
        card = Card(items=items)
        return contents.contents(card, language=self.language, today=self.today).entries

    def _here(self, code: str | None) -> bool:
        return not self.asked.municipality or code in {None, self.asked.municipality}

    def _of_theme(self, ids: Sequence[int]) -> bool:
        return self.theme is None or self.theme.id in ids
