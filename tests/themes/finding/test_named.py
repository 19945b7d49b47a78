"""Choices that the words of a query make."""

import pytest

from themes.directory.filters import Group
from themes.finding.named import named_choices

OLD = (Group.LIFE_STAGE, "older_people")
YOUNG = (Group.LIFE_STAGE, "children_and_young")
FREE = (Group.PRICE, "free")
REMOTE = (Group.FORM, "remote")
AT_HOME = (Group.FORM, "at_home")


@pytest.mark.parametrize(
    ("query", "choices"),
    [
        ("mummolle jumppaa kouvolassa", [OLD]),
        ("eläkeläisille kuoro", [OLD]),
        ("ikääntyneiden tanssit", [OLD]),
        ("tekemistä lapselle", [YOUNG]),
        ("teini jooga", [YOUNG]),
        ("vauva", [YOUNG]),
        ("ilmainen kuntosali", [FREE]),
        ("maksutonta ohjelmaa verkossa", [FREE, REMOTE]),
        ("ruokaa kotiin", [AT_HOME]),
        ("gratis motion för pensionärer", [FREE, OLD]),
        ("free yoga online", [FREE, REMOTE]),
        ("lapsi pelaa koko ajan kännykällä", []),
        ("verkko rikki", []),
        ("kotona pelottaa", []),
        ("jumppa", []),
        ("", []),
    ],
)
def test_words_make_choices(query, choices):
    assert [(one.group, one.value) for one in named_choices(query)] == choices


def test_a_choice_knows_the_query_without_it():
    (old,) = named_choices("Mummolle, jumppaa mummoille!")

    assert (old.word, old.other_words) == ("Mummolle", "jumppaa")
