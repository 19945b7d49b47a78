"""The import from version 12, into a real database: the same rows, the same rules, the same report."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from servicetray.core.db import Model
from servicetray.core.settings import PtvVersion, Settings
from tests.themes.ptv import told, told_v12
from tests.themes.ptv.told import BUSY, Folder, ident
from tests.themes.ptv.told_v12 import (
    KEY,
    FakeV12,
    channel,
    connection,
    organisation,
    refusal,
    service,
    version,
)
from themes.directory.models import Channel, Provider, Service, ServiceChannel, ServiceStatus
from themes.ptv.jobs import ImportReport, Outcome, import_from
from themes.ptv.models import ImportRun, Retirement
from themes.ptv.sources import DirectorySource, SourceKind
from themes.ptv.v12_source import HttpSourceV12

TEN = range(1, 11)


@pytest.fixture
def api() -> Iterator[FakeV12]:
    with told_v12.serving() as server:
        server.services = [service(number) for number in TEN]
        server.has("organization", organisation())
        yield server


@pytest.fixture
def imported(api: FakeV12, county, now) -> Callable[..., ImportReport]:
    def run(*, allow: bool = False, **options: Any) -> ImportReport:
        with httpx.Client(timeout=2) as client:
            source = HttpSourceV12(api.url, client, key=SecretStr(KEY), sleep=lambda seconds: None, **options)
            return import_from(source, clock=lambda: now, allow=allow)

    return run


def counts(report: ImportReport) -> dict[Outcome, int]:
    return {outcome: count for outcome, count in report.counts.items() if count}


def retired(county) -> set[UUID]:
    county.expire_all()
    return set(county.scalars(select(Service.id).where(Service.status == ServiceStatus.RETIRED)))


def values(row: Model, *without: str) -> dict[str, Any]:
    return {
        column.key: getattr(row, column.key) for column in row.__table__.columns if column.key not in without
    }


def test_a_service_comes_with_all_that_it_refers_to_and_a_second_run_changes_nothing(api, imported, county):
    api.connections = [connection(1, 500)]
    api.has("service-channel", channel(500))
    report = imported()
    assert (counts(report), report.problems) == ({Outcome.NEW: 10}, [])
    assert county.get_one(Channel, UUID(ident(500))).post_office == {"fi": "Kouvola"}
    assert county.get_one(Service, UUID(ident(1))).provider_id == UUID(ident(900))
    assert counts(imported()) == {Outcome.UNCHANGED: 10}
    run = county.scalars(select(ImportRun).order_by(ImportRun.id)).first()
    assert (run.source_kind, run.address) == (SourceKind.HTTP, f"{api.url}/api/v12")
    assert KEY not in str(values(run))


def test_a_switch_of_versions_changes_no_row_but_what_version_12_does_not_tell(
    api, imported, folder: Folder, county, now
):
    folder.put("services", told.service(1, serviceChannels=told.linked([500])))
    folder.put("servicechannels", told.channel())
    folder.put("organizations", told.organisation())
    import_from(DirectorySource(folder.path), clock=lambda: now)
    before = {model: values(county.scalars(select(model)).one()) for model in (Service, Channel, Provider)}
    api.services, api.connections = [service(1)], [connection(1, 500)]
    api.has("service-channel", channel(500))
    report = imported()
    assert report.problems == []
    county.expire_all()
    after = {model: values(county.scalars(select(model)).one()) for model in (Service, Channel, Provider)}
    assert after[Service] == before[Service]
    untold = {"municipality_code": None}
    assert after[Channel] == {**before[Channel], **untold}
    assert after[Provider] == {**before[Provider], **untold}
    assert county.scalars(select(ServiceChannel.channel_id)).all() == [UUID(ident(500))]


def test_what_was_changed_here_survives_a_switch_of_versions(api, imported, folder: Folder, county, now):
    folder.put("services", told.service(1))
    import_from(DirectorySource(folder.path), clock=lambda: now)
    ours = county.get_one(Service, UUID(ident(1)))
    ours.summary, ours.own_fields = {"fi": "Meidän sanamme."}, ["summary"]
    ours.status = ServiceStatus.HIDDEN
    county.commit()
    versions = {"fi": version("Jokivarren uusi jumppa", summary="PTV:n sanat.")}
    api.services = [service(1, languageVersions=versions)]
    report = imported()
    assert counts(report) == {Outcome.CHANGED: 1}
    assert report.kept == {UUID(ident(1)): ["summary"]}
    county.expire_all()
    ours = county.get_one(Service, UUID(ident(1)))
    assert ours.summary == {"fi": "Meidän sanamme."}
    assert ours.name == {"fi": "Jokivarren uusi jumppa"}
    assert ours.status is ServiceStatus.HIDDEN


def test_a_whole_run_retires_what_is_gone_and_it_comes_back(api, imported, county):
    imported()
    api.services = [row for row in api.services if row["contentId"] != ident(3)]
    report = imported()
    assert (report.verdict.retirement, retired(county)) == (Retirement.DONE, {UUID(ident(3))})
    api.services.append(service(3))
    assert imported().counts[Outcome.RETURNED] == 1
    assert retired(county) == set()


def lose(api: FakeV12) -> None:
    """The third service is gone, and the list goes over several pages."""
    api.services = [row for row in api.services if row["contentId"] != ident(3)]
    api.page_size = 3


@pytest.mark.parametrize(
    ("path", "answer", "retirement"),
    [
        ("service/search?page=2", BUSY, Retirement.PROBLEMS),
        ("service/search?page=2", told.Answer(b"{"), Retirement.PROBLEMS),
        (
            "service/search?page=3",
            {"page": 3, "totalPages": 3, "totalItems": 9, "items": []},
            Retirement.PROBLEMS,
        ),
        ("service/search?page=2", refusal(401), Retirement.CUT_SHORT),
        ("service/search?page=1", refusal(403), Retirement.CUT_SHORT),
        ("connection/search", BUSY, Retirement.PROBLEMS),
        ("target-groups", refusal(500), Retirement.PROBLEMS),
    ],
)
def test_a_run_that_did_not_see_everything_retires_nothing(api, imported, county, path, answer, retirement):
    imported()
    before = {row.id: values(row) for row in county.scalars(select(Service))}
    lose(api)
    api.says(path, answer)
    report = imported()
    # Where nothing at all could be read, that is the reason.
    expected = (
        Retirement.NOTHING_READ if not report.services and retirement is Retirement.PROBLEMS else retirement
    )
    assert report.verdict.retirement is expected
    assert retired(county) == set()
    assert {row.id: values(row) for row in county.scalars(select(Service))} == before
    assert county.scalars(select(ImportRun).order_by(ImportRun.id.desc())).first().problems


def test_not_even_a_word_retires_after_a_page_that_did_not_come(api, imported, county):
    imported()
    lose(api)
    api.says("service/search?page=2", BUSY)
    assert imported(allow=True).verdict.retirement is Retirement.PROBLEMS
    assert retired(county) == set()


def test_more_than_a_fifth_is_not_believed_to_be_gone(api, imported, county):
    imported()
    api.services = api.services[:7]
    assert imported().verdict.retirement is Retirement.TOO_MANY
    assert retired(county) == set()
    assert imported(allow=True).verdict.retirement is Retirement.DONE
    assert len(retired(county)) == 3


def test_a_part_of_the_list_retires_nothing(api, imported, county, now):
    imported()
    api.services = api.services[:9]
    assert imported(since=now).verdict.retirement is Retirement.PARTIAL
    assert retired(county) == set()


def test_a_channel_that_is_gone_is_unlinked_and_one_that_can_not_be_had_stays(api, imported, county):
    api.connections = [connection(1, 500), connection(1, 501)]
    api.has("service-channel", channel(500), channel(501))
    imported()
    api.says(f"service-channel/{ident(500)}", refusal(404, reason="NotPublished"))
    api.says(f"service-channel/{ident(501)}", BUSY)
    report = imported()
    assert counts(report)[Outcome.CHANGED] == 1
    assert county.scalars(select(ServiceChannel.channel_id)).all() == [UUID(ident(501))]


@pytest.mark.parametrize("answer", [BUSY, refusal(404, reason="NotPublished")])
def test_an_organisation_that_can_not_be_had_stays_the_provider(api, imported, county, answer):
    imported()
    api.says(f"organization/{ident(900)}", answer)
    assert counts(imported()) == {Outcome.UNCHANGED: 10}
    assert county.get_one(Service, UUID(ident(1))).provider_id == UUID(ident(900))


def test_an_organisation_that_was_never_had_is_no_provider(api, imported, county):
    api.says(f"organization/{ident(900)}", refusal(404, reason="Unknown"))
    imported()
    assert county.get_one(Service, UUID(ident(1))).provider_id is None


# ----------------------------------------------------------------------------------------- the command


@pytest.fixture
def set_to_12(app, monkeypatch) -> Callable[[str], None]:
    def choose(key: str) -> None:
        settings: Settings = app.extensions["servicetray.settings"]
        changes = {"ptv_version": PtvVersion.V12, "ptv_api_key": SecretStr(key)}
        monkeypatch.setitem(app.extensions, "servicetray.settings", settings.model_copy(update=changes))

    return choose


def test_the_command_reads_the_version_that_the_settings_choose(app, api, county, set_to_12):
    set_to_12(KEY)
    answer = app.test_cli_runner().invoke(args=["ptv", "import", "--url", api.url])
    assert answer.exit_code == 0, answer.output
    assert "10 new" in answer.output
    assert "/api/v12" in answer.output
    answer = app.test_cli_runner().invoke(args=["ptv", "import", "--url", api.url, "--since", "2026-11-20"])
    assert "Nothing was retired: a part alone was asked for." in answer.output
    assert api.times("publishedAtOrAfter=2026-11-19T22:00:00Z") == 1
    assert KEY not in answer.output


@pytest.mark.parametrize(
    ("key", "code", "said"),
    [("", 2, "set SERVICETRAY_PTV_API_KEY"), ("wrong-key", 1, "SERVICETRAY_PTV_API_KEY is not accepted")],
)
def test_a_missing_or_wrong_key_is_told_by_its_setting(app, api, county, set_to_12, key, code, said):
    set_to_12(key)
    answer = app.test_cli_runner().invoke(args=["ptv", "import", "--url", api.url])
    assert answer.exit_code == code
    assert said in " ".join(answer.output.split())
    assert "wrong-key" not in answer.output


def test_an_address_of_the_other_version_is_refused(app, county, set_to_12):
    unset = app.test_cli_runner().invoke(args=["ptv", "import", "--url", "https://ptv.example.org/api/v12"])
    assert "SERVICETRAY_PTV_VERSION" in unset.output
    set_to_12(KEY)
    chosen = app.test_cli_runner().invoke(args=["ptv", "import", "--url", "https://ptv.example.org/api/v11"])
    assert (unset.exit_code, chosen.exit_code) == (2, 2)
    assert "SERVICETRAY_PTV_VERSION" in chosen.output


def test_what_changed_since_a_day_goes_with_version_12(app, county):
    arguments = ["ptv", "import", "--url", "https://ptv.example.org", "--since", "2026-11-20"]
    answer = app.test_cli_runner().invoke(args=arguments)
    assert answer.exit_code == 2
    assert "--since goes with version 12" in answer.output
