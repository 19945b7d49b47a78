"""How long a professional takes to send an ordinary referral, and a form that saves itself.

The time is that of a keystroke-level model (Card, Moran and Newell): so many seconds for each key, each pointing
and each decision, for the whole form from the first look to the receipt. Reading the consent aloud is not counted,
nor is what nurse and client say to each other.
"""

from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Check, Visitor
from tests.browser.county import county, sign_in
from tests.figures import Figure

__all__ = ["county"]

KEY_SECONDS, POINT_SECONDS, DECIDE_SECONDS = 0.28, 1.1, 1.35
MOST_KEYS, MOST_SECONDS = 25, 90
CLIENTS_OWN = ("first_name", "last_name", "birth_year", "phone")

COUNT_KEYS = """(own) => {
  window.keys = {own: 0, other: 0};
  document.addEventListener("keydown", (event) => {
    window.keys[own.includes(event.target.id) ? "own" : "other"] += 1;
  }, true);
}"""


@dataclass
class Hand:
    """A hand on the mouse and two on the keys: does things to a page, and counts them."""

    tab: Page
    points: int = 0
    decisions: int = 0
    typed: list[str] = field(default_factory=list)

    def point(self, selector: str) -> None:
        """Decide on an answer and press it."""
        self.decisions += 1
        self.points += 1
        self.tab.locator(selector).click()

    def write(self, *answers: str) -> None:
        """Write into the field that has the focus, and with Tab into those after it."""
        for number, text in enumerate(answers):
            if number:
                self.tab.keyboard.press("Tab")
            self.decisions += 1
            self.tab.keyboard.type(text)


@pytest.mark.usefixtures("county")
def test_an_ordinary_referral_is_sent_in_time(page: Page, figure: Figure) -> None:
    """A professional sends an ordinary referral in at most 90 seconds and 25 keys beyond the client's data."""
    sign_in(page, "sanna.koski@example.org")
    page.goto("/lahetteet/uusi/exercise")
    page.evaluate(COUNT_KEYS, list(CLIENTS_OWN))
    hand = Hand(page)
    assert page.locator("input[name=municipality]:checked").count() == 1
    hand.point("#first_name")
    hand.write("Aulis", "Keksitty", "1951")
    hand.point("label[for=channels-0]")
    hand.point("#phone")
    hand.write("040 000 0136")
    hand.point("label[for=reasons-0]")
    hand.point("label[for=consent_given]")
    for question in ("feedback", "follow_up", "transfer"):
        hand.point(f"label[for={question}-0]")
    keys = page.evaluate("window.keys")
    hand.point("button[name=step][value=send]")
    page.wait_for_url("**/kuittaus")
    seconds = (
        (keys["own"] + keys["other"]) * KEY_SECONDS
        + hand.points * POINT_SECONDS
        + hand.decisions * DECIDE_SECONDS
    )
    figure("keys beyond the client's own data", keys["other"], "keys")
    figure("keys of the client's own data", keys["own"], "keys")
    figure("presses of the mouse", hand.points, "presses")
    figure("time by the keystroke-level model, reading the consent not counted", f"{seconds:.0f}", "s")
    assert keys["own"] > len("AulisKeksitty1951")
    assert keys["other"] <= MOST_KEYS
    assert seconds <= MOST_SECONDS


@pytest.mark.usefixtures("county")
def test_the_form_saves_itself_and_goes_on_after_signing_in_again(
    visitor: Visitor, accessible: Check
) -> None:
    tab = visitor()
    sign_in(tab, "sanna.koski@example.org")
    tab.goto("/lahetteet/uusi/exercise")
    tab.fill("#last_name", "Tallentuva")
    expect(tab.locator("#kept")).to_contain_text("Tallessa klo")
    accessible(tab)

    # Signed out in another tab: said, nothing lost, and gone on with once signed in there again.
    cookies = tab.context.cookies()
    tab.context.clear_cookies()
    tab.fill("#first_name", "Taimi")
    expect(tab.locator("#kept")).to_contain_text("Istuntosi on päättynyt")
    accessible(tab)
    tab.context.add_cookies(cookies)  # type: ignore[arg-type]  # what it gave may be given back
    expect(tab.locator("#kept")).to_contain_text("Tallessa klo", timeout=20_000)
    tab.goto("/lahetteet")
    tab.get_by_role("link", name="Taimi Tallentuva").click()
    assert tab.input_value("#last_name") == "Tallentuva"


@pytest.mark.usefixtures("county")
def test_a_text_for_the_record_is_copied_by_a_button(visitor: Visitor) -> None:
    tab = visitor(permissions=["clipboard-read", "clipboard-write"])
    sign_in(tab, "sanna.koski@example.org")
    tab.goto("/lahetteet/uusi/exercise")
    for name, text in (("first_name", "Kopio"), ("last_name", "Keksitty"), ("birth_year", "1960")):
        tab.fill(f"#{name}", text)
    tab.check("#channels-0")
    tab.fill("#phone", "040 000 0137")
    tab.check("#reasons-0")
    tab.check("#consent_given")
    for question in ("feedback", "follow_up", "transfer"):
        tab.check(f"#{question}-1")
    tab.locator("button[name=step][value=send]").click()
    tab.wait_for_url("**/kuittaus")
    tab.locator("button[data-copy=social]").click()
    expect(tab.get_by_text("Kopioitu")).to_be_visible()
    assert tab.evaluate("navigator.clipboard.readText()") == tab.input_value("#social")
