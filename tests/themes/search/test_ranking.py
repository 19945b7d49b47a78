"""The order of what was found."""

import uuid

from themes.search.plan import Choice, Reach, Wanted
from themes.search.ranking import rank
from themes.search.terms import COLUMNS, Found, Term

A, B, C = (uuid.UUID(int=number) for number in range(3))


def in_(service_id: uuid.UUID, *columns: str, name_length: int = 2) -> Found:
    bits = sum(1 << COLUMNS.index(column) for column in columns)
    return Found(service_id=service_id, columns=bits, name_length=name_length)


def word(*choices: tuple[Term, float], reach: Reach = Reach.WORDS) -> Wanted:
    return Wanted(
        word=choices[0][0].text,
        also=(),
        choices=tuple(Choice(terms=(term,), factor=factor, reach=reach) for term, factor in choices),
    )


def order(
    wanted: list[Wanted], found: dict[Term, list[Found]], *, every_word: bool = True
) -> list[uuid.UUID]:
    hits = rank(
        wanted,
        found,
        sizes={"fi": 10, "sv": 10},
        language="fi",
        reach=Reach.KIN,
        every_word=every_word,
    )
    assert len({hit.service_id for hit in hits}) == len(hits)
    return [hit.service_id for hit in hits]


KUORO, MUSIIKKI = Term(text="kuoro", language="fi"), Term(text="musiikki", language="fi")
KOR = Term(text="kör", language="sv")


def test_the_name_counts_most_then_its_parts_keywords_summary_and_body():
    ids = [uuid.UUID(int=number) for number in (5, 4, 3, 2, 1)]
    columns = ("name", "name_parts", "keywords", "summary", "body")
    found = {KUORO: [in_(one, column, name_length=1) for one, column in zip(ids, columns, strict=True)]}

    assert order([word((KUORO, 1))], found) == ids


def test_of_two_names_the_shorter_is_more_about_it():
    assert order(
        [word((KUORO, 1))], {KUORO: [in_(A, "name", name_length=5), in_(B, "name", name_length=1)]}
    ) == [B, A]


def test_a_synonym_comes_after_the_word_itself():
    found = {KUORO: [in_(B, "name")], MUSIIKKI: [in_(A, "name")]}

    assert order([word((KUORO, 1), (MUSIIKKI, 0.5))], found) == [B, A]


def test_a_rare_word_says_more_than_one_that_all_have():
    others = [in_(uuid.UUID(int=number), "name") for number in range(10, 17)]
    found = {KUORO: [in_(B, "name")], MUSIIKKI: [in_(A, "name"), *others]}

    assert order([word((KUORO, 1)), word((MUSIIKKI, 1))], found, every_word=False)[:2] == [B, A]


def test_all_words_are_wanted_of_one_text():
    found = {KUORO: [in_(A, "name"), in_(B, "name")], MUSIIKKI: [in_(B, "body")], KOR: [in_(A, "name")]}

    assert order([word((KUORO, 1)), word((MUSIIKKI, 1))], found) == [B]
    assert order([word((KUORO, 1)), word((KOR, 1))], found) == []


def test_the_language_of_the_page_comes_first_and_each_service_once():
    found = {KUORO: [in_(C, "body")], KOR: [in_(A, "name"), in_(C, "name")]}

    assert order([word((KUORO, 1), (KOR, 1))], found) == [C, A]


def test_what_lies_beyond_the_reach_is_left_out():
    far = word((KUORO, 1), reach=Reach.PIECES)

    assert order([far], {KUORO: [in_(A, "name")]}) == []


def test_equals_stand_in_the_order_of_their_ids():
    assert order([word((KUORO, 1))], {KUORO: [in_(C, "name"), in_(A, "name"), in_(B, "name")]}) == [A, B, C]
