"""Where records come from: a folder, and a real server on this machine."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.themes.ptv import told
from tests.themes.ptv.told import BUSY, MISSING, Answer, ident, page, service
from themes.ptv import http_source
from themes.ptv.http_source import AreaFilter, HttpSource
from themes.ptv.sources import DirectorySource, Kind, Problem, SourceUnavailableError, UnavailableError

LIST = "/api/v11/Service/list"


@pytest.fixture
def slept() -> list[float]:
    return []


@contextmanager
def source_at(url: str, slept: list[float], **options: Any) -> Iterator[HttpSource]:
    with httpx.Client(timeout=2) as client:
        yield HttpSource(url, client, sleep=slept.append, **options)


def walked(url: str, slept: list[float], **options: Any) -> list[object]:
    """Everything that a walk gives: the ids of records, and the problems."""
    with source_at(url, slept, **options) as source:
        return [row if isinstance(row, Problem) else dict(row)["id"] for row in source.services()]  # type: ignore[call-overload]  # rows of a recording


# ---------------------------------------------------------------------------------------------- HTTP


def test_every_page_is_walked_and_details_come_in_one_request(api, slept):
    api.say("/api/v11/Service?page=1", page([ident(1), ident(2)], count=2))
    api.say("/api/v11/Service?page=2", page([ident(3), ident(2)], number=2, count=2))
    api.say(LIST, [service(2), service(1)])
    api.say_records(service(3))
    assert walked(api.url, slept) == [ident(1), ident(2), ident(3)]
    assert api.times("Service/list?guids=") == 1
    assert slept == []


@pytest.mark.parametrize("end", ["", "/", "/api/v11", "/api/v11/", "/API/v11"])
def test_the_address_may_end_in_the_version_or_not(api, slept, end):
    api.say("/api/v11/Service", page([ident(1)]))
    api.say_records(service(1))
    assert walked(api.url + end, slept) == [ident(1)]


def test_an_empty_list_is_null_and_no_error(api, slept):
    api.say("/api/v11/Service", page(None, count=0))
    assert walked(api.url, slept) == []


def test_without_batches_each_record_is_asked_for_by_itself(api, slept):
    api.say("/api/v11/Service", page([ident(1), ident(2)]))
    api.say_records(service(1), service(2))
    assert walked(api.url, slept) == [ident(1), ident(2)]


def test_a_batch_of_broken_json_is_fetched_one_by_one(api, slept):
    api.say("/api/v11/Service", page([ident(1), ident(2)]))
    api.say(LIST, b'[{"id": "')
    api.say_records(service(1))
    api.say(f"/api/v11/Service/{ident(2)}", b"<html>")
    assert walked(api.url, slept) == [
        ident(1),
        Problem(kind=Kind.SERVICE, record_id=ident(2), reason="the answer is not JSON"),
    ]


def test_a_server_without_batches_is_not_asked_for_them_again_and_again(api, slept):
    ids = [ident(n) for n in range(1, 9)]
    for number in range(1, 5):
        api.say(
            f"/api/v11/Service?page={number}", page(ids[number * 2 - 2 : number * 2], number=number, count=4)
        )
    api.say_records(*(service(n) for n in range(1, 9)))
    assert walked(api.url, slept) == ids
    assert api.times("Service/list?guids=") == 2


def test_what_is_not_there_is_a_problem_and_not_asked_twice(api, slept):
    api.say("/api/v11/Service", page([ident(1)]))
    assert walked(api.url, slept) == [
        Problem(kind=Kind.SERVICE, record_id=ident(1), reason="HTTP 404 (Not found.)")
    ]
    assert slept == []


def test_a_busy_server_is_asked_again_after_growing_pauses(api, slept):
    api.say("/api/v11/Service", BUSY, BUSY, page([ident(1)]))
    api.say(f"/api/v11/Service/{ident(1)}", BUSY, service(1))
    assert walked(api.url, slept) == [ident(1)]
    assert slept == [0.5, 1.0, 0.5]


def test_the_servers_own_pause_counts_but_not_for_ever(api, slept):
    api.say(
        "/api/v11/Service",
        Answer(b"", 429, {"Retry-After": "3"}),
        Answer(b"", 503, {"Retry-After": "999"}),
        page([]),
    )
    assert walked(api.url, slept) == []
    assert slept == [3.0, 10.0]


def test_a_page_that_never_comes_is_a_problem_and_the_next_one_is_walked(api, slept):
    api.say("/api/v11/Service?page=1", page([ident(1)], count=3))
    api.say("/api/v11/Service?page=2", BUSY)
    api.say("/api/v11/Service?page=3", page([ident(3)], number=3, count=3))
    api.say_records(service(1), service(3))
    assert walked(api.url, slept) == [
        ident(1),
        Problem(kind=Kind.SERVICE, record_id="page 2", reason="HTTP 503"),
        ident(3),
    ]


def test_without_the_first_page_there_is_nothing_to_walk(api, slept):
    api.say("/api/v11/Service", Answer(b"[]"))
    with pytest.raises(SourceUnavailableError, match="page 1"):
        walked(api.url, slept)


def test_a_server_that_has_gone_away_is_not_asked_a_thousand_times(api, slept):
    ids = [ident(n) for n in range(1, 60)]
    api.say("/api/v11/Service", page(ids))
    for record_id in ids:
        api.say(f"/api/v11/Service/{record_id}", BUSY)
        api.say(f"/api/v11/Service/serviceWithGD/{record_id}", BUSY)
    with pytest.raises(SourceUnavailableError, match="no answer any more"):
        walked(api.url, slept)
    assert len(api.asked) < 50


def test_nobody_there(slept):
    with pytest.raises(SourceUnavailableError, match="no answer"):
        walked("http://127.0.0.1:9", slept)


def test_an_area_asks_for_the_services_of_that_area(api, slept):
    api.say("/api/v11/Service/area/Municipality/code/286", page([ident(1)]))
    api.say_records(service(1))
    area = AreaFilter.parse("municipality:286")
    assert walked(api.url, slept, area=area) == [ident(1)]
    assert walked(api.url, slept, area=area, with_nationwide=True) == [ident(1)]
    assert api.times("includeWholeCountry=false") == 1
    assert api.times("includeWholeCountry=true") == 1


@pytest.mark.parametrize(
    "wrong", ["Kouvola", "Municipality", "Municipality:", "Planet:1", "Municipality:286/../x"]
)
def test_what_is_no_area_is_refused(wrong):
    with pytest.raises(ValueError, match="TYPE:CODE"):
        AreaFilter.parse(wrong)


def test_a_redirect_within_the_host_is_followed(api, slept):
    api.say("/api/v11/Service", Answer(b"", 301, {"Location": "/elsewhere?page=1"}))
    api.say("/elsewhere", page([]))
    assert walked(api.url, slept) == []


def test_a_redirect_to_another_host_is_not_followed(api, slept):
    with told.serving() as other:
        other.say("/api/v11/Service", page([]))
        api.say("/api/v11/Service", Answer(b"", 302, {"Location": f"{other.url}/api/v11/Service"}))
        with pytest.raises(SourceUnavailableError, match="another host"):
            walked(api.url, slept)
        assert other.asked == []


def test_an_answer_without_end_is_cut_off(api, slept, monkeypatch):
    monkeypatch.setattr(http_source, "LARGEST_RECORD", 1000)
    api.say("/api/v11/Service", Answer(b" " * 2000))
    with pytest.raises(SourceUnavailableError, match="too large"):
        walked(api.url, slept)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://example.org", "example.org", "", "https://", "http://example.org/api/v12"],
)
def test_other_addresses_are_refused(url, slept):
    with pytest.raises(SourceUnavailableError), source_at(url, slept):
        pass


def test_the_address_that_is_written_down_holds_no_password(slept):
    with source_at("https://user:secret@example.org", slept) as source:
        assert source.address == "https://example.org/api/v11"


def test_channels_are_fetched_together_and_the_missing_ones_are_gone(api, slept):
    one, two = UUID(ident(500)), UUID(ident(501))
    api.say("/api/v11/ServiceChannel/list", [told.channel(500)])
    api.say(f"/api/v11/ServiceChannel/{two}", MISSING)
    with source_at(api.url, slept) as source:
        source.prefetch(Kind.CHANNEL, [one, two])
        assert source.fetch(Kind.CHANNEL, one) == told.channel(500)
        with pytest.raises(UnavailableError) as raised:
            source.fetch(Kind.CHANNEL, two)
    assert raised.value.is_gone
    assert len(api.asked) == 2


# -------------------------------------------------------------------------------------------- folder


def write(folder: Path, kind: str, name: str, content: bytes) -> None:
    (folder / kind).mkdir(exist_ok=True)
    (folder / kind / f"{name}.json").write_bytes(content)


def test_a_folder_is_walked_in_the_order_of_its_names(tmp_path):
    write(tmp_path, "services", ident(2), b"\xef\xbb\xbf" + json.dumps(service(2)).encode())
    write(tmp_path, "services", ident(1), json.dumps(service(1)).encode())
    write(tmp_path, "services", ident(3), b"{")
    write(tmp_path, "services", ident(4), b"\xff\xfe")
    write(tmp_path, "services", ident(5), b"[" * 100_000)
    rows = list(DirectorySource(tmp_path).services())
    assert rows == [
        service(1),
        service(2),
        *(Problem(kind=Kind.SERVICE, record_id=ident(n), reason="is not JSON") for n in (3, 4, 5)),
    ]


def test_a_file_that_is_not_there_may_come_another_time(tmp_path):
    with pytest.raises(UnavailableError, match="not found") as raised:
        DirectorySource(tmp_path).fetch(Kind.CHANNEL, UUID(ident(500)))
    assert not raised.value.is_gone


def test_a_folder_without_services_is_no_source(tmp_path):
    with pytest.raises(SourceUnavailableError, match="services"):
        list(DirectorySource(tmp_path).services())
