"""Services and organisations of version 12: the same internal model, and the same values as of version 11."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.themes.ptv import told, told_v12
from tests.themes.ptv.told import ident, texts
from tests.themes.ptv.told_v12 import LISTS, connection, entry, limited, organisation, service, version
from themes.directory.operations import Area, ClassificationKind, Price
from themes.ptv import v11, v12
from themes.ptv.model import ImportedArea, OrganisationType

KOKO = "http://www.yso.fi/onto/koko/p1111"
TRADE = "http://uri.suomi.fi/codelist/jhs/toimiala_1_20080101/code/93110"


def beside(**changes: Any) -> dict[str, Any]:
    """A service as the source gives it: with the lists that it refers to."""
    return {**service(**changes), "codeLists": LISTS}


# ----------------------------------------------------------------------------------- one law for both


def in_v11() -> dict[str, Any]:
    """A service with something in every field, as version 11 tells it."""
    return told.service(
        serviceNames=[
            *texts("Rantauinti", "Strandsim", type="Name"),
            *texts("Uinti rannassa", type="AlternativeName"),
        ],
        serviceChargeType="Chargeable",
        serviceDescriptions=[
            *texts("Uidaan.", "Vi simmar.", type="Summary"),
            *texts("Oma kuvaus.\n- pyyhe\n- vettä", type="Description"),
            *texts("Yhteinen kuvaus.", "Gemensam beskrivning.", type="GD_Description"),
            *texts("Tule paikalle.", type="ServiceUserInstruction"),
            *texts("3 euroa.", type="ChargeTypeAdditionalInfo"),
        ],
        requirements=texts("Osaat uida."),
        keywords=[*texts("uinti, ranta"), {"language": "sv", "value": "simning"}],
        languages=["fi", "sv", "so"],
        areaType="LimitedType",
        areas=[
            {
                "type": "Municipality",
                "code": None,
                "name": None,
                "municipalities": [{"code": "286"}, {"code": "075"}],
            },
            {
                "type": "Province",
                "code": "08",
                "name": texts("Kymenlaakso"),
                "municipalities": [{"code": "075"}, {"code": "286"}],
            },
        ],
        serviceClasses=[told.term("P27.1", "Liikunta ja urheilu")],
        targetGroups=[told.term("KR1", "Kansalaiset", group=True)],
        ontologyTerms=[told.term(None, "uinti", uri=KOKO)],
        industrialClasses=[told.term("93110", "Urheilulaitokset", uri=TRADE)],
        serviceChannels=told.linked([500, 501]),
        modified="2026-01-15T08:30:00.123",
    )


def in_v12() -> dict[str, Any]:
    """The same service, as version 12 tells it."""
    return {
        **service(
            chargeType="Charged",
            serviceLanguages=["fi", "sv", "so"],
            area=limited("286", "075", regions=["08"]),
            ontologyTerms=[KOKO],
            industrialClasses=[TRADE],
            generalDescriptionContentId=ident(700),
            languageVersions={
                "sv": version("Strandsim", summary="Vi simmar.", freelyAssignedKeywords=["simning"]),
                "fi": version(
                    "Rantauinti",
                    alternativeName="Uinti rannassa",
                    summary="Uidaan.",
                    description="Oma **kuvaus**.\n* pyyhe\n* vettä",
                    userInstructions="Tule paikalle.",
                    conditions="Osaat uida.",
                    freelyAssignedKeywords=["uinti", "ranta"],
                    chargeTypeAdditionalInformation="3 euroa.",
                ),
            },
        ),
        "generalDescription": {
            "contentId": ident(700),
            "chargeType": "Free",
            "serviceClasses": ["P27.1"],
            "languageVersions": {
                "fi": {"name": "Yhteinen", "description": "Yhteinen kuvaus."},
                "sv": {"name": "Gemensam", "description": "Gemensam beskrivning."},
                "en": {"name": "Common", "description": "Common description."},
            },
        },
        "connections": [connection(1, 500), connection(1, 501)],
        "codeLists": {
            **LISTS,
            "ontology-terms": [{"uri": KOKO, "name": {"fi": "uinti", "sv": ""}}],
            "industrial-classes": [entry("93110", "Urheilulaitokset", uri=TRADE)],
        },
    }


def test_one_service_told_by_both_versions_is_one():
    # Version 12 names an organisation by its id alone.
    by_v11 = dataclasses.replace(v11.service(in_v11()), organisation_name="")
    assert v12.service(in_v12()) == by_v11


def test_one_organisation_told_by_both_versions_is_one():
    # Version 12 tells the municipality of municipalities alone.
    by_v11 = dataclasses.replace(v11.organisation(told.organisation()), municipality_code=None)
    assert v12.organisation(organisation()) == by_v11
    town: dict[str, Any] = {
        "organizationType": "Municipality",
        "area": {"areaType": "LimitedArea", "municipalities": ["286"]},
    }
    by_v11 = v11.organisation(told.organisation(organizationType="Municipality"))
    assert v12.organisation(organisation(**town)) == by_v11


def test_one_channel_told_by_both_versions_is_one():
    by_v11 = v11.channel(told.channel())
    # Version 12 doesn't tell the municipality of an address.
    (place,) = by_v11.addresses
    expected = dataclasses.replace(by_v11, addresses=(dataclasses.replace(place, municipality_code=None),))
    assert v12.channel({**told_v12.channel(), "codeLists": LISTS}) == expected


# ------------------------------------------------------------------------------------------- services


def test_a_service_is_read_without_anything_beside_it():
    read = v12.service(service())
    assert read.id == uuid.UUID(ident(1))
    assert read.name == {"fi": "Jokivarren jumppa", "sv": "Gympa vid älven"}
    assert read.requirements == {}
    assert read.channel_ids == ()
    assert read.organisation_id == uuid.UUID(ident(900))
    assert read.codes(ClassificationKind.SERVICE_CLASS) == {"P27.1"}
    assert read.classifications[0].uri == told_v12.CLASSES + "P27.1"
    assert read.modified == dt.datetime(2026, 1, 15, 8, 30, 0, 123000, dt.UTC)


@pytest.mark.parametrize(
    ("told_type", "area"),
    [
        ("WholeCountry", Area.NATIONWIDE),
        ("WholeCountryExceptAland", Area.NATIONWIDE_EXCEPT_ALAND),
        ("LimitedArea", Area.LIMITED),
        ("Moon", Area.LIMITED),
        (None, Area.LIMITED),
    ],
)
def test_the_area_type_is_read(told_type, area):
    assert v12.service(service(area={"areaType": told_type})).area is area


def test_a_region_that_no_list_names_keeps_its_code():
    read = v12.service(service(area=limited(wellbeingServicesCounties=["09"])))
    assert read.areas == (
        ImportedArea(type="WellbeingServiceCounties", code="09", name={}, municipalities=()),
    )


@pytest.mark.parametrize(
    ("own", "common", "price"),
    [
        ("Free", "Charged", Price.FREE),
        (None, "Charged", Price.CHARGE),
        (None, None, Price.UNKNOWN),
        ("Barter", None, Price.UNKNOWN),
    ],
)
def test_the_general_description_tells_the_price_where_the_service_does_not(own, common, price):
    record = {**service(chargeType=own), "generalDescription": {"chargeType": common}}
    assert v12.service(record).price is price


def test_a_general_description_speaks_only_where_the_service_has_a_name():
    general = {"languageVersions": {"en": {"description": "Common."}, "sv": {"description": "Gemensam."}}}
    read = v12.service({**service(), "generalDescription": general})
    assert read.description == {"fi": "Tule sellaisena kuin olet.", "sv": "Gemensam."}


def test_an_unknown_code_is_kept_without_a_name_and_what_is_none_is_dropped():
    read = v12.service(
        beside(serviceClasses=["P99.9", "not a code", None, 7], ontologyTerms=["javascript:x"])
    )
    assert [(one.code, one.name) for one in read.classifications] == [
        ("P99.9", {}),
        ("KR1", {"fi": "Kansalaiset"}),
    ]


def test_who_else_answers_or_gives_it_is_the_provider_only_without_one():
    producers = {"procuredProducers": {"organizations": [ident(902)]}}
    read = v12.service(service(organizationContentId=None, producers=producers))
    assert read.organisation_id == uuid.UUID(ident(902))
    read = v12.service(
        service(organizationContentId=None, producers=producers, otherResponsibleOrganizations=[ident(901)])
    )
    assert read.organisation_id == uuid.UUID(ident(901))


def test_connections_of_another_service_are_not_ours():
    read = v12.service({**service(1), "connections": [connection(2, 500), connection(1, 501)]})
    assert read.channel_ids == (uuid.UUID(ident(501)),)


def test_unknown_fields_and_languages_do_no_harm():
    versions = {**service()["languageVersions"], "se": version("Lihkadeapmi"), "x-klingon": version("Qap")}
    read = v12.service(service(languageVersions=versions, mood="sunny", serviceLanguages=["fi", "sgn-fi"]))
    assert set(read.name) == {"fi", "sv", "se"}
    assert read.languages == ("fi",)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("not a record", "not a JSON object"),
        (None, "not a JSON object"),
        (service(contentId=None), "no usable id"),
        (service(contentId="00000000-0000-0000-0000-000000000000"), "no usable id"),
        (service(languageVersions=None), "no name"),
        (service(languageVersions={"fi": version(" ")}), "no name"),
        (service(languageVersions=["fi"]), "no name"),
    ],
)
def test_what_is_no_record_is_refused_with_its_reason(record, reason):
    with pytest.raises(v12.UnreadableError) as raised:
        v12.service(record)
    assert reason in raised.value.reason


def test_a_record_of_version_11_is_none_of_version_12():
    with pytest.raises(v12.UnreadableError):
        v12.service(told.service())


def test_an_unknown_type_of_organisation_is_no_error_and_no_name_is():
    assert v12.organisation(organisation(organizationType="Guild")).type is OrganisationType.UNKNOWN
    with pytest.raises(v12.UnreadableError, match="no name"):
        v12.organisation(organisation(languageVersions={}))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(field=st.sampled_from(sorted(in_v12())), value=JSON)
def test_whatever_stands_in_a_field_is_read_or_refused(field, value):
    try:
        v12.service({**in_v12(), field: value})
    except v12.UnreadableError:
        assert field in {"contentId", "languageVersions"}


@given(field=st.sampled_from(sorted(version("x"))), value=JSON)
def test_whatever_stands_in_a_language_version_is_read_or_refused(field, value):
    try:
        v12.service(service(languageVersions={"fi": {**version("Jumppa"), field: value}}))
    except v12.UnreadableError:
        assert field == "name"


@given(field=st.sampled_from(sorted(organisation())), value=JSON)
def test_whatever_stands_in_an_organisation_is_read_or_refused(field, value):
    try:
        v12.organisation(organisation(**{field: value}))
    except v12.UnreadableError:
        assert field in {"contentId", "languageVersions"}
