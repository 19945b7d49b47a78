"""/tilastot as read by everybody: a year, its versions, its files, the dictionary."""

import pytest

from tests.factories import events


@pytest.mark.usefixtures("two_years")
def test_small_months_are_hidden_and_so_is_what_would_give_them_back(client):
    rows = {row["Kuukausi"]: row for row in client.read("/tilastot/2025").table("Lähetetyt lähetteet vuonna")}
    assert rows["6/2025"]["Kulttuurilähete"] == rows["7/2025"]["Kulttuurilähete"] == "peitetty"
    assert rows["12/2025"]["Kulttuurilähete"] == "peitetty"
    assert rows["7/2025"]["Liikuntalähete"] == "27"
    assert rows["7/2025"]["Kaikki"] == "peitetty"
    assert rows["6/2025"]["Liikuntalähete"] == "–"


@pytest.mark.usefixtures("two_years")
def test_the_newest_year_comes_first_and_shows_no_total_yet(client):
    page = client.read("/tilastot")
    rows = page.table("Lähetetyt lähetteet vuonna 2026")
    assert [row["Kuukausi"] for row in rows] == ["1/2026", "Yhteensä"]
    assert rows[-1]["Liikuntalähete"] == "kesken"


@pytest.mark.usefixtures("two_years")
def test_a_change_is_told_from_shown_numbers_alone(client):
    assert "1/2026: 31, 4 enemmän kuin 12/2025 (+4)" in client.read("/tilastot").text
    # December of culture is hidden, so nothing is said of it.
    assert "12/2025: 6" not in client.read("/tilastot/2025").text


@pytest.mark.usefixtures("two_years")
def test_only_what_was_published_is_shown(client):
    before = client.get("/tilastot").data
    events.sent("2026-02-11 10:00", times=30)
    assert client.get("/tilastot").data == before


@pytest.mark.usefixtures("two_years")
def test_a_version_keeps_its_address_and_says_that_there_is_a_newer_one(client):
    page = client.read("/tilastot/2025/v3")
    assert [row["Kuukausi"] for row in page.table("Lähetetyt lähetteet vuonna 2025")][:-1] == [
        "1/2025",
        "2/2025",
        "3/2025",
    ]
    assert "Uudempi on jo olemassa" in page.text
    assert "/tilastot/2025/v3" in page.text
    assert client.get("/tilastot/2025/v3/kuukaudet.csv").status_code == 200


@pytest.mark.usefixtures("two_years")
@pytest.mark.parametrize(
    ("path", "leads_to"),
    [("/tilastot?vuosi=2025", "/tilastot/2025"), ("/tilastot/2025.csv", "/tilastot/2025/kuukaudet.csv")],
)
def test_old_addresses_lead_to_the_new_ones_for_good(client, path, leads_to):
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (308, leads_to)


@pytest.mark.usefixtures("two_years")
@pytest.mark.parametrize(
    "path",
    [
        "/tilastot?vuosi=1999",
        "/tilastot?vuosi=x",
        "/tilastot/1999",
        "/tilastot/1999.csv",
        "/tilastot/2025/v99",
        "/tilastot/2025/nimet.csv",
        "/tilastot/2025/kaikki.csv",
        "/tilastot/2025/kuukaudet.xml",
    ],
)
def test_what_was_not_published_is_no_page(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.usefixtures("two_years")
@pytest.mark.parametrize("path", ["/tilastot", "/tilastot/2025/kaikki.pdf", "/tilastot/2025/kaikki.xlsx"])
def test_caches_may_hold_it_and_ask_again_by_its_fingerprint(client, path):
    first = client.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in first.headers
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


@pytest.mark.usefixtures("two_years")
def test_every_picture_has_a_name_and_its_own_hatching(client):
    page = client.read("/sv/tilastot/2025")
    pictures = page.main.xpath(".//*[local-name()='svg'][@role='img']")
    ids = page.main.xpath(".//@id")
    assert len(pictures) > 1
    assert all(picture.xpath("./*[local-name()='title']") for picture in pictures)
    assert len(ids) == len(set(ids))
    assert page.lang == "sv"
    assert "dold" in page.text


@pytest.mark.usefixtures("two_years")
def test_the_page_asks_little_of_the_database(client, query_budget):
    with query_budget(20):
        client.read("/tilastot")


@pytest.mark.usefixtures("two_years")
def test_json_stat_has_the_shape_of_version_2(client):
    made = client.get("/tilastot/2025/kunnat.json").get_json()
    assert (made["version"], made["class"]) == ("2.0", "dataset")
    assert made["id"] == ["quarter", "municipality", "kind"]
    size = 1
    for name, count in zip(made["id"], made["size"], strict=True):
        category = made["dimension"][name]["category"]
        assert len(category["index"]) == len(set(category["index"])) == len(category["label"]) == count
        size *= count
    assert len(made["value"]) == size
    assert all(made["value"][int(place)] is None for place in made["status"])
    assert made["role"]["time"] == ["quarter"]
    assert made["href"].endswith("/kunnat.json")
