"""Services and organisations of version 11."""

import datetime as dt
import json
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.themes.ptv.told import ident, organisation, service, term, texts
from themes.directory.operations import Area, ClassificationKind, Price
from themes.ptv import v11
from themes.ptv.model import OrganisationType


def test_texts_are_picked_by_language_and_type():
    read = v11.service(
        service(
            serviceNames=[
                *texts("Jumppa puistossa", type="AlternativeName"),
                *texts("Puistojumppa", "Parkgympa", type="Name"),
            ]
        )
    )
    assert read.name == {"fi": "Puistojumppa", "sv": "Parkgympa"}
    assert read.alternative_name == {"fi": "Jumppa puistossa"}
    assert read.summary == {"fi": "Jumpataan yhdessä ulkona.", "sv": "Vi gympar ute tillsammans."}
    assert read.description == {"fi": "Tule sellaisena kuin olet."}
    assert read.requirements == {}


def test_an_alternative_name_that_repeats_the_name_is_none():
    names = [*texts("Sama", type="AlternativeName"), *texts("Sama", type="Name")]
    assert v11.service(service(serviceNames=names)).alternative_name == {}


def test_null_lists_read_as_empty_ones():
    lists = ("areas", "keywords", "serviceChannels", "organizations", "serviceClasses", "targetGroups")
    read = v11.service({**service(), **dict.fromkeys(lists)})
    assert read.areas == ()
    assert read.keywords == {}
    assert read.channel_ids == ()
    assert read.organisation_id is None
    assert read.classifications == ()


def test_keywords_written_into_one_are_parted():
    assert v11.service(service()).keywords == {"fi": ["jumppa", "ulkoliikunta"]}


@pytest.mark.parametrize(
    ("told", "area"),
    [
        ("Nationwide", Area.NATIONWIDE),
        ("NationwideExceptAlandIslands", Area.NATIONWIDE_EXCEPT_ALAND),
        ("WholeCountry", Area.NATIONWIDE),
        ("LimitedType", Area.LIMITED),
        (None, Area.LIMITED),
    ],
)
def test_the_area_type_is_read_in_new_and_old_words(told, area):
    assert v11.service(service(areaType=told)).area is area


def test_municipality_codes_have_three_digits():
    areas = [
        {
            "type": "Municipality",
            "code": None,
            "municipalities": [{"code": "75"}, {"code": "286"}, {"code": "x"}],
        }
    ]
    assert v11.service(service(areas=areas)).areas[0].municipalities == ("075", "286")


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("2018-05-03T11:53:58.162746Z", dt.datetime(2018, 5, 3, 11, 53, 58, 162746, dt.UTC)),
        ("2018-05-03T11:53:58.1627461Z", dt.datetime(2018, 5, 3, 11, 53, 58, 162746, dt.UTC)),
        ("2018-05-03T11:53:58.162", dt.datetime(2018, 5, 3, 11, 53, 58, 162000, dt.UTC)),
        ("2017-09-11T00:00:00", dt.datetime(2017, 9, 11, tzinfo=dt.UTC)),
        ("2017-09-11T00:00:00Z", dt.datetime(2017, 9, 11, tzinfo=dt.UTC)),
        ("2017-09-11T03:00:00+03:00", dt.datetime(2017, 9, 11, tzinfo=dt.UTC)),
        ("yesterday", None),
        (None, None),
        (20170911, None),
    ],
)
def test_the_time_of_change_is_read_in_every_shape(told, read):
    assert v11.service(service(modified=told)).modified == read


@pytest.mark.parametrize(
    ("told", "price"),
    [
        ("FreeOfCharge", Price.FREE),
        ("Chargeable", Price.CHARGE),
        ("Other", Price.UNKNOWN),
        (None, Price.UNKNOWN),
    ],
)
def test_the_charge_is_read(told, price):
    assert v11.service(service(serviceChargeType=told)).price is price


def test_a_code_left_null_is_told_by_the_uri():
    old = term(None, "Liikunta", uri="http://urn.fi/URN:NBN:fi:au:ptvl:v1211")
    read = v11.service(service(serviceClasses=[old]))
    assert read.codes(ClassificationKind.SERVICE_CLASS) == {"P27.1"}
    assert read.classifications[0].uri == "http://urn.fi/URN:NBN:fi:au:ptvl:v1211"


def test_a_term_without_uri_and_code_is_left_out():
    read = v11.service(service(serviceClasses=[{"name": texts("Hammashoito")}], targetGroups=[]))
    assert read.classifications == ()


def test_own_words_follow_those_of_the_general_description_and_its_summary_is_the_own_one():
    descriptions = [
        *texts("Yleinen kuvaus.", "Allmän beskrivning.", type="GD_Description"),
        *texts("Oma kuvaus.", type="Description"),
        *texts("Yleinen tiivistelmä.", "Allmän sammanfattning.", type="GD_Summary"),
        *texts("Oma tiivistelmä.", type="Summary"),
        *texts("Soita. Tule sitten.", type="GD_UserInstruction"),
        *texts("Soita.", type="UserInstruction"),
    ]
    read = v11.service(service(serviceDescriptions=descriptions))
    assert read.description == {"fi": "Yleinen kuvaus.\n\nOma kuvaus.", "sv": "Allmän beskrivning."}
    assert read.summary == {"fi": "Oma tiivistelmä.", "sv": "Allmän sammanfattning."}
    assert read.instructions["fi"] == "Soita. Tule sitten."


def test_who_is_responsible_is_the_provider_and_a_producer_only_without_one():
    producer = {"organization": {"id": ident(901), "name": "Tekijä oy"}, "roleType": "Producer"}
    both = v11.service(service(organizations=[producer, *service()["organizations"]]))
    assert (both.organisation_id, both.organisation_name) == (uuid.UUID(ident(900)), "Jokivarren väki ry")
    alone = v11.service(service(organizations=[producer]))
    assert alone.organisation_name == "Tekijä oy"


def test_placeholders_and_control_characters_are_no_text():
    read = v11.service(
        service(
            serviceNames=[
                {"language": "fi", "value": "Jum\x00ppa\ud800", "type": "Name"},
                {"language": "en", "value": "value", "type": "Name"},
            ]
        )
    )
    assert read.name == {"fi": "Jumppa"}


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("not a record", "not a JSON object"),
        (None, "not a JSON object"),
        ([], "not a JSON object"),
        (service(id=None), "no usable id"),
        (service(id="00000000-0000-0000-0000-000000000000"), "no usable id"),
        (service(serviceNames=None), "no name"),
        (service(serviceNames=texts(None, type="Name")), "no name"),
        (service(serviceNames="Jumppa"), "no name"),
    ],
)
def test_what_is_no_record_is_refused_with_its_reason(record, reason):
    with pytest.raises(v11.UnreadableError) as raised:
        v11.service(record)
    assert reason in raised.value.reason


def test_the_refusal_tells_the_id():
    with pytest.raises(v11.UnreadableError) as raised:
        v11.service(service(7, serviceNames=[]))
    assert raised.value.record_id == ident(7)


def test_an_organisation_is_read():
    read = v11.organisation(organisation())
    assert read.name == {"fi": "Jokivarren väki ry", "sv": "Folket vid älven rf"}
    assert read.type is OrganisationType.ORGANISATION
    assert (read.business_code, read.municipality_code) == ("1234567-1", "286")
    assert (read.phone, read.email) == ("+358401111111", "vaki@example.org")


def test_an_unknown_type_of_organisation_is_no_error():
    assert v11.organisation(organisation(organizationType="Guild")).type is OrganisationType.UNKNOWN


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(field=st.sampled_from(sorted(service())), value=JSON)
def test_whatever_stands_in_a_field_is_read_or_refused(field, value):
    try:
        v11.service(service(**{field: value}))
    except v11.UnreadableError:
        assert field in {"id", "serviceNames"}


def test_every_recorded_service_is_read(reference_data):
    files = sorted((reference_data / "ptv/recorded/services").glob("*.json"))
    read = {file.stem: v11.service(json.loads(file.read_bytes())) for file in files}
    assert len(read) == 15
    for name, one in read.items():
        assert str(one.id) == name
        assert one.modified == dt.datetime(2018, 5, 3, 11, 53, 58, 162746, dt.UTC)
        assert one.organisation_id
        assert one.summary.keys() == one.name.keys()
        assert "value" not in {*one.name.values(), *one.summary.values(), *one.description.values()}
    swimming = read["6ccb671f-05cd-46cf-a0a4-4f98d43dfd37"]
    assert swimming.name == {"sv": "Simhallen", "fi": "Uimahalli", "en": "Swimming Centre"}
    assert swimming.codes(ClassificationKind.SERVICE_CLASS) == {"P27.1"}
    proxy = read["0a94d54d-febd-4149-bceb-f3cc0fd648e6"]
    assert proxy.name == {"fi": "Suomi.fi-valtuudet henkilön puolesta asiointiin"}
    assert proxy.alternative_name == {"fi": "Henkilön puolesta asiointi"}
    assert proxy.area is Area.NATIONWIDE


def test_services_of_a_paged_answer_are_read(reference_data):
    listed = json.loads((reference_data / "ptv/paged/municipality_services.json").read_text("utf-8-sig"))
    read = [v11.service(row) for row in listed["itemList"]]
    assert read[0].name["fi"] == "Hammaslääkäri"
    assert read[0].areas[0].municipalities == ("001",)


def test_every_recorded_organisation_is_read(reference_data):
    files = sorted((reference_data / "ptv/recorded/organizations").glob("*.json"))
    read = [v11.organisation(json.loads(file.read_bytes())) for file in files]
    assert [one.name["fi"] for one in read] == ["Naantalin kaupunki", "Vaasan kaupunki"]
    assert {one.type for one in read} == {OrganisationType.MUNICIPALITY}


def test_a_template_of_the_api_is_refused_not_taken_for_a_service(reference_data):
    template = json.loads(
        (reference_data / "ptv/v11-templates/V11VmOpenApiService.json").read_text("utf-8-sig")
    )
    with pytest.raises(v11.UnreadableError):
        v11.service(template)
