"""The office's day: an administrator lets somebody in and out again; a data protection officer answers a client."""

import json
import re

import pyotp
from flask import Flask
from sqlalchemy import select

from referrals.county import queries as county_queries
from servicetray.core import clock
from servicetray.core.db import db
from servicetray.core.letters import Matter, letter
from servicetray.core.outbox import OutboxMessage
from tests.browser import officers, states
from tests.browser.conftest import Visitor
from tests.browser.county import county, enter

__all__ = ["county"]

ADDRESS = "uusi.neuvoja@example.org"
NEW_PASSWORD = "quite another password"
SECRET = re.compile(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}")
FORBIDDEN = 404


def link_in_the_letter(app: Flask) -> str:
    """Return the path of the link in the letter that waits for the new person."""
    with app.app_context():
        row = db.session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.address == ADDRESS, OutboxMessage.template == "invitation")
            .order_by(OutboxMessage.id.desc())
        ).first()
        assert row is not None
        made = letter(
            Matter(template=row.template, context=row.context),
            address=row.address,
            language=row.language,
            key=row.id,
            at=row.created_at,
        )
    found = re.search(r"/kirjaudu/kutsu\?avain=[\w.~=-]+", made.get_content().replace("=\n", ""))
    assert found
    return found.group()


def test_an_administrator_lets_somebody_in_and_out_again(visitor: Visitor, county: Flask) -> None:
    office = enter(visitor(scripts=False), county, states.ADMINISTRATOR)
    office.goto("/hallinta/ihmiset/uusi")
    office.fill("#email", ADDRESS)
    office.fill("#name", "Uusi Neuvoja")
    office.select_option("select[name=rows-0-role]", "adviser")
    units = office.locator("select[name=rows-0-unit] option", has_text="Kouvola")
    unit = units.filter(has_text="iikuntaneuvonta").first.get_attribute("value")
    office.select_option("select[name=rows-0-unit]", unit)
    office.locator("main form button[type=submit]").last.click()
    assert "/uusi" not in office.url, office.inner_text("main")
    person = office.url.partition("?")[0]

    new = visitor(scripts=False)
    new.goto(link_in_the_letter(county))
    spelled = SECRET.search(new.inner_text("main"))
    assert spelled
    new.fill("#password", NEW_PASSWORD)
    new.fill("#code", pyotp.TOTP(spelled.group().replace(" ", "")).now())
    new.locator("main form button[type=submit]").click()
    new.goto("/saapuneet")
    assert new.url.endswith("/saapuneet"), new.inner_text("main")

    # Another role: what was open is shut, and the next page asks to sign in.
    office.goto(f"{person}/lahtija")
    office.locator("main form[method=post] button[type=submit]").last.click()
    new.goto("/saapuneet")
    assert "/kirjaudu" in new.url


def test_an_officer_looks_a_client_up_reports_and_copies(visitor: Visitor, county: Flask) -> None:
    with county.app_context():
        builder = states.Builder(clock.now())
        officers.add_officers(clock.now())
        referral_id, _ = builder.case("Oikeutettu")
        row = county_queries.referral(referral_id)
        assert row is not None
        reference = row.reference
    officer = enter(visitor(scripts=False), county, states.COUNTY_OFFICER)
    officer.goto("/tietosuoja/lokiraportti")
    officer.fill("#reference", reference)
    officer.locator("main form[method=post] button[type=submit]").first.click()
    officer.locator("main table a, main a[href*='/tulos']").first.click()
    assert "Mikko Rantala" in officer.inner_text("main")

    officer.goto("/tietosuoja/oikeudet")
    officer.fill("#reference", reference)
    officer.locator("main form[method=post] button[type=submit]").first.click()
    if not re.search(r"/oikeudet/[0-9a-f-]{36}", officer.url):
        officer.locator("main table a").first.click()
    record = f"/tietosuoja/oikeudet/{referral_id}"
    officer.goto(f"{record}/maakunta/jaljennos")
    assert "Oikeutettu" in officer.inner_text("main")
    base = "/".join(officer.url.split("/", 3)[:3])
    copy = officer.context.request.get(f"{base}{record}/maakunta/jaljennos.json")
    assert copy.ok
    assert "Oikeutettu" in json.dumps(copy.json(), ensure_ascii=False)
    # The municipality's record is the municipality's.
    other = officer.goto(f"{record}/286/jaljennos")
    assert other is not None
    assert other.status == FORBIDDEN
