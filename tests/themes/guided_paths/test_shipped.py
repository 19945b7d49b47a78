"""The product's own paths: enough, whole, and found by the words of those who need them."""

import datetime as dt

import pytest
import time_machine

from servicetray.core.db import transaction
from servicetray.core.i18n import LANGUAGES
from tests.factories import catalogue
from themes.demonstration.loading import load
from themes.directory.queries import shown_ids
from themes.guided_paths import matching, queries
from themes.guided_paths.reading import read
from themes.guided_paths.tree import TargetKind
from themes.search.queries import search

FEWEST = 40
TODAY = dt.date(2026, 3, 10)
PATHS = [read(source) for source in queries.shipped().values()]


def test_there_are_enough_of_them_over_all_the_themes():
    assert len(PATHS) >= FEWEST
    assert [path.slug for path in PATHS] == list(queries.shipped())
    assert len({path.theme for path in PATHS}) == 11
    for path in PATHS:
        assert 2 <= len(path.questions) <= 4, path.slug
        assert 3 <= len(path.ends) <= 6, path.slug


def test_each_ends_at_help_that_is_there(database):
    with time_machine.travel(catalogue.NOW, tick=False):
        catalogue.foundation()
        assert list(queries.faults_of_published(today=TODAY)) == []


@pytest.mark.one_engine
def test_their_searches_find_services(database):
    with time_machine.travel(catalogue.NOW, tick=False):
        with transaction():
            load(catalogue.NOW)
        allowed = shown_ids(today=TODAY)
        empty = {
            (path.slug, words[language])
            for path in PATHS
            for target in path.targets()
            if target.kind is TargetKind.SEARCH
            for words in [target.search_words]
            for language in LANGUAGES
            if not any(
                search(each, language=language, limit=1, allowed=allowed).total
                for each in (words[language], words["fi"])
            )
        }
    assert empty == set()


@pytest.mark.parametrize(
    ("text", "language", "slug"),
    [
        ("en saa unta", "fi", "nukun-huonosti"),
        ("isä juo liikaa", "fi", "laheinen-juo"),
        ("mieheni lyö minua", "fi", "kotona-pelottaa"),
        ("haluaisin lopettaa röökin", "fi", "haluan-eroon-nikotiinista"),
        ("kaaduin portaissa", "fi", "pelkaan-kaatumista"),
        ("äiti unohtelee asioita", "fi", "muisti-huolettaa"),
        ("olen niin yksinäinen", "fi", "kaipaan-seuraa"),
        ("velkoja ei pysty maksamaan", "fi", "rahat-eivat-riita"),
        ("vaimo kuoli, suru", "fi", "suru"),
        ("jag sover dåligt", "sv", "nukun-huonosti"),
        ("ensamhet", "sv", "kaipaan-seuraa"),
        ("my husband drinks", "en", "laheinen-juo"),
        ("I can't sleep", "en", "nukun-huonosti"),
        ("itsemurha", "fi", "mieli-on-maassa"),
    ],
)
def test_the_right_one_is_found_by_words(text, language, slug):
    assert slug in matching.best(matching.index_of(PATHS), text, language=language, most=2)


@pytest.mark.parametrize("text", ["kissa", "", "!!!", "asdfgh qwerty", "x" * 10_000, "ja on se"])
def test_nothing_is_found_for_words_that_no_path_has(text):
    assert matching.best(matching.index_of(PATHS), text, language="fi", most=2) == []
