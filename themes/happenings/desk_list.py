"""The lists of events and of groups as editors narrow them: piles, words, pages, as the list of services has them."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from functools import partial
from typing import Final

from flask_babel import lazy_pgettext as _lp
from flask_babel import pgettext as _p
from werkzeug.wrappers import Response as BaseResponse

from servicetray.core import clock
from servicetray.core.db import in_language
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipalities
from servicetray.core.pages import Text, render
from themes.directory import queries as directory
from themes.directory.desk import lists
from themes.directory.listing import whole_county
from themes.happenings import desk_queries, labels, operations, whose
from themes.happenings.desk_queries import DeskRow
from themes.happenings.models import Happening, Kind, State
from themes.happenings.pages import DeskPage, Kept


class Pile(StrEnum):
    """Which events or groups a list shows, by the word of the address."""

    ALL = ""
    COMING = "tulossa"
    DRAFTS = "luonnokset"
    CANCELLED = "perutut"
    OVER = "menneet"


PILES: Final[Mapping[Pile, Text]] = {
    Pile.ALL: _lp("happenings", "All"),
    Pile.COMING: _lp("happenings", "To come"),
    Pile.DRAFTS: _lp("happenings", "Drafts"),
    Pile.CANCELLED: _lp("happenings", "Cancelled"),
    Pile.OVER: _lp("happenings", "Over"),
}


def pile_of(row: DeskRow, today: dt.date) -> Pile:
    """Return where something lies on a Helsinki day: each in one pile, besides all."""
    if row.state is State.DRAFT:
        return Pile.DRAFTS
    if is_over(row, today):
        return Pile.OVER
    return Pile.CANCELLED if row.cancelled else Pile.COMING


def is_over(row: DeskRow, today: dt.date) -> bool:
    """Whether its last date was before a day."""
    return row.last is not None and row.last < today


def answer(kind: Kind, what: str) -> BaseResponse:
    """Return the page of the events or groups that the person keeps; ``what`` is their word of the address."""
    today = clock.helsinki_day(clock.now())
    found = lists.listed(
        whose.listed(kind),
        piles=PILES,
        lies_in=lambda row, pile: pile_of(row, today) is pile,
        in_order=lambda rows, _pile: rows,
    )
    whole = desk_queries.by_id([row.id for row in found.things])
    shown = partial(
        _kept,
        places={place.code: in_language(place.name, current_language()).text for place in municipalities()},
        providers={
            key: in_language(name, current_language()).text
            for key, name in directory.provider_names({it.provider_id for it in whole.values()}).items()
        },
    )
    return render(
        DeskPage(
            title=_p("editors", "Events") if kind is Kind.EVENT else _p("editors", "Groups"),
            what=what,
            is_groups=kind is Kind.GROUP,
            list=found,
            rows=[shown(whole[row.id], is_past=is_over(row, today)) for row in found.things],
        )
    )


def _kept(
    it: Happening, *, is_past: bool, places: Mapping[str, str], providers: Mapping[object, str]
) -> Kept:
    language = current_language()
    colour = "success" if it.state is State.PUBLISHED else "neutral"
    return Kept(
        id=it.id,
        name=in_language(it.name, language),
        provider=providers.get(it.provider_id, ""),
        municipality=places.get(it.municipality_code or "", whole_county()),
        when=labels.when(operations.rule_of(it), language),
        state=_p("content", "Cancelled") if it.cancelled_at else labels.STATES[it.state],
        colour="danger" if it.cancelled_at else colour,
        is_over=is_past,
    )
