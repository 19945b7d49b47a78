"""Providers are asked whether their texts still hold."""

import datetime as dt
import uuid

from sqlalchemy import select

from servicetray.accounts import operations as accounts
from servicetray.accounts.permissions import Role
from servicetray.accounts.queries import User
from servicetray.core.db import db, transaction
from servicetray.core.letters import Matter, letter
from servicetray.core.outbox import OutboxMessage
from tests.factories import catalogue, people
from themes.directory.desk.operations import confirm
from themes.directory.desk.reminders import ask, due
from themes.directory.desk.scope import add_editor
from themes.directory.models import Service

NOW = catalogue.NOW
OLD = dt.date(2025, 9, 1)
DAY = dt.timedelta(days=1)


def edited_by(provider_id: uuid.UUID) -> User:
    person = people.user(Role.PROVIDER_EDITOR)
    with transaction():
        add_editor(provider_id, person, actor=person, now=NOW)
    return person


def asked(now: dt.datetime) -> int:
    with transaction():
        return ask(now=now)


def letters() -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def test_each_editor_gets_one_letter_of_all_that_is_old_and_no_second_one(provider_id):
    email = edited_by(provider_id).email
    for number in range(3):
        catalogue.service(f"Kerho {number}", provider_id=provider_id, checked_on=OLD)
    catalogue.service("Tuore", provider_id=provider_id, checked_on=NOW.date())
    catalogue.service("Toisen", provider_id=catalogue.provider("Toinen ry"), checked_on=OLD)
    assert (asked(NOW), asked(NOW + DAY)) == (1, 0)
    (told,) = letters()
    assert (told.address, told.context) == (email, {"path": "/sisalto/palvelut?tila=tarkista", "count": "3"})


def test_it_is_asked_again_after_half_a_year_until_somebody_confirms(provider_id):
    person = edited_by(provider_id)
    service_id = catalogue.service("Kerho", provider_id=provider_id, checked_on=OLD)
    assert [asked(NOW), asked(NOW + 90 * DAY), asked(NOW + 190 * DAY)] == [1, 0, 1]
    with transaction():
        confirm(db.session.get_one(Service, service_id), actor=person, now=NOW + 200 * DAY)
    assert [asked(NOW + 201 * DAY), asked(NOW + 400 * DAY)] == [0, 1]


def test_nobody_who_has_left_is_written_to_and_nothing_counts_as_asked(provider_id):
    person = edited_by(provider_id)
    service_id = catalogue.service("Kerho", provider_id=provider_id, checked_on=OLD)
    with transaction():
        accounts.deactivate(db.session.merge(person), now=NOW)
    assert asked(NOW) == 0
    assert db.session.get_one(Service, service_id).reminded_on is None


def test_the_letter_reads_well_in_every_language(app):
    context = {"path": "/sisalto/palvelut?tila=tarkista", "count": "3"}
    for language, words in (
        ("fi", "Sinulla on 3 palvelua"),
        ("sv", "3 av dina tjänster"),
        ("en", "3 services"),
    ):
        with app.test_request_context():
            made = letter(
                Matter(template="services_to_check", context=context),
                address="a@example.org",
                language=language,
                key=1,
                at=NOW,
            )
        assert words in made.get_content()


def test_it_is_due_once_a_working_morning(database):
    saturday = dt.datetime(2026, 3, 14, 9, 0, tzinfo=dt.UTC)
    assert (due(NOW), due(saturday)) == (("2026-03-10",), ())
