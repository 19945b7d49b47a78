"""The address of all tests and programmes."""

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from servicetray.core import access, clock
from servicetray.core.i18n import current_language
from servicetray.core.pages import render
from themes.tools.pages import ToolsOfTheme, ToolsPage
from themes.tools.queries import tools_by_theme
from themes.topics.queries import published_themes

blueprint = Blueprint("tools", __name__)


@blueprint.get("/testit")
@access.public
def all_tools() -> Response:
    """Show the tests, programmes and links of every published theme."""
    language, today = current_language(), clock.helsinki_day(clock.now())
    themes = published_themes(language=language, today=today)
    found = tools_by_theme([theme.id for theme in themes], language=language)
    return render(
        ToolsPage(
            title=_("Tests and self-care"),
            themes=[
                ToolsOfTheme(theme=theme, url=url_for("topics.theme", slug=theme.slug), tools=found[theme.id])
                for theme in themes
                if theme.id in found
            ],
        )
    )
