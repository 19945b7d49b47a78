"""The staff page of usage and its files."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import select

from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.core.db import db, transaction
from servicetray.core.periods import Period
from servicetray.usage import operations
from servicetray.usage.charts import MOST_DAYS, columns, steps
from servicetray.usage.models import Use
from servicetray.usage.tally import Batch
from tests.factories import catalogue, people

NOW = dt.datetime(2026, 3, 10, 9, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 9)


@pytest.fixture(autouse=True)
def foundation(database):
    with time_machine.travel(NOW, tick=False):
        catalogue.foundation()
        yield


def counted() -> None:
    batch = Batch()
    batch.uses[DAY, Use.VIEW, "theme:liikunta"] = 12
    batch.uses[DAY, Use.VIEW, "service:00000000-0000-0000-0000-000000000000"] = 3
    batch.uses[DAY, Use.SEARCH, ""] = 7
    with transaction():
        operations.add(batch)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CONTENT_EDITOR])
def test_the_page_tells_of_a_period(client, role):
    people.sign_in(client, people.user(role))
    assert "Näiltä päiviltä ei ole lukuja" in client.read("/kaytto").text
    counted()
    page = client.read("/kaytto")
    assert page.h1 == "Palvelutarjottimen käyttö"
    assert "Liikunta" in page.text
    assert "Ei enää tarjottimella" in page.text
    assert "Näiltä päiviltä ei ole lukuja" in client.read("/kaytto?alku=2026-01-01&loppu=2026-01-31").text


def test_a_period_that_can_t_be_is_said_so(client):
    people.sign_in(client, people.user(Role.COORDINATOR))
    assert client.read("/kaytto?alku=2026-03-10&loppu=2026-03-01", status=422).errors
    assert client.read("/kaytto?alku=eilen", status=422).errors


@pytest.mark.parametrize("role", [Role.ADVISER, Role.PROVIDER_EDITOR, Role.ADMINISTRATOR])
def test_others_find_nothing(client, role):
    people.sign_in(client, people.user(role))
    assert client.get("/kaytto").status_code == 404
    assert client.get("/kaytto/sivut.csv").status_code == 404


def test_a_file_has_the_same_numbers_and_leaves_a_row_in_the_log(client):
    people.sign_in(client, people.user(Role.COORDINATOR))
    counted()
    answer = client.get("/kaytto/theme.csv?alku=2026-03-01&loppu=2026-03-10")
    assert answer.get_data(as_text=True) == "\ufeffTeemat;Kertaa\r\nLiikunta;12\r\n"
    assert (
        db.session.scalars(select(AuditRow.action).order_by(AuditRow.id.desc())).first()
        is Action.USAGE_EXPORTED
    )
    assert client.get("/kaytto/ei-ole.csv").status_code == 404


def test_a_long_period_is_shown_by_month():
    year = Period(dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    rows = steps(year, {dt.date(2025, 2, 1): 2, dt.date(2025, 2, 28): 3})
    assert [count for _label, count in rows] == [0, 5, *[0] * 10]
    assert len(steps(Period(DAY - dt.timedelta(days=MOST_DAYS - 1), DAY), {})) == MOST_DAYS
    chart = columns(rows)
    assert (len(chart.columns), chart.most) == (1, 5)
    assert columns([]).columns == []
