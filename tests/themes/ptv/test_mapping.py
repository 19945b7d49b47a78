"""What is concluded from PTV's words."""

from typing import Any
from uuid import UUID

import pytest

from tests.themes.ptv.told import address, channel, ident, organisation, service, term, texts
from themes.directory.operations import ChannelKind, Facet, ProviderKind, ServiceRecord
from themes.ptv import mapping, v11
from themes.ptv.mapping import County
from themes.ptv.theme_rules import ThemeRules

SIX = frozenset({"075", "285", "286", "489", "624", "935"})
COUNTY = County(
    names=("kymenlaakso", "kymmenedal"),
    codes=frozenset({("Province", "08"), ("WellbeingServiceCounties", "10")}),
    municipalities=SIX,
)


def record(
    *channels: dict[str, Any], known: dict[UUID, ChannelKind] | None = None, **changes: Any
) -> ServiceRecord:
    links = [{"serviceChannel": {"id": told["id"]}} for told in channels]
    links += [{"serviceChannel": {"id": str(channel_id)}} for channel_id in known or {}]
    return mapping.service_record(
        v11.service(service(serviceChannels=links, **changes)),
        channels=[v11.channel(told) for told in channels],
        known_channels=known or {},
        has_provider=True,
        county=COUNTY,
        rules=ThemeRules(()),
    )


def area(kind: str, code: str | None, name: str | None = None, *municipalities: str) -> dict[str, Any]:
    return {
        "type": kind,
        "code": code,
        "name": texts(name) if name else None,
        "municipalities": [{"code": one} for one in municipalities] or None,
    }


@pytest.mark.parametrize(
    ("areas", "codes"),
    [
        ([area("Municipality", None, None, "286", "905")], {"286", "905"}),
        ([area("WellbeingServiceCounties", "10", "Kymenlaakson hyvinvointialue")], SIX),
        ([area("WellbeingServiceCounties", "11", "Kymenlaakson hyvinvointialue")], SIX),
        ([area("WellbeingServiceCounties", "10", "Päijät-Hämeen hyvinvointialue")], set()),
        ([area("WellbeingServiceCounties", "10")], SIX),
        ([area("Province", "08", "Kymenlaakso", "142")], {*SIX, "142"}),
        ([area("Province", "14", "Etelä-Pohjanmaa", "005")], {"005"}),
        ([area("Province", "14"), area("Municipality", None, None, "075")], {"075"}),
        ([], set()),
    ],
)
def test_areas_become_municipalities(areas, codes):
    assert record(areas=areas).facets[Facet.MUNICIPALITY] == codes


def test_a_nationwide_service_has_no_municipality_of_its_own():
    assert record(areaType="Nationwide").facets[Facet.MUNICIPALITY] == frozenset()


@pytest.mark.parametrize(
    ("groups", "stages"),
    [
        ({"KR1"}, set(mapping.LIFE_STAGES)),
        ({"KR1", "KR1.1"}, {"older_people"}),
        ({"KR1", "KR1.2"}, {"children_and_young"}),
        ({"KR1", "KR1.3", "KR1.1"}, {"children_and_young", "older_people"}),
        ({"KR1", "KR1.6"}, set(mapping.LIFE_STAGES)),
        ({"KR2", "KR3"}, set()),
        (set(), set(mapping.LIFE_STAGES)),
    ],
)
def test_target_groups_become_life_stages(groups, stages):
    assert mapping.life_stages(groups) == stages


@pytest.mark.parametrize(
    ("kinds", "forms"),
    [
        ({ChannelKind.LOCATION}, {"in_person"}),
        ({ChannelKind.LOCATION, ChannelKind.PHONE}, {"in_person"}),
        ({ChannelKind.LOCATION, ChannelKind.E_SERVICE}, {"in_person", "remote"}),
        ({ChannelKind.PHONE}, {"remote"}),
        ({ChannelKind.WEB_PAGE, ChannelKind.PRINTABLE_FORM}, set()),
        (set(), set()),
    ],
)
def test_channels_become_forms(kinds, forms):
    assert mapping.forms(kinds) == forms


def test_the_place_is_told_where_there_is_one():
    assert record(channel(500)).whereabouts == {"fi": "Simpelkatu 7, Kouvola"}
    assert record(channel(500), channel(501)).whereabouts == {}


def test_a_channel_that_could_not_be_had_stays_with_what_it_told():
    known = {UUID(ident(501)): ChannelKind.LOCATION}
    told = record(channel(500, serviceChannelType="Phone"), known=known)
    assert told.channel_ids == (UUID(ident(500)), UUID(ident(501)))
    assert told.facets[Facet.FORM] == {"in_person"}
    assert told.whereabouts is None


def test_further_addresses_and_directions_stand_behind_the_description():
    told = channel(
        addresses=[
            address("Simpelkatu", "7", additionalInformation=texts("Käynti pihalta.")),
            address("Rantatie", "2"),
        ]
    )
    read = mapping.channel_record(v11.channel(told), provider_id=None)
    assert read.street == {"fi": "Simpelkatu 7"}
    assert read.description == {"fi": "Talo joen rannassa.\n\nKäynti pihalta.\n\nRantatie 2, Kouvola"}


def test_opening_hours_become_the_rows_of_the_directory():
    told = [
        {
            "serviceHourType": "DaysOfTheWeek",
            "openingHour": [{"dayFrom": "Monday", "dayTo": "Friday", "from": "08:00:00", "to": "16:00:00"}],
        },
        {"serviceHourType": "DaysOfTheWeek", "isAlwaysOpen": True, "openingHour": []},
        {"serviceHourType": "Exceptional", "validFrom": "2026-12-24T00:00:00Z", "isClosed": True},
    ]
    rows = mapping.channel_record(v11.channel(channel(serviceHours=told)), provider_id=None).hours
    assert [(row["days"], row["from"], row["to"], row["closed"]) for row in rows] == [
        ([1, 5], "08:00", "16:00", False),
        ([1, 7], "00:00", "24:00", False),
        (None, None, None, True),
    ]
    assert rows[2]["valid_from"] == "2026-12-24"


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, ProviderKind.ASSOCIATION),
        ({"organizationType": "Municipality"}, ProviderKind.MUNICIPALITY),
        ({"organizationType": "Company"}, ProviderKind.COMPANY),
        ({"organizationType": "State"}, ProviderKind.OTHER),
        ({"organizationNames": texts("Jokirannan seurakunta", type="Name")}, ProviderKind.PARISH),
        (
            {
                "organizationNames": texts("Kymenlaakson hyvinvointialue", type="Name"),
                "organizationType": "RegionalOrganization",
            },
            ProviderKind.COUNTY,
        ),
    ],
)
def test_the_kind_of_provider(changes, kind):
    assert mapping.provider_record(v11.organisation(organisation(**changes))).kind is kind


def themes(**changes: Any) -> tuple[str, ...]:
    return ThemeRules.load().themes_of(v11.service(service(**changes)))


def test_a_service_class_decides_the_main_theme():
    assert themes()[0] == "liikunta"


def test_words_of_any_language_decide_where_there_is_no_class():
    other: dict[str, Any] = {"serviceClasses": [], "keywords": []}
    assert themes(serviceNames=texts("Muistikirjasto", "Biblioteket", type="Name"), **other) == (
        "taide-ja-kulttuuri",
    )
    terms = [term(None, "mielenterveys", uri="http://www.yso.fi/onto/koko/p1")]
    named = {"serviceNames": texts("Tukea arkeen", type="Name")}
    assert themes(ontologyTerms=terms, **named, **other) == ("mielen-hyvinvointi",)


def test_a_service_for_companies_has_no_theme():
    assert themes(targetGroups=[term("KR2", "Yritykset", group=True)]) == ()


def test_a_service_that_fits_no_rule_has_no_theme():
    assert themes(serviceNames=texts("Tontin lohkominen", type="Name"), serviceClasses=[], keywords=[]) == ()


def test_every_rule_names_a_theme_of_the_tray():
    known = {
        *(
            "liikunta",
            "mielen-hyvinvointi",
            "ravitsemus",
            "retkeily-ja-luonto",
            "taide-ja-kulttuuri",
            "vertaistuki",
        ),
        *("osallisuus-ja-yhteisollisyys", "elintapaohjaus-ja-terveystaidot", "paihdehaitat-ja-riippuvuudet"),
        *("arjen-turvallisuus", "tyo-ja-toimintakyky"),
    }
    assert {rule.slug for rule in ThemeRules.load().rules} == known
