"""From ETRS-TM35FIN (EPSG:3067), in which PTV gives places, to the degrees of maps (WGS84).

Krüger's series to the fourth order on the GRS80 ellipsoid, as in the Finnish recommendation JHS 197; its own
error is far below a millimetre in Finland. ETRS89 and WGS84 differ by less than a metre: taken as one here.
"""

from math import atan2, atanh, cos, cosh, degrees, radians, sin, sinh, sqrt, tanh

_SEMI_MAJOR_AXIS = 6_378_137.0
_FLATTENING = 1 / 298.257222101
_SCALE = 0.9996
_CENTRAL_MERIDIAN = radians(27)
_FALSE_EASTING = 500_000.0

# The area of use of the projection with a margin: what lies outside is no place in Finland.
_NORTHINGS = (6_500_000.0, 7_900_000.0)
_EASTINGS = (20_000.0, 800_000.0)

_N = _FLATTENING / (2 - _FLATTENING)
_MERIDIAN_RADIUS = _SEMI_MAJOR_AXIS / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_ECCENTRICITY = sqrt(_FLATTENING * (2 - _FLATTENING))
_H = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96 - _N**4 / 360,
    _N**2 / 48 + _N**3 / 15 - 437 * _N**4 / 1440,
    17 * _N**3 / 480 - 37 * _N**4 / 840,
    4397 * _N**4 / 161280,
)

_CONVERGED = 1e-12
_MOST_ROUNDS = 12


def to_wgs84(northing: float, easting: float) -> tuple[float, float] | None:
    """Return (latitude, longitude) in degrees of a point given in metres; None if it isn't in Finland.

    PTV writes the northing into ``latitude`` and the easting into ``longitude``. Zeros, degrees and
    exchanged axes fall outside of the area of use and give None.
    """
    if not (_NORTHINGS[0] <= northing <= _NORTHINGS[1] and _EASTINGS[0] <= easting <= _EASTINGS[1]):
        return None
    xi = northing / (_MERIDIAN_RADIUS * _SCALE)
    eta = (easting - _FALSE_EASTING) / (_MERIDIAN_RADIUS * _SCALE)
    xi_sphere, eta_sphere = xi, eta
    for order, factor in enumerate(_H, start=1):
        xi_sphere -= factor * sin(2 * order * xi) * cosh(2 * order * eta)
        eta_sphere -= factor * cos(2 * order * xi) * sinh(2 * order * eta)
    # Tangent of the conformal latitude, kept in a form that does not lose digits near the pole.
    conformal = atan2(sin(xi_sphere), sqrt(sinh(eta_sphere) ** 2 + cos(xi_sphere) ** 2))
    longitude = _CENTRAL_MERIDIAN + atan2(sinh(eta_sphere), cos(xi_sphere))
    return degrees(_geodetic_latitude(conformal)), degrees(longitude)


def _geodetic_latitude(conformal: float) -> float:
    """Return the latitude on the ellipsoid (radians) whose conformal latitude this is."""
    isometric_sphere = atanh(sin(conformal))
    isometric = isometric_sphere
    for _ in range(_MOST_ROUNDS):
        correction = _ECCENTRICITY * atanh(_ECCENTRICITY * tanh(isometric))
        following = isometric_sphere + correction
        if abs(following - isometric) < _CONVERGED:
            return atan2(sinh(following), 1.0)
        isometric = following
    return atan2(sinh(isometric), 1.0)
