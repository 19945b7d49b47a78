"""A client's own page and a resident's request, on a small telephone without scripts, in Finnish and in Swedish."""

import datetime as dt
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from servicetray.core import anonymous, clock
from tests.browser import states
from tests.browser.conftest import NARROW, Visitor
from tests.browser.county import county, enter

__all__ = ["county"]

OLD, NEW = "040 000 0174", "050 000 0199"


@dataclass(frozen=True)
class Words:
    """What the pages say in one language."""

    prefix: str
    locale: str
    taken: str
    call_passed_on: str
    number_passed_on: str
    taken_back: str


FINNISH = Words(
    prefix="",
    locale="fi-FI",
    taken="Sinulla on nyt oma yhteyshenkilö",
    call_passed_on="Soittotoiveesi on välitetty",
    number_passed_on="Uusi numerosi on välitetty",
    taken_back="Lupasi on peruttu",
)
SWEDISH = Words(
    prefix="/sv",
    locale="sv-FI",
    taken="Du har nu en egen kontaktperson",
    call_passed_on="Din önskan om ett samtal",
    number_passed_on="Ditt nya nummer",
    taken_back="Ditt samtycke är taget tillbaka",
)
BOTH = pytest.mark.parametrize("words", [FINNISH, SWEDISH], ids=["finnish", "swedish"])


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that is driven types faster than people; how slow they are is tested elsewhere."""
    monkeypatch.setattr(anonymous.problem_of, "__kwdefaults__", {"fastest": dt.timedelta(0)})


def press(tab: Page, action: str) -> None:
    """Press the button of the form that goes to an address."""
    tab.locator(f"form[action$='{action}'] button[type=submit]").first.click()


def fits(tab: Page) -> None:
    """Nothing scrolls sideways on a small telephone."""
    # Without scripts of the page itself the browser still measures for us.
    box = tab.locator("main").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= NARROW["width"]


def come_in(tab: Page, words: Words, code: str) -> None:
    """Enter with the code of the sheet, typed as people type."""
    tab.goto(f"{words.prefix}/oma")
    fits(tab)
    tab.fill("#code", f"{code[:5].lower()} {code[5:]}")
    tab.fill("#birth_year", str(states.YEAR))
    press(tab, "/oma")
    expect(tab.locator("#stage")).to_be_visible()


@BOTH
def test_a_client_asks_gives_a_number_and_takes_the_permission_back(
    visitor: Visitor, county: Flask, words: Words
) -> None:
    name = f"Aune{words.locale[:2]}"
    with county.app_context():
        builder = states.Builder(clock.now())
        referral_id, case_id = builder.case(name)
        builder.code(referral_id, "own")
    tab = visitor(scripts=False, size=NARROW, language=words.locale)
    come_in(tab, words, builder.stage.codes["own"])
    fits(tab)
    assert words.taken in tab.inner_text("main")
    said = tab.inner_text("main")
    for secret in (name, OLD, "LIK-", "Kouvola", "kävellä"):
        assert secret not in said

    press(tab, "/soitto")
    assert words.call_passed_on in tab.inner_text("main")
    tab.fill("#phone", "soita")
    press(tab, "/numero")
    assert tab.input_value("#phone") == "soita"
    assert tab.locator(".ds-error-summary").count() == 1
    fits(tab)
    tab.fill("#phone", NEW)
    press(tab, "/numero")
    assert words.number_passed_on in tab.inner_text("main")

    adviser = enter(visitor(scripts=False), county, states.ADVISER)
    adviser.goto(f"/asiakkuudet/{case_id}")
    told = adviser.inner_text("main")
    assert OLD in told
    assert NEW in told

    tab.locator("a[href$='/oma/lupa']").click()
    fits(tab)
    press(tab, "/oma/lupa")
    assert tab.url.endswith("/oma/lupa/peruttu")
    assert words.taken_back in tab.inner_text("main")
    fits(tab)
    assert tab.context.cookies() == []

    # Hidden at once from both, and the code opens nothing any more.
    adviser.goto(f"/asiakkuudet/{case_id}")
    assert OLD not in adviser.content()
    assert NEW not in adviser.content()
    sender = enter(visitor(scripts=False), county, states.SENDER)
    sender.goto(f"/lahetteet/{referral_id}")
    assert OLD not in sender.content()
    tab.goto(f"{words.prefix}/oma")
    tab.fill("#code", builder.stage.codes["own"])
    tab.fill("#birth_year", str(states.YEAR))
    press(tab, "/oma")
    assert tab.locator("#stage").count() == 0


@BOTH
def test_a_client_leaves_at_once(visitor: Visitor, county: Flask, words: Words) -> None:
    with county.app_context():
        builder = states.Builder(clock.now())
        builder.code(builder.send("Lahteva"), "own")
    tab = visitor(scripts=False, size=NARROW, language=words.locale)
    come_in(tab, words, builder.stage.codes["own"])
    press(tab, "/poistu")
    assert tab.url.rstrip("/").endswith(words.prefix)
    assert "/oma" not in tab.url
    assert tab.context.cookies() == []
    tab.goto(f"{words.prefix}/oma")
    assert tab.locator("#stage").count() == 0


@BOTH
def test_a_resident_asks_and_stands_in_the_inbox(visitor: Visitor, county: Flask, words: Words) -> None:
    tab = visitor(scripts=False, size=NARROW, language=words.locale)
    tab.goto(f"{words.prefix}/ota-yhteytta")
    fits(tab)
    tab.locator("main a[href$='/ota-yhteytta/exercise']").click()
    fits(tab)
    family = f"Asukas-{words.locale[:2]}"
    tab.fill("#last_name", family)
    tab.locator("main form button[type=submit]").click()
    assert tab.locator(".ds-error-summary").count() == 1
    assert tab.input_value("#last_name") == family
    fits(tab)
    tab.check("input[name=municipality][value='286']")
    tab.check("input[name=for_whom][value=myself]")
    tab.fill("#first_name", "Aune")
    tab.fill("#birth_year", "1951")
    tab.check("input[name=channels][value=phone]")
    tab.fill("#phone", f"050 000 01{len(words.prefix):02}")
    tab.check("input[name=follow_up][value=no]")
    tab.check("#consent_given")
    tab.locator("main form button[type=submit]").click()
    expect(tab.locator("dd.code")).to_be_visible()
    fits(tab)
    code = tab.locator("dd.code").inner_text()
    assert tab.context.cookies() == []
    tab.locator("main a[href$='/oma']").click()
    tab.fill("#code", code)
    tab.fill("#birth_year", "1951")
    press(tab, "/oma")
    expect(tab.locator("#stage")).to_be_visible()

    adviser = enter(visitor(scripts=False), county, states.ADVISER)
    adviser.goto("/saapuneet")
    assert f"Aune {family}" in adviser.inner_text("main")
