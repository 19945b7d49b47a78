"""What the tests of the import share: a county, a folder of records, an API to ask."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from servicetray.core.municipalities import Municipality
from tests.themes.ptv import told
from tests.themes.ptv.told import FakeApi, Folder
from themes.topics.models import Theme

SIX = {
    "075": "Hamina",
    "285": "Kotka",
    "286": "Kouvola",
    "489": "Miehikkälä",
    "624": "Pyhtää",
    "935": "Virolahti",
}


@pytest.fixture
def county(database):
    """The municipalities and one theme, as every installation has them."""
    for code, name in SIX.items():
        if database.get(Municipality, code) is None:
            database.add(Municipality(code=code, name={"fi": name}, name_in={"fi": name}, population=1000))
    if database.scalar(select(Theme).where(Theme.slug == "liikunta")) is None:
        theme = Theme(
            slug="liikunta",
            position=1,
            name={"fi": "Liikunta"},
            summary={},
            lead={},
            colour="",
            icon="",
            thl_theme="",
        )
        database.add(theme)
    database.commit()
    return database


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def api() -> Iterator[FakeApi]:
    with told.serving() as server:
        yield server
