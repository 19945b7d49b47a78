"""What people typed is kept only where it can't be about anybody."""

import datetime as dt

from hypothesis import example, given
from hypothesis import strategies as st

from servicetray.usage import texts

DAY = dt.date(2026, 3, 10)


@given(st.text(max_size=300))
@example("Matti Meikäläinen 131052-308T")
@example("soita 040 123 4567 tai matti@example.org")
@example("１２３ ٣٤٥ jumppa²")
def test_no_digit_and_no_address_is_left(query: str):
    for word in texts.words_of(query):
        assert not any(sign.isdigit() or sign.isnumeric() for sign in word)
        assert "@" not in word
        assert word == word.lower().strip()
    assert len(texts.text_of(query)) <= texts.LONGEST


@given(st.lists(st.from_regex(r"[a-zåäö]{1,12}", fullmatch=True), min_size=1, max_size=8), st.data())
def test_a_text_is_ours_only_if_every_word_is(words: list[str], data: st.DataObject):
    known = set(words)
    text = texts.text_of(" ".join(words))
    assert text == "" or texts.is_ours(text, known.issuperset)
    strange = data.draw(st.sampled_from(words))
    assert not texts.is_ours(text, (known - {strange}).issuperset)


@given(st.dictionaries(st.dates(), st.integers(0, 9), max_size=6))
def test_common_is_five_times_on_three_days(times: dict[dt.date, int]):
    days = [count for count in times.values() if count]
    assert texts.is_common(times) is (sum(days) >= 5 and len(days) >= 3)


def test_words_with_digits_go_as_a_whole():
    assert texts.words_of("Jumppa 65+ Kouvolassa, 131052-308T covid19!") == ("jumppa", "kouvolassa")
    assert texts.text_of("12345") == ""
    assert texts.text_of("yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän") == ""
