"""Misspelt words and what was meant."""

import time

import pytest

from themes.search.spelling import Vocabulary

KNOWN = Vocabulary(
    {
        "liikunta": 3,
        "neuvonta": 2,
        "kuntosali": 3,
        "jumppa": 3,
        "vesi": 1,
        "ryhmä": 3,
        "äiti": 2,
        "muistikahvila": 3,
        "kahvila": 2,
        "päihde": 3,
        "sossu": 2,
        "kuoro": 3,
    }
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("liikunat", "liikunta"),
        ("kuntosaille", "kuntosali"),
        ("kuntosallilla", "kuntosali"),
        ("vesijumpa", "vesijumppa"),
        ("liikutaneuvonta", "liikuntaneuvonta"),
        ("liikuntaneovontaa", "liikuntaneuvonta"),
        ("muistikavila", "muistikahvila"),
        ("aiti", "äiti"),
        ("sossusta", "sossu"),
        ("kuroo", "kuoro"),
    ],
)
def test_the_nearest_word_is_meant(typed, meant):
    found = KNOWN.correction(typed)

    assert found is not None
    assert found.word == meant


@pytest.mark.parametrize("typed", ["", "abc", "kuoro", "traktori", "qwrtzxp", "12345", "a" * 33, "👍👍👍👍"])
def test_where_nothing_is_near_nothing_is_meant(typed):
    assert KNOWN.correction(typed) is None


def test_a_large_vocabulary_and_a_hostile_word_cost_little():
    large = Vocabulary(
        {
            f"sana{number:05}kirja".translate(str.maketrans("0123456789", "aeioutklmn")): 1
            for number in range(20_000)
        }
    )
    began = time.process_time()

    large.correction("ylipitkähostiilisanakirjaxxxxxx")

    assert time.process_time() - began < 1
