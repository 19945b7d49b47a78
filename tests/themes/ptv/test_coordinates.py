"""ETRS-TM35FIN to WGS84."""

import pytest

from themes.ptv.coordinates import to_wgs84


@pytest.mark.parametrize(
    ("northing", "easting", "latitude", "longitude"),
    [
        # Made by PROJ 9 (EPSG:3067 to EPSG:4258): the middle, both edges and the far ends of the country.
        (6713890.211, 226225.47, 60.467919518, 22.017977480),
        (7001836.409, 224930.408, 63.041187668, 21.556992053),
        (6836247, 514138, 61.659221332, 27.266949833),
        (6749000, 482000, 60.875808900, 26.668488183),
        (7776450.217, 530000, 70.093103761, 27.789473513),
        (6640000, 70000, 59.674665811, 19.354492085),
    ],
)
def test_agrees_with_proj_to_the_decimetre(northing, easting, latitude, longitude):
    assert to_wgs84(northing, easting) == pytest.approx((latitude, longitude), abs=1e-6)


def test_the_central_meridian_is_27_degrees_east():
    position = to_wgs84(6_700_000, 500_000)
    assert position is not None
    assert position[1] == pytest.approx(27, abs=1e-12)


@pytest.mark.parametrize(
    "point", [(0, 0), (61.6887, 27.2721), (500000, 6700000), (9e9, 5e5), (float("nan"), 5e5)]
)
def test_what_is_no_place_in_finland_has_no_position(point):
    assert to_wgs84(*point) is None
