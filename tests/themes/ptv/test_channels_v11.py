"""Channels of version 11: five types, one model."""

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.themes.ptv.told import address, channel, phone, texts
from themes.directory.operations import ChannelKind, Price
from themes.ptv import v11
from themes.ptv.model import HoursKind, OpenPeriod


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("ServiceLocation", ChannelKind.LOCATION),
        ("Phone", ChannelKind.PHONE),
        ("WebPage", ChannelKind.WEB_PAGE),
        ("EChannel", ChannelKind.E_SERVICE),
        ("PrintableForm", ChannelKind.PRINTABLE_FORM),
    ],
)
def test_the_five_types_are_known(told, kind):
    assert v11.channel(channel(serviceChannelType=told)).kind is kind


@pytest.mark.parametrize("told", ["Pigeon", None, ["Phone"]])
def test_another_type_is_refused(told):
    with pytest.raises(v11.UnreadableError, match="channel type"):
        v11.channel(channel(serviceChannelType=told))


def test_faxes_are_left_out():
    assert [one.number for one in v11.channel(channel()).phones] == ["+358401234567"]


@pytest.mark.parametrize(
    ("told", "number"),
    [
        (phone("401234567"), "+358401234567"),
        (phone("0401234567"), "+358401234567"),
        (phone("040 123 4567"), "+358401234567"),
        (phone("0800 123 45", prefixNumber=None, isFinnishServiceNumber=True), "080012345"),
        (phone("116117", prefixNumber=None), "116117"),
        (phone("+46 8 123 45", prefixNumber="+358"), "+46812345"),
    ],
)
def test_a_number_is_as_one_dials_it(told, number):
    assert v11.channel(channel(phoneNumbers=[told])).phones[0].number == number


@pytest.mark.parametrize("number", [None, "", "-", "ei ole", "1" * 60])
def test_what_is_no_number_is_left_out(number):
    assert v11.channel(channel(phoneNumbers=[{**phone("1234567"), "number": number}])).phones == ()


def test_a_number_that_stands_there_in_two_languages_is_one():
    told = [
        phone("401234567", additionalInformation="Vaihde", chargeDescription="Pvm"),
        phone("401234567", additionalInformation="Växel", language="sv"),
    ]
    (one,) = v11.channel(channel(phoneNumbers=told)).phones
    assert one.info == {"fi": "Vaihde", "sv": "Växel"}
    assert one.price_info == {"fi": "Pvm"}
    assert one.price is Price.CHARGE
    assert one.languages == ("fi", "sv")


def test_emails_come_from_either_field_each_once_and_only_real_ones():
    told = channel(
        emails=[*texts("a@example.org", "a@example.org"), *texts("etunimi.sukunimi@example.org")],
        supportEmails=texts("tuki@example.org", "value"),
    )
    assert v11.channel(told).emails == ("a@example.org", "tuki@example.org")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "https://u:p@example.org",
        "http://[",
        "a b",
        None,
    ],
)
def test_an_address_that_one_must_not_link_to_is_dropped(url):
    assert v11.channel(channel(webPages=[{"url": url, "language": "fi"}])).urls == {}


def test_the_placeholder_page_is_dropped():
    page = {"url": "https://www.example.com", "value": "value", "language": "en"}
    assert v11.channel(channel(webPages=[page])).urls == {}


def test_a_form_is_found_behind_its_own_field():
    form = {"language": "fi", "value": "https://example.org/lomake.pdf", "type": "PDF"}
    read = v11.channel(channel(serviceChannelType="PrintableForm", webPages=[], channelUrls=[form]))
    assert read.urls == {"fi": "https://example.org/lomake.pdf"}


def test_an_address_is_read_with_its_position():
    (place,) = v11.channel(channel()).addresses
    assert place.street == {"fi": "Simpelkatu 7"}
    assert (place.postal_code, place.post_office, place.municipality_code) == (
        "45100",
        {"fi": "Kouvola"},
        "286",
    )
    assert (place.latitude, place.longitude) == pytest.approx((60.8758089, 26.6684882), abs=1e-6)


@pytest.mark.parametrize(
    "changes",
    [
        {"coordinateState": "NotReceived"},
        {"latitude": "0", "longitude": "0"},
        {"latitude": None},
        {"latitude": "north", "longitude": "east"},
        {"latitude": "61.6887", "longitude": "27.2721", "coordinateState": "OK"},
    ],
)
def test_without_a_true_position_there_is_none(changes):
    (place,) = v11.channel(channel(addresses=[address("Simpelkatu", "7", **changes)])).addresses
    assert (place.latitude, place.longitude) == (None, None)


def test_postal_addresses_and_samples_are_no_places():
    box = {"type": "Postal", "subType": "PostOfficeBox", "streetAddress": None}
    sample = {"latitude": "61.6887", "longitude": "27.2721", "additionalInformation": texts("value")}
    told = [box, {**address("Simpelkatu", "7"), "otherAddress": sample}]
    assert len(v11.channel(channel(addresses=told)).addresses) == 1


def test_a_place_without_a_street_keeps_its_words_and_position():
    place = {
        "latitude": "6749000",
        "longitude": "482000",
        "additionalInformation": texts("Rannan levähdyspaikka"),
    }
    told = [{"type": "Location", "subType": "Other", "streetAddress": None, "otherAddress": place}]
    (read,) = v11.channel(channel(addresses=told)).addresses
    assert read.info == {"fi": "Rannan levähdyspaikka"}
    assert read.latitude == pytest.approx(60.8758089, abs=1e-6)


def hours(**changes: object) -> dict[str, object]:
    return {
        "serviceHourType": "DaysOfTheWeek",
        "validFrom": None,
        "validTo": None,
        "isClosed": False,
        "openingHour": [
            {"dayFrom": day, "dayTo": "", "from": "09:00:00", "to": "15:00:00"}
            for day in ("Wednesday", "Monday", "Tuesday", "Friday")
        ],
        **changes,
    }


def test_days_in_a_row_with_the_same_hours_are_joined():
    (read,) = v11.channel(channel(serviceHours=[hours()])).hours
    assert read.kind is HoursKind.WEEKLY
    assert read.periods == (
        OpenPeriod(days=(1, 3), opens="09:00", closes="15:00"),
        OpenPeriod(days=(5, 5), opens="09:00", closes="15:00"),
    )


def test_an_exception_has_its_helsinki_days():
    told = hours(
        serviceHourType="Exceptional",
        validFrom="2026-12-23T22:00:00Z",
        validTo="2026-12-26T00:00:00.000Z",
        isClosed=True,
        openingHour=None,
    )
    (read,) = v11.channel(channel(serviceHours=[told])).hours
    assert (read.valid_from, read.valid_to) == (dt.date(2026, 12, 24), dt.date(2026, 12, 26))
    assert read.closed
    assert read.periods == ()


def test_sample_hours_are_passed_over():
    assert v11.channel(channel(serviceHours=[hours(serviceHourType="serviceHourType")])).hours == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(field=st.sampled_from(sorted(channel())), value=JSON)
def test_whatever_stands_in_a_field_is_read_or_refused(field, value):
    try:
        v11.channel(channel(**{field: value}))
    except v11.UnreadableError:
        assert field in {"id", "serviceChannelType", "serviceChannelNames"}


@given(field=st.sampled_from(sorted(hours())), value=JSON)
def test_whatever_stands_in_opening_hours_is_read(field, value):
    v11.channel(channel(serviceHours=[hours(**{field: value})]))


@given(field=st.sampled_from(sorted(phone("1"))), value=JSON)
def test_whatever_stands_in_a_phone_number_is_read(field, value):
    v11.channel(channel(phoneNumbers=[{**phone("401234567"), field: value}]))


@given(field=st.sampled_from(sorted(address("a", "1")["streetAddress"])), value=JSON)
def test_whatever_stands_in_an_address_is_read(field, value):
    v11.channel(channel(addresses=[address("Simpelkatu", "7", **{field: value})]))


def test_every_recorded_channel_is_read(reference_data):
    files = sorted((reference_data / "ptv/recorded/servicechannels").glob("*.json"))
    read = {file.stem: v11.channel(json.loads(file.read_bytes())) for file in files}
    assert len(read) == 21
    assert {one.kind for one in read.values()} == set(ChannelKind)
    assert all(one.name and one.modified and one.organisation_id for one in read.values())
    crisis = read["2e7f0b8d-4943-4fd4-8a22-7b02830be16e"]
    assert [one.number for one in crisis.phones] == ["+358405501990"]
    assert crisis.hours[0].periods == (OpenPeriod(days=(1, 7), opens="08:00", closes="16:00"),)
    kindergarten = read["1bd39cda-3006-482e-acff-93ab8ddc9f1b"]
    assert [place.street["fi"] for place in kindergarten.addresses] == ["Mannerheiminkatu 14", "Kaivokatu 9"]
    assert kindergarten.addresses[0].latitude == pytest.approx(60.4679195, abs=1e-6)
    addresses = [place for one in read.values() for place in one.addresses]
    assert not any("12345" in place.postal_code for place in addresses)
    assert all("example.com" not in url for one in read.values() for url in one.urls.values())
