"""Who is written to of services that are written here, and when nobody is."""

import datetime as dt
import uuid
from typing import Any

import pytest
from sqlalchemy import select

from servicetray.accounts import operations as accounts
from servicetray.accounts.permissions import Role
from servicetray.accounts.queries import MessageWish, User
from servicetray.core.db import db, transaction
from servicetray.core.digest import gather
from servicetray.core.jobs import jobs, run_once
from servicetray.core.letters import Matter, letter
from servicetray.core.outbox import MessageState, OutboxMessage
from tests.client import Client
from tests.factories import catalogue, people
from tests.reading import Reading
from themes.directory.desk import letters, operations, queries
from themes.directory.desk.scope import Scope, add_editor
from themes.directory.models import Service, ServiceStage, ServiceStatus, Source

NOW = catalogue.NOW
DAY = dt.timedelta(days=1)
TO_MEND = "Lisää, milloin kahvit ovat."


def waiting(provider_id: uuid.UUID, name: str = "Iltakahvit", **more: Any) -> uuid.UUID:
    """Make a service that a provider has written, and that waits to be published."""
    place = catalogue.channel(street={"fi": "Torikatu 1"}, municipality_code="286")
    service_id = catalogue.service(
        {"fi": name, "sv": "Kvällskaffe"}, provider_id=provider_id, channel_ids=(place,), **more
    )
    with transaction():
        service = db.session.get_one(Service, service_id)
        service.status, service.stage = ServiceStatus.HIDDEN, ServiceStage.WAITING
        service.source = Source.PROVIDER
    return service_id


def colleague(provider_id: uuid.UUID, language: str = "fi", *roles: Role) -> User:
    person = people.user(Role.PROVIDER_EDITOR, *roles, language=language)
    with transaction():
        add_editor(provider_id, person, actor=person, now=NOW)
    return person


def letters_to(*templates: str) -> list[OutboxMessage]:
    wanted = select(OutboxMessage).where(OutboxMessage.template.in_(templates)).order_by(OutboxMessage.id)
    return list(db.session.scalars(wanted))


def pressed(person: Client, service_id: uuid.UUID, button: str, **typed: Any) -> Reading:
    form = person.read(f"/sisalto/palvelut/{service_id}").form(button)
    return person.send(form, **typed)


def test_what_is_given_back_is_written_to_its_provider_once_in_each_ones_language(editor, provider_id):
    first, second = colleague(provider_id), colleague(provider_id, "sv")
    colleague(catalogue.provider("Toinen ry"))
    service_id, addresses = waiting(provider_id), {first.email: "fi", second.email: "sv"}
    form = editor.read(f"/sisalto/palvelut/{service_id}").form("Anna järjestäjän jatkaa")
    editor.send(form, to_mend="", status=422)
    assert letters_to(letters.GIVEN_BACK) == []
    editor.send(form, to_mend=TO_MEND)
    editor.send(form, to_mend=TO_MEND, status=409)
    told = letters_to(letters.GIVEN_BACK)
    assert {each.address: each.language for each in told} == addresses
    assert len(told) == len(addresses)
    path = f"/sisalto/palvelut/{service_id}"
    assert {each.language: each.context for each in told} == {
        "fi": {"path": path, "name": "Iltakahvit", "to_mend": TO_MEND},
        "sv": {"path": path, "name": "Kvällskaffe", "to_mend": TO_MEND},
    }


def test_what_is_published_is_written_once_and_an_older_letter_no_longer_leaves(editor, provider_id):
    person = colleague(provider_id)
    email, service_id = person.email, waiting(provider_id)
    pressed(editor, service_id, "Anna järjestäjän jatkaa", to_mend=TO_MEND)
    form = editor.read(f"/sisalto/palvelut/{service_id}").form("Julkaise")
    editor.send(form)
    editor.send(form, status=409)
    (old,), (new,) = letters_to(letters.GIVEN_BACK), letters_to(letters.PUBLISHED)
    assert (old.state, new.state, new.address) == (MessageState.CANCELLED, MessageState.WAITING, email)


def test_whoever_did_it_and_whoever_has_left_gets_no_letter(new_client, provider_id):
    doer = colleague(provider_id, "fi", Role.CONTENT_EDITOR)
    gone = colleague(provider_id)
    with transaction():
        accounts.deactivate(db.session.merge(gone), now=NOW)
    person = people.sign_in(new_client(), doer)
    pressed(person, waiting(provider_id), "Julkaise")
    pressed(person, waiting(provider_id), "Anna järjestäjän jatkaa", to_mend=TO_MEND)
    assert letters_to(letters.GIVEN_BACK, letters.PUBLISHED) == []


def test_what_the_county_wrote_itself_is_no_news_to_a_provider(editor, provider_id):
    colleague(provider_id)
    service_id = waiting(provider_id)
    with transaction():
        service = db.session.get_one(Service, service_id)
        service.source, service.stage = Source.EDITOR, ServiceStage.DRAFT
    pressed(editor, service_id, "Julkaise")
    assert letters_to(letters.PUBLISHED) == []


class GaveUpError(Exception):
    """Something fails after a letter was written."""


def gives_up(service_id: uuid.UUID, doer: User) -> None:
    with transaction():
        held = queries.required(service_id, scope=Scope(providers=None), lock=True)
        operations.give_back(held, to_mend=TO_MEND, actor=doer, now=NOW)
        assert len(letters_to(letters.GIVEN_BACK)) == 1
        raise GaveUpError


def test_what_is_rolled_back_is_written_to_nobody(provider_id):
    colleague(provider_id)
    service_id = waiting(provider_id)
    with pytest.raises(GaveUpError):
        gives_up(service_id, people.user(Role.CONTENT_EDITOR))
    assert letters_to(letters.GIVEN_BACK) == []
    assert db.session.get_one(Service, service_id).stage is ServiceStage.WAITING


def test_what_cannot_be_published_yet_is_written_to_nobody(editor, provider_id):
    colleague(provider_id)
    form = editor.read(f"/sisalto/palvelut/{waiting(provider_id, themes=())}").form("Julkaise")
    editor.send(form, status=422)
    assert letters_to(letters.PUBLISHED) == []


def test_a_letter_that_no_longer_holds_does_not_leave(own_editor, editor, provider_id):
    for button in ("Pyydä julkaisemaan", "Poista luonnos"):
        service_id = waiting(provider_id)
        pressed(editor, service_id, "Anna järjestäjän jatkaa", to_mend=TO_MEND)
        assert letters_to(letters.GIVEN_BACK)[-1].state is MessageState.WAITING
        pressed(own_editor, service_id, button)
        assert letters_to(letters.GIVEN_BACK)[-1].state is MessageState.CANCELLED


def test_who_wants_one_letter_a_day_hears_in_the_morning(editor, provider_id):
    person = colleague(provider_id)
    with transaction():
        db.session.merge(person).message_wish = MessageWish.DAILY
    pressed(editor, waiting(provider_id), "Julkaise")
    assert letters_to(letters.PUBLISHED)[0].state is MessageState.HELD


def told_of_what_waits(now: dt.datetime) -> int:
    with transaction():
        return letters.tell_what_waits(now=now)


def test_editors_hear_of_all_that_waits_in_one_letter_a_morning(foundation, provider_id):
    editors = {people.user(Role.CONTENT_EDITOR).email, people.user(Role.COORDINATOR).email}
    colleague(provider_id)
    assert told_of_what_waits(NOW) == 0
    ids = [waiting(provider_id, f"Kerho {number}") for number in range(3)]
    assert told_of_what_waits(NOW) == len(editors)
    told = letters_to(letters.WAITING)
    assert {each.address for each in told} == editors
    for each in told:
        assert each.context == {"path": "/sisalto/palvelut?tila=julkaistavat", "count": "3"}
    with transaction():
        assert gather(NOW.date(), now=NOW) == len(editors), "however much waits, it is one letter"
    with transaction():
        for service_id in ids:
            db.session.get_one(Service, service_id).stage = ServiceStage.DRAFT
    assert told_of_what_waits(NOW + DAY) == 0
    assert {each.state for each in letters_to(letters.WAITING)} == {MessageState.CANCELLED}


def test_what_has_not_left_yet_gives_way_to_the_number_of_today(foundation, provider_id):
    people.user(Role.CONTENT_EDITOR)
    for number in ("1", "2"):
        waiting(provider_id, f"Kerho {number}")
        told_of_what_waits(NOW)
    old, new = letters_to(letters.WAITING)
    assert (old.state, new.state, new.context["count"]) == (MessageState.CANCELLED, MessageState.HELD, "2")


def test_the_morning_is_told_once_however_often_the_scheduler_asks(app, foundation, provider_id):
    people.user(Role.CONTENT_EDITOR)
    waiting(provider_id)
    (job,) = (each for each in jobs() if each.name == letters.JOB_NAME)
    saturday = dt.datetime(2026, 3, 14, 9, 0, tzinfo=dt.UTC)
    assert (job.due(NOW), job.due(saturday), job.due(NOW.replace(hour=3))) == (("2026-03-10",), (), ())
    for _time in range(2):
        run_once(job.name, "2026-03-10", lambda: job.work("2026-03-10", NOW), now=lambda: NOW)
    assert job.due(NOW) == ()
    assert len(letters_to(letters.WAITING)) == 1


@pytest.mark.parametrize(
    ("template", "context", "words"),
    [
        (
            letters.GIVEN_BACK,
            {"path": "/sisalto/palvelut/1", "name": "Kahvit", "to_mend": "Kerro, missä."},
            {
                "fi": ("Korjaa ennen julkaisemista: Kahvit", "Kerro, missä.", "/sisalto/palvelut/1"),
                "sv": ("Rätta till innan den publiceras: Kahvit", "Kerro, missä.", "/sv/sisalto/palvelut/1"),
                "en": ("To mend before it is published: Kahvit", "Kerro, missä.", "/en/sisalto/palvelut/1"),
            },
        ),
        (
            letters.PUBLISHED,
            {"path": "/sisalto/palvelut/1", "name": "Kahvit", "to_mend": ""},
            {
                "fi": ("Julkaistu: Kahvit", "Palvelusi on julkaistu", "/sisalto/palvelut/1"),
                "sv": ("Publicerad: Kahvit", "Din tjänst är publicerad", "/sv/sisalto/palvelut/1"),
                "en": ("Published: Kahvit", "Your service is published", "/en/sisalto/palvelut/1"),
            },
        ),
        (
            letters.WAITING,
            {"path": "/sisalto/palvelut?tila=julkaistavat", "count": "2"},
            {
                "fi": ("2 palvelua odottaa, että julkaiset ne", "odottavat vastaustasi", "tila=julkaistavat"),
                "sv": ("2 tjänster väntar på att du", "väntar på ditt svar", "/sv/sisalto/palvelut?tila"),
                "en": ("2 services wait for you", "Providers wait for your answer", "/en/sisalto/palvelut?"),
            },
        ),
    ],
    ids=["given back", "published", "waiting"],
)
def test_each_letter_reads_well_in_every_language(app, template, context, words):
    for language, (subject, *told) in words.items():
        with app.test_request_context():
            made = letter(
                Matter(template=template, context=context),
                address="a@example.org",
                language=language,
                key=1,
                at=NOW,
            )
        assert str(made["Subject"]).startswith(subject)
        for part in told:
            assert part in made.get_content()
