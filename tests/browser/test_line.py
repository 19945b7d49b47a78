"""The one straight line through the product, walked as the people of it would, on every page with axe.

In Finnish without scripts, and in Swedish with them: a resident finds a service, a professional refers
a client, an adviser takes the referral from the inbox and closes it, the sender hears of it, and the
figures come out.
"""

import datetime as dt
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Page

from servicetray import scheduler
from servicetray.core import clock
from tests.browser.conftest import NARROW, Check, Visitor, resized
from tests.browser.county import county, sign_in

__all__ = ["county"]


@dataclass(frozen=True)
class Walk:
    """Who walks where, in which language."""

    prefix: str
    scripts: bool
    locale: str
    query: str
    found: str
    sender: str
    municipality: str
    adviser: str
    stranger: str
    identity_code_said: str
    closed_said: str


FINNISH = Walk(
    prefix="",
    scripts=False,
    locale="fi-FI",
    query="mummolle jumppaa kouvolassa",
    found="Tuolijumppa",
    sender="sanna.koski@example.org",
    municipality="286",
    adviser="mikko.rantala@example.org",
    stranger="eva.strand@example.org",
    identity_code_said="henkilötunnu",
    closed_said="Neuvonta vietiin loppuun",
)
SWEDISH = Walk(
    prefix="/sv",
    scripts=True,
    locale="sv-FI",
    query="stolsgymnastik i Kouvola",
    found="tolsgymnastik",
    sender="henrik.wiik@example.org",
    municipality="285",
    adviser="jari.satama@example.org",
    stranger="mikko.rantala@example.org",
    identity_code_said="personbeteckning",
    closed_said="genomfördes",
)


@pytest.mark.parametrize("walk", [FINNISH, SWEDISH], ids=["finnish-without-scripts", "swedish-with-scripts"])
@pytest.mark.usefixtures("county")
def test_the_line_from_a_resident_to_the_figures(
    visitor: Visitor, accessible: Check, live_app: Flask, walk: Walk
) -> None:
    """Every page on the way holds what its reader came for, and nothing that axe would object to."""

    def newcomer() -> Page:
        return visitor(scripts=walk.scripts, language=walk.locale)

    def look(tab: Page) -> None:
        if walk.scripts:
            # axe runs as a script, so the pages are looked at on the walk that has them.
            accessible(tab)
            with resized(tab, NARROW):
                accessible(tab)

    _find_a_service(newcomer(), walk, look)
    sender = newcomer()
    address, reference = _refer(sender, walk, look)
    stranger = newcomer()
    sign_in(stranger, walk.stranger, prefix=walk.prefix)
    assert reference not in stranger.content()
    waiting = address.replace("/lahetteet/", "/saapuneet/")
    for hidden in (waiting, f"{walk.prefix}/saapuneet/00000000-0000-4000-8000-000000000000"):
        answer = stranger.goto(hidden)
        assert answer is not None
        assert answer.status == 404
    adviser = newcomer()
    _counsel(adviser, walk, waiting, look)
    sender.goto(address)
    assert walk.closed_said in sender.inner_text("main")
    look(sender)
    _see_the_figures(newcomer(), walk, live_app, look)


def _find_a_service(tab: Page, walk: Walk, look: Check) -> None:
    tab.goto(f"{walk.prefix}/")
    look(tab)
    tab.fill("#q", walk.query)
    tab.locator("form[role=search] button").click()
    look(tab)
    hit = tab.locator("main h3 a", has_text=walk.found).first
    name = hit.inner_text()
    hit.click()
    assert tab.inner_text("h1") == name
    assert tab.locator("a[href^='tel:']").count() > 0
    look(tab)
    tab.goto(f"{walk.prefix}/teemat/liikunta?kunta={walk.municipality}")
    assert tab.locator("main h3 a").count() > 1
    look(tab)
    assert tab.context.cookies() == []


def _refer(tab: Page, walk: Walk, look: Check) -> tuple[str, str]:
    """Fill the form, first with mistakes; return the referral's address and reference."""
    sign_in(tab, walk.sender, prefix=walk.prefix)
    look(tab)
    tab.goto(f"{walk.prefix}/lahetteet/uusi/exercise")
    look(tab)
    send = tab.locator("button[name=step][value=send]")
    tab.check(f"input[name=municipality][value='{walk.municipality}']")
    tab.fill("#first_name", "Aino")
    tab.fill("#last_name", "Keksitty")
    tab.fill("#own_wish", "Tunnus on 131052-308T")
    send.click()
    # Bad input: said in words beside the fields and above, and what was right is still there.
    summary = tab.locator(".ds-error-summary")
    assert walk.identity_code_said in summary.inner_text().lower()
    assert tab.locator("[aria-invalid=true]").count() > 2
    assert tab.input_value("#last_name") == "Keksitty"
    look(tab)
    tab.fill("#own_wish", "Haluaisin jaksaa kävellä kauppaan.")
    tab.fill("#birth_year", "1951")
    tab.check("input[name=channels][value=phone]")
    tab.fill("#phone", "040 000 0135")
    tab.check("input[name=reasons][value=inactivity]")
    tab.check("#consent_given")
    for question in ("feedback", "follow_up", "transfer"):
        assert tab.locator(f"input[name={question}]:checked").count() == 0
        tab.check(f"input[name={question}][value=yes]")
    send.click()
    assert tab.url.endswith("/kuittaus"), tab.inner_text("main")
    look(tab)
    reference = tab.locator("main").inner_text().split("LIK-")[1][:6]
    address = tab.url.removesuffix("/kuittaus")
    tab.goto(f"{walk.prefix}/lahetteet")
    assert tab.inner_text("main").count(reference) == 1
    look(tab)
    return address, reference


def _counsel(tab: Page, walk: Walk, waiting: str, look: Check) -> None:
    """Take the referral, log a call that was not answered and one that was, counsel, and close."""
    sign_in(tab, walk.adviser, prefix=walk.prefix)
    assert "/saapuneet" in tab.url
    assert "Aino Keksitty" in tab.inner_text("main")
    look(tab)
    tab.goto(waiting)
    assert "040 000 0135" in tab.inner_text("main")
    look(tab)
    tab.locator("form[action$='/ota'] button").click()
    assert "/asiakkuudet/" in tab.url
    look(tab)
    for went in ("no_answer", "counselled"):
        tab.check(f"input[name=went][value={went}]")
        tab.locator("form[action$='/yritys']:has(textarea) button[type=submit]").click()
        look(tab)
    tab.check("form[action$='/paata'] input[value=completed]")
    tab.locator("form[action$='/paata'] button[type=submit]").click()
    assert tab.locator("form[action$='/yritys']").count() == 0
    look(tab)
    tab.goto(f"{walk.prefix}/saapuneet/paattyneet")
    assert "Aino Keksitty" in tab.inner_text("main")
    look(tab)


def _see_the_figures(tab: Page, walk: Walk, app: Flask, look: Check) -> None:
    """The month makes itself once it is over; everyone sees it hidden where it is small, staff exactly."""
    today = clock.helsinki_day(clock.now())
    after = clock.month_bounds(today.year, today.month)[1] + dt.timedelta(hours=2)
    with app.app_context():
        scheduler.run_due(now=lambda: after)
    tab.goto(f"{walk.prefix}/tilastot")
    assert tab.locator("main table").count() > 0
    look(tab)
    sign_in(tab, "anu.salo@example.org", prefix=walk.prefix)
    tab.goto(f"{walk.prefix}/luvut")
    assert tab.locator("main table").count() > 0
    assert tab.locator("main svg[role=img]").count() > 0
    look(tab)
