"""The import from a real server on this machine, with every fault it may have."""

import datetime as dt

import httpx
import pytest
from sqlalchemy import select

from tests.themes.ptv.told import (
    BUSY,
    MISSING,
    FakeApi,
    channel,
    ident,
    linked,
    organisation,
    page,
    service,
)
from themes.directory.models import Service, ServiceChannel
from themes.ptv.http_source import HttpSource
from themes.ptv.jobs import ImportReport, Outcome, import_from
from themes.ptv.models import ImportRun
from themes.ptv.sources import DirectorySource


def counts(report: ImportReport) -> dict[Outcome, int]:
    return {outcome: count for outcome, count in report.counts.items() if count}


def over_http(api: FakeApi, now: dt.datetime) -> ImportReport:
    with httpx.Client(timeout=2) as client:
        source = HttpSource(api.url, client, sleep=lambda seconds: None)
        return import_from(source, clock=lambda: now)


def test_a_server_with_every_fault_is_imported_as_far_as_it_goes(api, county, now):
    api.say("/api/v11/Service?page=1", BUSY, page([ident(1), ident(2), ident(3)], count=3))
    api.say("/api/v11/Service?page=2", page([ident(4), ident(5)], number=2, count=3))
    api.say("/api/v11/Service?page=3", page(None, number=3, count=3))
    api.say_records(service(1, serviceChannels=linked([500, 501])), service(3))
    api.say(f"/api/v11/Service/{ident(2)}", MISSING)
    api.say(f"/api/v11/Service/{ident(4)}", b'{"id": ')
    api.say(f"/api/v11/Service/{ident(5)}", BUSY, service(5, serviceChannels=linked([500])))
    api.say_records(channel(500), kind="ServiceChannel")
    api.say_records(organisation(900), kind="Organization")
    report = over_http(api, now)
    assert counts(report) == {Outcome.NEW: 3}
    assert {(problem.record_id, problem.reason) for problem in report.problems} == {
        (ident(2), "HTTP 404 (Not found.)"),
        (ident(4), "the answer is not JSON"),
        (ident(501), "HTTP 404 (Not found.)"),
    }
    assert api.times(f"ServiceChannel/{ident(500)}") == 1
    assert api.times(f"Organization/{ident(900)}") == 1
    assert counts(over_http(api, now)) == {Outcome.UNCHANGED: 3}


def test_a_channel_that_is_gone_is_unlinked(api, county, now):
    api.say("/api/v11/Service", page([ident(1)]))
    api.say_records(service(1, serviceChannels=linked([500])))
    api.say_records(channel(500), kind="ServiceChannel")
    over_http(api, now)
    api.say(f"/api/v11/ServiceChannel/{ident(500)}", MISSING)
    assert counts(over_http(api, now)) == {Outcome.CHANGED: 1}
    assert county.scalars(select(ServiceChannel.channel_id)).all() == []


def test_a_server_that_goes_away_leaves_what_came_before(api, county, now):
    ids = [ident(n) for n in range(1, 60)]
    api.say("/api/v11/Service", page(ids))
    api.say_records(service(1), service(2))
    for record_id in ids[2:]:
        api.say(f"/api/v11/Service/{record_id}", BUSY)
    report = over_http(api, now)
    assert report.was_cut_short
    assert counts(report) == {Outcome.NEW: 2}
    assert county.scalars(select(ImportRun)).one().finished_at == now


def test_an_interrupted_run_is_written_down_as_far_as_it_came(folder, county, now):
    folder.put("services", service(1), service(2))

    def stop(report: ImportReport) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_from(DirectorySource(folder.path), clock=lambda: now, on_progress=stop)
    assert county.scalars(select(ImportRun)).one().counts["new"] == 1


def test_services_are_asked_for_with_the_texts_of_their_general_description(api, county, now):
    general = {"type": "GD_Description", "language": "fi", "value": "Sama koko maassa."}
    told = [service(number, serviceDescriptions=[general]) for number in (1, 2)]
    api.say("/api/v11/Service", page([ident(1), ident(2)]))
    api.say("/api/v11/Service/serviceWithGD/list", told)
    api.say_records(organisation(900), kind="Organization")
    assert counts(over_http(api, now)) == {Outcome.NEW: 2}
    texts = {row.description["fi"] for row in county.scalars(select(Service))}
    assert texts == {"Sama koko maassa."}
    assert api.times("Service/list") == 0


def test_an_api_that_does_not_tell_them_is_soon_asked_without(api, county, now):
    ids = [ident(number) for number in range(1, 5)]
    api.say("/api/v11/Service", page(ids))
    api.say_records(*(service(number) for number in range(1, 5)))
    api.say_records(organisation(900), kind="Organization")
    assert counts(over_http(api, now)) == {Outcome.NEW: 4}
    assert api.times("serviceWithGD/" + ident(1)) + api.times("serviceWithGD/" + ident(2)) == 2
    assert api.times("serviceWithGD/" + ident(4)) == 0
