"""Codes told from classification URIs."""

import json

import pytest

from themes.ptv.codes import code_of

OLD = "http://urn.fi/URN:NBN:fi:au:ptvl:v"


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("http://uri.suomi.fi/codelist/ptv/ptvserclass2/code/P27.1", "P27.1"),
        ("http://uri.suomi.fi/codelist/ptv/ptvkohderyhmat/code/KR1.2", "KR1.2"),
        (OLD + "1036", "P4.13"),
        (OLD + "1166", "P19.6"),
        (OLD + "1188", "P23.5"),
        (OLD + "1216", "P23.4"),
        (OLD + "1222", "P9.6"),
        (OLD + "2003", "KR1.2"),
        (OLD + "2017", "KR3"),
        (OLD + "3018", "KE8"),
        (OLD + "1163", None),
        (OLD + "9999", None),
        ("http://www.yso.fi/onto/koko/p58117", None),
    ],
)
def test_the_uri_tells_the_code(uri, code):
    assert code_of(uri) == code


def test_agrees_with_the_published_code_lists(reference_data):
    told, wrong = 0, []
    for name in ("ServiceClasses", "TargetGroups", "LifeEvents"):
        listed = json.loads((reference_data / f"ptv/codelists/{name}.json").read_text("utf-8-sig"))
        for row in listed:
            for uri in filter(None, (row["Id"], row["OldUri"])):
                told += 1
                if code_of(uri) != row["Notation"]:
                    wrong.append((uri, row["Notation"]))
    assert told > 400
    # The list gives two classes the notation P7.12 under their old numbers; the second is P7.13 today.
    assert wrong == [(OLD + "1089", "P7.12")]
