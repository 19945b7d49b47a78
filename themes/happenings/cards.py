"""Events and groups as lists show them, in the language of the page."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import pgettext as _p

from servicetray.core.db import Localized, Texts, in_language
from servicetray.core.municipalities import Municipality
from servicetray.core.pages import Text
from themes.directory.filters import FREE, TAKEN, Entry, Group, LifeStage
from themes.directory.labels import LIFE_STAGES, PRICES, only_in
from themes.directory.operations import Price, Source
from themes.happenings import labels
from themes.happenings.groups import GroupView
from themes.happenings.models import DateState, Happening, Kind
from themes.happenings.operations import rule_of
from themes.happenings.queries import Dated
from themes.topics.queries import PublishedTheme


@dataclass(frozen=True, kw_only=True)
class DateCard:
    """One date in a list by day. A blank text is something that nobody has told."""

    happening_id: uuid.UUID
    url: str
    name: Localized
    summary: Localized
    kind: Kind
    day: dt.date
    month: str
    """Of the day, in short."""
    starts_at: dt.datetime
    times: str
    where: str
    price: str
    provider: Localized
    theme: PublishedTheme | None
    cancelled: bool
    moved_from: str
    """The day that it was planned for, in words; empty where it stays."""
    reason: Localized
    only_in: Text | None
    kaikukortti: bool
    demonstration: bool


@dataclass(frozen=True, kw_only=True)
class GroupCard:
    """A group in a list."""

    url: str
    name: Localized
    summary: Localized
    for_whom: str
    where: str
    when: str
    price: str
    provider: Localized
    joining: str
    colour: str
    theme: PublishedTheme | None
    only_in: Text | None
    kaikukortti: bool
    demonstration: bool


@dataclass(frozen=True, kw_only=True)
class Beside:
    """The next events and groups of a theme, a service or a municipality, and the way to all of them."""

    events: Sequence[DateCard]
    groups: Sequence[DateCard]
    events_url: str
    groups_url: str

    def __bool__(self) -> bool:
        return bool(self.events or self.groups)


def date_card(
    dated: Dated,
    *,
    language: str,
    places: Sequence[Municipality],
    providers: Mapping[uuid.UUID, Texts],
    theme: PublishedTheme | None = None,
) -> DateCard:
    """Return the card of a date."""
    date, it = dated.date, dated.happening
    name = in_language(it.name, language)
    moved = date.state is DateState.MOVED and date.planned_on != date.day
    return DateCard(
        happening_id=it.id,
        url=page_url(it),
        name=name,
        summary=in_language(it.summary, language),
        kind=it.kind,
        day=date.day,
        month=labels.month(date.day, language),
        starts_at=date.starts_at,
        times=labels.span(date.starts_at, date.ends_at),
        where=where(it, places, language),
        price=price(it, language),
        provider=in_language(providers.get(it.provider_id), language),
        theme=theme,
        cancelled=dated.cancelled,
        moved_from=labels.short_day(date.planned_on, language) if moved else "",
        reason=in_language(it.cancelled_reason if it.cancelled_at else date.reason, language),
        only_in=only_in(name.lang, language),
        kaikukortti=it.kaikukortti,
        demonstration=it.source is Source.DEMONSTRATION,
    )


def group_card(
    view: GroupView,
    it: Happening,
    *,
    language: str,
    places: Sequence[Municipality],
    providers: Mapping[uuid.UUID, Texts],
    theme: PublishedTheme | None,
) -> GroupCard:
    """Return the card of a group."""
    name = in_language(it.name, language)
    return GroupCard(
        url=page_url(it),
        name=name,
        summary=in_language(it.summary, language),
        for_whom=for_whom(it),
        where=where(it, places, language),
        when=labels.when(rule_of(it), language),
        price=price(it, language),
        provider=in_language(providers.get(it.provider_id), language),
        joining=labels.joining(view, language),
        colour=labels.JOIN_COLOURS[view.state],
        theme=theme,
        only_in=only_in(name.lang, language),
        kaikukortti=it.kaikukortti,
        demonstration=it.source is Source.DEMONSTRATION,
    )


def entry_of(entry_id: uuid.UUID, it: Happening, themes: Sequence[str], language: str) -> Entry:
    """Return an event or group, or one date of it, ready to be narrowed.

    Args:
        entry_id: what stands for it in the list.
        it: the event or group.
        themes: the slugs of its themes.
        language: of the page.
    """
    values = {
        Group.THEME: frozenset(themes),
        Group.MUNICIPALITY: frozenset({it.municipality_code} if it.municipality_code else ()),
        # What is for nobody in particular is for all.
        Group.LIFE_STAGE: frozenset(it.life_stages or LifeStage),
        Group.PRICE: frozenset({FREE} if it.price is Price.FREE else ()),
        Group.FORM: frozenset(it.forms),
        Group.ACCESSIBILITY: frozenset(it.accessibility),
        Group.LANGUAGE: frozenset(it.languages),
        Group.KAIKUKORTTI: frozenset({TAKEN} if it.kaikukortti else ()),
    }
    return Entry(
        id=entry_id,
        name=in_language(it.name, language).text,
        values=values,
        everywhere=it.municipality_code is None,
    )


def page_url(it: Happening) -> str:
    """Return the address of the page of an event or group."""
    return url_for(f"happenings.{it.kind.value}", happening_id=it.id)


def where(it: Happening, places: Sequence[Municipality], language: str) -> str:
    """Return where it is in a few words: the place, then the municipality."""
    place = in_language(it.place, language).text
    town = next(
        (in_language(each.name, language).text for each in places if each.code == it.municipality_code), ""
    )
    # "Kouvolan kirjasto" says where it is; so does "Kirjasto, Kouvola".
    return (
        place if not town or town.casefold() in place.casefold() else ", ".join(filter(None, (place, town)))
    )


def price(it: Happening, language: str) -> str:
    """Return what it costs: its own words, else whether it is free."""
    told = in_language(it.price_details, language).text
    return told or ("" if it.price is Price.UNKNOWN else str(PRICES[it.price]))


def for_whom(it: Happening) -> str:
    """Return for whom it is: its stages of life, or all."""
    stages = [stage for stage in LifeStage if stage in it.life_stages]
    if not stages or len(stages) == len(LifeStage):
        return _p("for whom", "For everyone")
    return ", ".join(str(LIFE_STAGES[stage]) for stage in stages)
