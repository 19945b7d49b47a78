"""The receipt, and the client's sheet: in the client's language, the code shown once and in no address."""

import datetime as dt

import pytest
from sqlalchemy import select

from referrals import handover
from referrals.county.models import Referral
from referrals.county.sending import sheets
from referrals.county.sending.sheets import SheetTextsError
from referrals.moves import Who
from servicetray.audit.models import AuditRow
from servicetray.core import clock
from servicetray.core.db import db, transaction
from tests.factories import people
from tests.referrals.county.filling import fill, ground, signed_in
from tests.referrals.scenes import locked, user

ARABIC = """
[ar]
name = "العربية"
direction = "rtl"
day_pattern = "EEEE d.M."
time_pattern = "EEEE d.M. H.mm"
"""


def only() -> Referral:
    return db.session.scalars(select(Referral)).one()


@pytest.mark.usefixtures("database")
def test_the_code_is_shown_once_on_the_sheet_and_is_in_no_address(new_client):
    ground()
    client = signed_in(new_client)
    receipt = fill(client)
    page = client.send(receipt.form("Ohje suomeksi"), button="Ohje suomeksi")
    code = next(each.text for each in page.main.iter("b") if each.get("class") == "code")
    assert len(code.replace("-", "")) == 10
    assert page.response.headers["Cache-Control"] == "no-store"
    assert code not in page.path
    image = next(page.main.iter("img"))
    assert image.get("alt") == "QR-koodi, joka avaa osoitteen localhost/oma"
    assert image.get("src").startswith("data:image/svg+xml")
    assert "Testilän liikuntaneuvonta" in page.text
    assert "040 000 0100" in page.text
    assert "Tiainen" not in page.text
    assert "Liikkumattomuus" not in page.text

    shown = client.read(f"/lahetteet/{only().id}/ohje")
    assert code not in shown.response.get_data(as_text=True)
    renewed = client.send(shown.form("Tee asiakkaalle koodi"))
    assert next(each.text for each in renewed.main.iter("b") if each.get("class") == "code") != code
    actions = [row.action.value for row in db.session.scalars(select(AuditRow)).all()]
    assert actions.count("client_code_made") == actions.count("sheet_made") == 2


@pytest.mark.usefixtures("database")
def test_the_sheet_of_the_clients_language_stands_first(new_client):
    ground()
    client = signed_in(new_client)
    receipt = fill(client, language="sv")
    form = receipt.form("Ohje ruotsiksi")
    assert next(form.element.iter("button")).get("value") == "sv"
    page = client.send(form, button="Ohje ruotsiksi")
    assert page.h1 == "Till dig: det här händer härnäst"
    assert next(page.main.iter("article")).get("lang") == "sv"


@pytest.mark.usefixtures("database")
def test_a_protected_client_gets_neither_code_nor_qr(new_client):
    ground()
    client = signed_in(new_client)
    receipt = fill(client, protected="y")
    assert receipt.link("Ohje suomeksi") == f"/lahetteet/{only().id}/ohje?kieli=fi"
    page = client.read(receipt.link("Ohje suomeksi"))
    assert list(page.main.iter("img")) == []
    assert "Koodi" not in page.text
    token = {"csrf_token": client.read("/lahetteet").form("Kirjaudu ulos").fields["csrf_token"]}
    assert client.post(f"/lahetteet/{only().id}/ohje", data=token).status_code == 404


@pytest.mark.usefixtures("database")
def test_a_sheet_is_nowhere_for_others(new_client):
    ground()
    fill(signed_in(new_client))
    stranger = signed_in(new_client)
    stranger.read(f"/lahetteet/{only().id}/ohje", status=404)
    token = {"csrf_token": stranger.read("/lahetteet").form("Kirjaudu ulos").fields["csrf_token"]}
    assert stranger.post(f"/lahetteet/{only().id}/ohje", data=token).status_code == 404


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("move", "title"), [("return", "Lähete palautui sinulle"), ("cancel", "Lähete on peruttu")]
)
def test_the_receipt_stays_true_after_the_referral_has_left(new_client, move, title):
    ground()
    client = signed_in(new_client)
    receipt = fill(client)
    assert receipt.h1.startswith("Lähete on nyt")
    referral_id = only().id
    if move == "return":
        adviser_id = people.user(name="Mikko Neuvoja").id
        with transaction():
            handover.give_back(
                locked(referral_id),
                reason="duplicate",
                who=Who.ADVISER,
                actor=user(adviser_id),
                now=clock.now(),
            )
    else:
        page = client.read(f"/lahetteet/{referral_id}")
        client.send(page.form("Peru tämä lähete"), reason="not_needed")
    page = client.read(receipt.path)
    assert page.h1 == title
    assert "Yhteys asiakkaaseen" not in page.facts
    assert "ottaa asiakkaaseen yhteyttä" not in page.text
    assert page.headings(2) == ["Tekstit asiakkaan kertomuksiin"]
    assert client.get(f"/lahetteet/{referral_id}/ohje").status_code == 303


def test_every_language_has_every_text_and_the_same_words_in_braces():
    found = sheets.languages()
    assert list(found) == ["fi", "sv", "en"]
    assert found["fi"].day(dt.date(2026, 11, 26)) == "torstaina 26.11."
    assert found["sv"].time(dt.datetime(2026, 11, 23, 7, tzinfo=dt.UTC)) == "måndag 23.11. kl. 9.00"


def arabic(tmp_path, *, leave_out: str = "", change: str = ""):
    """Add a language as data: its texts are the Finnish ones marked, which is enough to see them come."""
    fi = sheets.TEXTS.read_text(encoding="utf-8")
    table = fi[fi.index("title =") : fi.index("[sv]")].replace(' = "', ' = "ع ')
    lines = [line for line in table.splitlines() if not (leave_out and line.startswith(f"{leave_out} ="))]
    text = "\n".join(lines)
    path = tmp_path / "sheets.toml"
    path.write_text(f"{fi}\n{ARABIC}\n{text.replace(change, 'x') if change else text}\n", encoding="utf-8")
    return path


@pytest.mark.usefixtures("database")
def test_a_language_added_as_data_works_from_right_to_left_too(new_client, monkeypatch, tmp_path):
    monkeypatch.setattr(sheets, "TEXTS", arabic(tmp_path))
    ground()
    client = signed_in(new_client)
    receipt = fill(client)
    page = client.send(receipt.form("Ohje: العربية"), button="Ohje: العربية")
    article = next(page.main.iter("article"))
    assert (article.get("lang"), article.get("dir")) == ("ar", "rtl")
    assert page.h1.startswith("ع ")
    assert "040 000 0100" in page.text


@pytest.mark.parametrize(
    ("broken", "what"),
    [({"leave_out": "mind"}, "differs in mind"), ({"change": "{reference}"}, "other words in braces")],
)
def test_a_language_that_lacks_something_says_what(monkeypatch, tmp_path, broken, what):
    monkeypatch.setattr(sheets, "TEXTS", arabic(tmp_path, **broken))
    with pytest.raises(SheetTextsError, match=what):
        sheets.languages()
