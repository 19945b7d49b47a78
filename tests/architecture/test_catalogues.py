"""Finnish and Swedish are complete."""

import pytest
from babel.messages.catalog import Catalog

from tests.architecture import catalogues
from tests.architecture.catalogues import Asked, Given


def test_every_text_has_its_finnish_and_swedish():
    faults = catalogues.faults()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("english", "finnish", "fault"),
    [
        ("Sign in", "Kirjaudu", None),
        ("Sign in", "", "is not finished"),
        ("Hello %(name)s", "Hei %(name)s", None),
        ("Hello %(name)s", "Hei", "a placeholder is missing"),
        ("Hello %(name)s", "Hei %(nimi)s", "unknown placeholder"),
    ],
)
def test_a_translation_is_compared_with_its_english(english, finnish, fault):
    message = Catalog(locale="fi").add(english, finnish)
    found = list(catalogues._compare("fi", Asked(("", english), None, "x.py:1"), Given(message, "x.po:1")))
    assert bool(found) is bool(fault)
    assert fault is None or fault in found[0]


def test_a_plural_needs_both_forms():
    catalog = Catalog(locale="fi")
    asked = Asked(("", "One service"), "%(num)s services", "x.py:1")
    whole = catalog.add(("One service", "%(num)s services"), ("Yksi palvelu", "%(num)s palvelua"))
    half = catalog.add(("One theme", "%(num)s themes"), ("Yksi teema", ""))
    assert list(catalogues._compare("fi", asked, Given(whole, "x.po:1"))) == []
    assert len(list(catalogues._compare("fi", asked, Given(half, "x.po:1")))) == 1


def test_the_texts_of_code_and_templates_are_found():
    keys = {key[1] for key in catalogues.asked()}
    assert "Skip to content" in keys
