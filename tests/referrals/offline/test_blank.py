"""The blank form: it asks what the true form asks, in both languages, on the page and in the PDF."""

import pytest

from referrals.county.sending.forms import Offer, ReferralForm
from referrals.kinds import queries as kinds
from referrals.offline.blank import NOT_ON_PAPER, SENDER, Sheet, field_names, sheet_of
from referrals.offline.pdf import pdf_of
from servicetray.accounts.permissions import Role
from servicetray.core import clock
from tests.factories import people
from tests.referrals.county.filling import ground

AT = "/lahetteet/tyhja-lomake"


@pytest.fixture
def sheet(database, app, now) -> Sheet:
    ground()
    kind = kinds.kind("exercise")
    assert kind is not None
    return sheet_of(kind, on=clock.helsinki_day(now))


def test_every_field_of_the_form_stands_on_paper_or_is_named_as_left_out(app, database):
    with app.test_request_context():
        form = ReferralForm(
            offer=Offer(openings=(), reasons=(), interests=(), language="fi"),
            formdata=None,
            meta={"csrf": False},
        )
        fields = {field.name for field in form}
    on_paper = list(field_names())
    assert len(on_paper) == len(set(on_paper))
    assert set(on_paper) | (NOT_ON_PAPER - {"csrf_token"}) == fields
    assert not set(on_paper) & NOT_ON_PAPER


def test_it_is_in_both_languages_and_names_who_takes_it(sheet):
    lines = {line.name: line for group in sheet.groups for line in group.lines}
    assert (lines["last_name"].label.fi, lines["last_name"].label.sv) == ("Sukunimi", "Efternamn")
    assert "interests" not in lines
    assert {name for name, _label in SENDER} <= set(lines)
    assert [each.fi for each in lines["municipality"].choices] == [
        each.municipality.fi for each in sheet.places
    ]
    assert sheet.places
    for line in lines.values():
        assert line.label.fi
        assert line.label.sv != line.label.fi or line.label.fi == ""
    assert sheet.consent.fi != sheet.consent.sv


def test_the_page_says_all_of_it(client, sheet):
    page = people.sign_in(client, people.user(Role.PROFESSIONAL)).read(f"{AT}/exercise")
    for group in sheet.groups:
        for line in group.lines:
            for text in (line.label, *line.choices):
                assert text.fi in page.text
                assert text.sv in page.text
    assert sheet.consent.fi in page.text
    assert sheet.consent.sv in page.text


def test_the_pdf_is_tagged_and_the_same_each_time(sheet, now):
    made = pdf_of(sheet, now=now)
    assert made.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in made
    assert made == pdf_of(sheet, now=now)


def test_it_is_for_senders_and_advisers_alone(new_client, sheet):
    for role, status in ((Role.PROFESSIONAL, 200), (Role.ADVISER, 200), (Role.COORDINATOR, 404)):
        visitor = people.sign_in(new_client(), people.user(role))
        for path in (AT, f"{AT}/exercise", f"{AT}/exercise.pdf"):
            assert visitor.get(path).status_code == status, (role, path)
    assert (
        people.sign_in(new_client(), people.user(Role.PROFESSIONAL)).get(f"{AT}/nothing").status_code == 404
    )


def test_the_command_writes_every_form(app, sheet, tmp_path):
    result = app.test_cli_runner().invoke(args=["blank-forms", str(tmp_path / "forms")])
    assert result.exit_code == 0, result.output
    written = sorted((tmp_path / "forms").iterdir())
    assert [path.stem.rsplit("-", 1)[1] for path in written] == sorted(kind.code for kind in kinds.kinds())
