"""An adviser's and a lead's day, without scripts and in Finnish: from the inbox to the closed case and back again."""

import datetime as dt

from flask import Flask
from playwright.sync_api import Page

from servicetray.core import clock
from tests.browser import states
from tests.browser.conftest import Visitor
from tests.browser.county import county, enter

__all__ = ["county"]

MOST_PRESSES = 2
DAY_FORMAT = "%d.%m.%Y"


def submit(tab: Page, form: str, *, button: str = "button[type=submit]") -> None:
    """Press the first button of a form."""
    tab.locator(f"main {form} {button}").first.click()


def choose(tab: Page, selector: str, name: str) -> None:
    """Choose somebody from a list that says more than their name."""
    value = tab.locator(f"{selector} option", has_text=name).first.get_attribute("value")
    tab.select_option(selector, value)


def summary(tab: Page) -> str:
    """Return everything that the page says, to tell why a step did not lead on."""
    return tab.inner_text("main")


def test_an_adviser_takes_calls_meets_follows_plans_closes_and_opens_again(
    visitor: Visitor, county: Flask
) -> None:
    with county.app_context():
        builder = states.Builder(clock.now())
        referral_id = builder.send("Polku", follow_up=True)
    tab = enter(visitor(scripts=False), county, states.ADVISER)
    tab.goto("/saapuneet")
    # The filters are links: one press shows fewer, and another all again.
    rows = tab.locator("main tbody tr")
    before = rows.count()
    tab.locator("main nav .chip").nth(1).click()
    assert "?" in tab.url
    assert rows.count() <= before
    tab.goto("/saapuneet")
    tab.locator(f"main a[href*='{referral_id}']").first.click()
    submit(tab, "form[action$='/ota']")
    assert "/asiakkuudet/" in tab.url, summary(tab)
    case = tab.url.partition("#")[0].partition("?")[0]

    presses = 1
    tab.locator("form[action$='/yritys'] button[name=went][value=no_answer]").click()
    assert presses <= MOST_PRESSES
    assert "Ei vastannut" in summary(tab)

    _agree_on_a_time(tab, case)
    tab.goto(case)
    tab.check("input[name=met][value=held]")
    submit(tab, "form[action$='/tapaaminen']")
    assert tab.locator("input[name=met]").count() == 0, summary(tab)
    _follow_up_and_plan(tab, case)
    tab.goto(case)
    tab.check("form[action$='/paata'] input[value=completed]")
    submit(tab, "form[action$='/paata']")
    assert tab.locator("form[action$='/yritys']").count() == 0, summary(tab)

    # Opened again, it stands where it stood.
    tab.locator("summary", has_text="uudelleen").first.click()
    tab.locator("form[action$='/avaa'] input[name=reason]").first.check()
    submit(tab, "form[action$='/avaa']")
    assert tab.locator("form[action$='/paata']").count() == 1, summary(tab)


def _agree_on_a_time(tab: Page, case: str) -> None:
    """Agree on a time in the form of a call; first one that has passed, which is said in words."""
    today = clock.helsinki_day(clock.now())
    for days, agreed in ((-2, False), (5, True)):
        day = today + dt.timedelta(days=days)
        form = tab.locator("form[action$='/yritys']:has(textarea)")
        form.locator("input[name=went][value=agreed]").check()
        if not form.locator("input[name=day]").is_visible():
            form.locator("summary").first.click()
        kind = form.locator("input[name=day]").get_attribute("type")
        form.locator("input[name=day]").fill(day.isoformat() if kind == "date" else day.strftime(DAY_FORMAT))
        form.locator("input[name=time]").fill("10:30")
        form.locator("button[type=submit]").click()
        assert (tab.locator(".ds-error-summary").count() == 0) is agreed, summary(tab)
    tab.goto(f"{case}/tapaamiset")
    calendar = tab.locator("main a[href$='.ics']").first.get_attribute("href")
    assert calendar is not None
    file = tab.context.request.get(calendar if calendar.startswith("http") else _absolute(tab, calendar))
    assert file.ok
    text = file.text()
    assert "BEGIN:VEVENT" in text
    assert "Keksitty" not in text


def _absolute(tab: Page, path: str) -> str:
    return "/".join(tab.url.split("/", 3)[:3]) + path


def _follow_up_and_plan(tab: Page, case: str) -> None:
    """Write down the first follow-up, a step and a service, and find a ready text."""
    tab.goto(f"{case}/seuranta")
    for box in tab.locator("form[action$='/seuranta'] input[inputmode=numeric]").all():
        box.fill("3")
    tab.locator("form[action$='/seuranta'] input[name=how]").first.check()
    submit(tab, "form[action$='/seuranta']")
    assert tab.locator(".ds-error-summary").count() == 0, summary(tab)
    assert tab.locator("main table").count() > 0

    tab.goto(f"{case}/suunnitelma")
    form = tab.locator("section[aria-labelledby=lisaa] form")
    form.locator("input[name=kind]").first.check()
    form.locator("textarea").fill("Kävelen kahdesti viikossa kauppaan.")
    form.locator("button[type=submit]").click()
    assert "Kävelen kahdesti" in summary(tab)
    found = tab.locator("form[role=search]")
    found.locator("input[type=text]").first.fill("jumppa")
    found.locator("button[type=submit]").click()
    tab.locator("button[name=palvelu]").first.click()
    assert tab.locator("main a[href*='/palvelut/']").count() > 0
    tab.locator("main a[href*='tuloste']").first.click()
    assert "Kävelen kahdesti" in tab.inner_text("body")

    tab.goto(f"{case}/tekstit")
    assert tab.locator("main textarea[readonly]").count() > 0


def test_a_lead_moves_cases_sends_again_and_offers_a_transfer_that_is_taken(
    visitor: Visitor, county: Flask
) -> None:
    with county.app_context():
        builder = states.Builder(clock.now())
        _, moved = builder.case("Vaihtuva")
        _, offered = builder.case("Muuttava", transfer=True)
        builder.other_messages()
    lead = enter(visitor(scripts=False), county, states.LEAD)
    lead.goto("/saapuneet")
    lead.locator("main a[href$='/saapuneet/siirra-vastuu']").click()
    choose(lead, "#kenelta", "Mikko Rantala")
    submit(lead, "form[method=get]")
    for box in lead.locator("input[name=rivi]").all():
        box.uncheck()
    lead.locator(f"input[name=rivi][value*='{moved}']").check()
    choose(lead, "#kenelle", "Liisa Vuori")
    lead.locator("main form[method=post] button[type=submit]").last.click()
    other = enter(visitor(scripts=False), county, "liisa.vuori")
    other.goto(f"/asiakkuudet/{moved}")
    assert "Liisa Vuori" in summary(other)

    lead.goto("/viestit")
    waiting = lead.locator("main form[action*='/viestit/']")
    before = waiting.count()
    assert before > 0
    waiting.first.locator("button").click()
    assert lead.locator("main form[action*='/viestit/']").count() == before - 1

    adviser = enter(visitor(scripts=False), county, states.ADVISER)
    adviser.goto(f"/asiakkuudet/{offered}")
    adviser.locator("#muut").click()
    adviser.locator("#kunta").click()
    adviser.locator("form[action$='/toiseen-kuntaan'] label", has_text="Kotka").click()
    submit(adviser, "form[action$='/toiseen-kuntaan']")
    assert adviser.locator("#tarjoukset").count() == 1, summary(adviser)
    taker = enter(visitor(scripts=False), county, states.OTHER)
    taker.goto("/saapuneet")
    offers = taker.locator("main table", has_text="Kouvola").first
    assert "Muuttava" not in offers.inner_text()
    offers.locator("form button[type=submit]").first.click()
    assert "/asiakkuudet/" in taker.url, summary(taker)
    assert "Muuttava" in summary(taker)
    adviser.goto(f"/asiakkuudet/{offered}")
    assert adviser.locator("form[action$='/yritys']").count() == 0
