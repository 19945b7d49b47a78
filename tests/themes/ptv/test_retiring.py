"""What the catalogue no longer has is retired: by a run that saw everything, and by no other."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from servicetray.audit.models import AuditRow
from tests.themes.ptv.told import Folder, ident, page, service
from themes.directory.models import Service, ServiceStatus, Source
from themes.directory.operations import ServiceRecord, upsert_service
from themes.ptv.http_source import HttpSource
from themes.ptv.jobs import ImportReport, Outcome, import_from
from themes.ptv.models import ImportRun, Retirement
from themes.ptv.sources import DirectorySource, SourceUnavailableError
from themes.search.models import IndexedText

TEN = range(1, 11)


@pytest.fixture
def ten(folder: Folder, county, now) -> Folder:
    """Ten services that came in by a run."""
    folder.put("services", *(service(number) for number in TEN))
    run(folder, now)
    return folder


def run(folder: Folder, now: dt.datetime, **more: Any) -> ImportReport:
    return import_from(DirectorySource(folder.path), clock=lambda: now, **more)


def gone(folder: Folder, *numbers: int) -> None:
    for number in numbers:
        folder.take_away("services", number)


def retired(county) -> set[UUID]:
    county.expire_all()
    return set(county.scalars(select(Service.id).where(Service.status == ServiceStatus.RETIRED)))


def newest(county) -> ImportRun:
    row: ImportRun = county.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(1)).one()
    return row


def test_a_whole_run_retires_what_is_gone_and_says_so(ten, county, now):
    gone(ten, 3)
    report = run(ten, now)
    ended = UUID(ident(3))
    assert (report.verdict.retirement, list(report.verdict.retired)) == (Retirement.DONE, [ended])
    assert retired(county) == {ended}
    assert county.scalars(select(IndexedText).where(IndexedText.service_id == ended)).all() == []
    written = newest(county)
    assert (written.retirement, written.retired) == (Retirement.DONE, [str(ended)])
    row = county.scalars(select(AuditRow).where(AuditRow.object_id == str(ended))).one()
    assert row.detail == {"what": "retired", "source": "ptv"}


def test_it_comes_back_when_the_catalogue_has_it_again(ten, county, now):
    gone(ten, 3)
    run(ten, now)
    ten.put("services", service(3))
    report = run(ten, now)
    assert report.counts[Outcome.RETURNED] == 1
    assert retired(county) == set()
    assert newest(county).returned == [ident(3)]
    assert county.scalars(
        select(AuditRow.detail["what"].as_string())
        .where(AuditRow.object_id == ident(3))
        .order_by(AuditRow.id)
    ).all() == ["retired", "returned"]


def test_what_is_no_longer_published_there_is_gone_too(ten, county, now):
    ten.put("services", service(4, publishingStatus="Deleted"))
    run(ten, now)
    assert retired(county) == {UUID(ident(4))}


def test_a_loss_that_cannot_be_believed_waits_for_a_word(ten, county, now):
    gone(ten, 1, 2, 3)
    report = run(ten, now)
    assert (report.verdict.retirement, report.verdict.missing) == (Retirement.TOO_MANY, 3)
    assert retired(county) == set()
    assert run(ten, now, allow=True).verdict.retirement is Retirement.DONE
    assert len(retired(county)) == 3


def test_a_service_that_cannot_be_read_keeps_all_of_them(ten, county, now):
    gone(ten, 3)
    ten.put("services", service(4, serviceNames=None))
    assert run(ten, now).verdict.retirement is Retirement.PROBLEMS
    assert retired(county) == set()
    run(ten, now, allow=True)
    assert retired(county) == {UUID(ident(3))}, "the unreadable one is there"


def test_an_empty_answer_retires_nothing_whatever_is_allowed(ten, county, now):
    gone(ten, *TEN)
    assert run(ten, now, allow=True).verdict.retirement is Retirement.NOTHING_READ
    assert retired(county) == set()


class _Breaks(DirectorySource):
    def services(self) -> Iterator[object]:
        for number, told in enumerate(super().services()):
            if number == 8:
                raise SourceUnavailableError(self.address, "gone away")
            yield told


def test_a_run_that_breaks_off_retires_nothing(ten, county, now):
    source = _Breaks(ten.path)
    report = import_from(source, clock=lambda: now, allow=True)
    assert report.verdict.retirement is Retirement.CUT_SHORT
    assert (retired(county), newest(county).retirement) == (set(), Retirement.CUT_SHORT)


def test_a_run_that_is_stopped_retires_nothing(ten, county, now):
    def stop(report: ImportReport) -> None:
        raise KeyboardInterrupt

    gone(ten, 3)
    with pytest.raises(KeyboardInterrupt):
        import_from(DirectorySource(ten.path), clock=lambda: now, on_progress=stop)
    assert (retired(county), newest(county).retirement) == (set(), Retirement.CUT_SHORT)


def test_a_run_over_one_area_retires_nothing(app, ten, county, api):
    api.say("/api/v11/Service/area/Municipality/code/286", page([ident(number) for number in range(1, 10)]))
    api.say_records(*(service(number) for number in range(1, 10)))
    answer = app.test_cli_runner().invoke(
        args=["ptv", "import", "--url", api.url, "--area", "Municipality:286"]
    )
    assert "Nothing was retired: a part alone was asked for." in answer.output
    assert retired(county) == set()


def test_a_page_of_the_list_that_does_not_come_keeps_all_of_them(ten, county, now, api):
    api.say("/api/v11/Service?page=1", page([ident(number) for number in range(1, 10)], count=2))
    api.say_records(*(service(number) for number in range(1, 10)))
    with httpx.Client() as client:
        source = HttpSource(api.url, client, sleep=lambda _seconds: None)
        report = import_from(source, clock=lambda: now, allow=True)
    assert report.verdict.retirement is Retirement.PROBLEMS
    assert retired(county) == set()


def test_what_others_gave_and_what_an_editor_hid_is_left_alone(ten, county, now):
    own = UUID(int=77)
    upsert_service(ServiceRecord(id=own, source=Source.EDITOR, name={"fi": "Oma"}), now=now)
    hidden = county.get_one(Service, UUID(ident(3)))
    hidden.status = ServiceStatus.HIDDEN
    county.commit()
    gone(ten, 3)
    run(ten, now)
    county.expire_all()
    assert retired(county) == set()
    assert county.get_one(Service, UUID(ident(3))).status is ServiceStatus.HIDDEN
