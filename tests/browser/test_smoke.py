"""The foundation in a real browser: pages load with their style, in three languages, without a fault."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NARROW, WIDE, Check, Visitor

PAGES = ("/", "/sv/", "/en/", "/ei-ole-olemassa", "/kirjaudu")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_pages_are_accessible_and_fit_the_window(visitor: Visitor, accessible: Check, path, size):
    page = visitor(size=size)
    page.goto(path)
    accessible(page)


def test_the_style_sheet_is_ours_and_is_used(page: Page):
    page.goto("/")
    sheets = page.evaluate("[...document.styleSheets].map(sheet => sheet.cssRules.length)")
    assert sheets
    assert all(sheets)


def test_the_first_tab_stop_leads_to_the_content(page: Page):
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#sisalto"


def test_no_script_is_needed_to_change_the_language(visitor: Visitor):
    page = visitor(scripts=False)
    page.goto("/")
    page.get_by_role("link", name="svenska").first.click()
    assert page.url.rstrip("/").endswith("/sv")
    assert page.locator("html").get_attribute("lang") == "sv"


def test_a_resident_gets_no_cookie(page: Page):
    page.goto("/")
    page.goto("/sv/")
    assert page.context.cookies() == []


def test_the_checks_find_what_they_are_for(page: Page, accessible: Check):
    page.goto("/")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<input name=\"nameless\">')"
    )
    with pytest.raises(AssertionError, match="label"):
        accessible(page)
    page.goto("/")
    page.evaluate("document.body.style.minWidth = '3000px'")
    with pytest.raises(AssertionError, match="wider than the window"):
        accessible(page)


def test_one_of_many_that_cannot_be_read_is_found(page: Page, accessible: Check):
    page.goto("/")
    page.evaluate(
        """() => {
            const rows = Array.from({ length: 9 }, (_, at) => `<li><p>Rivi ${at}</p></li>`).join('');
            document.querySelector('main').insertAdjacentHTML('beforeend', `<ul>${rows}</ul>`);
            document.querySelector('main ul:last-child li:nth-child(5) p').style.color = '#ccc';
        }"""
    )
    with pytest.raises(AssertionError, match="contrast"):
        accessible(page)
