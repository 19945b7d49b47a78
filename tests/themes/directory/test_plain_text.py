"""Plain texts, addresses and the alphabet."""

import pytest

from themes.directory.alphabet import alphabetical
from themes.directory.plain_text import (
    Bullets,
    Paragraph,
    blocks,
    mail_address,
    phone_address,
    spoken_number,
    web_address,
    web_name,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  \n \n", []),
        ("One.", [Paragraph(("One.",))]),
        ("One.\n\nTwo.", [Paragraph(("One.",)), Paragraph(("Two.",))]),
        ("One.\r\n \r\nTwo\r\nlines.", [Paragraph(("One.",)), Paragraph(("Two", "lines."))]),
        (
            "Bring:\n- shoes\n• water\nCome!",
            [Paragraph(("Bring:",)), Bullets(("shoes", "water")), Paragraph(("Come!",))],
        ),
        ("10–11 o'clock\n-5 °C", [Paragraph(("10–11 o'clock", "-5 °C"))]),
    ],
)
def test_line_breaks_tell_paragraphs_and_lists(text, expected):
    assert list(blocks(text)) == expected


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "ftp://example.org",
        "http://",
        "https://a@b.fi",
        "http://[",
        "kirjasto",
    ],
)
def test_only_web_addresses_are_linked_to(bad):
    assert web_address(bad) == ""


def test_a_web_address_is_said_short():
    assert web_address(" https://www.example.org/a/?b=c ") == "https://www.example.org/a/?b=c"
    assert web_name("https://www.example.org/a/?b=c") == "example.org/a"


@pytest.mark.parametrize(
    ("number", "address"),
    [
        ("040 000 0123", "tel:0400000123"),
        ("+358 (0)40-000.0123", "tel:+3580400000123"),
        ("112", "tel:112"),
        ("ask at the desk", ""),
        ("12", ""),
        ("112;ext=1", ""),
    ],
)
def test_numbers_to_call(number, address):
    assert phone_address(number) == address


@pytest.mark.parametrize(
    ("number", "spoken"),
    [
        ("+35863251111", "06 325 1111"),
        ("+358400000123", "040 000 0123"),
        ("+3580925250111", "09 2525 0111"),
        ("+358800147111", "0800 147 111"),
        ("+358295000000", "029 500 0000"),
        ("+358501234", "050 1234"),
        ("116117", "116117"),
        ("040 000 0123", "040 000 0123"),
        ("+4681234567", "+4681234567"),
    ],
)
def test_a_number_is_said_as_it_is_dialled_at_home(number, spoken):
    assert spoken_number(number) == spoken


def test_mail_addresses():
    assert mail_address(" neuvonta@example.org ") == "mailto:neuvonta@example.org"
    assert [
        mail_address(bad) for bad in ("", "no", "a@b", "a@example.org?bcc=b@example.org", "a b@example.org")
    ] == [""] * 5


def test_the_alphabet_ends_with_the_three_letters_of_the_north():
    names = [
        "Öljyvärit",
        "Zumba",
        "Äijäjooga",
        "åkning",
        "aamujumppa",
        "Ensiapu",
        "École",
        "Eläinkaverit",
        "”Avoin ovi”",
    ]
    assert sorted(names, key=alphabetical) == [
        "aamujumppa",
        "”Avoin ovi”",
        "École",
        "Eläinkaverit",
        "Ensiapu",
        "Zumba",
        "åkning",
        "Äijäjooga",
        "Öljyvärit",
    ]
