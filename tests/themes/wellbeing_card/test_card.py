"""The card in its address: what was put in comes out, and nothing else opens."""

import base64
import uuid

import pytest

from themes.wellbeing_card.card import (
    LONGEST,
    MOST_ITEMS,
    Card,
    FullCardError,
    Item,
    ItemKind,
    ShortCode,
    UnreadableCardError,
    read,
    write,
)

KEY = b"k" * 32


def theme(slug: str = "liikunta") -> Item:
    return Item.of(ItemKind.THEME, slug)


def full() -> Card:
    card = Card(language="sv", large=True)
    for number in range(MOST_ITEMS):
        kind = list(ItemKind)[number % len(ItemKind)]
        ref = str(uuid.UUID(int=number)) if kind in {"service", "group", "event"} else f"a-b-{number}"
        card = card.with_item(Item.of(kind, ref))
    return card


def test_what_was_put_in_comes_out_in_its_order(now):
    card = full().with_code(ShortCode(code="ABCD2345", until=now.date()))
    assert read(write(card, key=KEY), key=KEY) == card
    assert read(write(Card(), key=KEY), key=KEY) == Card()


def test_every_single_change_of_a_sign_is_refused():
    text = write(full(), key=KEY)
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    for at in range(len(raw)):
        changed = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        with pytest.raises(UnreadableCardError):
            read(base64.urlsafe_b64encode(changed).rstrip(b"=").decode(), key=KEY)


@pytest.mark.parametrize("text", ["", "x", "AAAA", "ä" * 20, "A" * (LONGEST + 1), "../../etc", " "])
def test_what_is_no_card_is_refused(text):
    with pytest.raises(UnreadableCardError):
        read(text, key=KEY)


def test_another_installations_card_is_refused():
    with pytest.raises(UnreadableCardError):
        read(write(full(), key=KEY), key=b"o" * 32)


def test_a_card_is_cut_off_nowhere():
    text = write(full(), key=KEY)
    for length in range(len(text)):
        with pytest.raises(UnreadableCardError):
            read(text[:length], key=KEY)


def test_the_longest_card_fits_its_limit():
    card = Card()
    for number in range(MOST_ITEMS):
        card = card.with_item(theme(f"{'a' * 77}-{number:02}"))
    assert read(write(card, key=KEY), key=KEY) == card
    ordinary = full()
    assert len(write(ordinary, key=KEY)) <= 250


def test_a_thing_is_on_a_card_once_and_a_card_ends():
    card = Card().with_item(theme()).with_item(theme())
    assert len(card.items) == 1
    with pytest.raises(FullCardError):
        full().with_item(theme("uusi"))
    assert full().with_item(full().items[0]) == full()


def test_things_move_up_and_away():
    first, second = theme("eka"), theme("toka")
    card = Card().with_item(first).with_item(second)
    assert card.earlier(second).items == (second, first)
    assert card.earlier(first) == card
    assert card.without(first).items == (second,)


def test_a_code_stands_for_what_was_on_the_card_when_it_was_made(now):
    card = Card().with_item(theme()).with_code(ShortCode(code="ABCD2345", until=now.date()))
    assert card.read_as(language="en", large=True).code == card.code
    assert card.with_item(theme("toka")).code is None
    assert card.without(theme()).code is None
    assert card.plain().items == card.items


@pytest.mark.parametrize(
    ("kind", "ref"), [("service", "1"), ("theme", "Ä"), ("theme", ""), ("tool", "a b"), ("tool", "a" * 81)]
)
def test_no_item_holds_free_text(kind, ref):
    with pytest.raises(UnreadableCardError):
        Item.of(ItemKind(kind), ref)
