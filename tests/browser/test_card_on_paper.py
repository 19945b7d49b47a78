"""Wellbeing cards and conversation cards on paper: pages of A4, as many as meant, none of them empty."""

import datetime as dt
import io
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page
from pypdf import PdfReader

from servicetray.core import clock
from servicetray.core.db import transaction
from tests.browser.conftest import Visit
from themes.topics.operations import load_seed
from themes.wellbeing_card import addresses
from themes.wellbeing_card.card import Card, Item, ItemKind

__all__ = ["Visit"]

A4_POINTS = (595, 842)
TOOLS = ("terapianavigaattori", "mielenterveystalo", "omaolo-arjen-harmituksen-vahentaminen")


@pytest.fixture(scope="module")
def card(live_app: Flask) -> Card:
    """A card as one conversation makes it."""
    now = clock.now()
    with live_app.app_context(), transaction():
        load_seed(now - dt.timedelta(days=1))
    card = Card(language="fi")
    for kind, ref in [
        (ItemKind.THEME, "liikunta"),
        (ItemKind.PROGRAMME, "liiketta-arkeen"),
        *((ItemKind.TOOL, slug) for slug in TOOLS),
    ]:
        card = card.with_item(Item.of(kind, ref))
    return card


def on_paper(page: Page) -> list[str]:
    """Print a page as the browser does; return the text of each sheet, all of them A4."""
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True))).pages
    for sheet in sheets:
        size = (float(sheet.mediabox.width), float(sheet.mediabox.height))
        assert size == pytest.approx(A4_POINTS, abs=1)
    return [" ".join(sheet.extract_text().split()) for sheet in sheets]


def path_of(live_app: Flask, card: Card, only: str = "") -> str:
    with live_app.test_request_context():
        return addresses.shown(card, language=card.language, only=only)


def test_a_card_is_one_sheet_and_one_for_the_wallet(live_app, visitor: Callable[[], Page], card) -> None:
    page = visitor()
    page.goto(path_of(live_app, card))
    sheets = on_paper(page)
    assert len(sheets) == 2
    assert "Terapianavigaattori" in sheets[0]
    assert "Oma tavoitteeni" in sheets[0]
    assert "Leikkaa" in sheets[1]


@pytest.mark.parametrize("only", ["a4", "lompakko"])
def test_each_of_them_alone_is_one_sheet(live_app, visitor, card, only) -> None:
    page = visitor()
    page.goto(path_of(live_app, card, only))
    assert len(on_paper(page)) == 1


def test_large_print_may_take_another_sheet_and_loses_nothing(live_app, visitor, card) -> None:
    page = visitor()
    page.goto(path_of(live_app, card.read_as(large=True), "a4"))
    sheets = on_paper(page)
    assert 1 <= len(sheets) <= 2
    assert all(sheets)
    assert "arjen harmituksen" in " ".join(sheets)


def test_the_wallet_is_as_large_as_a_bank_card_folded(live_app, visitor, card) -> None:
    page = visitor()
    page.goto(path_of(live_app, card, "lompakko"))
    page.emulate_media(media="print")
    millimetre = 96 / 25.4
    for half in page.locator(".wallet").all():
        box = half.bounding_box()
        assert box is not None
        assert (box["width"] / millimetre, box["height"] / millimetre) == pytest.approx((85.6, 54), abs=0.3)
        # Nothing is cut off inside.
        assert half.evaluate("half => half.scrollHeight <= half.clientHeight + 1")


@pytest.mark.parametrize("slug", ["liikunta", "kulttuuri"])
@pytest.mark.parametrize("prefix", ["", "/sv", "/en"])
@pytest.mark.parametrize("size", ["", "?koko=tasku"])
def test_a_conversation_card_is_one_sheet(visitor, card, slug, prefix, size) -> None:
    assert card
    page = visitor()
    page.goto(f"{prefix}/puheeksi/{slug}{size}")
    assert len(on_paper(page)) == 1
    page.emulate_media(media="print")
    for half in page.locator(".wallet").all():
        assert half.evaluate("half => half.scrollHeight <= half.clientHeight + 1")
