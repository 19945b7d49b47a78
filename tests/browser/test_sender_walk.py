"""A professional's day, in Swedish with scripts: sending with a time, answering, mending, asking to stop.

And sending and taking with the keyboard alone.
"""

import re
import uuid

from flask import Flask
from playwright.sync_api import Page, expect

from referrals import handover
from referrals.demonstration import call_times
from referrals.moves import Who
from servicetray.core import clock
from servicetray.core.db import transaction
from tests.browser import states
from tests.browser.conftest import Check, Visitor
from tests.browser.county import county, enter
from tests.referrals.scenes import locked

__all__ = ["county"]

MOST_TABS = 400
HAS_FOCUS = "document.activeElement.matches(%r)"


def fill_in(tab: Page, first_name: str, phone: str) -> None:
    """Answer what an ordinary referral must have."""
    tab.check("input[name=municipality][value='286']")
    tab.fill("#first_name", first_name)
    tab.fill("#last_name", "Keksitty")
    tab.fill("#birth_year", "1951")
    tab.check("input[name=channels][value=phone]")
    tab.fill("#phone", phone)
    tab.check("input[name=reasons][value=inactivity]")
    tab.check("#consent_given")
    for question in ("feedback", "follow_up", "transfer"):
        tab.check(f"input[name={question}][value=yes]")


def test_a_professional_sends_with_a_time_answers_mends_and_asks_to_stop(
    visitor: Visitor, accessible: Check, county: Flask
) -> None:
    with county.app_context(), transaction():
        call_times.load(now=clock.now())
    tab = enter(visitor(language="sv-FI"), county, states.SENDER)
    tab.goto("/sv/lahetteet/uusi/exercise")
    fill_in(tab, "Maj", "040 000 0181")
    # It saves itself, and stands among the drafts of who writes it.
    expect(tab.locator("#kept")).to_contain_text("kl.")
    times = tab.locator("input[name=call_time]")
    times.nth(1).check()
    tab.locator("button[name=step][value=send]").click()
    tab.wait_for_url("**/kuittaus")
    address = tab.url.removesuffix("/kuittaus")
    referral_id = address.rsplit("/", 1)[1]
    tab.locator("main button[name=kieli]").first.click()
    assert re.search(r"[A-HJ-NP-Z2-9]{4,5}", tab.inner_text("body"))
    accessible(tab)

    # A question is answered where it is read.
    _adviser_does(county, referral_id, "ask")
    tab.goto(address)
    tab.locator("main textarea[name$=text]").fill("Efter klockan nio passar bra.")
    tab.locator("form:has(textarea[name$=text]) button[type=submit]").click()
    assert "Efter klockan nio" in tab.inner_text("main")
    accessible(tab)

    # Returned: mended and sent again under the same reference.
    _adviser_does(county, referral_id, "return")
    tab.goto(address)
    reference = tab.inner_text("h1")
    tab.locator("main a[href*='/uudelleen/']").click()
    tab.fill("#phone", "040 000 0182")
    tab.locator("button[name=step][value=send]").click()
    tab.goto(address)
    assert tab.inner_text("h1") == reference
    assert "040 000 0182" in tab.inner_text("main")

    _adviser_does(county, referral_id, "accept")
    tab.goto(address)
    tab.locator("#stop").click()
    tab.locator("section[aria-labelledby=stop] button[type=submit]").click()
    assert tab.locator("#stop").count() == 0
    accessible(tab)


def _adviser_does(app: Flask, referral_id: str, what: str) -> None:
    """Let the adviser, whose own walk is elsewhere, do something to a referral."""
    with app.app_context(), transaction():
        handover.hold_cases(uuid.UUID(referral_id))
        row, actor, now = locked(uuid.UUID(referral_id)), states.person(states.ADVISER), clock.now()
        if what == "ask":
            handover.ask(row, question="När passar det att ringa?", actor=actor, now=now)
        elif what == "return":
            handover.give_back(row, reason="contact_details_missing", who=Who.ADVISER, actor=actor, now=now)
        else:
            handover.accept(row, who=Who.ADVISER, actor=actor, now=now)


# ---------------------------------------------------------------------------------- the keyboard alone


def tab_to(tab: Page, selector: str) -> None:
    """Press Tab until something that fits has the focus."""
    for _ in range(MOST_TABS):
        if tab.evaluate(HAS_FOCUS % selector):
            return
        tab.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not come to {selector} on {tab.url}")


def test_a_referral_is_sent_and_taken_with_the_keyboard_alone(visitor: Visitor, county: Flask) -> None:
    sender = enter(visitor(), county, states.SENDER)
    sender.goto("/lahetteet/uusi/exercise")
    for field, text in (("first_name", "Nappi"), ("last_name", "Keksitty"), ("birth_year", "1952")):
        tab_to(sender, f"#{field}")
        sender.keyboard.type(text)
    tab_to(sender, "input[name=channels]")
    sender.keyboard.press("Space")
    tab_to(sender, "#phone")
    sender.keyboard.type("040 000 0183")
    tab_to(sender, "input[name=reasons]")
    sender.keyboard.press("Space")
    # What is asked after the permission comes where the reading order puts it, whichever that is.
    wanted = {"#consent_given", "input[name=feedback]", "input[name=follow_up]", "input[name=transfer]"}
    for _ in range(MOST_TABS):
        here = next((each for each in wanted if sender.evaluate(HAS_FOCUS % each)), None)
        if here:
            wanted.remove(here)
            sender.keyboard.press("Space")
        if not wanted:
            break
        sender.keyboard.press("Tab")
    tab_to(sender, "button[name=step][value=send]")
    sender.keyboard.press("Enter")
    sender.wait_for_url("**/kuittaus")
    referral_id = sender.url.split("/")[-2]

    adviser = enter(visitor(), county, states.ADVISER)
    adviser.goto("/saapuneet")
    tab_to(adviser, f"a[href*='{referral_id}']")
    adviser.keyboard.press("Enter")
    adviser.wait_for_url(f"**/{referral_id}*")
    tab_to(adviser, "form[action$='/ota'] button")
    adviser.keyboard.press("Enter")
    adviser.wait_for_url("**/asiakkuudet/**")
