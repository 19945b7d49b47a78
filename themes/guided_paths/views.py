"""Addresses of finding help. All are GET; the address of a step is all there is to know."""

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from servicetray.core import access, clock
from servicetray.core.db import in_language
from servicetray.core.i18n import current_language
from servicetray.core.pages import render
from themes.guided_paths import queries
from themes.guided_paths.pages import HelpPage, PathLink, PathsOfTheme
from themes.guided_paths.stepping import step_page
from themes.search.plan import LONGEST_QUERY
from themes.topics.queries import published_themes

blueprint = Blueprint("guided_paths", __name__)

MOST_FITTING = 5


@blueprint.get("/loyda-apua")
@access.public
def help() -> Response:  # noqa: A001 - the name of the page
    """Show the numbers for an emergency, a place for one's own words (``q``, kept nowhere), and all paths."""
    language, today = current_language(), clock.helsinki_day(clock.now())
    # Shown again in the page, where control characters have no place.
    typed = request.args.get("q", "")[:LONGEST_QUERY]
    query = " ".join("".join(sign if sign.isprintable() else " " for sign in typed).split())
    paths = queries.published()
    found = queries.fitting(query, language, MOST_FITTING) if query else ()
    return render(
        HelpPage(
            title=_("Find help"),
            query=query,
            fitting=[(each, url_for("guided_paths.start", slug=each.slug)) for each in found],
            themes=[
                PathsOfTheme(theme=theme, paths=links)
                for theme in published_themes(language=language, today=today)
                if (
                    links := [
                        PathLink(
                            name=in_language(path.name, language),
                            summary=in_language(path.summary, language),
                            url=url_for("guided_paths.start", slug=path.slug),
                        )
                        for path in paths
                        if path.theme == theme.slug
                    ]
                )
            ],
        )
    )


@blueprint.get("/loyda-apua/<slug>")
@access.public
def start(slug: str) -> Response:
    """Show the first question of a path."""
    return _step(slug, queries.published_path(slug).first.key)


@blueprint.get("/loyda-apua/<slug>/<key>")
@access.public
def step(slug: str, key: str) -> Response:
    """Show a question or an end; ``v`` has the answers that led to it."""
    return _step(slug, key)


def _step(slug: str, key: str) -> Response:
    path = queries.published_path(slug)

    def address(to: str, answers: str | None) -> str:
        if to == path.first.key and not answers:
            return url_for("guided_paths.start", slug=slug)
        return url_for("guided_paths.step", slug=slug, key=to, v=answers)

    return render(
        step_page(
            path,
            key,
            request.args.get("v", ""),
            address=address,
            language=current_language(),
            today=clock.helsinki_day(clock.now()),
        )
    )
