"""The same form from many sides at once: on a real engine with real connections, one referral comes of it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from referrals.county.models import Draft, Referral
from referrals.statistics.models import StatisticsEvent
from servicetray.core.db import db
from tests import database as databases
from tests.client import Client
from tests.factories import people, referrals
from tests.referrals.county.filling import ANSWERS, FORM, SAVE, SEND, form_of, ground

AT_ONCE = 8


@pytest.fixture
def shared(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database of this test alone, without the one connection that other tests share."""
    server = request.getfixturevalue("postgres") if engine_name == databases.POSTGRESQL else None
    with databases.new_database(engine_name, tmp_path, server) as url:
        app = databases.migrated_app(url)
        app.test_client_class = Client
        yield app
        databases.dispose(app)


def pressed_at_once(shared: Flask, *, button: str) -> list[tuple[int, str | None]]:
    """Fill in a form, press one of its buttons many times at once, and return the answers."""
    with shared.app_context():
        ground()
        person = referrals.professional()
        client = shared.test_client()
        assert isinstance(client, Client)
        people.sign_in(client, person)
        form = form_of(client.read(FORM))
        cookie = client.get_cookie("servicetray")
    assert cookie is not None
    data = form.data(button=button, **ANSWERS)
    answers: list[tuple[int, str | None]] = []
    start = threading.Barrier(AT_ONCE)

    def press() -> None:
        mine = shared.test_client()
        mine.set_cookie("servicetray", cookie.value)
        start.wait()
        answer = mine.post(form.action, data=data)
        answers.append((answer.status_code, answer.location))

    threads = [threading.Thread(target=press) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_one_form_sent_many_times_at_once_is_one_referral(shared: Flask):
    answers = pressed_at_once(shared, button=SEND)

    with shared.app_context():
        sent = db.session.scalars(select(Referral)).one()
        assert set(answers) == {(303, f"/lahetteet/{sent.id}/kuittaus")}
        assert len(answers) == AT_ONCE
        assert db.session.scalars(select(func.count()).select_from(StatisticsEvent)).one() == 1


def test_one_form_saved_many_times_at_once_is_one_draft(shared: Flask):
    answers = pressed_at_once(shared, button=SAVE)

    with shared.app_context():
        assert answers == [(303, "/lahetteet")] * AT_ONCE
        assert db.session.scalars(select(func.count()).select_from(Draft)).one() == 1
