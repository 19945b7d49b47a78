"""The page on which a card is put together: every change is a link to the card as it would be."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext as _p

from servicetray.core import anonymous, clock
from servicetray.core.db import in_language
from servicetray.core.i18n import LANGUAGES, current_language
from servicetray.core.municipalities import municipalities
from servicetray.core.pages import Text
from themes.wellbeing_card import addresses
from themes.wellbeing_card.card import Card
from themes.wellbeing_card.contents import Entry, contents
from themes.wellbeing_card.pages import Choice, ComposePage, Link, Offered, Picked
from themes.wellbeing_card.picking import Asked, pick

MAKING: Final = "card_code"
"""What the form is for that makes a short code."""
SENDING: Final = "sending.new"
"""Where a referral begins, if the queue is there."""
REFERRALS: Final = {
    "exercise": _l("Begin an exercise referral"),
    "culture": _l("Begin a culture referral"),
}
LANGUAGE_NAMES: Final = {"fi": "suomi", "sv": "svenska", "en": "English"}


def compose_page(card: Card, asked: Asked, *, today: dt.date, problem: Text = "") -> ComposePage:
    """Return the page.

    Args:
        card: so far.
        asked: what to show for adding.
        today: the Helsinki day.
        problem: why the last press of a button did not do it.
    """
    language = current_language()
    known = contents(card, language=language, today=today)
    offer = pick(asked, language=language, today=today)
    around = _Around(card, asked)
    code = card.code if card.code is not None and today <= card.code.until else None
    tidy = card
    for item in known.gone:
        tidy = tidy.without(item)
    link = addresses.sent(card, language=card.language)
    return ComposePage(
        title=_("Put a wellbeing card together"),
        description=_("Pick services, groups and self-care for a client; print the card or give a QR code."),
        token=addresses.token(card),
        picked=[
            Picked(
                entry=entry,
                remove_url=around.url(card.without(entry.item)),
                earlier_url=around.url(card.earlier(entry.item)) if at else "",
            )
            for at, entry in enumerate(known.entries)
        ],
        gone=len(known.gone),
        tidy_url=around.url(tidy),
        full=card.is_full,
        languages=[
            Choice(
                label=LANGUAGE_NAMES[code_],
                url=around.url(card.read_as(language=code_)),
                current=code_ == card.language,
                lang=code_,
            )
            for code_ in LANGUAGES
        ],
        sizes=[
            Choice(
                label=_p("wellbeing card", "Ordinary"),
                url=around.url(card.read_as(large=False)),
                current=not card.large,
            ),
            Choice(
                label=_p("wellbeing card", "Large"),
                url=around.url(card.read_as(large=True)),
                current=card.large,
            ),
        ],
        card_url=addresses.shown(card, language=card.language),
        wallet_url=addresses.shown(card, language=card.language, only="lompakko"),
        address=link,
        qr=addresses.qr(link) if card.items else "",
        code=addresses.code_shown(code, language=card.language),
        referrals=_referrals(code.code if code else ""),
        form_key=anonymous.make_key(MAKING, now=clock.now()),
        problem=problem,
        pick=offer,
        asked=asked,
        places=[(place.code, in_language(place.name, language).text) for place in municipalities()],
        whole=around.offered([offer.whole])[0] if offer.whole else None,
        services=around.offered(offer.services),
        groups=around.offered(offer.groups),
        events=around.offered(offer.events),
        paths=around.offered(offer.paths),
        tools=around.offered(offer.tools),
        previous_url=around.page(offer.page - 1) if offer.page > 1 else None,
        next_url=around.page(offer.page + 1) if offer.page < offer.last else None,
        themes=[
            Choice(
                label=theme.name.text,
                url=addresses.compose(card, teema=theme.slug, kunta=asked.municipality, anchor="lisaa"),
                current=offer.theme is not None and theme.id == offer.theme.id,
                lang=theme.name.lang if theme.name.lang != language else None,
            )
            for theme in offer.themes
        ],
    )


class _Around:
    """Addresses of the same page with the same offer, and another card."""

    def __init__(self, card: Card, asked: Asked) -> None:
        self.card = card
        self.asked = asked

    def url(self, card: Card, page: str | int | None = None, anchor: str = "") -> str:
        return addresses.compose(
            card,
            q=self.asked.query,
            teema=self.asked.theme,
            kunta=self.asked.municipality,
            sivu=self.asked.page if page is None else page,
            anchor=anchor,
        )

    def page(self, number: int) -> str:
        return self.url(self.card, page=number, anchor="lisaa")

    def offered(self, entries: Sequence[Entry]) -> Sequence[Offered]:
        return [
            Offered(
                entry=entry,
                is_on=entry.item in self.card.items,
                add_url=""
                if self.card.is_full or entry.item in self.card.items
                else self.url(self.card.with_item(entry.item), anchor="lisaa"),
            )
            for entry in entries
        ]


def _referrals(code: str) -> Sequence[Link]:
    if not code or SENDING not in current_app.view_functions:
        return ()
    return [
        Link(label=label, url=url_for(SENDING, kind=kind, kortti=code)) for kind, label in REFERRALS.items()
    ]
