"""Narrowing a list, without a database."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from themes.directory.filters import WORDS, Entry, Filters, Group, Narrowing, page_number

MUNICIPALITIES = ("075", "285", "286")
KNOWN = {
    **{group: tuple(words) for group, words in WORDS.items()},
    Group.THEME: ("liikunta", "ravitsemus"),
    Group.MUNICIPALITY: MUNICIPALITIES,
    Group.LANGUAGE: ("fi", "sv", "en"),
}


def read(query: str) -> Filters:
    pairs = [part.split("=", 1) for part in query.split("&") if part]
    return Filters.read(MultiDict([(name, value) for name, value in pairs]), KNOWN)


def entry(name: str, *, everywhere: bool = False, **values: str) -> Entry:
    return Entry(
        id=uuid.uuid4(),
        name=name,
        everywhere=everywhere,
        values={Group[group]: frozenset(some.split()) for group, some in values.items()},
    )


ENTRIES = [
    entry("pool", MUNICIPALITY="286", FORM="in_person", ACCESSIBILITY="step_free accessible_toilet"),
    entry("video", MUNICIPALITY="285 286", FORM="remote", PRICE="free", ACCESSIBILITY="step_free"),
    entry("leaflet", everywhere=True, FORM="self_care", PRICE="free"),
    entry("choir", MUNICIPALITY="075", FORM="in_person", LANGUAGE="sv"),
]


def names(query: str) -> list[str]:
    return [found.name for found in Narrowing(ENTRIES, read(query)).results]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["pool", "video", "leaflet", "choir"]),
        ("kunta=", ["pool", "video", "leaflet", "choir"]),
        ("kunta=285", ["video", "leaflet"]),
        ("hinta=maksuton", ["video", "leaflet"]),
        ("miten=etana", ["video"]),
        ("miten=etana&miten=paikalla", ["pool", "video", "choir"]),
        ("esteettomyys=esteeton", ["pool", "video"]),
        ("esteettomyys=esteeton&esteettomyys=inva-wc", ["pool"]),
        ("kunta=075&kieli=sv", ["choir"]),
        ("kunta=286&miten=etana&hinta=maksuton", ["video"]),
        ("kunta=286&kieli=en", []),
    ],
)
def test_a_list_is_narrowed(query, expected):
    assert names(query) == expected


@pytest.mark.parametrize(
    "junk", ["kunta=091", "kunta=x&miten=lentaen", "hinta='; drop table", "other=1", "kieli=%00"]
)
def test_junk_is_passed_over(junk):
    assert not read(junk)
    assert names(junk) == names("")


def test_one_municipality_at_a_time():
    assert read("kunta=286&kunta=285").values(Group.MUNICIPALITY) == ("285",)


def test_the_address_is_the_same_whatever_the_order_it_came_in():
    assert (
        read("miten=etana&kunta=286").parameters() == read("kunta=286&miten=etana&miten=etana").parameters()
    )
    assert read("kunta=286&miten=etana").parameters() == {"kunta": ["286"], "miten": ["etana"]}


states = st.fixed_dictionaries(
    {},
    optional={
        group: st.lists(st.sampled_from(KNOWN[group]), unique=True, min_size=1, max_size=2).map(tuple)
        for group in Group
        if group is not Group.MUNICIPALITY
    }
    | {Group.MUNICIPALITY: st.sampled_from(MUNICIPALITIES).map(lambda code: (code,))},
)


@given(states, st.sampled_from([(group, value) for group in Group for value in KNOWN[group]]))
def test_the_number_beside_a_choice_is_how_many_one_sees_after_making_it(chosen, choice):
    narrowing = Narrowing(ENTRIES, Filters(chosen))
    after = narrowing.filters.choosing(*choice)
    assert narrowing.count(after) == len(Narrowing(ENTRIES, after).results)


@given(states)
def test_an_address_says_all_that_was_chosen(chosen):
    filters = Filters(chosen)
    pairs = [(name, word) for name, words in filters.parameters().items() for word in words]
    again = Filters.read(MultiDict(pairs), KNOWN)
    assert again.parameters().keys() == filters.parameters().keys()
    for name, words in filters.parameters().items():
        assert set(again.parameters()[name]) == set(words)


@pytest.mark.parametrize(
    ("asked", "total", "expected"),
    [
        (None, 0, (1, 1)),
        ("1", 20, (1, 1)),
        ("2", 21, (2, 2)),
        ("9", 41, (3, 3)),
        ("0", 41, (1, 3)),
        ("-1", 41, (1, 3)),
        ("two", 41, (1, 3)),
        ("٢", 41, (1, 3)),
        ("9" * 5000, 41, (3, 3)),
    ],
)
def test_pages(asked, total, expected):
    assert page_number(asked, total=total, size=20) == expected
