"""The inbox: what waits, whose it is, what is late, and who may see it."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import select

from referrals import handover
from referrals.county import queries as county
from referrals.moves import ContactChannel, Priority, ReferralStatus, Who
from referrals.municipality import operations
from referrals.municipality.models import Case, MeetingForm
from servicetray.accounts import queries as accounts
from servicetray.accounts.models import UnitKind
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.audit.operations import subject_key
from servicetray.core.db import db, transaction
from tests.client import Client
from tests.factories import people
from tests.factories.referrals import catchment, sent

DAY = dt.timedelta(days=1)


def waiting_button(page, name):
    """Return the form that claims the referral of a client."""
    return page.form(f"Ota itselleni: {name}")


def taken(referral, handler, *, now):
    """Accept a referral as somebody."""
    referral_id, handler_id = referral.id, handler.id
    with transaction():
        row, actor = county.referral(referral_id), accounts.user(handler_id)
        assert row is not None
        assert actor is not None
        return handover.accept(row, who=Who.ADVISER, actor=actor, now=now).id


def audited(action):
    return list(db.session.scalars(select(AuditRow).where(AuditRow.action == action).order_by(AuditRow.id)))


def test_a_row_says_who_waits_why_and_since_when(adviser, office, now):
    sent(office.place, now=now - 4 * DAY, reasons=("inactivity", "overweight"), best_time="8–12")
    (row,) = adviser.read("/saapuneet").table("Vapaat, 1")
    assert row["Odottanut"] == "2 työpv"
    assert row["Asiakas"] == "Veikko Tiainen Liikuntaneuvonta, s. 1948"
    assert row["Syyt"] == "Liikkumattomuus Ylipaino"
    assert row["Saa soittaa"] == "040 000 0174 klo 8–12"
    assert row["Missä mennään"] == "Vapaa Määräaika pe 13.3."
    assert row["Mitä tehdään"] == "Ota itselleni: Veikko Tiainen"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"priority": Priority.SOON}, "Lähettäjä merkitsi: pian"),
        ({"language": "sv"}, "Asiointikieli: ruotsi"),
        ({"interpreter": "arabia"}, "Tulkki: arabia"),
    ],
)
def test_what_the_caller_has_to_know_first_stands_in_the_row(adviser, office, now, more, words):
    sent(office.place, now=now, **more)
    (row,) = adviser.read("/saapuneet").table("Vapaat")
    assert words in row["Missä mennään"]


def test_whom_one_may_not_call_is_not_to_be_called(adviser, office, now):
    sent(office.place, now=now, channels=[ContactChannel.TEXT_MESSAGE])
    (row,) = adviser.read("/saapuneet").table("Vapaat")
    assert row["Saa soittaa"] == "Tekstiviesti"


def test_late_ones_stand_first_and_say_since_when(adviser, office, now):
    sent(office.place, now=now, last_name="Uusi")
    sent(office.place, now=now - 20 * DAY, last_name="Vanha")
    page = adviser.read("/saapuneet")
    (row,) = page.table("Myöhässä, 1")
    assert "Vanha" in row["Asiakas"]
    assert "määräaika oli ke 25.2." in row["Odottanut"]
    assert page.text.index("Vanha") < page.text.index("Uusi")


def test_claiming_leads_to_the_case_and_moves_the_row(adviser, office, now):
    sent(office.place, now=now)
    page = adviser.send(waiting_button(adviser.read("/saapuneet"), "Veikko Tiainen"))
    assert page.h1 == "Veikko Tiainen"
    assert page.messages == ["Lähete on nyt sinun. Ota seuraavaksi yhteyttä asiakkaaseen."]
    (row,) = adviser.read("/saapuneet").table("Omat, 1")
    assert row["Missä mennään"] == "Yhteydenotto kesken Määräaika ti 24.3."


def test_chips_count_all_and_show_a_part(adviser, new_client, office, now):
    for name in ("Yksi", "Kaksi", "Kolme"):
        sent(office.place, now=now - 20 * DAY if name == "Yksi" else now, last_name=name)
    colleague = people.sign_in(
        new_client(), people.user(Role.ADVISER, units=[office.unit], name="Liisa Toinen")
    )
    colleague.send(waiting_button(colleague.read("/saapuneet"), "Veikko Kaksi"))
    page = adviser.read("/saapuneet")
    chips = [link.text for link in page.links if "rajaus" in link.href or link.text.startswith("Kaikki")]
    assert chips == ["Kaikki 3", "Vapaat 2", "Omat 0", "Muiden 1"]
    (row,) = page.table("Muiden, 1")
    assert "Liisa Toinen" in row["Missä mennään"]
    free = adviser.read("/saapuneet?rajaus=vapaat")
    assert "Kaksi" not in free.text
    assert {"Yksi", "Kolme"} <= set(free.text.split())
    assert "Täällä ei odota kukaan" in adviser.read("/saapuneet?rajaus=omat").text


def test_an_empty_inbox_is_kind(adviser):
    page = adviser.read("/saapuneet")
    assert "Täällä ei odota kukaan" in page.text


def test_the_list_is_audited_with_whose_data_it_showed(adviser, office, now):
    referral = sent(office.place, now=now)
    hidden = sent(office.place, now=now, protected=True)
    adviser.read("/saapuneet")
    (row,) = audited(Action.INBOX_LISTED)
    assert row.actor_id == office.adviser.id
    assert subject_key(referral.id) in row.detail["subjects"]
    assert subject_key(hidden.id) not in row.detail["subjects"]


def test_the_page_of_what_waits_shows_all_that_was_disclosed(adviser, office, now):
    referral = sent(
        office.place, now=now, own_wish="Kuntosali kiinnostaa", what_to_heed="Puhu selkeästi", transfer=True
    )
    page = adviser.read(f"/saapuneet/{referral.id}")
    for words in (
        "s. 1948",
        "Kuntosali kiinnostaa",
        "Puhu selkeästi",
        "Laura Lähettäjä",
        "Suostumus 10.3.2026, suullinen, antaja asiakas",
        "Palaute lähettäjälle",
        "Ei seurantaa",
        "Saa siirtää toiseen kuntaan",
    ):
        assert words in page.text
    assert page.link("040 000 0174") == "tel:0400000174"
    assert [row.object_id for row in audited(Action.REFERRAL_VIEWED)] == [str(referral.id)]
    assert "Tiainen" not in page.title


def test_after_acceptance_the_address_leads_to_the_case(adviser, office, now):
    referral = sent(office.place, now=now)
    adviser.send(adviser.read(f"/saapuneet/{referral.id}").form("Ota itselleni"))
    assert adviser.get(f"/saapuneet/{referral.id}").location.startswith("/asiakkuudet/")


def test_it_goes_back_with_an_administrative_reason(adviser, office, now):
    referral = sent(office.place, now=now)
    form = adviser.read(f"/saapuneet/{referral.id}").form("Palauta lähete")
    page = adviser.send(form, status=422)
    assert page.errors == {"reason": "Valitse, miksi lähete palautetaan."}
    assert page.error_summary[0].href == "#return-reason-0"
    page = adviser.send(page.form("Palauta lähete"), reason="wrong_municipality")
    assert page.messages == ["Lähete on nyt lähettäjällä, joka näkee antamasi syyn."]
    back = county.referral(referral.id)
    assert back is not None
    assert (back.status, back.returned_reason) == (ReferralStatus.RETURNED, "wrong_municipality")
    adviser.read(f"/saapuneet/{referral.id}", status=404)


def test_the_same_person_twice_is_pointed_out(adviser, office, now):
    first = sent(office.place, now=now)
    second = sent(office.place, now=now)
    page = adviser.read(f"/saapuneet/{second.id}")
    assert "Sama asiakas on ehkä täällä kahdesti" in page.text
    assert page.link(first.reference) == f"/saapuneet/{first.id}"
    assert [row.object_id for row in audited(Action.DUPLICATE_LOOKED_UP)] == [str(first.id)]


class TestWalls:
    """Elsewhere is nowhere."""

    @pytest.fixture
    def stranger(self, new_client, office) -> Client:
        """An adviser of another municipality, with an inbox of their own."""
        unit = people.unit(UnitKind.COUNSELLING, name="Toinen neuvonta", municipality_code="285")
        catchment(unit, municipality_code="285")
        return people.sign_in(new_client(), people.user(Role.ADVISER, units=[unit]))

    def test_another_municipality_s_adviser_sees_nothing(self, stranger, adviser, office, now):
        waiting, taken = sent(office.place, now=now), sent(office.place, now=now, last_name="Otettu")
        adviser.send(waiting_button(adviser.read("/saapuneet"), "Veikko Otettu"))
        case_id = db.session.scalar(select(Case.id).where(Case.referral_id == taken.id))
        assert "Tiainen" not in stranger.read("/saapuneet").text
        nothing = stranger.read(f"/saapuneet/{uuid.uuid4()}", status=404).text
        for path in (f"/saapuneet/{waiting.id}", f"/saapuneet/{taken.id}", f"/asiakkuudet/{case_id}"):
            assert stranger.read(path, status=404).text == nothing

    def test_nor_can_they_take_return_or_enter_anything(self, stranger, adviser, office, now):
        waiting, taken = sent(office.place, now=now), sent(office.place, now=now, last_name="Otettu")
        adviser.send(waiting_button(adviser.read("/saapuneet"), "Veikko Otettu"))
        case_id = db.session.scalar(select(Case.id).where(Case.referral_id == taken.id))
        token = stranger.read("/saapuneet").root.xpath("//input[@name='csrf_token']/@value")[0]
        note = adviser.read(f"/asiakkuudet/{case_id}").form("Tallenna muistiinpano").fields
        posts = {
            f"/saapuneet/{waiting.id}/ota": {},
            f"/saapuneet/{waiting.id}/palauta": {"reason": "duplicate"},
            f"/asiakkuudet/{case_id}/muistiinpano": {**note, "note": "hei"},
            f"/asiakkuudet/{case_id}/paata": {"state": note["state"], "outcome": "did_not_want"},
        }
        for path, data in posts.items():
            assert stranger.post(path, data={**data, "csrf_token": token}).status_code == 404, path
        row = county.referral(waiting.id)
        assert row is not None
        assert row.status is ReferralStatus.SENT

    @pytest.mark.parametrize(
        "role", [role for role in Role if role not in {Role.ADVISER, Role.MUNICIPAL_LEAD}]
    )
    def test_every_other_role_meets_a_404(self, new_client, office, role):
        somebody = people.sign_in(new_client(), people.user(role, units=[office.unit]))
        for path in ("/saapuneet", "/saapuneet/paattyneet"):
            somebody.read(path, status=404)

    def test_withdrawn_consent_closes_what_waits(self, adviser, office, now):
        referral = sent(office.place, now=now)
        with transaction() as session:
            session.add(referral)
            referral.consent.withdrawn_at = now
        assert "Tiainen" not in adviser.read("/saapuneet").text
        adviser.read(f"/saapuneet/{referral.id}", status=404)


class TestProtected:
    """Nothing but that somebody waits, until one has taken it; then only for that one."""

    def test_waits_without_a_name(self, adviser, office, now):
        referral = sent(office.place, now=now, protected=True)
        (row,) = adviser.read("/saapuneet").table("Vapaat")
        assert row["Asiakas"] == "Suojattu asiakas Liikuntaneuvonta"
        assert row["Syyt"] == ""
        page = adviser.read(f"/saapuneet/{referral.id}")
        assert page.h1 == "Suojattu asiakas"
        assert "Tiainen" not in page.frame_text
        assert "040 000 0174" not in page.frame_text

    def test_is_open_to_its_handler_alone(self, adviser, new_client, office, now):
        referral = sent(office.place, now=now, protected=True)
        page = adviser.send(waiting_button(adviser.read("/saapuneet"), "Suojattu asiakas"))
        assert page.h1 == "Veikko Tiainen"
        lead = people.sign_in(new_client(), people.user(Role.MUNICIPAL_LEAD, units=[office.unit]))
        inbox = lead.read("/saapuneet")
        (row,) = inbox.table("Muiden")
        assert row["Asiakas"] == "Suojattu asiakas Liikuntaneuvonta"
        assert row["Mitä tehdään"] == "Vain käsittelijälle Valitse: Suojattu asiakas"
        lead.read(page.path, status=404)
        lead.read(f"/saapuneet/{referral.id}", status=404)

    def test_is_never_pointed_out_as_the_same_person(self, adviser, office, now):
        sent(office.place, now=now, protected=True)
        other = sent(office.place, now=now)
        assert "kahdesti" not in adviser.read(f"/saapuneet/{other.id}").text


def test_a_lead_sees_the_inbox_and_may_do_an_adviser_s_work(new_client, office, now):
    lead = people.sign_in(new_client(), people.user(Role.MUNICIPAL_LEAD, units=[office.unit]))
    sent(office.place, now=now)
    page = lead.send(waiting_button(lead.read("/saapuneet"), "Veikko Tiainen"))
    page = lead.send(page.form("Kirjaa yritys"), went="no_answer")
    assert page.messages == ["Kirjattu. Yrityksiä on nyt yksi."]


def test_an_adviser_of_two_municipalities_sees_which_is_which(client, office, now):
    people.municipality("285", "Kotka")
    other_unit = people.unit(UnitKind.COUNSELLING, municipality_code="285")
    other = catchment(other_unit, municipality_code="285")
    both = people.sign_in(client, people.user(Role.ADVISER, units=[office.unit, other_unit]))
    sent(other, now=now)
    page = both.read("/saapuneet")
    assert page.h1 == "Lähetteet"
    assert "Kotka" in page.table("Vapaat")[0]["Asiakas"]


def test_the_slower_of_two_is_told_kindly_who_was_faster(adviser, new_client, office, now):
    sent(office.place, now=now)
    colleague = people.sign_in(
        new_client(), people.user(Role.ADVISER, units=[office.unit], name="Liisa Toinen")
    )
    seen = adviser.read("/saapuneet")
    colleague.send(waiting_button(colleague.read("/saapuneet"), "Veikko Tiainen"))
    page = adviser.send(waiting_button(seen, "Veikko Tiainen"), status=409)
    assert page.h1 == "Joku ehti hetken ennen sinua"
    assert "Liisa Toinen on jo ottanut tämän lähetteen" in page.text
    assert adviser.read(page.link("Avaa asiakkuus")).h1 == "Veikko Tiainen"


def test_pressing_twice_leads_to_one_s_own_case(adviser, office, now):
    sent(office.place, now=now)
    seen = waiting_button(adviser.read("/saapuneet"), "Veikko Tiainen")
    first = adviser.send(seen)
    assert adviser.send(seen).path == first.path


def test_what_the_sender_took_back_meanwhile_is_said_so(adviser, office, now):
    referral = sent(office.place, now=now)
    seen = waiting_button(adviser.read("/saapuneet"), "Veikko Tiainen")
    with transaction() as session:
        session.add(referral)
        referral.status = ReferralStatus.CANCELLED
    page = adviser.send(seen, status=409)
    assert "Tämä lähete ei enää odota" in page.text


def test_a_long_inbox_comes_in_pages_of_fifty(adviser, office, now, query_budget):
    sender = people.user(Role.PROFESSIONAL, units=[people.unit()])
    colleague = people.user(Role.ADVISER, units=[office.unit], name="Liisa Toinen")
    for number in range(52):
        sent(office.place, now=now, sender=sender, last_name=f"Asiakas{number}")
    for handler in (office.adviser, colleague):
        taken(sent(office.place, now=now, sender=sender), handler, now=now)
    with query_budget(20):
        page = adviser.read("/saapuneet")
    assert len(page.table("Vapaat, 52")) == 50
    page = adviser.read(page.link("Seuraava sivu"))
    assert [len(page.table(part)) for part in ("Vapaat, 52", "Omat, 1", "Muiden, 1")] == [2, 1, 1]
    assert len(adviser.read(page.link("Edellinen sivu")).table("Vapaat, 52")) == 50


def test_conditions_stand_in_the_address_and_say_what_they_leave(adviser, office, now):
    sent(office.place, now=now, priority=Priority.SOON, last_name="Pian")
    sent(office.place, now=now - 20 * DAY, last_name="Vanha")
    page = adviser.read("/saapuneet")
    narrowed = adviser.read(page.link("Pian 1"))
    assert "Vanha" not in narrowed.text
    assert "Pian" in narrowed.table("Vapaat, 1")[0]["Asiakas"]
    both = adviser.read("/saapuneet?ehto=pian&ehto=myohassa")
    assert "Näihin rajauksiin ei nyt sovi kukaan." in both.text
    assert "Vanha" in adviser.read(both.link("Poista rajaukset")).text


@pytest.mark.parametrize(
    "query",
    ["rajaus=x", "kunta=999", "laji=x", "ehto=x&ehto=y", "jalkeen=x", "ennen=0.0.00000000.0.0." + "0" * 32],
)
def test_an_address_that_says_nothing_shows_everything(adviser, office, now, query):
    sent(office.place, now=now)
    assert len(adviser.read(f"/saapuneet?{query}").table("Vapaat, 1")) == 1


def test_practice_says_so(adviser, office, now):
    sent(office.place, now=now, practice=True)
    token = adviser.read("/saapuneet").form("Kirjaudu ulos").data()["csrf_token"]
    adviser.post("/harjoittelu", data={"csrf_token": token, "practice": "on"})
    (row,) = adviser.read("/saapuneet").table("Vapaat")
    assert "Harjoitus" in row["Asiakas"]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_inbox_speaks_other_languages(adviser, office, now, language):
    sent(office.place, now=now)
    page = adviser.read(f"/{language}/saapuneet")
    assert page.h1 == {"sv": "Remisser, Kouvola", "en": "Referrals, Kouvola"}[language]


def test_those_of_today_stand_before_the_unclaimed_by_the_clock(adviser, office, now):
    sent(office.place, now=now, last_name="Odottaja")
    sent(office.place, now=now - 20 * DAY, last_name="Vanha")
    for name, hours in (("Iltapäivä", 5), ("Aamu", 1), ("Huominen", 25)):
        case_id = taken(sent(office.place, now=now, last_name=name), office.adviser, now=now)
        with transaction() as session:
            case = session.get_one(Case, case_id)
            operations.schedule(
                case,
                at=now + hours * DAY / 24,
                form=MeetingForm.PHONE,
                who=Who.ADVISER,
                actor=accounts.user(office.adviser.id),
                now=now,
            )
    page = adviser.read("/saapuneet")
    rows = page.table("Tänään sovitut ajat, 2")
    assert ["Aamu" in rows[0]["Asiakas"], "Iltapäivä" in rows[1]["Asiakas"]] == [True, True]
    places = [page.text.index(name) for name in ("Vanha", "Aamu", "Iltapäivä", "Odottaja", "Huominen")]
    assert places == sorted(places)
    assert len(page.table("Omat, 1")) == 1
    assert "Iltapäivä" in adviser.read(page.link("Aika tänään 2")).text
