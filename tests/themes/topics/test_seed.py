"""The product's own content."""

import pytest
from sqlalchemy import delete, func, select

from servicetray.core.db import db, transaction
from servicetray.core.i18n import LANGUAGES
from servicetray.core.municipalities import Municipality, municipalities
from themes.tools.models import Tool
from themes.topics.models import Theme
from themes.topics.operations import load_seed
from themes.topics.queries import published_themes, theme_ids, theme_names


@pytest.fixture
def seed(database, now):
    with transaction():
        return load_seed(now)


def test_municipalities_themes_and_tools_are_loaded_once(seed, now):
    assert seed == {"municipality": 6, "theme": 14, "tool": 10}
    with transaction():
        assert load_seed(now) == {"municipality": 0, "theme": 0, "tool": 0}


def test_what_an_editor_removed_or_changed_stays_so(seed, now):
    with transaction():
        db.session.execute(delete(Tool).where(Tool.slug == "terapianavigaattori"))
        db.session.scalars(select(Theme).where(Theme.slug == "liikunta")).one().colour = "joki"
    with transaction():
        load_seed(now)
    assert db.session.scalar(select(func.count(Tool.id))) == 9
    themes = {theme.slug: theme for theme in published_themes(language="fi", today=now.date())}
    assert themes["liikunta"].colour == "joki"


def test_every_text_is_there_in_three_languages(seed, now):
    for place in municipalities():
        assert set(place.name) == set(place.name_in) == set(LANGUAGES)
    themes = published_themes(language="sv", today=now.date())
    assert len(themes) == 11
    assert {theme.name.lang for theme in themes} == {"sv"}
    for tool in db.session.scalars(select(Tool)):
        assert set(tool.name) == set(tool.summary) == set(LANGUAGES)
        assert tool.url.startswith("https://")


def test_themes_are_known_by_slug_and_id(seed):
    ids = theme_ids(["liikunta", "vertaistuki", "ei-ole"])
    assert set(ids) == {"liikunta", "vertaistuki"}
    assert theme_names([ids["liikunta"]])[ids["liikunta"]]["sv"] == "Motion"


def test_the_icons_of_the_themes_are_in_the_sprite(seed, app):
    with app.test_request_context("/"):
        from servicetray.core.assets import icons  # noqa: PLC0415 - reads the manifest of the running app

        assert set(db.session.scalars(select(Theme.icon))) <= icons()


def test_the_county_has_157_000_people(seed):
    assert 150_000 < (db.session.scalar(select(func.sum(Municipality.population))) or 0) < 165_000
