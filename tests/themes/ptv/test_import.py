"""The import, into a real database."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.themes.ptv.told import (
    Folder,
    channel,
    ident,
    linked,
    organisation,
    service,
    texts,
)
from themes.directory.models import (
    Channel,
    Classification,
    ClassificationKind,
    Facet,
    Provider,
    ProviderKind,
    Service,
    ServiceChannel,
    ServiceClassification,
    ServiceFacet,
    ServiceStatus,
    ServiceTheme,
    Source,
)
from themes.ptv.jobs import ImportReport, Outcome, import_from
from themes.ptv.models import ImportRun
from themes.ptv.sources import DirectorySource, SourceKind
from themes.search.models import IndexedText
from themes.topics.models import Theme

Import = Callable[[], ImportReport]


def run(source: Any, now: dt.datetime) -> ImportReport:
    return import_from(source, clock=lambda: now)


@pytest.fixture
def imported(folder: Folder, county: Any, now: dt.datetime) -> Import:
    """Import the folder, and see the database afresh."""

    def do() -> ImportReport:
        report = run(DirectorySource(folder.path), now)
        county.expire_all()
        return report

    return do


def counts(report: ImportReport) -> dict[Outcome, int]:
    return {outcome: count for outcome, count in report.counts.items() if count}


def facets(database: Any, facet: Facet) -> set[str]:
    return set(database.scalars(select(ServiceFacet.value).where(ServiceFacet.facet == facet)))


def test_a_service_comes_with_all_that_it_refers_to(folder, imported, county):
    folder.put("services", service(1, serviceChannels=linked([500])))
    folder.put("servicechannels", channel(500))
    folder.put("organizations", organisation(900))
    report = imported()
    assert report.problems == []
    assert counts(report) == {Outcome.NEW: 1}
    stored = county.get_one(Service, UUID(ident(1)))
    assert stored.name == {"fi": "Jokivarren jumppa", "sv": "Gympa vid älven"}
    assert (stored.source, stored.status) == (Source.PTV, ServiceStatus.PUBLISHED)
    assert stored.keywords == {"fi": ["jumppa", "ulkoliikunta"]}
    assert stored.whereabouts == {"fi": "Simpelkatu 7, Kouvola"}
    provider = county.get_one(Provider, stored.provider_id)
    assert (provider.id, provider.kind) == (UUID(ident(900)), ProviderKind.ASSOCIATION)
    place = county.get_one(Channel, UUID(ident(500)))
    assert place.phones[0]["number"] == "+358401234567"
    assert place.latitude == pytest.approx(60.8758089, abs=1e-6)
    assert county.scalars(select(ServiceChannel.channel_id)).all() == [place.id]
    assert facets(county, Facet.MUNICIPALITY) == {"286"}
    assert facets(county, Facet.FORM) == {"in_person"}
    assert facets(county, Facet.LANGUAGE) == {"fi", "sv"}
    assert county.scalars(select(Theme.slug).join(ServiceTheme)).all() == ["liikunta"]
    classes = (
        select(Classification.code)
        .join(ServiceClassification)
        .where(Classification.kind == ClassificationKind.SERVICE_CLASS)
    )
    assert county.scalars(classes).all() == ["P27.1"]
    assert set(county.scalars(select(IndexedText.language))) == {"fi", "sv"}


def test_a_second_run_changes_nothing(folder, imported, county, now):
    folder.put("services", service(1, serviceChannels=linked([501, 500])))
    folder.put("servicechannels", channel(500), channel(501))
    folder.put("organizations", organisation(900))
    imported()
    before = county.get_one(Service, UUID(ident(1))).updated_at
    report = import_from(DirectorySource(folder.path), clock=lambda: now + dt.timedelta(days=1))
    county.expire_all()
    assert counts(report) == {Outcome.UNCHANGED: 1}
    assert county.get_one(Service, UUID(ident(1))).updated_at == before


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("services", service(1, serviceChannels=linked([500]), serviceChargeType="Chargeable")),
        ("services", service(1, serviceChannels=linked([500]), languages=["fi"])),
        ("services", service(1, serviceChannels=None)),
        ("services", service(1, serviceChannels=linked([500]), targetGroups=None)),
        ("servicechannels", channel(500, emails=None)),
        ("organizations", organisation(900, phoneNumbers=None)),
    ],
)
def test_a_change_anywhere_counts_as_a_change_of_the_service(folder, imported, kind, changed):
    folder.put("services", service(1, serviceChannels=linked([500])))
    folder.put("servicechannels", channel(500))
    folder.put("organizations", organisation(900))
    imported()
    folder.put(kind, changed)
    assert counts(imported()) == {Outcome.CHANGED: 1}
    assert counts(imported()) == {Outcome.UNCHANGED: 1}


def test_what_is_broken_or_missing_is_told_and_the_rest_comes(folder, imported, county):
    folder.put(
        "services", service(1), service(2, serviceNames=None), service(3, serviceChannels=linked([500, 501]))
    )
    (folder.path / "services" / f"{ident(4)}.json").write_text("{", encoding="utf-8")
    folder.put("servicechannels", channel(501, serviceChannelType="Pigeon"))
    report = imported()
    assert counts(report) == {Outcome.NEW: 2}
    assert {(problem.kind.value, problem.record_id) for problem in report.problems} == {
        ("Service", ident(2)),
        ("Service", ident(4)),
        ("ServiceChannel", ident(500)),
        ("ServiceChannel", ident(501)),
        ("Organization", ident(900)),
    }
    assert set(county.scalars(select(Service.id))) == {UUID(ident(1)), UUID(ident(3))}


def test_the_run_is_written_down(folder, imported, county, now):
    folder.put("services", service(1), service(2, serviceNames=None))
    imported()
    stored = county.scalars(select(ImportRun)).one()
    assert (stored.source_kind, stored.address) == (SourceKind.FOLDER, str(folder.path))
    assert (stored.started_at, stored.finished_at) == (now, now)
    assert {name: count for name, count in stored.counts.items() if count} == {"new": 1, "problems": 2}
    assert {"kind": "Service", "id": ident(2), "reason": "the service has no name"} in stored.problems


def test_an_organisation_that_is_not_there_is_known_by_name(folder, imported, county):
    folder.put("services", service(1))
    imported()
    assert county.get_one(Provider, UUID(ident(900))).name == {"fi": "Jokivarren väki ry"}


def test_a_mere_name_does_not_overwrite_what_is_known(folder, imported, county):
    folder.put("services", service(1))
    folder.put("organizations", organisation(900))
    imported()
    folder.take_away("organizations", 900)
    assert counts(imported()) == {Outcome.UNCHANGED: 1}
    assert county.get_one(Provider, UUID(ident(900))).phone == "+358401111111"


def test_a_channel_that_cannot_be_had_this_time_stays(folder, imported, county):
    folder.put("services", service(1, serviceChannels=linked([500])))
    folder.put("servicechannels", channel(500))
    imported()
    folder.take_away("servicechannels", 500)
    assert counts(imported()) == {Outcome.UNCHANGED: 1}
    assert county.scalars(select(ServiceChannel.channel_id)).all() == [UUID(ident(500))]
    assert facets(county, Facet.FORM) == {"in_person"}


def test_a_service_that_is_no_longer_listed_stays_published(folder, imported, county):
    folder.put("services", service(1), service(2))
    imported()
    folder.take_away("services", 1)
    imported()
    assert county.get_one(Service, UUID(ident(1))).status is ServiceStatus.PUBLISHED


def test_a_hidden_service_stays_hidden_and_a_retired_one_comes_back(folder, imported, county):
    folder.put("services", service(1), service(2))
    imported()
    county.get_one(Service, UUID(ident(1))).status = ServiceStatus.HIDDEN
    county.get_one(Service, UUID(ident(2))).status = ServiceStatus.RETIRED
    county.commit()
    assert counts(imported()) == {Outcome.UNCHANGED: 1, Outcome.RETURNED: 1}
    assert county.get_one(Service, UUID(ident(1))).status is ServiceStatus.HIDDEN
    assert county.get_one(Service, UUID(ident(2))).status is ServiceStatus.PUBLISHED
    assert set(county.scalars(select(IndexedText.service_id))) == {UUID(ident(2))}


def test_an_editors_choice_of_theme_stands(folder, imported, county):
    folder.put("services", service(1))
    imported()
    other = Theme(
        slug="vertaistuki",
        position=2,
        name={"fi": "V"},
        summary={},
        lead={},
        colour="",
        icon="",
        thl_theme="",
    )
    county.add(other)
    county.flush()
    county.scalars(select(ServiceTheme)).one().theme_id = other.id
    county.commit()
    assert counts(imported()) == {Outcome.UNCHANGED: 1}
    assert county.scalars(select(ServiceTheme.theme_id)).all() == [other.id]


def test_content_of_another_source_is_not_overwritten(folder, imported, county, now):
    mine = Service(
        id=UUID(ident(1)),
        source=Source.EDITOR,
        status=ServiceStatus.PUBLISHED,
        name={"fi": "Oma"},
        price="unknown",
        area="limited",
        keywords={},
        created_at=now,
        updated_at=now,
    )
    county.add(mine)
    county.commit()
    folder.put("services", service(1), service(2))
    report = imported()
    assert counts(report) == {Outcome.NEW: 1}
    assert "OtherSourceError" in report.problems[-1].reason
    assert county.get_one(Service, UUID(ident(1))).name == {"fi": "Oma"}


def test_a_draft_is_skipped(folder, imported):
    folder.put("services", service(1, publishingStatus="Draft"))
    assert counts(imported()) == {Outcome.SKIPPED: 1}


def test_hostile_texts_are_stored_or_passed_over(folder, imported, county):
    name = "Jumppa\x00 <script>alert(1)</script> \ud83d '; drop table service; --"
    folder.put(
        "services",
        service(1, serviceNames=texts(name, type="Name"), areas=[{"type": "x" * 5000, "code": {}}]),
    )
    folder.put(
        "organizations", organisation(900, businessCode="x" * 500, emails=texts("a" * 500 + "@example.org"))
    )
    report = imported()
    assert counts(report) == {Outcome.NEW: 1}
    assert county.get_one(Service, UUID(ident(1))).name == {
        "fi": "Jumppa <script>alert(1)</script>  '; drop table service; --"
    }


def test_the_recorded_records_come_in_whole(reference_data, county, now):
    report = run(DirectorySource(reference_data / "ptv/recorded"), now)
    assert counts(report) == {Outcome.NEW: 15}
    # Nine channels and one organisation are not among the recorded ones.
    assert len(report.problems) == 10
    assert counts(run(DirectorySource(reference_data / "ptv/recorded"), now)) == {Outcome.UNCHANGED: 15}
    swimming = county.get_one(Service, UUID("6ccb671f-05cd-46cf-a0a4-4f98d43dfd37"))
    assert swimming.name == {"sv": "Simhallen", "fi": "Uimahalli", "en": "Swimming Centre"}
    languages = select(IndexedText.language).where(IndexedText.service_id == swimming.id)
    assert set(county.scalars(languages)) == {"fi", "sv", "en"}
