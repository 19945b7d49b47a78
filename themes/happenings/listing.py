"""The lists of events by day and of groups, narrowed by the choices in the address."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_babel import pgettext as _p
from werkzeug.datastructures import MultiDict

from servicetray.core.db import in_language
from servicetray.core.municipalities import Municipality, municipalities
from servicetray.core.pages import Text
from themes.directory.choices import ChoiceGroup
from themes.directory.filters import PAGE, Filters, Group, Narrowing, Order, page_number
from themes.directory.listing import Chip, Making, WayOn
from themes.directory.queries import provider_names
from themes.happenings import labels, queries
from themes.happenings.cards import Beside, DateCard, GroupCard, date_card, entry_of, group_card
from themes.happenings.models import Kind
from themes.happenings.operations import HORIZON
from themes.topics.queries import PublishedTheme, published_themes

FROM = "alkaen"
"""Name of the day in the address from which a week is shown."""
WEEK = dt.timedelta(days=7)
GROUPS_A_PAGE = 20
_BESIDE = 3
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day with what takes place on it."""

    day: dt.date
    label: str
    cards: Sequence[DateCard]


@dataclass(frozen=True, kw_only=True)
class EventsListing:
    """A week of events."""

    total: int
    heading: str
    period: str
    days: Sequence[Day]
    groups: Sequence[ChoiceGroup]
    chips: Sequence[Chip]
    ways_on: Sequence[WayOn]
    action: str
    kept: Mapping[str, str]
    """What the form of the choices carries on."""
    previous_url: str | None
    next_url: str | None
    today_url: str | None
    feed_url: str
    municipality: str | None


@dataclass(frozen=True, kw_only=True)
class GroupsListing:
    """The groups that are left by the choices."""

    total: int
    heading: str
    cards: Sequence[GroupCard]
    groups: Sequence[ChoiceGroup]
    chips: Sequence[Chip]
    ways_on: Sequence[WayOn]
    action: str
    kept: Mapping[str, str]
    page: int
    last: int
    previous_url: str | None
    next_url: str | None
    municipality: str | None


@dataclass(frozen=True, kw_only=True)
class Choosing(Making):
    """The choices of a list of events or groups: those of services, and the theme."""

    themes: Sequence[PublishedTheme]

    @property
    def filters(self) -> Filters:
        """What was chosen."""
        return Filters.read(self.arguments, self._known())

    def choice_groups(self, narrowing: Narrowing) -> Sequence[ChoiceGroup]:
        """Return the groups of choices that lead somewhere."""
        return self._in_words(self._offers(narrowing, self._known()))

    def chips(self, filters: Filters) -> Sequence[Chip]:
        """Return the choices made."""
        return [
            self._chip(group, value, filters, Order.GIVEN)
            for group in Group
            for value in filters.values(group)
        ]

    def ways_on(self, narrowing: Narrowing, count: Any) -> Sequence[WayOn]:
        """Return what leaving out one choice would show; ``count`` puts a number into words."""
        ways = [
            (narrowing.filters.dropping(group, value), str(self._label(group, value)[0]))
            for group in Group
            for value in narrowing.filters.values(group)
        ]
        return [
            WayOn(
                label=_("Leave out the choice %(name)s", name=label),
                url=self.address(other.parameters()),
                more=count(number),
            )
            for other, label in ways
            if (number := narrowing.count(other))
        ]

    def _known(self) -> dict[Group, Sequence[str]]:
        return {**super()._known(), Group.THEME: tuple(theme.slug for theme in self.themes)}

    def _label(self, group: Group, value: str) -> tuple[Text, str | None]:
        if group is Group.THEME:
            theme = next(theme for theme in self.themes if theme.slug == value)
            return theme.name.text, None
        return super()._label(group, value)


def first_day(asked: str | None, today: dt.date) -> dt.date:
    """Return the day from which the week is shown: today unless a later one is asked for."""
    try:
        wanted = dt.date.fromisoformat(asked or "")
    except ValueError:
        return today
    return min(max(wanted, today), today + HORIZON)


def events_listing(arguments: MultiDict[str, str], *, language: str, today: dt.date) -> EventsListing:
    """Return a week of events, from today or from the day in the address."""
    places, themes = municipalities(), published_themes(language=language, today=today)
    by_id = {theme.id: theme for theme in themes}
    start = first_day(arguments.get(FROM), today)
    end = start + WEEK - _DAY
    week = queries.dates_between(start, end)
    of = queries.theme_ids_of({dated.happening.id for dated in week})
    slugs = {key: [by_id[theme].slug for theme in ids if theme in by_id] for key, ids in of.items()}
    kept: dict[str, Any] = {FROM: start.isoformat()} if start != today else {}
    choosing = Choosing(
        entries=[
            entry_of(each.date.id, each.happening, slugs.get(each.happening.id, ()), language)
            for each in week
        ],
        places=places,
        arguments=arguments,
        address=lambda parameters: url_for("happenings.events", **parameters, **kept),
        language=language,
        today=today,
        themes=themes,
    )
    filters = choosing.filters
    narrowing = Narrowing(choosing.entries, filters)
    wanted = {entry.id for entry in narrowing.results}
    left = [dated for dated in week if dated.date.id in wanted]
    providers = provider_names({dated.happening.provider_id for dated in left})

    def main_theme(dated: queries.Dated) -> PublishedTheme | None:
        return next((by_id[theme] for theme in of.get(dated.happening.id, ()) if theme in by_id), None)

    days = []
    for offset in range(WEEK.days):
        day = start + offset * _DAY
        cards = [
            date_card(dated, language=language, places=places, providers=providers, theme=main_theme(dated))
            for dated in left
            if dated.date.day == day
        ]
        if cards:
            days.append(Day(day=day, label=_day_label(day, today, language), cards=cards))
    return EventsListing(
        total=len(left),
        heading=_events_heading(len(left), filters, places, language),
        period=f"{labels.short_day(start, language)}–{labels.short_day(end, language)}",
        days=days,
        groups=choosing.choice_groups(narrowing),
        chips=choosing.chips(filters),
        ways_on=() if left else _events_ways_on(choosing, narrowing, end),
        action=url_for("happenings.events"),
        kept=kept,
        previous_url=_week_url(filters, max(start - WEEK, today), today) if start > today else None,
        next_url=_week_url(filters, start + WEEK, today) if start + WEEK <= today + HORIZON else None,
        today_url=_week_url(filters, today, today) if start > today + WEEK else None,
        feed_url=url_for("happenings.feed", **_feed_parameters(filters)),
        municipality=filters.municipality,
    )


def groups_listing(arguments: MultiDict[str, str], *, language: str, today: dt.date) -> GroupsListing:
    """Return the groups that are not over, those to join first."""
    places, themes = municipalities(), published_themes(language=language, today=today)
    by_id = {theme.id: theme for theme in themes}
    pairs = queries.groups_with_rows(today=today)
    of = queries.theme_ids_of([view.id for view, _ in pairs])
    slugs = {key: [by_id[theme].slug for theme in ids if theme in by_id] for key, ids in of.items()}
    choosing = Choosing(
        entries=[entry_of(view.id, row, slugs.get(view.id, ()), language) for view, row in pairs],
        places=places,
        arguments=arguments,
        address=lambda parameters: url_for("happenings.groups", **parameters),
        language=language,
        today=today,
        themes=themes,
    )
    filters = choosing.filters
    narrowing = Narrowing(choosing.entries, filters)
    wanted = {entry.id for entry in narrowing.results}
    left = [pair for pair in pairs if pair[0].id in wanted]
    page, last = page_number(arguments.get(PAGE), total=len(left), size=GROUPS_A_PAGE)
    shown = left[(page - 1) * GROUPS_A_PAGE : page * GROUPS_A_PAGE]
    providers = provider_names({row.provider_id for _, row in shown})
    return GroupsListing(
        total=len(left),
        heading=_groups_heading(len(left), filters, places, language),
        cards=[
            group_card(
                view,
                row,
                language=language,
                places=places,
                providers=providers,
                theme=next((by_id[theme] for theme in of.get(view.id, ()) if theme in by_id), None),
            )
            for view, row in shown
        ],
        groups=choosing.choice_groups(narrowing),
        chips=choosing.chips(filters),
        ways_on=() if left else choosing.ways_on(narrowing, _groups_count),
        action=url_for("happenings.groups"),
        kept={},
        page=page,
        last=last,
        previous_url=_groups_url(filters, page - 1) if page > 1 else None,
        next_url=_groups_url(filters, page + 1) if page < last else None,
        municipality=filters.municipality,
    )


def beside(
    *,
    language: str,
    today: dt.date,
    theme: PublishedTheme | None = None,
    service_id: Any = None,
    municipality: str | None = None,
    places: Sequence[Municipality] | None = None,
    most: int = _BESIDE,
) -> Beside:
    """Return the next events and groups of a theme, a service or a municipality; one question to the database."""
    coming = queries.next_of(
        today=today, theme_id=theme.id if theme else None, service_id=service_id, municipality=municipality
    )
    known = () if not coming else (municipalities() if places is None else places)
    cards = [date_card(each, language=language, places=known, providers={}, theme=theme) for each in coming]
    chosen: dict[str, Any] = {
        **({Group.THEME.value: theme.slug} if theme else {}),
        **({Group.MUNICIPALITY.value: municipality} if municipality else {}),
    }
    return Beside(
        events=[card for card in cards if card.kind is Kind.EVENT][:most],
        groups=[card for card in cards if card.kind is Kind.GROUP][:most],
        events_url=url_for("happenings.events", **chosen),
        groups_url=url_for("happenings.groups", **chosen),
    )


def _feed_parameters(filters: Filters) -> dict[str, Any]:
    # A calendar follows one theme and one municipality; several themes are several calendars.
    themes = filters.values(Group.THEME)
    chosen = {
        Group.THEME.value: themes[0] if len(themes) == 1 else None,
        Group.MUNICIPALITY.value: filters.municipality,
    }
    return {name: value for name, value in chosen.items() if value}


def _week_url(filters: Filters, start: dt.date, today: dt.date) -> str:
    parameters: dict[str, Any] = dict(filters.parameters())
    if start != today:
        parameters[FROM] = start.isoformat()
    return url_for("happenings.events", **parameters)


def _groups_url(filters: Filters, page: int) -> str:
    parameters: dict[str, Any] = dict(filters.parameters())
    if page > 1:
        parameters[PAGE] = page
    return url_for("happenings.groups", **parameters)


def _day_label(day: dt.date, today: dt.date, language: str) -> str:
    words = labels.day_words(day, language)
    if day == today:
        return _("Today, %(day)s", day=words)
    if day == today + _DAY:
        return _("Tomorrow, %(day)s", day=words)
    return words[:1].upper() + words[1:]


def _events_heading(total: int, filters: Filters, places: Sequence[Municipality], language: str) -> str:
    if not total:
        return _("No event this week with these choices") if filters else _("No events this week")
    here = next((place for place in places if place.code == filters.municipality), None)
    if here is None:
        return ngettext("%(num)s event", "%(num)s events", total)
    return ngettext(
        "%(num)s event %(where)s",
        "%(num)s events %(where)s",
        total,
        where=in_language(here.name_in, language).text,
    )


def _events_ways_on(choosing: Choosing, narrowing: Narrowing, end: dt.date) -> Sequence[WayOn]:
    """Return the next day on which something is left, then what leaving out a choice would show."""
    ways: list[WayOn] = []
    coming = queries.open_to_all(today=choosing.today)
    of = queries.theme_ids_of([row.id for row in coming])
    slugs = {theme.id: theme.slug for theme in choosing.themes}
    entries = [
        entry_of(
            row.id, row, [slugs[theme] for theme in of.get(row.id, ()) if theme in slugs], choosing.language
        )
        for row in coming
    ]
    fitting = [entry.id for entry in Narrowing(entries, narrowing.filters).results]
    following = queries.next_day_of(fitting, after=end) if fitting else None
    if following is not None:
        ways.append(
            WayOn(
                label=_("The next one is on %(day)s", day=labels.day_words(following, choosing.language)),
                url=_week_url(narrowing.filters, following, choosing.today),
                more="",
            )
        )
    return [*ways, *choosing.ways_on(narrowing, _events_count)]


def _groups_heading(total: int, filters: Filters, places: Sequence[Municipality], language: str) -> str:
    if not total:
        return _("No group was left with these choices") if filters else _("No groups here yet")
    here = next((place for place in places if place.code == filters.municipality), None)
    if here is None:
        return ngettext("%(num)s group", "%(num)s groups", total)
    return ngettext(
        "%(num)s group %(where)s",
        "%(num)s groups %(where)s",
        total,
        where=in_language(here.name_in, language).text,
    )


def _events_count(number: int) -> str:
    return ngettext("%(num)s event", "%(num)s events", number)


def _groups_count(number: int) -> str:
    return ngettext("%(num)s group", "%(num)s groups", number)


def title_of(page: str) -> str:
    """Return the title of a list: ``events`` or ``groups``."""
    return _p("page", "Events") if page == "events" else _p("page", "Groups")
