"""Addresses of the front page and of the themes."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from servicetray.core import access, caching, clock
from servicetray.core.content import kept
from servicetray.core.db import in_language
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import Municipality, municipalities
from servicetray.core.pages import render
from themes.directory import linked
from themes.directory import queries as directory
from themes.directory.filters import PARAMETERS, Group
from themes.directory.listing import Making, whole_county
from themes.happenings.listing import beside
from themes.happenings.queries import next_days_by_service
from themes.tools.queries import tests_and_programmes, tools_of_theme
from themes.topics.pages import FrontPage, Place, ThemePage, Tile
from themes.topics.queries import published_themes

blueprint = Blueprint("topics", __name__)

_MOST_TOOLS = 4


@blueprint.get("/")
@access.public
@caching.parameters(Group.MUNICIPALITY.value)
def front() -> Response:
    """Show the themes with how much each holds, for the county or for one municipality (``?kunta=286``)."""
    language, today = current_language(), clock.helsinki_day(clock.now())
    known = municipalities()
    asked = request.args.get(Group.MUNICIPALITY.value, "")
    here = asked if any(place.code == asked for place in known) else None
    themes = published_themes(language=language, today=today)
    counts = kept(("directory.counts", today, here), lambda: directory.counts(today=today, municipality=here))
    parameters = _choice(here)
    return render(
        FrontPage(
            title=_("A good day starts close to home"),
            description=_("Find services, groups and good company near you. No sign-in, no cookies."),
            places=_places(known, here, language),
            tiles=[
                Tile(
                    theme=theme,
                    url=url_for("topics.theme", slug=theme.slug, **parameters),
                    count=counts.by_theme.get(theme.id, 0),
                )
                for theme in themes
            ],
            all_url=url_for("directory.services", **parameters),
            total=counts.total,
            today=today,
            tools=kept(
                ("topics.tests", language, today),
                lambda: tests_and_programmes(
                    [theme.id for theme in themes], language=language, most=_MOST_TOOLS
                ),
            ),
            coming=kept(
                ("topics.beside", None, language, today, here),
                lambda: beside(language=language, today=today, municipality=here, places=known),
            ),
        )
    )


@blueprint.get("/teemat/<slug>")
@access.public
@caching.parameters(*PARAMETERS)
def theme(slug: str) -> Response:
    """Show a theme that is published: its services and tools, narrowed by the choices in the address."""
    language, today = current_language(), clock.helsinki_day(clock.now())
    themes = published_themes(language=language, today=today)
    found = next((theme for theme in themes if theme.slug == slug), None)
    if found is None:
        raise NotFoundError(slug)
    known = municipalities()
    making = Making(
        entries=directory.entries(language=language, today=today, theme_id=found.id),
        places=known,
        arguments=request.args,
        address=lambda parameters: url_for("topics.theme", slug=slug, **parameters),
        language=language,
        today=today,
        themes=themes,
        fixed=frozenset({Group.THEME}),
        nearest=lambda: next_days_by_service(today),
    )
    listing = making.listing()
    here = next((place for place in known if place.code == listing.municipality), None)
    title = found.name.text
    if here is not None:
        title = f"{title} {in_language(here.name_in, language).text}"
    return render(
        ThemePage(
            title=title,
            description=linked.summary(found.lead.text, found.summary.text),
            linked=linked.graph(
                linked.breadcrumbs([(_("Themes"), url_for("topics.front")), (found.name.text, "")])
            ),
            theme=found,
            listing=listing,
            tools=kept(
                ("topics.tools_of", found.id, language, listing.municipality),
                lambda: tools_of_theme(found.id, language=language, municipality=listing.municipality),
            ),
            coming=kept(
                ("topics.beside", found.id, language, today, listing.municipality),
                lambda: beside(
                    language=language,
                    today=today,
                    theme=found,
                    municipality=listing.municipality,
                    places=known,
                ),
            ),
            front_url=url_for("topics.front", **_choice(listing.municipality)),
        )
    )


def _choice(municipality: str | None) -> dict[str, Any]:
    return {Group.MUNICIPALITY.value: municipality} if municipality else {}


def _places(known: Sequence[Municipality], here: str | None, language: str) -> Sequence[Place]:
    everywhere = Place(code="", name=whole_county(), url=url_for("topics.front"), current=here is None)
    return [
        everywhere,
        *(
            Place(
                code=place.code,
                name=in_language(place.name, language).text,
                url=url_for("topics.front", **_choice(place.code)),
                current=place.code == here,
            )
            for place in known
        ),
    ]
