"""All tests and programmes, by theme, each with what it takes."""

import pytest
import time_machine

from tests.factories import catalogue


@pytest.fixture(autouse=True)
def foundation(database):
    with time_machine.travel(catalogue.NOW, tick=False):
        catalogue.foundation()
        yield


def test_tools_stand_below_their_themes_with_maker_time_language_and_sign_in(client):
    page = client.read("/testit")
    assert page.h1 == "Omahoito ja testit"
    assert "Mielen hyvinvointi" in page.headings(2)
    assert {"Terapianavigaattori", "Irti nikotiinista"} <= set(page.headings(3))
    assert "Terapiat etulinjaan" in page.text
    assert "noin 15 minuuttia" in page.text
    assert "suomeksi, ruotsiksi, englanniksi" in page.text
    assert "kirjaudut" in page.text
