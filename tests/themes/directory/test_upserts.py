"""Writing to the directory: upserts that say what they did."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

import pytest
from sqlalchemy import delete, select

from themes.directory import indexing, operations
from themes.directory.models import Channel, Classification, Service, ServiceFacet, ServiceTheme
from themes.directory.operations import (
    Change,
    ChannelKind,
    ChannelRecord,
    ClassificationKind,
    ClassificationRecord,
    Facet,
    OtherSourceError,
    ProviderKind,
    ProviderRecord,
    ServiceRecord,
    Source,
    UnknownThemeError,
)
from themes.search.models import IndexedText
from themes.topics.models import Theme

PROVIDER = ProviderRecord(
    id=uuid.UUID(int=1),
    source=Source.EDITOR,
    kind=ProviderKind.ASSOCIATION,
    name={"fi": "Jokivarren väki ry"},
)
PLACE = ChannelRecord(
    id=uuid.UUID(int=2),
    source=Source.EDITOR,
    kind=ChannelKind.LOCATION,
    name={"fi": "Jokivarren talo"},
    provider_id=PROVIDER.id,
    phones=({"number": "+358401234567", "info": {}},),
)
SERVICE = ServiceRecord(
    id=uuid.UUID(int=3),
    source=Source.EDITOR,
    provider_id=PROVIDER.id,
    name={"fi": "Jokivarren jumppa"},
    whenabouts={"fi": "Ma klo 10"},
    kaikukortti=True,
    checked_on=dt.date(2026, 3, 1),
    facets={Facet.MUNICIPALITY: {"286"}, Facet.LANGUAGE: {"fi"}},
    classifications=(
        ClassificationRecord(
            uri="http://example.org/P27.1",
            kind=ClassificationKind.SERVICE_CLASS,
            code="P27.1",
            name={"fi": "Liikunta"},
        ),
    ),
    channel_ids=(PLACE.id,),
)


@pytest.fixture
def catalogue(database, now):
    """One service with its provider and place."""
    operations.upsert_provider(PROVIDER)
    operations.upsert_channel(PLACE)
    operations.upsert_service(SERVICE, now=now)
    database.commit()
    return database


def theme(database: Any, slug: str) -> Theme:
    made = Theme(
        slug=slug, position=1, name={"fi": slug}, summary={}, lead={}, colour="", icon="", thl_theme=""
    )
    database.add(made)
    database.commit()
    return made


def test_the_same_again_is_unchanged(catalogue, now):
    assert operations.upsert_provider(PROVIDER) is Change.UNCHANGED
    assert operations.upsert_channel(PLACE) is Change.UNCHANGED
    assert operations.upsert_service(SERVICE, now=now + dt.timedelta(hours=1)) is Change.UNCHANGED
    assert catalogue.get_one(Service, SERVICE.id).updated_at == now


def test_what_the_source_does_not_tell_stays(catalogue, now):
    silent = dataclasses.replace(
        SERVICE,
        provider_id=None,
        whenabouts=None,
        kaikukortti=None,
        checked_on=None,
        facets={Facet.LANGUAGE: {"fi", "sv"}},
    )
    assert operations.upsert_service(silent, now=now) is Change.CHANGED
    catalogue.commit()
    stored = catalogue.get_one(Service, SERVICE.id)
    assert (stored.provider_id, stored.whenabouts, stored.kaikukortti) == (
        PROVIDER.id,
        {"fi": "Ma klo 10"},
        True,
    )
    assert stored.checked_on == dt.date(2026, 3, 1)
    facets = select(ServiceFacet.facet, ServiceFacet.value).order_by(ServiceFacet.facet, ServiceFacet.value)
    assert [tuple(row) for row in catalogue.execute(facets)] == [
        (Facet.LANGUAGE, "fi"),
        (Facet.LANGUAGE, "sv"),
        (Facet.MUNICIPALITY, "286"),
    ]
    assert operations.upsert_channel(dataclasses.replace(PLACE, provider_id=None)) is Change.UNCHANGED
    assert catalogue.get_one(Channel, PLACE.id).provider_id == PROVIDER.id


def test_themes_keep_their_order_and_the_first_is_the_main_one(catalogue, now):
    first, second = theme(catalogue, "first"), theme(catalogue, "second")
    placed = select(ServiceTheme.theme_id).order_by(ServiceTheme.position)
    for slugs, wanted in (
        (("first", "second"), [first, second]),
        (("second", "first"), [second, first]),
        (("first",), [first]),
    ):
        record = dataclasses.replace(SERVICE, themes=slugs)
        assert operations.upsert_service(record, now=now) is Change.CHANGED
        assert catalogue.scalars(placed).all() == [one.id for one in wanted]
        assert operations.upsert_service(record, now=now) is Change.UNCHANGED


def test_a_theme_that_does_not_exist_is_an_error_but_a_suggested_one_is_passed_over(catalogue, now):
    with pytest.raises(UnknownThemeError):
        operations.upsert_service(dataclasses.replace(SERVICE, themes=("nowhere",)), now=now)
    suggested = dataclasses.replace(SERVICE, suggested_themes=("nowhere",))
    assert operations.upsert_service(suggested, now=now) is Change.UNCHANGED


def test_another_source_may_not_overwrite(catalogue, now):
    with pytest.raises(OtherSourceError):
        operations.upsert_service(dataclasses.replace(SERVICE, source=Source.PTV), now=now)
    with pytest.raises(OtherSourceError):
        operations.upsert_channel(dataclasses.replace(PLACE, source=Source.PTV))
    with pytest.raises(OtherSourceError):
        operations.upsert_provider(dataclasses.replace(PROVIDER, source=Source.PTV))


def test_names_of_a_term_are_gathered_and_do_not_change_the_service(catalogue, now):
    term = dataclasses.replace(SERVICE.classifications[0], name={"sv": "Motion"}, code=None)
    assert (
        operations.upsert_service(dataclasses.replace(SERVICE, classifications=(term,)), now=now)
        is Change.UNCHANGED
    )
    stored = catalogue.get_one(Classification, term.uri)
    assert (stored.name, stored.code) == ({"fi": "Liikunta", "sv": "Motion"}, "P27.1")


def test_a_provider_that_is_renamed_is_found_by_its_new_name(catalogue):
    fingerprint = select(IndexedText.fingerprint).where(IndexedText.service_id == SERVICE.id)
    before = catalogue.scalars(fingerprint).one()
    renamed = dataclasses.replace(PROVIDER, name={"fi": "Uusi väki ry"})
    assert operations.upsert_provider(renamed) is Change.CHANGED
    assert catalogue.scalars(fingerprint).one() != before


def test_the_index_can_be_made_anew(catalogue):
    catalogue.execute(delete(IndexedText))
    assert indexing.rebuild_index() == 1
    assert catalogue.scalars(select(IndexedText.service_id)).all() == [SERVICE.id]
