"""What a query asks for."""

import pytest

from themes.search.plan import LONGEST_QUERY, MOST_WORDS, Reach, plan
from themes.search.words import read

WORDS = read('[fi]\n"mummo" = ["ikääntynyt", "mielen hyvinvointi"]', 'fi = "missä on ja"')


def terms(query: str, reach: Reach = Reach.WORDS, language: str = "fi") -> list[set[tuple[str, ...]]]:
    return [
        {
            tuple(term.text + "*" * term.prefix for term in choice.terms)
            for choice in one.choices
            if choice.reach <= reach and choice.terms[0].language == language
        }
        for one in plan(query, language=language, words=WORDS)
    ]


def test_a_word_is_looked_for_as_written_and_by_its_lemma():
    assert terms("kuorossa") == [{("kuorossa",), ("kuoro",)}]


def test_synonyms_are_looked_for_too_a_phrase_by_all_of_its_words():
    (mummo,) = plan("mummolle", language="fi", words=WORDS)

    assert mummo.also == ("ikääntynyt", "mielen hyvinvointi")
    assert {("ikääntynyt",), ("mieli", "hyvinvointi")} < terms("mummolle")[0]


def test_a_compound_is_looked_for_by_all_of_its_parts_and_only_at_last_by_some():
    assert ("liikunta", "ryhmä") in terms("liikuntaryhmä")[0]
    assert ("ryhmä",) not in terms("liikuntaryhmä", Reach.KIN)[0]
    assert ("ryhmä",) in terms("liikuntaryhmä", Reach.PIECES)[0]


def test_a_compound_is_looked_for_by_one_end_and_what_the_other_is_called():
    words = read('[fi]\n"hammaslääkäri" = ["suun terveydenhuolto"]\n"lainaamo" = ["jakelu"]', "")

    found = {
        word: {tuple(term.text for term in choice.terms) for one in wanted for choice in one.choices}
        for word in ("hammaslääkäripäivystys", "pyörälainaamo")
        for wanted in [plan(word, language="fi", words=words)]
    }

    assert {("suu", "terveydenhuolto", "päivystys"), ("hammas", "päivystys")} <= found[
        "hammaslääkäripäivystys"
    ]
    assert ("pyörä", "jakelu") in found["pyörälainaamo"]


def test_a_word_of_another_language_is_looked_for_in_finnish_texts_unless_the_page_and_the_word_are_finnish():
    words = read("", "", crossings='[en]\n"koti" = "home"\n"kirjasto" = "library"')

    def crossed(query: str, language: str) -> bool:
        (one,) = plan(query, language=language, words=words)
        return any(choice.terms[0].text in {"koti", "kirjasto"} for choice in one.choices)

    assert crossed("libraries", "en")
    assert crossed("library", "fi")
    assert crossed("home", "en")
    assert not crossed("home", "fi")  # mould, in Finnish


def test_beginnings_and_roots_are_for_when_the_words_find_nothing():
    assert {("kuorossa*",)} <= terms("kuorossa", Reach.KIN)[0]
    assert ("päihde",) in terms("päihteetön", Reach.KIN)[0] - terms("päihteetön")[0]
    assert terms("spa", Reach.KIN) == terms("spa")


def test_each_language_is_looked_up_in_its_own_way():
    assert terms("grupperna", language="sv") == [{("grupperna",), ("grupp",)}]


def test_words_that_say_nothing_are_left_out_unless_there_are_no_others():
    assert [one.word for one in plan("missä on kuoro", language="fi", words=WORDS)] == ["kuoro"]
    assert [one.word for one in plan("missä on", language="fi", words=WORDS)] == ["missä", "on"]


def test_a_sentence_is_understood_as_the_need_that_it_tells():
    words = read("", 'fi = "en enää"', needs='[fi]\n"omaishoito" = ["hoitaa jaksaa"]')

    need, *others = plan("en jaksa enää äidin hoitamista", language="fi", words=words)

    assert (need.word, need.also, need.understood, need.needed) == (
        "jaksa hoitamista",
        ("omaishoito",),
        True,
        True,
    )
    assert [(one.word, one.needed) for one in others] == [
        ("jaksa", False),
        ("äidin", False),
        ("hoitamista", False),
    ]
    assert not any(one.understood for one in plan("jaksa", language="fi", words=words))


def test_two_neighbours_that_make_one_word_are_looked_for_as_that():
    words = read('[fi]\n"burnout" = ["jaksaminen"]', "")

    found = plan("uima hallissa", language="fi", words=words, is_known="uimahalli".__eq__)
    assert all(
        ("uimahalli",) in {tuple(term.text for term in choice.terms) for choice in one.choices}
        for one in found
    )
    assert not any(("uimahalli",) in found for found in terms("uima hallissa"))
    assert all(
        any(choice.terms[0].text == "jaksaminen" for choice in one.choices)
        for one in plan("burn out", language="fi", words=words)
    )


def test_a_derived_word_leads_where_its_root_does():
    words = read('[fi]\n"kuume" = ["terveysasema"]', "")
    (one,) = plan("kuumeinen", language="fi", words=words)

    assert [choice.reach for choice in one.choices if choice.terms[0].text == "terveysasema"] == [Reach.WORDS]


@pytest.mark.parametrize("query", ["", "   ", "!!! ??", "\0", "😀"])
def test_a_query_without_words_asks_for_nothing(query):
    assert plan(query, language="fi") == ()


def test_a_query_is_held_to_so_many_words_and_letters():
    many = " ".join(f"sana{number}" for number in range(50))

    assert len(plan(many, language="fi")) == MOST_WORDS
    assert plan(" " * LONGEST_QUERY + "kuoro", language="fi") == ()
    assert len(plan("kuoro kuoro KUORO", language="fi")) == 1
