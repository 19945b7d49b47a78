"""Personal identity codes are found however they are written; other numbers are left alone."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fi import hetu

from servicetray.core.identity_codes import MASK, contains_code, find, mask
from tests.figures import Figure

SIGNS = "+-YXWVUABCDEF"
CHECKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"


@st.composite
def codes(draw: st.DrawFn) -> str:
    """A valid invented code; numbers from 900 belong to nobody."""
    date = f"{draw(st.integers(1, 28)):02}{draw(st.integers(1, 12)):02}{draw(st.integers(0, 99)):02}"
    number = f"{draw(st.integers(2, 999)):03}"
    return date + draw(st.sampled_from(SIGNS)) + number + CHECKS[int(date + number) % 31]


@given(
    code=codes(),
    before=st.sampled_from(["", "hetu ", "hetu:", "(", "x", "\n"]),
    after=st.sampled_from(["", ".", ", kotona", ")", "\n", "n"]),
)
def test_every_code_is_found_where_it_stands(code: str, before: str, after: str):
    (place,) = find(before + code + after)
    assert (place.start, place.end) == (len(before), len(before) + len(code))


@pytest.mark.parametrize("sign", SIGNS)
def test_every_sign_of_a_century_is_known(sign: str):
    assert contains_code(f"Asiakas 131052{sign}308T tulee")


@pytest.mark.parametrize(
    "text",
    [
        "131052a308t",
        "131052 - 308T",
        "131052-308 T",
        "131052–308T",
        "131052−308T",
        "131052‑308T",
        "131052\u00ad308T",
        "13.10.52-308T",
        "13 10 52 - 308T",
        "131052308T",
        "131052 308T",
        "131052/308T",
        "13105\u200b2-30\u200d8T",
        "１３１０５２-３０８Ｔ",
        "131052-308Tanja",
        "tel131052-308T",
        "131052-131052-308T",
    ],
)
def test_what_people_and_programs_do_to_a_code_does_not_hide_it(text: str):
    assert contains_code(text)


@pytest.mark.parametrize(
    "text",
    [
        "131052-308U",
        "310252-308Y",
        "131052-001S",
        "puh. 040 512 3456",
        "0401310523",
        "+358 40 131 0523",
        "13.10.1952-13.10.1962",
        "131052-30812",
        "FI21 1234 5600 0007 85",
        "klo 13-15, 10 krt 52 e",
        "",
    ],
)
def test_other_numbers_are_left_alone(text: str):
    assert not contains_code(text)
    assert mask(text) == text


def test_masking_keeps_the_rest_of_the_text():
    assert mask("Äiti 131052-308T ja isä 131052a308t.") == f"Äiti {MASK} ja isä {MASK}."


@given(st.text(max_size=200))
def test_any_text_can_be_masked_and_then_holds_no_code(text: str):
    assert not contains_code(mask(text))


@given(codes(), st.text(max_size=30), st.text(max_size=30))
def test_no_code_survives_masking(code: str, before: str, after: str):
    # A space keeps the neighbours' digits from making another number of it.
    assert code not in mask(f"{before} x{code}x {after}")


@pytest.mark.trust
def test_detector_corpus(figure: Figure, long: bool):
    """Personal identity codes are found in free text, and ordinary numbers are not taken for them."""
    rng = random.Random(7)
    size = 100_000 if long else 3_000

    def code() -> str:
        return _any_code(rng)

    written = (
        code,
        lambda: code().lower(),
        lambda: f"hetu{code()}",
        lambda: f"{code()}:n äiti",
        lambda: re.sub(r"(.{6})(.)", r"\1 \2 ", code(), count=1),
        lambda: re.sub(r"(..)(..)", r"\1.\2.", code(), count=1),
        lambda: code().replace("-", "–"),
    )
    ordinary = (
        lambda: f"0{rng.choice('45')}{rng.randrange(10)} {rng.randrange(1000):03} {rng.randrange(10_000):04}",
        lambda: f"0{rng.choice('45')}{rng.randrange(10)}{rng.randrange(10_000_000):07}",
        lambda: f"0{rng.choice('45')}{rng.randrange(10)}-{rng.randrange(10_000_000):07}",
        lambda: f"{_day(rng)}-{_day(rng)}",
        lambda: f"{_day(rng)} klo {rng.randrange(24):02}.{rng.randrange(60):02}",
        lambda: f"{rng.randrange(10_000_000):07}-{rng.randrange(10)}",
        lambda: f"{rng.randrange(100_000):05} Kouvola, ovi {rng.randrange(100)} {rng.choice('ABC')}",
        lambda: f"{rng.randrange(1000)} / {rng.randrange(1000)} mmHg, {rng.randrange(20_000)} askelta",
    )
    missed = sum(not contains_code(rng.choice(written)()) for _ in range(size))
    false = sum(contains_code(rng.choice(ordinary)()) for _ in range(size))
    # Ten digits around a hyphen where a sign would be: nothing but the check character tells them apart.
    alike = sum(contains_code(f"{_short_day(rng)}-{rng.randrange(10_000):04}") for _ in range(size))
    figure("codes written in 7 ways", size, "")
    figure("codes missed", missed, "")
    figure("phone numbers, dates, company ids, addresses and measures", size, "")
    figure("taken for a code", false, "")
    figure("numbers written exactly like a code and taken for one", f"{100 * alike / size:.1f}", "%")
    assert missed == 0
    assert false == 0
    assert alike / size < 0.05


def _any_code(rng: random.Random) -> str:
    date = f"{rng.randint(1, 28):02}{rng.randint(1, 12):02}{rng.randrange(100):02}"
    number = f"{rng.randint(2, 999):03}"
    code = date + rng.choice(SIGNS) + number + CHECKS[int(date + number) % 31]
    assert hetu.is_valid(code, allow_temporary=True)
    return code


def _day(rng: random.Random) -> str:
    return f"{rng.randint(1, 28)}.{rng.randint(1, 12)}.{rng.randint(1940, 2026)}"


def _short_day(rng: random.Random) -> str:
    return f"{rng.randint(1, 28):02}{rng.randint(1, 12):02}{rng.randrange(100):02}"
