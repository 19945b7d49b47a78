"""What a process keeps of the index: services by number, and terms that were looked up."""

import uuid

import pytest

from servicetray.core.db import transaction
from themes.search import catalogue as module
from themes.search.catalogue import Catalogue, catalogue
from themes.search.operations import SearchDocument, rebuild
from themes.search.terms import COLUMNS, Term

A, B, C = (uuid.UUID(int=number) for number in (1, 2, 3))
KUORO = Term(text="kuoro", language="fi")


@pytest.fixture
def three(database) -> Catalogue:
    with transaction():
        rebuild(
            [
                SearchDocument(service_id=C, name={"fi": "Kuoro"}, body={"fi": "Kuoro laulaa."}),
                SearchDocument(service_id=A, name={"fi": "Laulu", "sv": "Kuoro"}),
                SearchDocument(service_id=B, name={"fi": "Lasten laulu"}, summary={"fi": "Iloinen kuoro."}),
            ]
        )
    return catalogue()


def test_services_are_numbered_in_the_order_of_their_ids(three):
    assert three.ids == (A, B, C)
    assert three.bits([C, A, uuid.UUID(int=9)]) == 0b101
    assert three.texts["fi"].lengths == {1: 0b101, 2: 0b010}
    assert three.texts["sv"].size == 1


def test_a_term_is_found_in_its_columns_and_in_its_language_alone(three):
    found = three.look_up([KUORO])[KUORO]

    assert found.everywhere == 0b110
    assert found.columns_of(1) == 1 << COLUMNS.index("summary")
    assert found.columns_of(2) == 1 << COLUMNS.index("name") | 1 << COLUMNS.index("body")
    assert found.columns_of(0) == 0


def test_the_beginning_of_a_term_is_found_where_it_is_asked_for(three):
    beginning = Term(text="kuo", language="fi", prefix=True)
    whole = Term(text="kuo", language="fi")
    found = three.look_up([beginning, whole])

    assert found[beginning].everywhere == 0b110
    assert found[whole].everywhere == 0


def test_what_was_looked_up_is_not_asked_again(three, query_budget):
    three.look_up([KUORO])

    with query_budget(0):
        assert three.look_up([KUORO])[KUORO].everywhere


def test_what_is_in_no_text_of_ours_is_not_kept(three, query_budget):
    unknown, beginning = Term(text="xylo", language="fi"), Term(text="kuo", language="fi", prefix=True)
    for _ in range(2):
        with query_budget(1) as sent:
            three.look_up([KUORO, unknown, beginning])
        assert len(sent) == 1
    three.look_up([unknown, beginning], is_ours=lambda _: True)

    with query_budget(0):
        three.look_up([KUORO, unknown, beginning])
    assert (three.has("kuoro"), three.has("xylo"), three.has("kuo")) == (True, False, False)


def test_the_terms_kept_are_bounded(three, query_budget, monkeypatch):
    monkeypatch.setattr(module, "MOST_BYTES", 1000)
    terms = [Term(text=f"sana{number}", language="fi") for number in range(20)]
    for term in terms:
        three.look_up([term], is_ours=lambda _: True)

    with query_budget(0):
        three.look_up(terms[-1:])
    with query_budget(1):
        three.look_up(terms[:1])


def test_what_follows_from_the_numbers_is_made_once(three):
    made = []

    def make(known: Catalogue) -> int:
        made.append(known)
        return known.everything

    assert [three.kept("all", make) for _ in range(2)] == [0b111, 0b111]
    assert made == [three]
