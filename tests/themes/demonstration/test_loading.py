"""The demonstration in the database."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import select

from servicetray.core.db import db, transaction
from tests.themes.demonstration.test_reading import PROVIDERS, SERVICE, write
from themes.demonstration.loading import checked_on, invented_id, load
from themes.demonstration.reading import ContentError
from themes.directory.models import Service, Source
from themes.directory.operations import Change
from themes.directory.queries import is_stale

MORE = SERVICE.replace(
    "kaikukortti = false",
    """kaikukortti = true
phone = "040 000 0123"
email = "jumppa@example.org"
url = "https://www.example.org/jumppa"
address = { street = { fi = "Myllytie 4", sv = "Kvarnvägen 4" }, postal_code = "45910", municipality = "286" }""",
)


@pytest.fixture
def folder(tmp_path):
    return write(tmp_path, MORE)


def test_a_second_time_changes_nothing(database, folder, now):
    with transaction():
        assert load(now, folder=folder) == {Change.NEW: 1}
    before = db.session.scalars(select(Service)).one().updated_at
    with transaction():
        assert load(now + dt.timedelta(hours=1), folder=folder) == {Change.UNCHANGED: 1}
    assert db.session.scalars(select(Service)).one().updated_at == before


def test_a_changed_text_is_brought_along(database, folder, now):
    with transaction():
        load(now, folder=folder)
    write(folder, MORE.replace("Jumppaa.", "Jumppaa istuen."))
    with transaction():
        assert load(now, folder=folder) == {Change.CHANGED: 1}


def test_it_is_marked_and_can_be_read_and_found(database, folder, now, client):
    with time_machine.travel(now, tick=False):
        with transaction():
            load(now, folder=folder)
        assert db.session.scalars(select(Service)).one().source is Source.DEMONSTRATION
        page = client.read(f"/palvelut/{invented_id('service', 'tuolijumppa')}")
        assert page.h1 == "Tuolijumppa"
        assert "Keksitty esimerkki" in page.text
        assert "Myllytie 4, 45910 Kouvola" in page.text
        assert page.link("Soita 040 000 0123")
        assert page.link("example.org/jumppa")
        assert "Tuolijumppa" in client.read("/haku?q=tuolijumpan").headings(3)


def test_files_with_faults_change_nothing(database, tmp_path, now):
    with pytest.raises(ContentError), transaction():
        load(now, folder=write(tmp_path, SERVICE.replace('"free"', '"cheap"'), PROVIDERS))
    assert db.session.scalars(select(Service)).all() == []


@pytest.mark.parametrize("months", range(24))
def test_days_of_checking_are_as_old_as_they_say(months):
    for today in (dt.date(2026, 3, 1), dt.date(2026, 8, 31), dt.date(2028, 2, 29)):
        for key in ("a", "b", "tuolijumppa", "kuoro"):
            day = checked_on(key, months, today)
            assert day <= today
            if months != 6:
                assert is_stale(day, today) is (months > 6)


def test_days_of_checking_differ(now):
    assert len({checked_on(str(number), 1, now.date()) for number in range(50)}) > 10
