"""The demonstration's files are read strictly."""

import tomllib
from pathlib import Path

import pytest

from themes.demonstration.reading import FOLDER, ContentError, read
from themes.topics.operations import SEED

PROVIDERS = """
[[provider]]
key = "virkeat"
kind = "association"
name = { fi = "Virkeät ry", sv = "Virkeät rf" }
phone = "040 000 0001"
email = "virkeat@example.org"
url = "https://www.example.org/virkeat"
"""
SERVICE = """
[[service]]
key = "tuolijumppa"
provider = "virkeat"
themes = ["liikunta"]
municipalities = ["286"]
life_stages = ["older_people"]
forms = ["in_person"]
accessibility = []
languages = ["fi"]
price = "free"
kaikukortti = false
checked_months_ago = 1
name = { fi = "Tuolijumppa", sv = "Stolsgymnastik" }
summary = { fi = "Jumppaa.", sv = "Gympa." }
description = { fi = "Istuen.", sv = "Sittande." }
for_whom = { fi = "Kaikille", sv = "Alla" }
when = { fi = "Ma", sv = "Må" }
where = { fi = "Kouvola", sv = "Kouvola" }
price_details = { fi = "Maksuton", sv = "Gratis" }
instructions = { fi = "Tule.", sv = "Kom." }
keywords = { fi = ["jumppa"], sv = ["gympa"] }
"""
THEMES = {"liikunta", "vertaistuki"}


def write(folder: Path, service: str = SERVICE, providers: str = PROVIDERS) -> Path:
    (folder / "providers.toml").write_text(providers, encoding="utf-8")
    (folder / "liikunta.toml").write_text(service, encoding="utf-8")
    return folder


def test_a_right_file_is_read(tmp_path):
    content = read(write(tmp_path), themes=THEMES)
    assert [service.key for service in content.services] == ["tuolijumppa"]
    assert content.services[0].name == {"fi": "Tuolijumppa", "sv": "Stolsgymnastik"}
    assert content.providers[0].municipality is None


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ('provider = "virkeat"', 'provider = "muut"', "provider: 'muut' is not one of virkeat"),
        (
            'themes = ["liikunta"]',
            'themes = ["uinti"]',
            "themes: 'uinti' is not one of liikunta, vertaistuki",
        ),
        ('themes = ["liikunta"]', "themes = []", "themes: needs at least one of liikunta, vertaistuki"),
        (
            'municipalities = ["286"]',
            'municipalities = ["286", "286"]',
            "municipalities: a value stands twice",
        ),
        ('price = "free"', 'price = "cheap"', "price: 'cheap' is not one of charge, free, unknown"),
        ('price = "free"', "", "price is missing"),
        ('key = "tuolijumppa"', 'key = "Tuolijumppa"', "key: 'Tuolijumppa' does not look like"),
        ('languages = ["fi"]', 'languages = ["suomi"]', "languages: ['suomi'] are not language codes"),
        ("checked_months_ago = 1", "checked_months_ago = true", "checked_months_ago: True is not 0 to 24"),
        ("kaikukortti = false", 'kaikukortti = "no"', "kaikukortti: neither true nor false"),
        ("kaikukortti = false", "kaikukortti = false\nmood = 1", "mood is not a field"),
        (
            "kaikukortti = false",
            'kaikukortti = false\nphone = "05 123 4567"',
            "phone: '05 123 4567' does not look like",
        ),
        ("kaikukortti = false", 'kaikukortti = false\nurl = "https://www.kouvola.fi"', "url: "),
        (
            "kaikukortti = false",
            'kaikukortti = false\naddress = { street = { fi = "A" } }',
            "address: municipality is missing",
        ),
        (
            'summary = { fi = "Jumppaa.", sv = "Gympa." }',
            'summary = { fi = "Jumppaa." }',
            "summary.sv is missing",
        ),
        ('when = { fi = "Ma", sv = "Må" }', 'when = { fi = " ", sv = "Må" }', "when.fi is empty"),
        (
            'when = { fi = "Ma", sv = "Må" }',
            'when = { fi = "Ma", sv = "Må", de = "Mo" }',
            "when: 'de' is not one of fi, sv, en",
        ),
        (
            'keywords = { fi = ["jumppa"], sv = ["gympa"] }',
            'keywords = { fi = "jumppa", sv = ["gympa"] }',
            "keywords.fi: must be a list of words",
        ),
    ],
)
def test_a_fault_is_told_with_file_and_record(tmp_path, right, wrong, fault):
    assert right in SERVICE
    with pytest.raises(ContentError) as caught:
        read(write(tmp_path, SERVICE.replace(right, wrong)), themes=THEMES)
    place, _, said = caught.value.faults[0].partition(": ")
    assert place.startswith("liikunta.toml, ")
    assert said.startswith(fault)


def test_a_key_stands_once(tmp_path):
    with pytest.raises(
        ContentError, match=r"liikunta\.toml, tuolijumppa: the key is taken by liikunta\.toml, tuolijumppa"
    ):
        read(write(tmp_path, SERVICE + SERVICE), themes=THEMES)


def test_all_faults_are_told_at_once(tmp_path):
    wrong = SERVICE.replace('"free"', '"cheap"').replace('"286"', '"091"')
    with pytest.raises(ContentError) as caught:
        read(write(tmp_path, wrong, PROVIDERS.replace('"association"', '"club"')), themes=THEMES)
    assert len(caught.value.faults) == 3


def test_a_file_that_is_no_toml_is_named(tmp_path):
    with pytest.raises(ContentError, match=r"liikunta\.toml: "):
        read(write(tmp_path, "[[service"), themes=THEMES)


@pytest.fixture(scope="module")
def content():
    slugs = {
        row["slug"] for row in tomllib.loads((SEED / "themes.toml").read_text(encoding="utf-8"))["theme"]
    }
    return read(FOLDER, themes=slugs)


def test_there_is_enough_to_show(content):
    assert len(content.services) >= 150
    assert {service.price for service in content.services} >= {"free", "charge"}
    kinds = {provider.key: provider.kind for provider in content.providers}
    assert len({kinds[service.provider] for service in content.services}) >= 5
    assert sum(bool(service.name.get("en")) for service in content.services) >= len(content.services) // 5


def test_every_theme_has_something_in_every_municipality_and_for_every_stage_of_life(content):
    themes = {theme for service in content.services for theme in service.themes}
    assert len(themes) == 11
    for theme in themes:
        own = [service for service in content.services if theme in service.themes]
        assert {code for service in own for code in service.municipalities} >= {
            "075",
            "285",
            "286",
            "489",
            "624",
            "935",
        }, theme
        assert len({stage for service in own for stage in service.life_stages}) == 3, theme
