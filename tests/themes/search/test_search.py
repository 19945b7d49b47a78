"""Services found by words, on either database, in the same order."""

import time
import uuid

import pytest
from sqlalchemy import func, select, text

from servicetray.core.db import transaction
from themes.search.catalogue import Catalogue
from themes.search.models import IndexedText
from themes.search.operations import SearchDocument, index_service, rebuild, remove_service
from themes.search.queries import SearchAnswer, search


def document(number: int, name: str, **more: object) -> SearchDocument:
    texts = {key: {"fi": value} for key, value in more.items() if key in {"summary", "body", "keywords"}}
    return SearchDocument(
        service_id=uuid.UUID(int=number),
        name={"fi": name} | {key: str(value) for key, value in more.items() if key in {"sv", "en"}},
        **texts,  # type: ignore[arg-type]  # any field, by its name
    )


CATALOGUE = (
    document(1, "Tuolijumppa ikäihmisille", summary="Istuen tehtävä jumppa.", sv="Stolgympa för äldre"),
    document(2, "Ohjattu liikunta", summary="Jumppaa ja vesiliikuntaa.", body="Ryhmiä senioreille."),
    document(3, "Senioriliikuntaryhmä", summary="Tasapainoa ja voimaa ikääntyneille."),
    document(4, "Mielialaryhmä", body="Ryhmässä puhutaan siitä, miltä tuntuu.", keywords=["mielenterveys"]),
    document(5, "Päihdeneuvonta", summary="Apua, kun haluat vähentää.", sv="Rådgivning om rusmedel"),
    document(6, "Kuntosali", summary="Avoin kaikille.", sv="Gymmet", en="Gym"),
    document(7, "Kuntosalin ohjaus ja lihaskuntotestit", summary="Ohjaaja neuvoo laitteet."),
    document(8, "Muistikahvila", summary="Kahvit muistisairaille ja omaisille."),
    document(9, "Omaishoitajien vertaisryhmä", summary="Juttuseuraa samassa tilanteessa oleville."),
    document(10, "Savusauna", body="Avoinna talvella. Saari on lähellä."),
)


@pytest.fixture
def catalogue(database):
    with transaction():
        assert rebuild(CATALOGUE) == len(CATALOGUE)


def numbers(answer: SearchAnswer) -> list[int]:
    return [hit.service_id.int for hit in answer.hits]


def found(words: str, language: str = "fi") -> list[int]:
    return numbers(search(words, language=language))


@pytest.mark.parametrize(
    ("words", "services"),
    [
        ("jumppaa", [1, 2, 3]),
        ("mummolle jumppaa", [1, 3, 2]),
        ("kuntosaleja", [6, 7]),
        ("liikuntaryhmässä", [3, 2]),
        ("viinan", [5]),
        ("masentunut", [4]),
        ("omaishoitajalle", [9]),
        ("muistisairaan omainen", [8, 9]),
        ("missä on muistikahvila", [8]),
        ("lihaskuntotesteihin", [7]),
        ("saaressa", [10]),
        ("säärissä", []),
        ("ikääntyä", [3]),
        ("muistikahv", [8]),
    ],
)
def test_services_are_found_best_first(catalogue, words, services):
    assert found(words) == services


def test_where_no_service_has_all_words_those_with_some_are_answered(catalogue):
    answer = search("kuntosali päihdeneuvonta", language="fi")

    assert answer.used_any
    assert set(numbers(answer)[:3]) == {5, 6, 7}
    assert not search("kuntosali", language="fi").used_any


def test_texts_of_other_languages_are_found_after_those_of_the_page(catalogue):
    answer = search("gympa", language="sv")
    assert [(hit.service_id.int, hit.language) for hit in answer.hits] == [(1, "sv"), (2, "fi"), (3, "fi")]
    assert set(found("gympa", "fi")) == {1, 2, 3}
    assert found("rådgivningen", "fi") == [5]
    assert found("gym", "en")[0] == 6
    assert [hit.language for hit in search("kuntosali", language="sv").hits] == ["fi", "fi"]


def test_a_word_that_stands_everywhere_is_found_everywhere(database):
    with transaction():
        rebuild([document(number, "Ryhmä", body="ryhmä") for number in range(1, 8)])

    assert found("ryhmä") == list(range(1, 8))


@pytest.mark.parametrize(
    "words",
    [
        "",
        "   ",
        '"',
        "'",
        "kuntosali* OR name:",
        '") OR (',
        "NEAR(a b)",
        "name : kuntosali",
        "-kuntosali",
        "'; DROP TABLE search_index; --",
        "a & b | !c <-> d:*",
        "\\",
        "\0",
        "😀",
        "%_",
        "x" * 10_000,
    ],
)
def test_nothing_that_is_typed_is_a_query_language(catalogue, words):
    search(words, language="fi")

    assert found("muistikahvila") == [8]


def test_the_most_hostile_query_is_cheap(catalogue):
    words = " ".join("yli" * 10 + end for end in ("", "e", "o", "u", "t", "n", "s", "en", "ä", "ö"))
    began = time.process_time()

    search(words, language="fi")

    assert time.process_time() - began < 2


def test_hits_are_answered_in_stretches(catalogue):
    whole = search("ryhmä", language="fi")
    first, second = (search("ryhmä", language="fi", limit=2, offset=offset) for offset in (0, 2))

    assert first.total == second.total == whole.total == len(whole.hits)
    assert first.hits + second.hits == whole.hits[:4]
    assert search("ryhmä", language="fi", limit=2, offset=1000).hits == ()


def test_only_allowed_services_are_found(catalogue):
    assert numbers(search("kuntosali", language="fi", allowed={uuid.UUID(int=7)})) == [7]
    wanted = select(IndexedText.service_id).where(IndexedText.language == "en")
    assert numbers(search("kuntosali", language="fi", allowed=wanted)) == [6]
    assert search("kuntosali", language="fi", allowed=()).total == 0


def test_services_that_are_not_allowed_are_counted_and_not_answered(catalogue):
    seven = {uuid.UUID(int=7)}

    answer = search("kuntosali", language="fi", allowed=seven)
    nothing = search("muistikahvila", language="fi", allowed=seven)

    assert (numbers(answer), answer.everywhere) == ([7], 2)
    assert (numbers(nothing), nothing.everywhere) == ([], 1)


def test_a_narrowing_is_used_only_where_it_leaves_something(catalogue):
    def seven(known: Catalogue) -> int:
        return known.bits([uuid.UUID(int=7)])

    kept = search("kuntosali", language="fi", narrowings=[seven])
    loosened = search("muistikahvila", language="fi", narrowings=[seven])

    assert (numbers(kept), kept.narrowing) == ([7], 0)
    assert (numbers(loosened), loosened.narrowing) == ([8], 1)


def test_a_word_that_may_be_missing_only_sorts(catalogue):
    answer = search("mummolle kuntosali", language="fi", optional=frozenset({"mummolle"}))

    assert (numbers(answer), answer.complete) == ([6, 7], 2)


@pytest.mark.parametrize(
    ("typed", "meant", "services"),
    [
        ("tuolijumpa", "tuolijumppa", [1]),
        ("muistikavila", "muistikahvila", [8]),
        ("paihdeneuvontaa", "päihdeneuvonta", [5]),
        ("kuntosallille", "kuntosali", [6, 7]),
        ("omaishoitjien", "omaishoitajien", [9]),
    ],
)
def test_a_misspelt_word_that_finds_nothing_is_mended(catalogue, typed, meant, services):
    answer = search(typed, language="fi")

    assert (numbers(answer), answer.corrected) == (services, {typed: meant})
    assert search(typed, language="fi", correct=False).total == 0


@pytest.mark.parametrize("words", ["traktori", "qwrtzxp", "lentolippu"])
def test_a_word_that_nobody_offers_stays_as_it_is(catalogue, words):
    answer = search(words, language="fi")

    assert (answer.total, answer.corrected) == (0, {})


def test_a_single_piece_of_a_compound_is_found_only_where_it_says_something(database):
    with transaction():
        rebuild(
            [
                document(1, "Avoin olohuone"),
                document(2, "Kadut", summary="Jalkakäytävä aurataan."),
                document(3, "Velkaneuvonta"),
                document(4, "Kokoukset", summary="Meiltä saa huoneen."),
            ]
        )

    assert found("hotellihuone") == [4]
    assert found("jalkapallo") == []
    assert found("uhkapelivelat") == [3]


def test_a_word_in_a_compound_of_a_name_comes_before_its_synonym_as_a_name(database):
    with transaction():
        rebuild([document(1, "Voimistelu"), document(2, "Tuolijumppa"), document(3, "Kirjasto")])

    assert found("jumppa")[:2] == [2, 1]


def test_a_slip_that_reads_as_a_compound_is_mended_where_a_known_word_is_one_mistake_away(database):
    with transaction():
        rebuild([document(1, "Lapsilisä"), document(2, "Lisäravinteet")])

    answer = search("lasilisä", language="fi")

    assert (numbers(answer), answer.corrected) == ([1], {"lasilisä": "lapsilisä"})
    assert search("hotellilisä", language="fi").corrected == {}


def test_some_services_follow_where_few_have_all_of_the_words(catalogue):
    answer = search("kuntosalin lihaskuntotesti", language="fi")

    assert (numbers(answer)[:2], answer.complete) == ([7, 6], 1)
    assert not answer.used_any


def test_a_changed_service_is_found_by_its_new_texts_alone(catalogue):
    with transaction():
        assert index_service(document(6, "Kirjasto", sv="Biblioteket"))

    assert found("kirjasto") == [6]
    assert found("kuntosali") == [7]
    assert 6 not in found("gym", "en")


def test_an_unchanged_service_is_not_written_again(catalogue, query_budget):
    with transaction(), query_budget(1):
        assert not index_service(CATALOGUE[0])


def test_a_removed_service_is_not_found_and_leaves_nothing_behind(catalogue, database):
    with transaction():
        assert remove_service(uuid.UUID(int=6))
        assert not remove_service(uuid.UUID(int=6))

    assert found("kuntosali") == [7]
    assert found("gymmet", "sv") == []
    assert _rows(database, "search_index") == _rows(database, "search_document")


def test_a_rebuilt_index_has_what_it_is_given_and_no_more(catalogue, database):
    with transaction():
        rebuild(CATALOGUE[:1])

    assert found("tuolijumppa") == [1]
    assert found("kuntosali") == []
    assert _rows(database, "search_index") == 2


def test_a_search_costs_few_queries(catalogue, query_budget):
    with query_budget(7):
        search("mummolle jumppaa", language="fi")
    search("ei löydy mistään qwrtzx", language="fi")
    with query_budget(8):
        search("ei löydy mistään qwrtzx", language="fi")


def _rows(database, table: str) -> int:
    count = database.execute(select(func.count()).select_from(text(table))).scalar()
    assert isinstance(count, int)
    return count
