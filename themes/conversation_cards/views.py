"""Addresses of the conversation cards."""

from collections.abc import Mapping

from flask import Blueprint, Response, current_app, request, url_for
from flask_babel import gettext as _

from servicetray.core import access, clock
from servicetray.core.errors import NotFoundError
from servicetray.core.i18n import current_language
from servicetray.core.pages import render
from themes.conversation_cards.pages import PartView, TalkListPage, TalkPage, Tile
from themes.conversation_cards.reading import conversation_cards
from themes.topics.queries import PublishedTheme, published_themes

blueprint = Blueprint("conversation_cards", __name__)

SENDING = "sending.new"
POCKET = "tasku"


@blueprint.get("/puheeksi")
@access.public
def all_cards() -> Response:
    """Show which matters there is a card for."""
    language, themes = current_language(), _themes()
    return render(
        TalkListPage(
            title=_("Raising the matter"),
            tiles=[
                Tile(
                    name=each.name[language],
                    summary=each.summary[language],
                    url=url_for("conversation_cards.one", slug=each.slug),
                    theme=themes.get(each.theme),
                )
                for each in conversation_cards()
            ],
        )
    )


@blueprint.get("/puheeksi/<slug>")
@access.public
def one(slug: str) -> Response:
    """Show one card; ``?koko=tasku`` shows the pocket's size alone."""
    language = current_language()
    found = next((each for each in conversation_cards() if each.slug == slug), None)
    if found is None:
        raise NotFoundError(slug)
    theme = _themes().get(found.theme)
    return render(
        TalkPage(
            title=found.name[language],
            name=found.name[language],
            description=found.summary[language],
            lead=found.lead[language],
            parts=[
                PartView(title=part.title[language], lines=part.lines[language], spoken=part.kind.is_spoken)
                for part in found.parts
            ],
            theme=theme,
            pocket=request.args.get("koko") == POCKET,
            sheet_url=url_for("conversation_cards.one", slug=slug),
            pocket_url=url_for("conversation_cards.one", slug=slug, koko=POCKET),
            referral_url=url_for(SENDING, kind=found.referral)
            if SENDING in current_app.view_functions
            else "",
            card_url=url_for("wellbeing_card.add", teema=theme.slug) if theme else "",
        )
    )


def _themes() -> Mapping[str, PublishedTheme]:
    today = clock.helsinki_day(clock.now())
    return {theme.slug: theme for theme in published_themes(language=current_language(), today=today)}
