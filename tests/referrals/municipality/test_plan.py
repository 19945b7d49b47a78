"""The plan of a client: its lines, services of the tray, the sheet, and going on elsewhere."""

import pytest

from referrals.moves import CaseStatus, Outcome
from referrals.municipality import erasing
from referrals.municipality.plan import operations, queries
from referrals.municipality.plan.models import LineKind
from referrals.municipality.plan.sheets import languages
from servicetray.accounts.models import UnitKind
from servicetray.accounts.permissions import Role
from servicetray.core.db import transaction
from tests.factories import catalogue, people
from tests.referrals.municipality.casework import fresh, started
from tests.referrals.scenes import user

ADD, SEARCH, CLOSE = "Lisää suunnitelmaan", "Hae", "Päätä asiakkuus"


@pytest.fixture
def case(office, now):
    return started(office, now=now)


@pytest.fixture(autouse=True)
def tray(database):
    """Load what every installation has, before anybody is made."""
    catalogue.foundation()


@pytest.fixture
def service(tray):
    return catalogue.service("Keksitty kävelyryhmä")


def page_of(adviser, case):
    return adviser.read(f"/asiakkuudet/{case.id}/suunnitelma")


def add_service(adviser, case, words="kävelyryhmä"):
    found = adviser.send(page_of(adviser, case).form(SEARCH), words=words)
    return adviser.send(found.form_to("/palvelu"), button=ADD)


class TestLines:
    def test_a_goal_is_kept_sealed_and_stands_on_the_case(self, adviser, case):
        page = adviser.send(
            page_of(adviser, case).form_to("/suunnitelma"), kind="goal", text="Jaksan kävellä kauppaan"
        )
        assert "Jaksan kävellä kauppaan" in page.text
        (line,) = queries.lines_of(case.id)
        assert b"kauppaan" not in line.sealed
        assert "Jaksan kävellä kauppaan" in adviser.read(f"/asiakkuudet/{case.id}").text

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"text": "Kävelen"}, "tavoite vai askel"),
            ({"kind": "step", "text": ""}, "Kirjoita ensin"),
            ({"kind": "step", "text": "x" * 201}, "200 merkkiin"),
            ({"kind": "step", "text": "120464-126J"}, "henkilötunnus"),
        ],
    )
    def test_what_cannot_be_is_said_and_kept(self, adviser, case, fields, said):
        page = adviser.send(page_of(adviser, case).form_to("/suunnitelma"), status=422, **fields)
        assert said in page.text
        assert page.form_to("/suunnitelma").fields["text"] == fields["text"]

    def test_done_open_again_and_taken_out(self, adviser, case):
        page = adviser.send(
            page_of(adviser, case).form_to("/suunnitelma"), kind="step", text="Soitan ryhmään"
        )
        page = adviser.send(page.form("Tehty"), button="Tehty")
        assert queries.lines_of(case.id)[0].done_at is not None
        page = adviser.send(page.form("Avaa uudelleen"), button="Avaa uudelleen")
        assert queries.lines_of(case.id)[0].done_at is None
        adviser.send(page.form("Poista"), button="Poista")
        assert queries.lines_of(case.id) == []

    def test_forty_lines_are_enough(self, case, office, now):
        case_id, actor_id = case.id, office.adviser.id
        with pytest.raises(operations.PlanFullError), transaction():  # noqa: PT012 - all in one
            actor = user(actor_id)
            for number in range(41):
                operations.add_line(
                    fresh(case_id), kind=LineKind.STEP, text=f"Askel {number}", actor=actor, now=now
                )


class TestServices:
    def test_a_service_is_found_by_words_that_stand_in_no_address(self, adviser, case, service):
        form = page_of(adviser, case).form(SEARCH)
        assert form.method == "post"
        page = add_service(adviser, case)
        assert page.link("Keksitty kävelyryhmä").endswith(str(service))
        (line,) = queries.lines_of(case.id)
        assert str(service).encode() not in line.sealed
        # A second time adds nothing.
        add_service(adviser, case)
        assert len(queries.lines_of(case.id)) == 1

    def test_what_is_not_in_the_tray_is_not_found(self, adviser, case, service):
        found = adviser.send(page_of(adviser, case).form(SEARCH), words="kävelyryhmä")
        form = found.form_to("/palvelu")
        data = form.data(button=ADD) | {"palvelu": "00000000-0000-4000-8000-000000000000"}
        assert adviser.post(form.action, data=data).status_code == 404

    def test_going_on_with_one_closes_the_case(self, adviser, case, service):
        page = add_service(adviser, case)
        adviser.send(page.form(CLOSE), service=str(service))
        row = fresh(case.id)
        assert (row.status, row.outcome) == (CaseStatus.CLOSED, Outcome.REFERRED_ON)
        assert "Ohjattu palveluun: Keksitty kävelyryhmä." in adviser.read(f"/asiakkuudet/{case.id}").text

    def test_a_closed_case_has_its_plan_and_no_forms(self, adviser, case, service):
        page = add_service(adviser, case)
        page = adviser.send(page.form(CLOSE), service=str(service))
        assert "Keksitty kävelyryhmä" in page.text
        assert not list(page.main.iter("form"))

    def test_a_form_of_before_the_closing_says_so(self, adviser, case, service):
        page = add_service(adviser, case)
        adviser.send(page.form(CLOSE), service=str(service))
        stale = adviser.send(page.form_to("/suunnitelma"), kind="step", text="Vielä yksi", status=409)
        assert "asiakkuus on edennyt" in stale.text or "ei enää" in stale.text


class TestSheet:
    @pytest.mark.parametrize("language", sorted(languages()))
    def test_is_in_the_client_s_language_with_the_number_to_call(self, adviser, case, language):
        adviser.send(
            page_of(adviser, case).form_to("/suunnitelma"), kind="goal", text="Jaksan kävellä kauppaan"
        )
        page = adviser.read(f"/asiakkuudet/{case.id}/suunnitelma/tuloste?kieli={language}")
        assert page.h1 == languages()[language].title
        assert "Jaksan kävellä kauppaan" in page.text
        assert "040\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}0100" in page.text or "040 000 0100" in page.text


class TestWalls:
    def test_elsewhere_is_nowhere(self, new_client, case):
        other = people.unit(UnitKind.COUNSELLING, name="Muualla", municipality_code="285")
        stranger = people.sign_in(new_client(), people.user(Role.ADVISER, units=[other]))
        for path in ("suunnitelma", "suunnitelma/tuloste", "tekstit"):
            assert stranger.get(f"/asiakkuudet/{case.id}/{path}").status_code == 404

    def test_a_protected_client_s_is_the_handler_s_alone(self, adviser, new_client, office, now):
        case = started(office, now=now, protected=True)
        assert adviser.get(f"/asiakkuudet/{case.id}/suunnitelma").status_code == 200
        colleague = people.sign_in(
            new_client(), people.user(Role.ADVISER, units=[office.unit], name="Liisa T")
        )
        assert colleague.get(f"/asiakkuudet/{case.id}/suunnitelma").status_code == 404

    def test_erasing_erases_it(self, adviser, case, now):
        adviser.send(
            page_of(adviser, case).form_to("/suunnitelma"), kind="goal", text="Jaksan kävellä kauppaan"
        )
        case_id = case.id
        with transaction():
            erasing.erase([fresh(case_id)], now=now)
        assert queries.lines_of(case_id) == []
