"""A service is written here: a draft, then asked for, then published."""

from typing import Any

from servicetray.accounts.permissions import Role
from servicetray.core import clock
from servicetray.core.db import db
from tests.factories import catalogue, people
from themes.directory.models import Channel, Service, ServiceStage, Source

NEW = "/sisalto/palvelut/uusi"
TYPED = {"name_fi": "Iltakahvit", "summary_fi": "Kahvia ja juttua.", "municipalities": ["286"]}


def only_service() -> Service:
    db.session.expire_all()
    return db.session.query(Service).one()


def written(person: Any, **typed: Any) -> str:
    page = person.send(person.read(NEW).form("Tallenna"), button="Tallenna", **{**TYPED, **typed})
    return str(page.path)


def reached(person, path: str) -> None:
    form = person.read(f"{path}/yhteydet/uusi").form("Tallenna")
    person.send(form, button="Tallenna", **{"kind": "phone", "phones-0-number": "040 000 0101"})


def test_a_provider_writes_asks_and_an_editor_publishes(own_editor, editor, new_client, provider_id):
    path = written(own_editor)
    it = only_service()
    assert (it.provider_id, it.source, it.stage) == (provider_id, Source.PROVIDER, ServiceStage.DRAFT)
    public = f"/palvelut/{it.id}"
    page = own_editor.send(own_editor.read(path).form("Pyydä julkaisemaan"), status=422)
    assert "Kerro, miten palvelun tavoittaa" in page.text
    reached(own_editor, path)
    own_editor.send(own_editor.read(path).form("Pyydä julkaisemaan"))
    assert own_editor.read("/sisalto/palvelut").table("Palvelut")[0]["Tila"] == "Odottaa julkaisemista"
    new_client().read(public, status=404)

    front = editor.read("/sisalto/palvelut")
    assert "1 palvelu odottaa, että julkaiset sen" in front.text
    assert editor.read(front.link("1 palvelu odottaa")).table("Palvelut")[0]["Nimi"] == "Iltakahvit"
    page = editor.send(editor.read(path).form("Julkaise"), status=422)
    assert "themes" in page.errors
    editor.send(editor.read(path).form("Tallenna"), button="Tallenna", themes=["liikunta"])
    editor.send(editor.read(path).form("Julkaise"))
    assert new_client().read(public).h1 == "Iltakahvit"
    it = only_service()
    assert (it.stage, it.checked_on) == (None, clock.helsinki_day(clock.now()))
    assert own_editor.read("/sisalto/palvelut").table("Palvelut")[0]["Tila"] == "Julkaistu"


def test_what_waits_is_published_by_no_way_round(own_editor, editor, new_client):
    path = written(own_editor)
    reached(own_editor, path)
    sent = {"csrf_token": own_editor.read(path).form("Tallenna").data()["csrf_token"]}
    for step in ("/julkaisu", "/takaisin"):
        assert own_editor.post(f"{path}{step}", data=sent).status_code == 404
    own_editor.send(own_editor.read(path).form("Pyydä julkaisemaan"))
    for step in ("/nakyvyys", "/poisto", "/pyynto"):
        for more in ({}, {"nayta": "1"}):
            assert own_editor.post(f"{path}{step}", data={**sent, **more}).status_code == 409
    assert only_service().stage is ServiceStage.WAITING
    new_client().read(f"/palvelut/{only_service().id}", status=404)
    editor.send(editor.read(path).form("Anna järjestäjän jatkaa"), to_mend="Lisää, milloin kahvit ovat.")
    assert own_editor.read("/sisalto/palvelut").table("Palvelut")[0]["Tila"] == "Luonnos"


def test_what_is_given_back_tells_what_to_mend_until_it_is_asked_for_again(own_editor, editor):
    path = written(own_editor)
    reached(own_editor, path)
    own_editor.send(own_editor.read(path).form("Pyydä julkaisemaan"))
    page = editor.send(editor.read(path).form("Anna järjestäjän jatkaa"), status=422)
    assert set(page.errors) == {"to_mend"}
    page = editor.send(editor.read(path).form("Anna järjestäjän jatkaa"), to_mend="131052-308T", status=422)
    assert only_service().stage is ServiceStage.WAITING
    editor.send(editor.read(path).form("Anna järjestäjän jatkaa"), to_mend="Lisää, milloin kahvit ovat.")
    assert "Korjaa ennen julkaisemista: Lisää, milloin kahvit ovat." in own_editor.read(path).text
    own_editor.send(own_editor.read(path).form("Pyydä julkaisemaan"))
    assert only_service().to_mend == ""


def test_an_editor_of_content_chooses_whose_it_is_and_publishes_it(editor, provider_id, new_client):
    form = editor.read(NEW).form("Tallenna")
    catalogue.provider("Toinen ry")
    form = editor.read(NEW).form("Tallenna")
    page = editor.send(form, button="Tallenna", status=422, name_fi="Kesken", provider="")
    assert set(page.errors) == {"provider"}
    path = written(editor, provider=str(provider_id), themes=["liikunta"])
    reached(editor, path)
    editor.send(editor.read(path).form("Julkaise"))
    assert new_client().read(f"/palvelut/{only_service().id}").h1 == "Iltakahvit"
    assert only_service().source is Source.EDITOR


def test_a_draft_can_be_thrown_away_with_what_hangs_on_it(own_editor):
    path = written(own_editor)
    reached(own_editor, path)
    page = own_editor.send(own_editor.read(path).form("Poista luonnos"))
    assert page.path == "/sisalto/palvelut"
    assert db.session.query(Service).count() == db.session.query(Channel).count() == 0


def test_a_provider_writes_for_no_other(own_editor, provider_id):
    other = catalogue.provider("Toinen ry")
    data = {**own_editor.read(NEW).form("Tallenna").data(), **TYPED, "provider": str(other)}
    assert own_editor.post(NEW, data=data).status_code == 303
    assert only_service().provider_id == provider_id


def test_an_editor_of_no_provider_writes_none(foundation, client):
    people.sign_in(client, people.user(Role.PROVIDER_EDITOR))
    client.read(NEW, status=404)
    assert "Uusi palvelu" not in client.read("/sisalto/palvelut").text
