"""Pages are read the way people read them."""

import pytest
from werkzeug.test import Client as WerkzeugClient
from werkzeug.wrappers import Response

from tests.reading import NotOnPage, Reading

PAGE = """<!doctype html>
<html lang="fi"><head><title>Lähete – Hyvinvointia</title></head><body>
<nav><a href="/">Etusivu</a></nav>
<main><h1>Uusi lä&shy;hete</h1>
<div class="ds-error-summary"><ul><li><a href="#name">Kirjoita sukunimi.</a></li></ul></div>
<form method="post" action="/lahetteet/uusi">
  <input type="hidden" name="csrf_token" value="abc">
  <label for="name">Sukunimi</label>
  <input id="name" name="last_name" value="" aria-invalid="true" aria-describedby="name-hint name-error">
  <p id="name-hint">Kuten passissa</p><p id="name-error">Kirjoita sukunimi.</p>
  <fieldset><legend>Laji</legend>
    <label><input type="radio" name="kind" value="exercise" checked> Liikunta</label>
    <label><input type="radio" name="kind" value="culture"> Kulttuuri</label>
  </fieldset>
  <fieldset aria-describedby="reason-error"><legend>Syyt</legend>
    <p id="reason-error">Valitse enintään kolme.</p>
    <label><input type="checkbox" name="reason" value="a" aria-invalid="true"> Unettomuus</label>
    <label><input type="checkbox" name="reason" value="b" checked> Yksinäisyys</label>
  </fieldset>
  <label for="town">Kunta</label>
  <select id="town" name="town"><option value="">Valitse</option><option value="286">Kouvola</option></select>
  <label for="wish">Toive</label><textarea id="wish" name="wish">Uinti</textarea>
  <button name="step" value="send">Lähetä</button>
</form>
<table><caption>Saapuneet</caption>
  <thead><tr><th>Viite</th><th>Tila</th></tr></thead>
  <tbody><tr><th scope="row">K-1</th><td>Uusi <span hidden>salaa</span></td></tr></tbody></table>
<h2>Vaiheet</h2><ol><li>Lähetetty</li><li>Otettu</li></ol>
<dl><dt>Hinta</dt><dd>Maksuton</dd></dl>
<p role="status">Tallessa.</p>
</main></body></html>"""


@pytest.fixture
def page() -> Reading:
    """The page above, as a client answers it."""
    return Reading(WerkzeugClient(Response(PAGE, mimetype="text/html")).get("/lahetteet/uusi"))


def test_headings_and_words(page: Reading):
    assert (page.h1, page.title, page.lang) == ("Uusi lähete", "Lähete – Hyvinvointia", "fi")
    assert "salaa" not in page.text
    assert "Etusivu" not in page.text
    assert "Etusivu" in page.frame_text
    assert page.link("Etusivu") == "/"
    assert page.messages == ["Tallessa."]
    assert page.items("Vaiheet") == ["Lähetetty", "Otettu"]
    assert page.facts == {"Hinta": "Maksuton"}


def test_a_table_is_read_by_its_caption_and_columns(page: Reading):
    assert page.table("Saapuneet")[0]["Tila"] == "Uusi"
    with pytest.raises(NotOnPage, match="Saapuneet"):
        page.table("Lähetetyt")


def test_errors_stand_beside_their_field_and_in_the_summary(page: Reading):
    assert page.errors == {"last_name": "Kirjoita sukunimi.", "reason": "Valitse enintään kolme."}
    assert [(link.text, link.href) for link in page.error_summary] == [("Kirjoita sukunimi.", "#name")]


def test_a_form_sends_what_stands_in_it(page: Reading):
    form = page.form("Lähetä")
    assert form.labels["last_name"] == "Sukunimi"
    assert form.labels["kind"] == "Laji"
    assert form.data(button="Lähetä", last_name="Virta", reason=["a"], kind="culture") == {
        "csrf_token": "abc",
        "last_name": "Virta",
        "kind": "culture",
        "reason": ["a"],
        "town": "",
        "wish": "Uinti",
        "step": "send",
    }
    assert form.data()["reason"] == ["b"]
    assert "kind" not in form.data(kind=None)


def test_a_form_can_hold_only_what_it_offers(page: Reading):
    form = page.form()
    with pytest.raises(NotOnPage, match="no field 'first'"):
        form.data(first="Aino")
    with pytest.raises(NotOnPage, match="no choice"):
        form.data(town="999")
    with pytest.raises(NotOnPage, match="no button"):
        form.data(button="Poista")
