"""Version 12 over HTTP: a real server on this machine, behind a key, with every fault it may have."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest
from pydantic import SecretStr

from tests.themes.ptv import told_v12
from tests.themes.ptv.told import BUSY, Answer, ident
from tests.themes.ptv.told_v12 import KEY, FakeV12, channel, connection, entry, organisation, refusal, service
from themes.ptv import v12
from themes.ptv.http_source import AreaFilter
from themes.ptv.sources import Kind, Problem, SourceUnavailableError, UnavailableError
from themes.ptv.v12_source import HttpSourceV12

ONE = UUID(ident(500))
KOKO = "http://www.yso.fi/onto/koko/p"


@pytest.fixture
def api() -> Iterator[FakeV12]:
    with told_v12.serving() as server:
        yield server


@pytest.fixture
def slept() -> list[float]:
    return []


@contextmanager
def source_at(url: str, slept: list[float], *, key: str = KEY, **options: Any) -> Iterator[HttpSourceV12]:
    with httpx.Client(timeout=2) as client:
        yield HttpSourceV12(url, client, key=SecretStr(key), sleep=slept.append, **options)


def walked(url: str, slept: list[float], **options: Any) -> list[object]:
    """Everything that a walk gives: the ids of records, and the problems."""
    with source_at(url, slept, **options) as source:
        return [row if isinstance(row, Problem) else str(v12.service(row).id) for row in source.services()]


def some(api: FakeV12, *numbers: int) -> list[str]:
    api.services = [service(number) for number in numbers]
    return [ident(number) for number in numbers]


# --------------------------------------------------------------------------------------------- the list


def test_every_page_is_walked_and_each_request_bears_the_key(api, slept):
    ids = some(api, *range(1, 8))
    api.page_size = 3
    assert walked(api.url, slept) == ids
    assert api.times("service/search") == 3
    assert set(api.keys) == {KEY}
    assert not api.times(KEY)
    assert slept == []


@pytest.mark.parametrize("end", ["", "/", "/api/v12", "/api/v12/", "/API/v12"])
def test_the_address_may_end_in_the_version_or_not(api, slept, end):
    some(api, 1)
    with source_at(api.url + end, slept) as source:
        assert source.address.lower().endswith("/api/v12")
        assert source.is_whole


def test_an_empty_list_is_no_error(api, slept):
    assert walked(api.url, slept) == []


def test_a_broken_page_in_the_middle_is_a_problem_and_the_next_one_is_walked(api, slept):
    some(api, 1, 2, 3)
    api.page_size = 1
    api.says("service/search?page=2", Answer(b'{"items": ['))
    assert walked(api.url, slept) == [
        ident(1),
        Problem(kind=Kind.SERVICE, record_id="page 2", reason="the answer is not JSON"),
        ident(3),
    ]


def test_without_the_first_page_there_is_nothing_to_walk(api, slept):
    api.says("service/search", refusal(500))
    with pytest.raises(SourceUnavailableError, match="page 1"):
        walked(api.url, slept)


def test_a_list_that_changed_while_it_was_read_is_walked_again(api, slept):
    ids = some(api, 1, 2, 3)
    api.page_size = 2
    # Somebody took a service away between the pages: the third moved to the page that was read already.
    moved = {"page": 2, "pageSize": 2, "totalItems": 2, "totalPages": 1, "items": []}
    api.says("service/search?page=2", moved, None)
    assert walked(api.url, slept) == ids
    assert api.times("service/search") == 4
    assert api.times("connection/search") == 2


@pytest.mark.parametrize(
    ("totals", "reason"),
    [
        ({"totalItems": 5}, "the list is not whole: 2 services came of 5"),
        ({"totalItems": None}, "the list doesn't say how many services there are"),
        ({"totalItems": "2"}, "the list doesn't say how many services there are"),
        ({"totalItems": 1}, "the list is not whole: 2 services came of 1"),
    ],
)
def test_a_list_that_does_not_hold_what_it_says_is_a_problem_without_an_id(api, slept, totals, reason):
    page = {"page": 1, "pageSize": 100, "totalPages": 1, "items": [service(1), service(2)], **totals}
    api.says("service/search", page)
    problem = Problem(kind=Kind.SERVICE, record_id="list", reason=reason)
    assert walked(api.url, slept) == [ident(1), ident(2), problem]


def test_a_server_that_gives_the_same_page_again_and_again_proves_nothing(api, slept):
    again = {"page": 1, "pageSize": 1, "totalItems": 3, "totalPages": 3, "items": [service(1)]}
    api.says("service/search", again)
    (first, problem) = walked(api.url, slept)
    assert first == ident(1)
    assert "not whole" in str(problem)


def test_a_row_without_an_id_is_told_once(api, slept):
    some(api, 1)
    api.services.append(service(2, contentId="nobody"))
    assert walked(api.url, slept) == [
        Problem(kind=Kind.SERVICE, record_id="nobody", reason="the list gives no usable id"),
        ident(1),
    ]


# ---------------------------------------------------------------------------------------------- the key


def test_without_a_key_nothing_is_asked_and_the_setting_is_named(api, slept):
    with (
        pytest.raises(SourceUnavailableError, match="SERVICETRAY_PTV_API_KEY"),
        source_at(api.url, slept, key=""),
    ):
        pass
    assert api.asked == []


@pytest.mark.parametrize("key", ["with space", "line\nfeed", "ä"])
def test_a_key_that_is_none_is_not_sent_and_not_told(api, slept, key):
    with (
        pytest.raises(SourceUnavailableError, match="SERVICETRAY_PTV_API_KEY") as raised,
        source_at(api.url, slept, key=key),
    ):
        pass
    assert key not in str(raised.value)


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused_ends_the_walk_at_once_and_is_not_told(api, slept, status):
    some(api, 1)
    api.says("service/search", refusal(status, detail=f"The key {'x' * 114} wrong-key is unknown."))
    with pytest.raises(SourceUnavailableError, match="SERVICETRAY_PTV_API_KEY is not accepted") as raised:
        walked(api.url, slept, key="wrong-key")
    assert f"HTTP {status}" in raised.value.reason
    # Not even the part of it that a long answer would be cut within.
    assert "wrong" not in str(raised.value)
    assert len(api.asked) == 1
    assert slept == []


def test_the_key_goes_to_no_other_host(api, slept):
    with told_v12.serving() as other:
        api.says("service/search", Answer(b"", 302, {"Location": f"{other.url}/api/v12/service/search"}))
        with pytest.raises(SourceUnavailableError, match="another host"):
            walked(api.url, slept)
        assert other.asked == []


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://ptv.example.org", "not an https address"),
        ("https://ptv.example.org/api/v11", "is of version 11"),
        ("ftp://ptv.example.org", "not an http or https address"),
    ],
)
def test_other_addresses_are_refused(slept, url, reason):
    with pytest.raises(SourceUnavailableError, match=reason), source_at(url, slept):
        pass


# -------------------------------------------------------------------------------------------- patience


def test_a_busy_server_is_asked_again_after_its_own_pause(api, slept):
    ids = some(api, 1)
    api.says("service/search", refusal(429), Answer(b"", 429, {"Retry-After": "3"}), BUSY, None)
    assert walked(api.url, slept) == ids
    assert slept == [0.5, 3.0, 2.0]


def test_a_server_that_has_gone_away_is_not_asked_a_thousand_times(api, slept):
    some(api, *range(1, 40))
    api.page_size = 1
    for number in range(2, 40):
        api.says(f"service/search?page={number}", BUSY)
    with pytest.raises(SourceUnavailableError, match="no answer any more"):
        walked(api.url, slept)
    assert len(api.asked) < 60


# --------------------------------------------------------------------------- what stands beside a service


def test_connections_and_names_come_beside_a_service_asked_for_together(api, slept):
    some(api, *range(1, 26))
    api.connections = [connection(number, 500 + number) for number in range(1, 26)] + [connection(1, 600)]
    api.page_size = 7
    with source_at(api.url, slept) as source:
        read = [v12.service(row) for row in source.services()]
    assert len(read) == 25
    assert read[0].channel_ids == (UUID(ident(501)), UUID(ident(600)))
    assert read[24].channel_ids == (UUID(ident(525)),)
    assert {one.name["fi"] for one in read[0].classifications} == {"Liikunta ja urheilu", "Kansalaiset"}
    assert api.times("service-classes") == 1
    assert api.times("/service/0000") == 0


def test_many_terms_are_asked_for_twenty_at_a_time_and_each_once(api, slept):
    uris = [f"{KOKO}{number}" for number in range(45)]
    api.lists["ontology-terms"] = [{"uri": uri, "name": {"fi": uri[-3:]}} for uri in uris]
    api.services = [service(1, ontologyTerms=uris), service(2, ontologyTerms=[*uris, "nonsense"])]
    assert walked(api.url, slept) == [ident(1), ident(2)]
    assert api.times("ontology-terms") == 3


def test_a_region_comes_with_its_name_and_municipalities(api, slept):
    api.services = [service(1, area=told_v12.limited(regions=["08"]))]
    with source_at(api.url, slept) as source:
        (read,) = [v12.service(row) for row in source.services()]
    assert read.areas[0].name == {"fi": "Kymenlaakso"}
    assert read.areas[0].municipalities == ("075", "286")


def test_a_general_description_is_asked_for_once(api, slept):
    api.services = [service(number, generalDescriptionContentId=ident(700)) for number in (1, 2)]
    api.has(
        "general-description", {"contentId": ident(700), "languageVersions": {"sv": {"description": "Kom."}}}
    )
    with source_at(api.url, slept) as source:
        read = [v12.service(row) for row in source.services()]
    assert [one.description["sv"] for one in read] == ["Kom.", "Kom."]
    assert api.times("general-description") == 1


def test_a_general_description_that_is_not_published_is_none(api, slept):
    api.services = [service(1, generalDescriptionContentId=ident(700))]
    api.says(f"general-description/{ident(700)}", refusal(404, reason="NotPublished"))
    assert walked(api.url, slept) == [ident(1)]


@pytest.mark.parametrize(
    ("path", "answer", "reason"),
    [
        ("connection/search", BUSY, "HTTP 503"),
        ("connection/search", {"totalItems": 3, "totalPages": 1, "items": []}, "0 rows came of 3"),
        (
            "connection/search",
            {"totalItems": 1, "totalPages": 1, "items": [connection(77, 500)]},
            "connections of other services",
        ),
        (f"general-description/{ident(700)}", BUSY, "general description"),
        (f"general-description/{ident(700)}", Answer(b"<html>", 404), "HTTP 404"),
        ("service-classes", BUSY, "service-classes: HTTP 503"),
        ("target-groups", refusal(400, errors=[{"path": "codes", "message": "bad"}]), "HTTP 400 (bad)"),
    ],
)
def test_a_service_whose_parts_do_not_come_is_a_problem_and_not_written_in_half(
    api, slept, path, answer, reason
):
    api.services = [service(1, generalDescriptionContentId=ident(700))]
    api.has("general-description", {"contentId": ident(700)})
    api.says(path, answer)
    (problem,) = walked(api.url, slept)
    assert isinstance(problem, Problem)
    assert (problem.kind, problem.record_id) == (Kind.SERVICE, ident(1))
    assert reason in problem.reason


# ----------------------------------------------------------------------------- channels, organisations


def test_channels_come_with_their_post_offices_asked_for_together(api, slept):
    two = UUID(ident(501))
    api.has("service-channel", channel(500), channel(501))
    with source_at(api.url, slept) as source:
        source.prefetch(Kind.CHANNEL, [ONE, two])
        read = [v12.channel(source.fetch(Kind.CHANNEL, one)) for one in (ONE, two)]
    assert [one.addresses[0].post_office for one in read] == [{"fi": "Kouvola"}] * 2
    assert api.times("postal-codes") == 1
    assert len(api.asked) == 3


def test_an_organisation_is_fetched_by_its_id(api, slept):
    api.has("organization", organisation())
    with source_at(api.url, slept) as source:
        assert source.fetch(Kind.ORGANISATION, UUID(ident(900))) == organisation()


@pytest.mark.parametrize(
    ("answer", "is_gone"),
    [
        (refusal(404, reason="NotPublished"), True),
        (refusal(404, reason="Unknown"), True),
        (refusal(404), False),
        (Answer(b"no such route", 404), False),
        (refusal(410), True),
        (BUSY, False),
        (channel(501), False),
    ],
)
def test_a_channel_is_gone_only_if_the_catalogue_says_so(api, slept, answer, is_gone):
    api.says(f"service-channel/{ident(500)}", answer)
    with source_at(api.url, slept) as source, pytest.raises(UnavailableError) as raised:
        source.fetch(Kind.CHANNEL, ONE)
    assert raised.value.is_gone is is_gone


def test_a_channel_whose_post_office_could_not_be_asked_is_not_read_in_half(api, slept):
    api.has("service-channel", channel(500))
    api.says("postal-codes", BUSY)
    with source_at(api.url, slept) as source, pytest.raises(UnavailableError, match="postal-codes") as raised:
        source.fetch(Kind.CHANNEL, ONE)
    assert not raised.value.is_gone


# --------------------------------------------------------------------------------------- parts of a list


def test_an_area_asks_for_the_services_of_that_area_and_of_the_whole_country(api, slept):
    ids = some(api, 1)
    area = AreaFilter.parse("Municipality:75")
    assert walked(api.url, slept, area=area, with_nationwide=True) == ids
    searches = [target.partition("?")[2] for target in api.asked if "service/search" in target]
    assert searches == [
        "areaType=LimitedArea&municipalities=075&page=1&pageSize=100",
        "areaType=WholeCountry&page=1&pageSize=100",
        "areaType=WholeCountryExceptAland&page=1&pageSize=100",
    ]
    with source_at(api.url, slept, area=AreaFilter.parse("Province:8")) as source:
        assert not source.is_whole
        list(source.services())
    assert api.times("regions=08") == 1


def test_what_changed_since_a_day_is_a_part_of_the_list(api, slept):
    ids = some(api, 1)
    since = dt.datetime(2026, 11, 20, 22, tzinfo=dt.UTC)
    with source_at(api.url, slept, since=since) as source:
        assert not source.is_whole
        assert [str(v12.service(row).id) for row in source.services()] == ids
    assert api.times("publishedAtOrAfter=2026-11-20T22:00:00Z") == 1


def test_lists_may_grow_unknown_fields(api, slept):
    api.lists["postal-codes"] = [entry("45100", "KOUVOLA", mood="sunny")]
    api.has("service-channel", channel(500, weather={"today": "rain"}))
    with source_at(api.url, slept) as source:
        assert v12.channel(source.fetch(Kind.CHANNEL, ONE)).addresses[0].post_office == {"fi": "Kouvola"}
