"""Addresses of the directory: services, providers and municipalities."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from servicetray.core import access, caching, clock
from servicetray.core.content import kept
from servicetray.core.db import in_language
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipalities, municipality_by_slug
from servicetray.core.pages import render
from themes.directory import labels, linked, queries
from themes.directory.details import ChannelView, service_details
from themes.directory.ended import EndedError
from themes.directory.ended import answer as ended_answer
from themes.directory.entries import entries_in, entries_of
from themes.directory.filters import PARAMETERS, Group
from themes.directory.listing import Making
from themes.directory.opening import state
from themes.directory.pages import (
    MunicipalityPage,
    PlaceTheme,
    ProviderPage,
    ProvidersPage,
    ServicePage,
    ServicesPage,
)
from themes.directory.providers import listed_providers, provider_details
from themes.happenings.listing import beside
from themes.happenings.queries import next_days_by_service
from themes.topics.queries import published_themes

blueprint = Blueprint("directory", __name__)


@blueprint.errorhandler(EndedError)
def ended(error: EndedError) -> Response:
    """Say that a service has ended, and where to go on."""
    return ended_answer(error)


@blueprint.get("/palvelut")
@access.public
@caching.parameters(*PARAMETERS)
def services() -> Response:
    """Show all services by name, narrowed by the choices in the address."""
    language, today = current_language(), clock.helsinki_day(clock.now())
    making = Making(
        entries=queries.entries(language=language, today=today),
        places=municipalities(),
        arguments=request.args,
        address=lambda parameters: url_for("directory.services", **parameters),
        language=language,
        today=today,
        themes=published_themes(language=language, today=today),
        nearest=lambda: next_days_by_service(today),
    )
    title = _("All services")
    return render(
        ServicesPage(
            title=title,
            description=_(
                "Every service in the tray, by municipality, stage of life, price and accessibility."
            ),
            linked=linked.graph(linked.breadcrumbs([(_("Themes"), url_for("topics.front")), (title, "")])),
            listing=making.listing(),
        )
    )


@blueprint.get("/palvelut/<uuid:service_id>")
@access.public
@caching.parameters()
def service(service_id: uuid.UUID) -> Response:
    """Show one service."""
    language, today = current_language(), clock.helsinki_day(clock.now())
    found = kept(
        ("directory.details", service_id, language, today),
        lambda: service_details(service_id, language=language, today=today),
    )
    theme = found.theme
    above = (theme.name.text, url_for("topics.theme", slug=theme.slug)) if theme else None
    trail = [
        (_("Themes"), url_for("topics.front")),
        above or (_("All services"), url_for("directory.services")),
    ]
    return render(
        ServicePage(
            title=found.name.text,
            description=linked.summary(found.summary.text, found.name.text),
            linked=linked.graph(linked.service(found), linked.breadcrumbs([*trail, (found.name.text, "")])),
            service=found,
            languages=", ".join(labels.language_name(code, language) for code in found.languages),
            only_in=labels.only_in(found.only_in, language) if found.only_in else None,
            easy_only_in=labels.only_in(found.easy.lang, language),
            hours={at: _open(channel, language) for at, channel in enumerate(found.channels)},
            openings=_openings(found.channels),
            coming=kept(
                ("directory.beside", service_id, language, today),
                lambda: beside(language=language, today=today, service_id=service_id),
            ),
            address=linked.here(),
            today=today,
        )
    )


@blueprint.get("/jarjestajat")
@access.public
@caching.parameters()
def providers() -> Response:
    """Show every provider that has a service to see."""
    language, today = current_language(), clock.helsinki_day(clock.now())
    return render(
        ProvidersPage(
            title=_("Providers"),
            description=_(
                "The organisations behind the services: municipalities, associations, parishes and others."
            ),
            providers=listed_providers(language=language, today=today),
        )
    )


@blueprint.get("/jarjestajat/<uuid:provider_id>")
@access.public
@caching.parameters(*PARAMETERS)
def provider(provider_id: uuid.UUID) -> Response:
    """Show a provider and its services, narrowed by the choices in the address."""
    language, today = current_language(), clock.helsinki_day(clock.now())
    found = provider_details(provider_id, language=language, today=today)
    making = Making(
        entries=entries_of(provider_id, language=language, today=today),
        places=municipalities(),
        arguments=request.args,
        address=lambda parameters: url_for("directory.provider", provider_id=provider_id, **parameters),
        language=language,
        today=today,
        themes=published_themes(language=language, today=today),
        nearest=lambda: next_days_by_service(today),
    )
    place = in_language(found.place.name, language).text if found.place else ""
    return render(
        ProviderPage(
            title=found.name.text,
            description=_(
                "The services of %(name)s in the tray, and how to get in touch.", name=found.name.text
            ),
            linked=linked.graph(
                linked.provider(found),
                linked.breadcrumbs([(_("Providers"), url_for("directory.providers")), (found.name.text, "")]),
            ),
            provider=found,
            place=place,
            place_url=url_for("directory.municipality", slug=found.place.slug) if found.place else "",
            listing=making.listing(),
        )
    )


@blueprint.get("/kunnat/<slug>")
@access.public
@caching.parameters(*PARAMETERS)
def municipality(slug: str) -> Response:
    """Show what there is in a municipality: themes, services, events and groups."""
    language, today = current_language(), clock.helsinki_day(clock.now())
    here = municipality_by_slug(slug)
    if here is None:
        raise NotFoundError(slug)
    known = municipalities()
    themes = published_themes(language=language, today=today)
    counts = kept(
        ("directory.counts", today, here.code), lambda: queries.counts(today=today, municipality=here.code)
    )
    making = Making(
        entries=entries_in(here.code, language=language, today=today),
        places=known,
        arguments=request.args,
        address=lambda parameters: url_for("directory.municipality", slug=slug, **parameters),
        language=language,
        today=today,
        themes=themes,
        fixed=frozenset({Group.MUNICIPALITY}),
        nearest=lambda: next_days_by_service(today),
    )
    name, name_in = in_language(here.name, language), in_language(here.name_in, language)
    chosen: dict[str, Any] = {Group.MUNICIPALITY.value: here.code}
    return render(
        MunicipalityPage(
            title=name.text,
            description=_("Services, groups and events that keep you well %(where)s.", where=name_in.text),
            linked=linked.graph(
                linked.breadcrumbs([(_("Themes"), url_for("topics.front")), (name.text, "")])
            ),
            name=name,
            name_in=name_in,
            tiles=[
                PlaceTheme(theme=theme, url=url_for("topics.theme", slug=theme.slug, **chosen), count=count)
                for theme in themes
                if (count := counts.by_theme.get(theme.id, 0))
            ],
            listing=making.listing(),
            coming=kept(
                ("directory.beside", here.code, language, today),
                lambda: beside(language=language, today=today, municipality=here.code, places=known),
            ),
            neighbours=[
                (in_language(each.name, language).text, url_for("directory.municipality", slug=each.slug))
                for each in known
                if each.code != here.code
            ],
        )
    )


def _openings(channels: Sequence[ChannelView]) -> dict[int, tuple[str, str]]:
    now = clock.now()
    reckoned = {at: state(channel.hours_told, now) for at, channel in enumerate(channels)}
    return {
        at: (labels.openness(opening, now), labels.OPENNESS_COLOURS[opening.now])
        for at, opening in reckoned.items()
        if opening is not None
    }


def _open(channel: ChannelView, language: str) -> Sequence[str]:
    lines: list[str] = []
    today = clock.helsinki_day(clock.now())
    for hours in channel.hours:
        if hours.valid_to is not None and hours.valid_to < today:
            continue
        one_day = hours.valid_from is not None and hours.valid_from == hours.valid_to
        days = None if one_day else hours.days
        times = labels.opening(days, hours.opens, hours.closes, language, closed=hours.closed)
        # A period that has begun and has no end is simply how it is.
        begun = hours.valid_to is None and (hours.valid_from is None or hours.valid_from <= today)
        when = "" if begun else labels.period(hours.valid_from, hours.valid_to, language)
        line = " ".join(part for part in (when, times) if part)
        booked = _("by appointment") if hours.by_reservation else ""
        lines.append(", ".join(part for part in (line, booked, hours.info.text) if part))
    return [line for line in lines if line]
