"""The demonstration is exact: its single referrals give the counts that the county has published."""

import datetime as dt
import io

import openpyxl
import pypdf
import pytest
from sqlalchemy import func, select

from referrals.county.models import Referral
from referrals.demonstration import people, scenes, units
from referrals.statistics import queries as statistics
from referrals.statistics.monthly import freeze
from referrals.statistics.publication.operations import catch_up
from servicetray.core import clock
from servicetray.core.db import transaction
from servicetray.core.periods import Period
from tests import database as databases
from tests.client import Client
from tests.referrals.demonstration.ground import installation, load


# The same rows on the other engine would take as long again and tell nothing new.
@pytest.mark.parametrize("engine_name", [databases.SQLITE], indirect=True)
def test_the_published_counts_come_out_of_single_referrals(client: Client, figure):
    """The demonstration's referrals to the end of 2024 are exactly those of the published counts, in every format."""
    now = dt.datetime(2025, 1, 2, 9, 0, tzinfo=dt.UTC)
    installation()
    load(now)
    exercise = Period(dt.date(2023, 9, 1), dt.date(2024, 12, 31))
    culture = Period(dt.date(2024, 4, 2), dt.date(2024, 12, 31))
    totals = (
        statistics.figures(exercise, kind="exercise").total,
        statistics.figures(culture, kind="culture").total,
    )
    figure("exercise and culture referrals", totals)
    for month in exercise.months:
        with transaction():
            freeze(month, now=now)
            catch_up(now=now, threshold=5)
    assert totals == (937, 59)
    files = {form: client.get(f"/tilastot/2024/vuodet.{form}") for form in ("csv", "xlsx", "json", "pdf")}
    assert (
        client.read("/tilastot/2024").table("Lähetetyt lähetteet vuosittain")[-1]["Liikuntalähete"] == "937"
    )
    assert "Yhteensä;937;59;996" in files["csv"].get_data(as_text=True)
    sheet = openpyxl.load_workbook(io.BytesIO(files["xlsx"].data)).worksheets[0]
    assert list(sheet.iter_rows(values_only=True))[-1] == ("Yhteensä", 937, 59, 996)
    assert files["json"].get_json()["value"][-3:] == [937, 59, 996]
    pages = pypdf.PdfReader(io.BytesIO(files["pdf"].data)).pages
    assert "Yhteensä 937 59 996" in pages[0].extract_text()


def test_no_scene_is_added_to_the_published_counts(database):
    then = dt.datetime(2025, 1, 10, 9, 0, tzinfo=dt.UTC)
    installation()
    with transaction():
        units.load(today=clock.helsinki_day(then))
        people.load(now=then)
    with transaction():
        scenes.load(now=then)
    assert database.scalar(select(func.count()).select_from(Referral)) == 0
