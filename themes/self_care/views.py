"""Addresses of the self-care programmes. The address of a step is the reader's bookmark; we keep nothing."""

from collections.abc import Sequence

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from servicetray.core import access, clock
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.pages import render
from themes.directory.plain_text import blocks
from themes.self_care.pages import ProgrammePage, ProgrammesPage, ProgrammeTile, StepPage, StepView, WholePage
from themes.self_care.queries import Programme, programme, programmes
from themes.tools.labels import TOOL_KINDS
from themes.tools.queries import ToolKind, tools_by_theme
from themes.topics.queries import PublishedTheme, published_themes

blueprint = Blueprint("self_care", __name__)


@blueprint.get("/omahoito")
@access.public
def all_programmes() -> Response:
    """Show every programme: our own, and those that others keep."""
    language, themes = current_language(), _themes()
    by_slug = {theme.slug: theme for theme in themes}
    elsewhere = tools_by_theme([theme.id for theme in themes], language=language)
    return render(
        ProgrammesPage(
            title=_("Self-care programmes"),
            programmes=[
                ProgrammeTile(
                    name=each.name[language],
                    summary=each.summary[language],
                    url=url_for("self_care.one", slug=each.slug),
                    steps=len(each.steps),
                    minutes=each.minutes,
                    theme=by_slug.get(each.theme),
                )
                for each in programmes()
            ],
            elsewhere=[
                tool
                for theme in themes
                for tool in elsewhere.get(theme.id, ())
                if tool.kind in {ToolKind.SELF_CARE_PROGRAMME, ToolKind.SELF_CARE} and not tool.own
            ],
            label=TOOL_KINDS[ToolKind.SELF_CARE_PROGRAMME],
        )
    )


@blueprint.get("/omahoito/<slug>")
@access.public
def one(slug: str) -> Response:
    """Show what a programme is and its steps."""
    found, language = programme(slug), current_language()
    return render(
        ProgrammePage(
            title=found.name[language],
            slug=slug,
            lead=found.lead[language],
            heed=found.heed[language],
            minutes=found.minutes,
            steps=_steps(found),
            theme=_theme(found),
            whole_url=url_for("self_care.whole", slug=slug),
        )
    )


@blueprint.get("/omahoito/<slug>/<int:number>")
@access.public
def step(slug: str, number: int) -> Response:
    """Show one step."""
    found, language = programme(slug), current_language()
    steps = _steps(found)
    if not 1 <= number <= len(steps):
        raise NotFoundError(f"{slug}/{number}")
    here = steps[number - 1]
    return render(
        StepPage(
            title=f"{here.number}. {here.title}",
            slug=slug,
            programme=found.name[language],
            programme_url=url_for("self_care.one", slug=slug),
            step=here,
            steps=steps,
            theme=_theme(found),
            search=found.search[language],
        )
    )


@blueprint.get("/omahoito/<slug>/kaikki")
@access.public
def whole(slug: str) -> Response:
    """Show all steps on one page, made for paper."""
    found, language = programme(slug), current_language()
    return render(
        WholePage(
            title=found.name[language],
            lead=found.lead[language],
            heed=found.heed[language],
            steps=_steps(found),
            programme_url=url_for("self_care.one", slug=slug),
            theme=_theme(found),
        )
    )


def _themes() -> Sequence[PublishedTheme]:
    return published_themes(language=current_language(), today=clock.helsinki_day(clock.now()))


def _theme(found: Programme) -> PublishedTheme | None:
    return next((theme for theme in _themes() if theme.slug == found.theme), None)


def _steps(found: Programme) -> Sequence[StepView]:
    language = current_language()
    return tuple(
        StepView(
            number=number,
            title=each.title[language],
            url=url_for("self_care.step", slug=found.slug, number=number),
            text=blocks(each.text[language]),
            tasks=each.tasks[language],
            question=each.question.get(language, ""),
        )
        for number, each in enumerate(found.steps, start=1)
    )
