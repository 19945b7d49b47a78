"""Ready texts: what is filled in, what a unit has, and picking one beside a case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.moves import ContactChannel
from referrals.municipality.models import Note
from referrals.ready_texts import operations, queries
from referrals.ready_texts.filling import PLACEHOLDERS, Filling, UnknownPlaceholderError, check, fill
from referrals.ready_texts.models import Use
from servicetray.core.db import db, transaction
from tests.referrals.municipality.casework import taken

FILLING = Filling(unit_phone="040 000 0100", adviser="Mikko {date}", date="1.3.2026")
BOTH = (ContactChannel.PHONE, ContactChannel.TEXT_MESSAGE)


class TestFilling:
    def test_fills_in_once_and_in_one_pass(self):
        assert fill("{adviser}, {unit_phone}", FILLING) == "Mikko {date}, 040 000 0100"

    @pytest.mark.parametrize("body", ["{client}", "{", "a } b", "{unit_phone.__class__}", "{}", "{{date}}"])
    def test_other_braces_are_refused(self, body):
        with pytest.raises(UnknownPlaceholderError):
            check(body)

    @given(st.text())
    def test_whatever_is_accepted_is_filled_without_a_rest(self, text):
        try:
            check(text)
        except UnknownPlaceholderError:
            return
        filled = fill(text, Filling(unit_phone="1", adviser="2", date="3"))
        assert "{" not in filled
        assert "}" not in filled


class TestFirstTexts:
    @pytest.mark.parametrize("text", queries.first_texts(), ids=lambda text: text.title["en"])
    def test_each_is_there_in_every_language_with_the_same_placeholders(self, text):
        assert set(text.title) == set(text.body) == {"fi", "sv", "en"}
        used = [{name for name in PLACEHOLDERS if f"{{{name}}}" in body} for body in text.body.values()]
        assert used[0] == used[1] == used[2]
        for body in text.body.values():
            check(body)

    def test_what_may_be_seen_by_others_tells_nothing(self):
        for text in queries.first_texts():
            if text.use in {Use.TEXT_MESSAGE, Use.LETTER}:
                for body in text.body.values():
                    said = body.lower()
                    assert not any(
                        word in said
                        for word in (
                            "lähet",
                            "remiss",
                            "referral",
                            "liikunta",
                            "motion",
                            "exercise",
                            "neuvonta",
                        )
                    )

    def test_a_unit_s_own_take_their_place(self, office):
        unit_id = office.unit.id
        with transaction():
            adopted = len(operations.adopt(unit_id))
            assert operations.adopt(unit_id) == ()
        assert adopted == len(queries.first_texts())
        assert len(queries.texts_for(unit_id, kind_code="exercise")) == adopted
        with transaction():
            for row in queries.own_texts(unit_id):
                operations.change(
                    row, kind_code="culture", use=row.use, title=row.title, body=row.body, active=True
                )
        assert queries.texts_for(unit_id, kind_code="exercise") == ()

    def test_two_leads_at_the_same_moment_take_them_over_once(self, office, monkeypatch):
        unit_id = office.unit.id
        with transaction():
            adopted = len(operations.adopt(unit_id))
        # The second one looked before the first had written.
        monkeypatch.setattr(queries, "own_texts", lambda _unit_id: ())
        with transaction():
            assert operations.adopt(unit_id) == ()
        monkeypatch.undo()
        assert len(queries.own_texts(unit_id)) == adopted


class TestPicking:
    def test_a_message_is_in_the_client_s_language_and_filled_in(self, adviser, office, now):
        case = taken(office, now=now, language="sv", channels=BOTH)
        page = adviser.read(f"/asiakkuudet/{case.id}/tekstit")
        assert "Jag försökte ringa dig" in page.text
        assert "040 000 0100" in page.text
        assert "{" not in page.text

    def test_no_text_for_a_way_that_was_not_allowed(self, adviser, office, now):
        case = taken(office, now=now)
        page = adviser.read(f"/asiakkuudet/{case.id}/tekstit")
        assert "Tekstiviesti omasta puhelimestasi" not in page.headings(2)
        assert "Kirje" not in page.headings(2)

    def test_no_text_message_to_a_protected_client(self, adviser, office, now):
        case = taken(office, now=now, channels=BOTH, protected=True)
        page = adviser.read(f"/asiakkuudet/{case.id}/tekstit")
        assert "Tekstiviesti omasta puhelimestasi" not in page.headings(2)

    def test_a_note_begins_with_a_text(self, adviser, office, now):
        case = taken(office, now=now)
        page = adviser.read(f"/asiakkuudet/{case.id}/tekstit")
        page = adviser.read(page.link("Aloita muistiinpano tästä"))
        form = page.form("Tallenna muistiinpano")
        assert form.fields["note"].startswith("Puhelu ")
        adviser.send(form, note=f"{form.fields['note']} kävelyä")
        assert db.session.query(Note).count() == 1
