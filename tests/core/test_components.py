"""The shared parts of pages: what they say to people, and to the machines that read pages aloud."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import wtforms
from flask import Flask, render_template_string
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from servicetray.core import assets, i18n, pages

FORM_MACROS = (
    '{% from "components/forms.html" import checkbox, checkboxes, error_summary, password_field, radios,'
    " select, submit, text_field, textarea, yes_no %}"
)
PAGE_MACROS = (
    '{% from "components/page.html" import alert, breadcrumbs, empty, fact, pagination, stone, tag %}'
)


class Invitation(FlaskForm):
    """A form with a field of each kind."""

    name = wtforms.StringField("Name", description="As you like it", validators=[InputRequired("Write it")])
    phone = wtforms.TelField("Phone")
    wish = wtforms.TextAreaField("Wish", validators=[Length(max=300)])
    place = wtforms.RadioField(
        "Place", choices={"a": "Kotka", "b": "Hamina"}, validators=[InputRequired("Choose one")]
    )
    days = wtforms.SelectMultipleField(
        "Days",
        choices={"1": "Monday", "2": "Tuesday"},
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[InputRequired("Choose a day")],
    )
    agreed = wtforms.BooleanField("Agreed")
    told = wtforms.RadioField("May I tell?", choices={"y": "Yes", "n": "No"}, description="Or not")


@pytest.fixture(scope="module")
def site() -> Flask:
    """An application of nothing but templates: the parts need no database and no feature."""
    site = Flask("site", template_folder=str(Path(__file__).parents[2] / "templates"))
    site.config["WTF_CSRF_ENABLED"] = False
    i18n.init_app(site)
    pages.init_app(site)
    assets.init_app(site)
    return site


@pytest.fixture
def page(site: Flask) -> Iterator[Flask]:
    """That application in a request for a Finnish page."""
    with site.test_request_context("/"):
        yield site


def form_with(*wrong: str) -> Invitation:
    """Make the form; the named fields have what their validators say when nothing is written."""
    form = Invitation()
    form.validate()
    for field in form:
        if field.name not in wrong:
            field.errors = ()
    return form


@pytest.mark.usefixtures("page")
class TestFields:
    def one(self, call: str, form: Invitation) -> str:
        return render_template_string(FORM_MACROS + "{{ " + call + " }}", form=form)

    def test_a_field_is_described_by_its_hint_and_its_error_in_that_order(self) -> None:
        html = self.one("text_field(form.name)", form_with("name"))
        assert 'aria-describedby="name-hint name-error"' in html
        assert 'aria-invalid="true"' in html
        assert '<p class="small" data-field="description" id="name-hint">As you like it</p>' in html
        assert 'id="name-error">Write it</p>' in html

    def test_a_field_without_fault_is_not_marked(self) -> None:
        html = self.one("text_field(form.phone)", form_with("name"))
        assert "aria-invalid" not in html
        assert "aria-describedby" not in html
        assert 'type="tel"' in html

    def test_optional_fields_say_so_in_words(self) -> None:
        assert "(vapaaehtoinen)" in self.one("text_field(form.phone)", form_with())
        assert "(vapaaehtoinen)" not in self.one("text_field(form.name)", form_with())
        assert "(vapaaehtoinen)" not in self.one("text_field(form.phone, optional=False)", form_with())

    def test_more_attributes_reach_the_control(self) -> None:
        html = self.one('text_field(form.name, autocomplete="given-name", inputmode="numeric")', form_with())
        assert 'autocomplete="given-name"' in html
        assert 'inputmode="numeric"' in html

    def test_a_long_text_says_to_the_script_how_to_count(self) -> None:
        html = self.one("textarea(form.wish)", form_with())
        assert 'maxlength="300"' in html
        assert 'data-left="# merkkiä jäljellä"' in html

    def test_options_stand_under_one_legend_with_the_error_of_all(self) -> None:
        html = self.one('radios(form.place, hints={"a": "6 days"})', form_with("place"))
        assert '<legend class="ds-label">Place</legend>' in html
        assert '<fieldset class="ds-fieldset" id="place" aria-describedby="place-error">' in html
        assert 'id="place-0-hint">6 days</p>' in html
        assert html.count('type="radio"') == 2
        assert " checked" not in html

    def test_a_caller_adds_a_box_that_cannot_be_chosen(self) -> None:
        html = render_template_string(
            FORM_MACROS + "{% call radios(form.place) %}<p>Paused</p>{% endcall %}", form=form_with()
        )
        assert html.index("Hamina") < html.index("<p>Paused</p>") < html.index("</fieldset>")

    def test_what_was_chosen_stays_chosen(self) -> None:
        form = Invitation(data={"days": ["2"], "told": "n", "agreed": True})
        assert 'value="2" checked' in self.one("checkboxes(form.days)", form)
        assert 'value="1" checked' not in self.one("checkboxes(form.days)", form)
        assert 'value="n" checked' in self.one("yes_no(form.told)", form)
        assert "checked" in self.one("checkbox(form.agreed)", form)

    def test_what_was_typed_cannot_become_markup(self) -> None:
        form = Invitation(data={"name": '"><script>', "wish": "</textarea><script>"})
        assert "<script>" not in self.one("text_field(form.name) ~ textarea(form.wish)", form)


@pytest.mark.usefixtures("page")
class TestErrorSummary:
    def test_says_nothing_where_all_is_well(self) -> None:
        html = render_template_string(FORM_MACROS + "{{ error_summary(form) }}", form=form_with())
        assert html.strip() == ""

    def test_counts_in_words_and_leads_to_each_field(self) -> None:
        html = render_template_string(
            FORM_MACROS + "{{ error_summary(form) }}", form=form_with("name", "place", "days")
        )
        assert "Ei vielä lähetetty. Korjaa 3 kohtaa:" in html
        assert [
            line for line in ('href="#name"', 'href="#place-0"', 'href="#days-0"') if line not in html
        ] == []
        assert 'tabindex="-1"' in html

    def test_every_link_leads_to_a_field_that_is_there(self) -> None:
        form = form_with("name", "place", "days")
        source = FORM_MACROS + (
            "{{ error_summary(form) }}{{ text_field(form.name) }}{{ radios(form.place) }}{{ checkboxes(form.days) }}"
        )
        html = render_template_string(source, form=form)
        targets = [part.split('"')[0] for part in html.split('href="#')[1:]]
        assert targets
        assert [target for target in targets if f'id="{target}"' not in html] == []

    def test_one_fault_is_one_thing(self) -> None:
        html = render_template_string(FORM_MACROS + "{{ error_summary(form) }}", form=form_with("name"))
        assert "Korjaa yksi kohta:" in html

    def test_a_fault_of_the_whole_form_is_told_without_a_link(self) -> None:
        form = form_with()
        form.form_errors = ["The times overlap"]
        html = render_template_string(FORM_MACROS + "{{ error_summary(form) }}", form=form)
        assert "<li>The times overlap</li>" in html


@pytest.mark.usefixtures("page")
class TestParts:
    def one(self, call: str) -> str:
        return render_template_string(PAGE_MACROS + "{{ " + call + " }}")

    def test_the_last_breadcrumb_is_this_page_and_no_link(self) -> None:
        html = self.one('breadcrumbs([("Teemat", "/"), ("Liikunta", none)])')
        assert '<a class="ds-link" href="/">Teemat</a>' in html
        assert '<span aria-current="page">Liikunta</span>' in html

    def test_pagination_is_silent_on_a_single_page(self) -> None:
        assert self.one("pagination(1, 1)").strip() == ""

    def test_pagination_says_where_one_is_and_offers_the_ways_that_exist(self) -> None:
        html = self.one('pagination(1, 3, none, "?sivu=2")')
        assert "Sivu 1 / 3" in html
        assert 'href="?sivu=2" rel="next"' in html
        assert 'rel="prev"' not in html

    def test_an_empty_place_says_so_and_offers_ways_on(self) -> None:
        html = self.one('empty("Nothing yet", "Soon.", [("Look there", "/there", "12 services")])')
        assert "<h2>Nothing yet</h2>" in html
        assert '<a href="/there">Look there</a> <span class="muted">12 services</span>' in html

    def test_a_message_that_appears_by_itself_is_announced(self) -> None:
        assert 'role="status"' in self.one('alert("Saved", kind="success", live=True)')
        assert "role=" not in self.one('alert("Standing text")')

    def test_icons_are_decoration(self) -> None:
        html = self.one('stone("Bicycle") ~ fact("Clock", "When", "Mondays")')
        assert html.count("<svg") == html.count('aria-hidden="true"')


LANGUAGES = {"fi": "Täällä ei ole sivua", "sv": "Här finns ingen sida", "en": "There is no page here"}


def test_the_problem_page_speaks_the_language_of_the_address(app: Flask) -> None:
    assert set(LANGUAGES) == set(i18n.LANGUAGES)
    for code, title in LANGUAGES.items():
        answer = app.test_client().get(f"/{code}/ei-ole" if code != "fi" else "/ei-ole")
        assert answer.status_code == 404
        assert f"<h1>{title}</h1>" in answer.text
        assert f'<html lang="{code}"' in answer.text
