"""Channels of version 12: five types, numbers, places, opening hours; and Markdown as plain text."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.themes.ptv import told
from tests.themes.ptv.told_v12 import LISTS, address, channel, phone, place_version, point
from themes.directory.operations import ChannelKind, Price
from themes.ptv import v11, v12
from themes.ptv.markdown import plain
from themes.ptv.model import HoursKind, ImportedHours, OpenPeriod


@pytest.mark.parametrize(
    ("told_type", "kind"),
    [
        ("ServiceLocation", ChannelKind.LOCATION),
        ("TelephoneService", ChannelKind.PHONE),
        ("WebPage", ChannelKind.WEB_PAGE),
        ("EService", ChannelKind.E_SERVICE),
        ("PrintableForm", ChannelKind.PRINTABLE_FORM),
    ],
)
def test_the_five_types_are_known(told_type, kind):
    assert v12.channel(channel(serviceChannelType=told_type)).kind is kind


@pytest.mark.parametrize("told_type", ["Pigeon", "Phone", None, ["WebPage"]])
def test_another_type_is_refused(told_type):
    with pytest.raises(v12.UnreadableError, match="channel type"):
        v12.channel(channel(serviceChannelType=told_type))


def test_a_channel_without_a_name_is_refused():
    with pytest.raises(v12.UnreadableError, match="no name"):
        v12.channel(channel(languageVersions={"fi": place_version("")}))


# -------------------------------------------------------------------------------- numbers and addresses


@pytest.mark.parametrize(
    ("row", "number"),
    [
        (phone("401234567"), "+358401234567"),
        (phone("812345", dialCode="+46"), "+46812345"),
        ({**phone("116117", type="DomesticPhone"), "dialCode": None}, "116117"),
        (phone("080012345", type="DomesticPhone"), "080012345"),
    ],
)
def test_a_number_is_as_one_dials_it(row, number):
    versions = {"fi": place_version("Talo", contactPhoneNumbers=[row])}
    assert v12.channel(channel(languageVersions=versions)).phones[0].number == number


def test_a_number_of_every_language_is_one_and_faxes_are_none():
    versions = {
        "sv": {"name": "Telefon", "phoneNumbers": [phone("401234567", additionalInformation="Växel")]},
        "fi": {
            "name": "Puhelin",
            "phoneNumbers": [
                phone("57654321", type="Fax"),
                phone("401234567", additionalInformation="Vaihde", chargeType="ExtraCharge"),
            ],
        },
    }
    (one,) = v12.channel(channel(serviceChannelType="TelephoneService", languageVersions=versions)).phones
    assert one.info == {"fi": "Vaihde", "sv": "Växel"}
    assert one.languages == ("fi", "sv")
    assert one.price is Price.CHARGE


def test_pages_are_forms_addresses_and_pages_of_a_place_and_safe():
    versions = {
        "fi": {"name": "a", "formFiles": [{"name": "x", "url": "https://example.org/a.pdf", "type": "pdf"}]},
        "sv": {"name": "b", "webAddress": {"name": None, "url": "https://example.org/b"}},
        "en": {"name": "c", "webAddress": {"name": "x", "url": "javascript:alert(1)"}},
    }
    read = v12.channel(channel(serviceChannelType="PrintableForm", languageVersions=versions))
    assert read.urls == {"fi": "https://example.org/a.pdf", "sv": "https://example.org/b"}


def placed(**changes: Any) -> dict[str, Any]:
    return {
        **channel(location={"streetAddresses": [address("Simpelkatu", "7", **changes)]}),
        "codeLists": LISTS,
    }


def test_an_address_is_read_with_its_post_office_and_position():
    (place,) = v12.channel(placed()).addresses
    assert place.street == {"fi": "Simpelkatu 7"}
    assert (place.postal_code, place.post_office) == ("45100", {"fi": "Kouvola"})
    assert (place.latitude, place.longitude) == pytest.approx((60.8758089, 26.6684882), abs=1e-6)


def test_of_several_points_the_one_put_right_by_hand_counts():
    points = [point("NLS", 6749000, 482000), point("User", 6749500, 482000), point("NLS", 0, 0)]
    (place,) = v12.channel(placed(coordinates=points)).addresses
    assert place.latitude == pytest.approx(60.8802955, abs=1e-4)


@pytest.mark.parametrize(
    "points",
    [
        None,
        [],
        [point("NLS", 0, 0)],
        [point("NLS", 60.87, 26.66)],
        [point("NLS", 6749000, 482000, system="Unknown")],
        [{**point("NLS", 6749000, 482000), "northing": "6749000"}],
        [point("NLS", float("nan"), 482000)],
    ],
)
def test_without_a_true_position_there_is_none(points):
    (place,) = v12.channel(placed(coordinates=points)).addresses
    assert (place.latitude, place.longitude) == (None, None)


def test_postal_and_foreign_addresses_are_no_places_and_a_beach_is():
    beach = {
        "postalCode": None,
        "coordinates": [point("User", 6749000, 482000)],
        "additionalInformation": {"fi": "Rannan levähdyspaikka"},
    }
    nowhere: dict[str, Any] = {"postalCode": "45100", "coordinates": [], "additionalInformation": {}}
    record = channel(
        location={
            "foreignAddresses": [{"address": {"fi": "Storgatan 1"}, "countryCode": "SE"}],
            "streetAddresses": [],
            "otherAddresses": [beach, nowhere],
        },
        contactAddresses={"streetAddresses": [address("Postikatu", "1")]},
    )
    (place,) = v12.channel(record).addresses
    assert place.info == {"fi": "Rannan levähdyspaikka"}
    assert place.latitude == pytest.approx(60.8758089, abs=1e-6)


# ----------------------------------------------------------------------------------------------- hours


def open_from(start: str, end: str, **changes: Any) -> dict[str, Any]:
    return {
        "start": start,
        "end": end,
        "openingStatus": "Open",
        "repetition": "Weekly",
        "additionalInformation": {},
        **changes,
    }


def hours(told_type: str = "WeeklyUntilFurtherNoticeServiceHour", **changes: Any) -> dict[str, Any]:
    return {
        "type": told_type,
        "heading": {},
        "additionalInformation": {},
        "weeklyHours": {
            day: {"hours": [open_from("09:00", "15:00")]}
            for day in ("wednesday", "monday", "tuesday", "friday")
        },
        **changes,
    }


def read_hours(*rows: dict[str, Any]) -> tuple[ImportedHours, ...]:
    return v12.channel(channel(serviceHours={"hours": list(rows), "holidayServiceHours": None})).hours


def test_weekly_hours_are_those_of_version_11():
    days = ("Wednesday", "Monday", "Tuesday", "Friday")
    in_v11 = {
        "serviceHourType": "DaysOfTheWeek",
        "validFrom": "2026-05-31T21:00:00Z",
        "validTo": "2026-08-30T21:00:00Z",
        "additionalInformation": told.texts("Kesäkausi"),
        "openingHour": [{"dayFrom": day, "dayTo": "", "from": "09:00:00", "to": "15:00:00"} for day in days],
    }
    in_v12 = hours(
        "WeeklyDateRangeServiceHour", fromDate="2026-06-01", toDate="2026-08-31", heading={"fi": "Kesäkausi"}
    )
    assert read_hours(in_v12) == v11.channel(told.channel(serviceHours=[in_v11])).hours


def test_other_weeks_and_reservations_are_sets_of_their_own():
    week = {
        "monday": {
            "hours": [
                open_from("09:00", "12:00"),
                open_from("13:00", "15:00", openingStatus="OpenOnReservation"),
            ]
        },
        "tuesday": {"hours": [open_from("10:00", "11:00", repetition="OddWeeks")]},
        "saturday": {"hours": [open_from("noon", "later")]},
    }  # fmt: skip - one day a line
    every, reserved, odd = read_hours(hours(weeklyHours=week, heading={"fi": "Sali"}))
    assert every.periods == (OpenPeriod(days=(1, 1), opens="09:00", closes="12:00"),)
    assert (every.by_reservation, every.info) == (False, {"fi": "Sali"})
    assert reserved.by_reservation
    assert odd.info["fi"] == "Sali · Parittomilla viikoilla"


def test_always_open_and_open_across_days():
    always, across = read_hours(
        {"type": "ContinuousAlwaysValidServiceHour", "openingStatus": "Open"},
        {
            "type": "ContinuousWeekdaysUntilFurtherNoticeServiceHour",
            "openingStatus": "OpenOnReservation",
            "fromDay": "Friday",
            "toDay": "Sunday",
            "fromTime": "18:00",
            "toTime": "12:00",
        },
    )
    assert always.always_open
    assert not always.by_reservation
    assert (across.kind, across.by_reservation) == (HoursKind.OVER_MIDNIGHT, True)
    assert across.periods == (OpenPeriod(days=(5, 7), opens="18:00", closes="12:00"),)


def test_an_exception_is_closed_or_open_on_its_days():
    closed = {"thursday": {"hours": [open_from("00:00", "24:00", openingStatus="Closed")]}}
    shorter = {"thursday": {"hours": [open_from("09:00", "12:00")]}}
    days = {"fromDate": "2026-12-24", "toDate": "2026-12-24"}
    first, second = read_hours(
        hours("ExceptionalDateRangeServiceHour", weeklyHours=closed, **days),
        hours("ExceptionalDateRangeServiceHour", weeklyHours=shorter, **days),
    )
    assert (first.kind, first.closed, first.periods) == (HoursKind.EXCEPTION, True, ())
    assert (first.valid_from, first.valid_to) == (dt.date(2026, 12, 24), dt.date(2026, 12, 24))
    assert second.periods == (OpenPeriod(days=None, opens="09:00", closes="12:00"),)


def test_unknown_hours_are_passed_over():
    assert read_hours(hours("WhenTheMoonIsFull"), hours(["WeeklyDateRangeServiceHour"])) == ()  # type: ignore[arg-type]  # a record that is not as it should be


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(field=st.sampled_from(sorted(channel())), value=JSON)
def test_whatever_stands_in_a_field_is_read_or_refused(field, value):
    try:
        v12.channel(channel(**{field: value}))
    except v12.UnreadableError:
        assert field in {"contentId", "serviceChannelType", "languageVersions"}


@given(field=st.sampled_from(sorted(hours())), value=JSON)
def test_whatever_stands_in_opening_hours_is_read(field, value):
    read_hours(hours("WeeklyDateRangeServiceHour", **{field: value}) if field != "type" else hours(value))


@given(field=st.sampled_from(sorted(phone("1"))), value=JSON)
def test_whatever_stands_in_a_phone_number_is_read(field, value):
    versions = {"fi": place_version("Talo", contactPhoneNumbers=[{**phone("401234567"), field: value}])}
    v12.channel(channel(languageVersions=versions))


@given(field=st.sampled_from(sorted(address("a", "1"))), value=JSON)
def test_whatever_stands_in_an_address_is_read(field, value):
    v12.channel(placed(**{field: value}))


# ------------------------------------------------------------------------------------------- Markdown


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Pelkkää tekstiä.", "Pelkkää tekstiä."),
        ("### Kenelle\n\nKaikille **yli 65-vuotiaille**.", "Kenelle\n\nKaikille yli 65-vuotiaille."),
        ("Ota mukaan:\n* pyyhe\n+ vettä\n- mieli", "Ota mukaan:\n- pyyhe\n- vettä\n- mieli"),
        ("Katso [ohje](https://example.org/o).", "Katso ohje (https://example.org/o)."),
        ("[https://example.org](https://example.org)", "https://example.org"),
        ("<https://example.org>", "https://example.org"),
        ("![kuva](https://example.org/k.png)", "kuva"),
        ("*Tärkeää*: _muista_ `PIN`", "Tärkeää: muista PIN"),
        ("5*3*2, talo_b_c, 2 * 3 * 4", "5*3*2, talo_b_c, 2 * 3 * 4"),
        (r"1\. kerros, \*ei\* korostettu", "1. kerros, *ei* korostettu"),
        ("rivi  \ntoinen\\\nkolmas", "rivi\ntoinen\nkolmas"),
        ("Ruoka &amp; juoma", "Ruoka & juoma"),
        ("> lainaus\n\n---\n\nloppu", "lainaus\n\n\n\nloppu"),
        ("puh. 05-123, hinta 10-15 €", "puh. 05-123, hinta 10-15 €"),
    ],
)
def test_markdown_is_read_as_its_words(text, words):
    assert plain(text) == words


@pytest.mark.parametrize(
    "hostile",
    ["*" * 60_000, "[" * 60_000, "`" * 60_001, "_a" * 30_000, "<http://" * 9_000, " " * 60_000 + "x"],
)
def test_hostile_markdown_takes_no_time(hostile):
    plain(hostile)


@given(st.text())
def test_any_text_is_plain_text(text):
    plain(text)
