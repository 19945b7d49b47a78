"""The staff navigation: an area stands there once, and its places on its own pages."""

from collections.abc import Callable

import pytest

from referrals import seed
from servicetray.accounts.permissions import Role
from tests.client import Client
from tests.factories.catalogue import foundation
from tests.factories.people import sign_in, user
from tests.reading import Reading, words

FIGURES = ("Tarkat luvut", "Kuukausiraportit")


@pytest.fixture
def coordinator(database, new_client: Callable[[], Client]) -> Client:
    """A county coordinator, signed in."""
    del database
    foundation()
    seed.load()
    return sign_in(new_client(), user(Role.COORDINATOR))


def _places(page: Reading, label: str) -> dict[str, bool]:
    """Return the links of a navigation by its name: words → whether this page is there."""
    found = page.root.xpath("//nav[@aria-label=$label]//a", label=label)
    return {words(link): link.get("aria-current") is not None for link in found}


def test_an_area_stands_once_in_the_main_navigation(coordinator: Client):
    main = _places(coordinator.read("/luvut"), "Päävalikko")
    assert main["Luvut"] is True
    assert main["Sisältö"] is False
    assert not set(FIGURES) & set(main)


def test_the_places_of_the_area_stand_on_its_pages(coordinator: Client):
    here = _places(coordinator.read("/raportti"), "Tämän alueen paikat")
    assert {name: here[name] for name in FIGURES} == {"Tarkat luvut": False, "Kuukausiraportit": True}
    assert "Tapahtumat" not in here


def test_a_page_outside_areas_has_none(coordinator: Client):
    assert _places(coordinator.read("/kokous"), "Tämän alueen paikat") == {}


def test_whoever_signs_in_begins_with_the_first_place_of_their_work(coordinator: Client):
    assert coordinator.get("/alku").location == "/luvut"
