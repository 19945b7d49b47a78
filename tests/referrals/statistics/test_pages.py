"""The pages of figures: what everybody sees, and what those in charge see."""

import datetime as dt

import pytest

from referrals.kinds.operations import load_seed
from referrals.statistics.monthly import freeze
from referrals.statistics.periods import Month, months_between
from servicetray.core.db import transaction
from tests.factories import events, people

NOW = dt.datetime(2026, 6, 1, 5, 0, tzinfo=dt.UTC)
DAYS = "alku=2025-01-01&loppu=2025-12-31"


@pytest.fixture
def kinds(database):
    """The county's kinds and two of its municipalities."""
    people.municipality("286")
    people.municipality("075", "Hamina")
    with transaction():
        load_seed()


def frozen(first: Month, last: Month) -> None:
    """Freeze months."""
    for month in months_between(first, last):
        with transaction():
            freeze(month, now=NOW)


@pytest.fixture
def two_years(kinds):
    """A year that is over, with two small months of culture, and the first months of the next."""
    for month, number in enumerate((12, 9, 8, 7, 9, 3, 2, 6, 7, 8, 9, 6), start=1):
        events.sent(f"2025-{month:02}-11 10:00", times=number, kind="culture")
    events.sent("2025-07-10 10:00", times=20)
    events.sent("2026-01-20 10:00", times=7)
    frozen(Month(2025, 1), Month(2026, 1))


@pytest.mark.usefixtures("two_years")
def test_small_months_are_hidden_and_so_is_what_would_give_them_back(client):
    rows = {row["Kuukausi"]: row for row in client.read("/tilastot?vuosi=2025").table()}
    assert rows["6/2025"]["Kulttuurilähete"] == rows["7/2025"]["Kulttuurilähete"] == "peitetty"
    assert rows["12/2025"]["Kulttuurilähete"] == "peitetty"
    assert rows["7/2025"]["Liikuntalähete"] == "20"
    assert rows["7/2025"]["Kaikki"] == "peitetty"
    assert rows["6/2025"]["Liikuntalähete"] == "–"
    assert rows["Yhteensä"]["Kulttuurilähete"] == "86"


@pytest.mark.usefixtures("two_years")
def test_a_year_that_goes_on_shows_no_total(client):
    page = client.read("/tilastot")
    rows = {row["Kuukausi"]: row for row in page.table()}
    assert list(rows) == ["1/2026", "Yhteensä"]
    assert rows["Yhteensä"]["Liikuntalähete"] == "kesken"
    assert "86" in page.text


@pytest.mark.usefixtures("two_years")
def test_only_frozen_months_are_published(client):
    events.sent("2026-02-11 10:00", times=30)
    assert "30" not in client.read("/tilastot").text


@pytest.mark.usefixtures("two_years")
def test_the_csv_hides_what_the_page_hides(client):
    lines = client.get("/tilastot/2025.csv").get_data(as_text=True).lstrip("\ufeff").splitlines()
    assert "7/2025;20;peitetty;peitetty" in lines
    assert "Yhteensä;peitetty;86;peitetty" in lines


@pytest.mark.usefixtures("two_years")
def test_every_picture_has_its_numbers_in_words(client):
    page = client.read("/sv/tilastot?vuosi=2025")
    pictures = page.main.xpath(".//*[local-name()='svg'][@role='img']")
    assert len(pictures) == 1
    assert pictures[0].xpath("./*[local-name()='title']")
    assert pictures[0].xpath("./*[local-name()='desc']")
    assert page.lang == "sv"
    assert "dold" in page.text


@pytest.mark.usefixtures("kinds")
def test_before_the_first_month_the_page_says_so(client):
    assert "Lukuja ei vielä ole" in client.read("/tilastot").headings()


@pytest.mark.usefixtures("two_years")
@pytest.mark.parametrize("path", ["/tilastot?vuosi=1999", "/tilastot?vuosi=x", "/tilastot/1999.csv"])
def test_a_year_without_figures_is_no_page(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.usefixtures("two_years")
def test_the_public_page_asks_little_of_the_database(client, query_budget):
    with query_budget(8):
        client.read("/tilastot?vuosi=2025")
