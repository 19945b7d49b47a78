"""/tilastot before the first month was published. (Apart from the tests that share two published years)."""

import pytest


@pytest.mark.usefixtures("kinds")
def test_before_the_first_month_the_page_says_so(client):
    assert "Lukuja ei vielä ole" in client.read("/tilastot").headings()


@pytest.mark.usefixtures("kinds")
def test_the_dictionary_explains_every_table_in_every_language(client):
    made = client.get("/tilastot/sanakirja.json").get_json()
    assert [chapter for chapter in made if isinstance(made[chapter], list)] == [
        "languages",
        "tables",
        "measures",
        "dimensions",
        "marks",
        "rules",
    ]
    entries = [
        entry for chapter in ("tables", "measures", "dimensions", "marks", "rules") for entry in made[chapter]
    ]
    assert all(
        set(entry["meaning"]) == {"fi", "sv", "en"} and all(entry["meaning"].values()) for entry in entries
    )
    dimensions = {entry["code"] for entry in made["dimensions"]}
    assert all(set(table["dimensions"]) <= dimensions for table in made["tables"])
    assert "Pienet luvut peitetään" in client.read("/tilastot/sanakirja").text
