"""Which municipalities take referrals of a kind today, said before anything is filled in."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from babel.lists import format_list
from flask_babel import format_date, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_pgettext as _p

from referrals.kinds.queries import Kind
from referrals.municipality import queries as municipality
from referrals.municipality.queries import Route
from servicetray.accounts import queries as accounts
from servicetray.core import clock
from servicetray.core.db import in_language
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipalities
from servicetray.core.pages import Text

COUNSELLED_IN: dict[str, Text] = {
    "fi": _p("counselled", "in Finnish"),
    "sv": _p("counselled", "in Swedish"),
    "en": _p("counselled", "in English"),
    "fse": _p("counselled", "in Finnish sign language"),
    "fss": _p("counselled", "in Finland-Swedish sign language"),
}


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A municipality as the form shows it: what to expect there, or why it can't be chosen."""

    code: str
    name: str
    note: str
    """Usual wait, languages and absence where it is open; else why not."""
    unit_name: str
    unit_phone: str
    route: Route | None

    @property
    def is_open(self) -> bool:
        """Whether it takes referrals today."""
        return self.route is not None and self.route.is_open


def openings(kind: Kind, *, on: dt.date) -> Sequence[Opening]:
    """Return every municipality of the county with what its counselling of a kind offers on a day, by name."""
    routes = {route.municipality_code: route for route in municipality.routes(kind.code, on=on)}
    units = {unit.id: unit for unit in accounts.units(route.unit_id for route in routes.values())}
    language = current_language()
    found = []
    for place in municipalities():
        route = routes.get(place.code)
        unit = units.get(route.unit_id) if route else None
        unit_name = in_language(unit.name, language).text if unit else ""
        found.append(
            Opening(
                code=place.code,
                name=in_language(place.name, language).text,
                note=_open_note(route) if route and route.is_open else _closed_note(route, unit_name, on=on),
                unit_name=unit_name,
                unit_phone=unit.phone if unit else "",
                route=route,
            )
        )
    return found


def back_on(absence_until: dt.date) -> dt.date:
    """Return the first working day after an absence."""
    return clock.next_working_day(absence_until + dt.timedelta(days=1))


def _open_note(route: Route) -> str:
    said = []
    if route.absence_until is not None:
        day = format_date(back_on(route.absence_until), "d.M.yyyy")
        said.append(_("Answered from %(day)s.", day=day))
    elif route.usual_wait_days is not None:
        said.append(
            ngettext(
                "The wait is about one working day.",
                "The wait is about %(num)s working days.",
                route.usual_wait_days,
            )
        )
    if route.languages:
        said.append(_("Counselling %(languages)s.", languages=_languages(route.languages)))
    return " ".join(said)


def _closed_note(route: Route | None, unit_name: str, *, on: dt.date) -> str:
    if route is None:
        return _("No counselling of this kind here.")
    if route.opens_on > on:
        return _("%(unit)s opens on %(day)s.", unit=unit_name, day=format_date(route.opens_on, "d.M.yyyy"))
    last = route.closed_since or on
    return _("%(unit)s ended on %(day)s.", unit=unit_name, day=format_date(last, "d.M.yyyy"))


def _languages(codes: Sequence[str]) -> str:
    names = [str(COUNSELLED_IN.get(code, code)) for code in codes]
    return format_list(names, locale=get_locale() or "fi")
