"""One mask for all formats: what is read back from each of them is what the page shows."""

import csv
import io
import re
from typing import Any

import openpyxl
import pypdf
import pytest

TABLES = ("kuukaudet", "kunnat", "syyt", "iat", "lopputulokset", "polku", "tieto-kulkee", "vuodet")
WORDS = {"hidden": "peitetty", "not_yet": "kesken", "not_in_use": "–", "withheld": "ei julkaista"}
STUBS = {"kunnat": 2}
"""Columns before the numbers; one in the other tables."""


def cells_of_page(page: Any, name: str) -> list[list[str]]:
    """Return the numbers of a table of the page, row by row, with the totals last."""
    table = page.main.xpath(f".//caption[@id='table-{name}']/..")[0]
    rows = table.xpath("./tbody/tr[td] | ./tfoot/tr")
    return [[plain("".join(cell.itertext())) for cell in row.xpath("./td")] for row in rows]


def plain(text: str) -> str:
    """Return a cell's words, or its number without the space between thousands."""
    words = " ".join(text.split())
    return words.replace(" ", "") if words[:1].isdigit() else words


def cells_of_csv(body: bytes, name: str) -> list[list[str]]:
    lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    return [[cell or "–" for cell in line[STUBS.get(name, 1) :]] for line in lines[1:]]


def cells_of_xlsx(body: bytes, name: str) -> list[list[str]]:
    sheet = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))[1:]
    return [["–" if cell in {None, ""} else str(cell) for cell in row[STUBS.get(name, 1) :]] for row in rows]


def cells_of_json(made: dict[str, Any]) -> list[list[str]]:
    """Return the cells that are there; combinations that no row stands for have neither value nor status."""
    width = made["size"][-1]
    said = [
        str(value) if value is not None else WORDS.get(made["status"].get(str(place), ""), "")
        for place, value in enumerate(made["value"])
    ]
    rows = [said[start : start + width] for start in range(0, len(said), width)]
    return [row for row in rows if any(row)]


def lines_of_pdf(body: bytes) -> list[str]:
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    return [re.sub(r"\s+", " ", line).strip() for line in text.splitlines()]


@pytest.mark.usefixtures("two_years")
@pytest.mark.parametrize("name", TABLES)
def test_every_format_shows_and_hides_the_same(client, name):
    shown = cells_of_page(client.read("/tilastot/2025"), name)
    assert len(shown) > 0
    files = {form: client.get(f"/tilastot/2025/{name}.{form}") for form in ("csv", "xlsx", "json", "pdf")}
    assert {form: file.status_code for form, file in files.items()} == dict.fromkeys(files, 200)
    assert cells_of_csv(files["csv"].data, name) == shown
    assert cells_of_xlsx(files["xlsx"].data, name) == shown
    # Its rows are in the order of its categories: quarters by place, with the year's total last.
    assert sorted(cells_of_json(files["json"].get_json())) == sorted(shown)
    lines = lines_of_pdf(files["pdf"].data)
    for row in shown:
        assert any(line.endswith(" " + " ".join(row)) for line in lines), row


@pytest.mark.usefixtures("two_years")
def test_the_whole_year_in_one_file_holds_every_table(client):
    page = client.read("/tilastot/2025")
    book = openpyxl.load_workbook(io.BytesIO(client.get("/tilastot/2025/kaikki.xlsx").data))
    collection = client.get("/tilastot/2025/kaikki.json").get_json()
    lines = lines_of_pdf(client.get("/tilastot/2025/kaikki.pdf").data)
    made = {item["extension"]["table"]: item for item in collection["link"]["item"]}
    assert set(made) == set(TABLES)
    captions = {item["label"]: name for name, item in made.items()}
    assert len(book.worksheets) == len(TABLES) + 1
    for name in TABLES:
        shown = cells_of_page(page, name)
        assert sorted(cells_of_json(made[name])) == sorted(shown)
        assert all(any(line.endswith(" " + " ".join(row)) for line in lines) for row in shown)
        sheet = next(each for each in book.worksheets if captions.get(caption_of(each)) == name)
        rows = list(sheet.iter_rows(values_only=True))[1:]
        start = STUBS.get(name, 1)
        assert [["–" if cell in {None, ""} else str(cell) for cell in row[start:]] for row in rows] == shown


def caption_of(sheet: Any) -> str:
    """Return the table's whole caption: it stands in the printed head, since names of sheets are short."""
    return str(sheet.oddHeader.left.text)


@pytest.mark.usefixtures("two_years")
def test_totals_of_the_pilots_are_in_every_format(client):
    """The year's totals, where the mask lets them be: 86 of culture, 162 of exercise."""
    page = cells_of_page(client.read("/tilastot/2025"), "kuukaudet")
    assert page[-1] == ["162", "86", "248"]
