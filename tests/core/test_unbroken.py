"""What no line may part stays together; everything else is left as it was."""

import pytest
from markupsafe import Markup


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("ke klo 12–18", "ke klo 12\u2060–\u206018"),
        ("Jalat alle -tasapainoryhmä", "Jalat alle -\u2060tasapainoryhmä"),
        ("5 € kerta, kymmenen kertaa 40 €", "5\u00a0€ kerta, kymmenen kertaa 40\u00a0€"),
        ("kesä–elokuu, sote-asema", "kesä–elokuu, sote-asema"),
    ],
)
def test_ranges_joined_words_and_prices_are_not_parted(app, typed, shown):
    unbroken = app.jinja_env.filters["unbroken"]
    assert unbroken(typed) == shown


def test_what_was_safe_stays_safe_and_what_was_not_does_not_become_so(app):
    unbroken = app.jinja_env.filters["unbroken"]
    assert isinstance(unbroken(Markup("<b>10–11</b>")), Markup)
    assert not isinstance(unbroken("<b>10–11</b>"), Markup)
    assert unbroken(16) == 16


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("etunimi.sukunimi@example.org", "etunimi.<wbr>sukunimi@<wbr>example.org"),
        ("www.example.org/a/b/", "www.example.org/<wbr>a/<wbr>b/"),
        ("<b>@example.org", "&lt;b&gt;@<wbr>example.org"),
        ("", ""),
    ],
)
def test_a_line_parts_an_address_at_its_signs(app, address, shown):
    parted = app.jinja_env.filters["parted"](address)

    assert isinstance(parted, Markup)
    assert str(parted) == shown
