"""Copying a case out for the municipality's own system: text, file, who may, and what the log says."""

import json

import pytest
from sqlalchemy import select

from referrals.municipality import operations
from referrals.municipality.copying_out.parts import Fact, Part, as_data, as_text
from referrals.municipality.plan import operations as plans
from referrals.municipality.plan.models import LineKind
from servicetray.accounts import queries as accounts
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.audit.operations import subject_key
from servicetray.core.db import db, transaction
from tests.factories import people
from tests.referrals.municipality.casework import fresh, started


@pytest.fixture
def case(office, now):
    """Return a case with a note of two lines and a goal."""
    row = started(office, now=now)
    case_id, handler_id = row.id, office.adviser.id
    with transaction():
        actor = accounts.user(handler_id)
        assert actor is not None
        operations.add_note(fresh(case_id), text="Polvi vaivaa.\nUinti sopii.", actor=actor, now=now)
        plans.add_line(fresh(case_id), kind=LineKind.GOAL, text="Jaksan kauppaan", actor=actor, now=now)
    return fresh(case_id)


def at(case) -> str:
    return f"/asiakkuudet/{case.id}/kopioitavaksi"


def copied(case) -> list[dict[str, str]]:
    rows = db.session.scalars(
        select(AuditRow)
        .where(
            AuditRow.action == Action.CASE_COPIED_OUT, AuditRow.subject_key == subject_key(case.referral_id)
        )
        .order_by(AuditRow.id)
    )
    return [row.detail for row in rows]


class TestText:
    def test_everything_stands_in_the_order_of_a_record(self, adviser, case, office):
        page = adviser.read(
            adviser.read(f"/asiakkuudet/{case.id}").link("Kopioi asiakkuus tekstinä tai tiedostona")
        )
        whole = page.root.xpath("//textarea[@id='teksti']")[0].text
        content = operations.content_of(case)
        assert content is not None
        places = [
            whole.index(part)
            for part in (
                case.reference,
                content.last_name,
                content.sender_unit,
                "Jaksan kauppaan",
                "Polvi vaivaa.",
            )
        ]
        assert places == sorted(places)
        # A note of several lines stays one entry where it is pasted.
        assert "Polvi vaivaa. Uinti sopii." in whole
        assert office.adviser.name in whole

    def test_the_log_says_that_it_was_copied_and_how(self, adviser, case):
        adviser.read(at(case))
        adviser.get(f"{at(case)}.json")
        assert copied(case) == [{"shape": "text"}, {"shape": "json"}]


class TestFile:
    def test_the_file_says_what_the_text_says(self, adviser, case):
        answer = adviser.get(f"{at(case)}.json")
        data = json.loads(answer.data)
        content = operations.content_of(case)
        assert content is not None
        assert (data["format"], data["version"]) == ("servicetray.case", 1)
        assert data["client"]["last_name"] == content.last_name
        assert data["permissions"]["feedback"] is content.feedback
        assert [line["text"] for line in data["plan"]] == ["Jaksan kauppaan"]
        assert "Polvi vaivaa.\nUinti sopii." in [entry["note"] for entry in data["course"]]

    def test_its_name_tells_of_nobody(self, adviser, case):
        answer = adviser.get(f"{at(case)}.json")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{case.reference}.json"'
        assert "no-store" in answer.headers["Cache-Control"]


class TestWhoMay:
    @pytest.mark.parametrize("role", [Role.ADVISER, Role.PROFESSIONAL])
    def test_nobody_elsewhere(self, new_client, case, role):
        stranger = people.sign_in(new_client(), people.user(role))
        for path in (at(case), f"{at(case)}.json"):
            assert stranger.get(path).status_code == 404
        assert copied(case) == []

    def test_a_protected_client_is_the_handlers_alone(self, adviser, new_client, office, now):
        row = started(office, now=now, protected=True)
        colleague = people.sign_in(
            new_client(), people.user(Role.ADVISER, units=[office.unit], name="Liisa Toinen")
        )
        assert colleague.get(at(row)).status_code == 404
        assert "Suojattu asiakas" in adviser.read(at(row)).text or "Turvakiel" in adviser.read(at(row)).text


def test_a_part_without_words_is_left_out_of_the_text_and_kept_in_the_file(now):
    empty = Part(name="plan", title="Plan", dated=True, entries=[])
    client = Part(
        name="client",
        title="Client",
        entries=[[Fact(name="phone", value="", label="Phone", words="")]],
    )
    assert as_text([empty, client]) == ""
    data = as_data([empty, client], now=now)
    assert data["plan"] == []
    assert data["client"] == {"phone": ""}
