"""The order of what was found."""

import random
import uuid
from itertools import count, product

import pytest

from tests.themes.search.by_each import Found, rank
from themes.search.numbers import Postings, Texts, bits_of, numbers_of, postings
from themes.search.plan import Choice, Reach, Wanted
from themes.search.ranking import Ranking
from themes.search.terms import COLUMNS, EVERY_COLUMN, Term
from themes.search.worth import Found as Worth

A, B, C = (uuid.UUID(int=number) for number in range(3))
SIZES = {"fi": 10, "sv": 10, "en": 10}


def in_(service_id: uuid.UUID, *columns: str, name_length: int = 2) -> Found:
    bits = sum(1 << COLUMNS.index(column) for column in columns)
    return Found(service_id=service_id, columns=bits, name_length=name_length)


def word(*choices: tuple[Term, float], reach: Reach = Reach.WORDS) -> Wanted:
    return Wanted(
        word=choices[0][0].text,
        also=(),
        choices=tuple(Choice(terms=(term,), factor=factor, reach=reach) for term, factor in choices),
    )


def ranking(
    wanted: list[Wanted],
    found: dict[Term, list[Found]],
    *,
    reach: Reach,
    every_word: bool,
    sizes: dict[str, int] = SIZES,
    kept: bool = False,
) -> Ranking:
    """Rank by sets; services are numbered by the integers of their ids. Words may be ones that are kept."""
    size = 1 + max((each.service_id.int for places in found.values() for each in places), default=0)
    lengths: dict[str, dict[int, set[int]]] = {language: {} for language in sizes}
    for term, places in found.items():
        for each in places:
            lengths[term.language].setdefault(each.name_length, set()).add(each.service_id.int)
    texts = {
        language: Texts(
            size=sizes[language],
            lengths={length: bits_of(numbers, size) for length, numbers in sorted(by_length.items())},
        )
        for language, by_length in lengths.items()
    }
    sets = {
        term: postings(
            [
                bits_of((each.service_id.int for each in places if each.columns >> at & 1), size)
                for at in range(len(COLUMNS))
            ],
            texts[term.language],
        )
        for term, places in found.items()
    }
    having = [
        {
            each: Worth(
                one, lambda term: sets.get(term, Postings()), texts=texts[each], language=each, reach=reach
            )
            for each in texts
        }
        for one in wanted
    ]
    if kept:
        for one in having:
            for worth in one.values():
                worth.reckon()
    return Ranking(wanted, having, texts=texts, language="fi", every_word=every_word)


def order(
    wanted: list[Wanted], found: dict[Term, list[Found]], *, every_word: bool = True
) -> list[uuid.UUID]:
    hits = [*ranking(wanted, found, reach=Reach.KIN, every_word=every_word).hits(-1)]
    by_each = rank(wanted, found, sizes=SIZES, language="fi", reach=Reach.KIN, every_word=every_word)
    assert hits == [(hit.service_id.int, hit.score, hit.language) for hit in by_each]
    return [uuid.UUID(int=number) for number, _, _ in hits]


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


@pytest.mark.parametrize("seed", range(60))
def test_sets_give_the_very_order_of_weighing_each_text(seed):
    chance = random.Random(seed)
    services, words = chance.choice((1, 3, 12, 70, 200)), chance.randint(1, 4)
    lengths = {(number, each): chance.randint(1, 4) for number in range(services) for each in SIZES}
    found: dict[Term, list[Found]] = {}

    def term(name: int, language: str) -> Term:
        one = Term(text=f"t{name}", language=language)
        if one not in found:
            share = chance.choice((0.0, 0.1, 0.5, 1.0))
            found[one] = [
                Found(
                    service_id=uuid.UUID(int=number),
                    columns=chance.choice((1, 2, 3, 8, 16, 32, 48, 63)),
                    name_length=lengths[number, language],
                )
                for number in range(services)
                if chance.random() < share
            ]
        return one

    names = count()

    def choice() -> Choice:
        language = chance.choice(("fi", "fi", "sv", "en"))
        terms = tuple(
            term(chance.randint(0, 5) if chance.random() < 0.3 else next(names), language)
            for _ in range(chance.choice((1, 1, 1, 2, 3)))
        )
        return Choice(
            terms=terms,
            factor=chance.choice((1, 0.6, 0.3)),
            reach=chance.choice([*Reach]),
            columns=chance.choice((EVERY_COLUMN, EVERY_COLUMN, 1, 13, 35)),
        )

    wanted = [
        Wanted(
            word=f"w{number}",
            also=(),
            choices=tuple(choice() for _ in range(chance.randint(0, 4))),
            needed=chance.random() < 0.8,
        )
        for number in range(words)
    ]
    sizes = dict.fromkeys(SIZES, services)
    for reach, every_word, kept in product(Reach, (True, False), (True, False)):
        by_each = rank(wanted, found, sizes=sizes, language="fi", reach=reach, every_word=every_word)
        sets = ranking(wanted, found, reach=reach, every_word=every_word, sizes=sizes, kept=kept)
        hits = [*sets.hits(-1)]
        some = chance.getrandbits(services)

        assert hits == [(hit.service_id.int, hit.score, hit.language) for hit in by_each]
        assert sets.services == sum(1 << number for number, _, _ in hits)
        assert [*sets.hits(some)] == [hit for hit in hits if some >> hit[0] & 1]


@pytest.mark.parametrize("numbers", [(), (0,), (63, 64), (5, 200, 4000), range(0, 700, 3)])
def test_numbers_go_into_a_set_and_come_out_in_order(numbers):
    bits = bits_of(reversed(numbers), 5000)

    assert bits.bit_count() == len(numbers)
    assert list(numbers_of(bits)) == list(numbers)
